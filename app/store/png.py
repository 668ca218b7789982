"""Pictures, patches and masks as PNG without loss and without delay: what the history keeps."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.core.errors import PictureError, StoreError
from app.core.picture import Picture
from app.store.picture_formats import LIMIT_PIXELS, checked_size

_START: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_QUICK: Final = [cv2.IMWRITE_PNG_COMPRESSION, 1]
_DAMAGED: Final = "A stored picture of the history is damaged and cannot be shown."


def grey_png(pixels: Pixels) -> bytes:
    """(h, w) uint8 as an 8-bit grey PNG."""
    return _encoded(pixels, _QUICK)


def mask_png(pixels: Pixels) -> bytes:
    """A mask's (h, w) uint8 pixels, 0 and 255, as a 1-bit PNG: 7 times quicker to pack than 8 bits, and smaller."""
    return _encoded(pixels, [cv2.IMWRITE_PNG_BILEVEL, 1, *_QUICK])


def mask_from_png(data: bytes) -> Pixels:
    """(h, w) uint8 of 0 and 255: the inverse of ``mask_png``. Raises StoreError when the bytes are no mask."""
    pixels = _decoded(data, cv2.IMREAD_GRAYSCALE)
    return np.where(pixels >= 128, np.uint8(255), np.uint8(0))


def rgb_png(pixels: Pixels) -> bytes:
    """(h, w, 3) uint8 RGB as a PNG."""
    return _encoded(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8), _QUICK)


def rgb_from_png(data: bytes) -> Pixels:
    """(h, w, 3) uint8 RGB of a PNG. Raises StoreError when the bytes are no PNG or too large a one."""
    return np.asarray(cv2.cvtColor(_decoded(data, cv2.IMREAD_COLOR_BGR), cv2.COLOR_BGR2RGB), np.uint8)


def picture_png(picture: Picture) -> bytes:
    """A whole picture's pixels as a PNG, with alpha where it has any, without its metadata."""
    if picture.has_alpha:
        return _encoded(picture.pixels, _QUICK)
    return _encoded(np.asarray(cv2.cvtColor(picture.pixels, cv2.COLOR_BGRA2BGR), np.uint8), _QUICK)


def _encoded(pixels: Pixels, options: list[int]) -> bytes:
    done, data = cv2.imencode(".png", pixels, options)
    if not done:
        raise StoreError("The picture could not be packed as PNG. Close other programs and try again.")
    return data.tobytes()


def _decoded(data: bytes, flags: int) -> Pixels:
    if data[:16] != _START or len(data) < 33:
        raise StoreError(_DAMAGED)
    try:
        checked_size((int.from_bytes(data[16:20]), int.from_bytes(data[20:24])), LIMIT_PIXELS, Path("stored.png"))
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except (cv2.error, PictureError) as error:
        raise StoreError(_DAMAGED) from error
    if pixels is None:
        raise StoreError(_DAMAGED)
    return np.asarray(pixels, np.uint8)
