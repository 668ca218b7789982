"""Opening and saving masks, and the lossless PNGs the history keeps masks and results in."""

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from app.core.arrays import Pixels
from app.core.errors import MaskError, PictureError, StoreError
from app.core.mask import Mask
from app.store.atomic import DISK, Disk, write_atomic
from app.store.exif import orientation_of
from app.store.picture_formats import LIMIT_PIXELS, checked_size, format_for, opened
from app.store.picture_modes import to_bgra, to_grey, upright
from app.store.wording import shown

_WHITE: Final = 255
_MIDDLE: Final = 128
_PNG_HEADER: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

_FROM_ALPHA: Final = "The mask was taken from the file's transparency: what is opaque is repainted."
_NOT_BINARY: Final = "The mask had grey levels: those from 128 on count as white, the others as black."
_DIM: Final = "The mask's brightest pixels have the value {value} of 255 and count as white."


def open_mask(path: Path, size: tuple[int, int] | None) -> tuple[Mask, list[str]]:
    """The mask in a picture file, and sentences about how it was read. ``size``: what it must have (width, height).

    Colours count by their luminance, 128 and more being white; where the colours are all one and only the transparency
    varies, that is the mask. Raises PictureError when the file cannot be opened, MaskError when the size is another.
    """
    grey, notes = _grey_of(path)
    if size is not None and grey.shape != (size[1], size[0]):
        raise MaskError(
            f"The mask “{shown(path)}” is {grey.shape[1]} × {grey.shape[0]} pixels, the picture {size[0]} × {size[1]}."
            " Choose a mask of the picture's size."
        )
    if (value := _dim_white(grey)) is not None:
        notes.append(_DIM.format(value=value))
        grey = np.where(grey == value, np.uint8(_WHITE), np.uint8(0))
    mask, was_binary = Mask.from_grey(grey)
    if not was_binary:
        notes.append(_NOT_BINARY)
    return mask, notes


def save_mask(path: Path, mask: Mask, *, disk: Disk = DISK) -> None:
    """Write ``mask`` as an 8-bit grey picture of 0 and 255. Raises PictureError for a format that would blur it."""
    file_format = format_for(path)
    if file_format == "JPEG":
        raise PictureError("JPEG would blur the mask's edges. Use a name that ends in .png, .tif, .bmp or .webp.")
    if file_format == "PNG":
        write_atomic(path, _encoded(mask.pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1]), disk=disk)
        return
    image = Image.fromarray(mask.pixels)
    options: dict[str, Any] = {"TIFF": {"compression": "tiff_adobe_deflate"}, "WEBP": {"lossless": True}}
    write_atomic(path, lambda file: image.save(file, file_format, **options.get(file_format, {})), disk=disk)


def mask_png(mask: Mask) -> bytes:
    """``mask`` as a 1-bit PNG: 7 times quicker than 8 bits, and smaller."""
    return _encoded(mask.pixels, [cv2.IMWRITE_PNG_BILEVEL, 1, cv2.IMWRITE_PNG_COMPRESSION, 1])


def mask_from_png(data: bytes) -> Mask:
    """The inverse of ``mask_png``. Raises StoreError when the bytes are no mask."""
    return Mask(_decoded(data, cv2.IMREAD_GRAYSCALE))


def rgb_png(pixels: Pixels) -> bytes:
    """(h, w, 3) uint8 RGB as a PNG, without loss."""
    return _encoded(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 1])


def rgb_from_png(data: bytes) -> Pixels:
    """(h, w, 3) uint8 RGB of a PNG. Raises StoreError when the bytes are no PNG or too large a one."""
    return np.asarray(cv2.cvtColor(_decoded(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


def _grey_of(path: Path) -> tuple[Pixels, list[str]]:
    with opened(path) as (image, _):
        image.load()
        turn = orientation_of(image.info.get("exif", b""))
        if image.has_transparency_data and not image.mode.startswith("I"):
            pixels, _alpha = to_bgra(image, b"", [])
            if _is_flat(pixels[..., :3]) and not _is_flat(pixels[..., 3:]):
                return upright(np.ascontiguousarray(pixels[..., 3]), turn), [_FROM_ALPHA]
        return upright(to_grey(image), turn), []


def _is_flat(pixels: Pixels) -> bool:
    """Whether all pixels are equal."""
    return bool((pixels == pixels[0, 0]).all())


def _dim_white(grey: Pixels) -> int | None:
    """The upper of a mask's two values, when it would be lost as dark: masks of 0 and 1 are common in data sets."""
    value = int(grey.max())
    if not 0 < value < _MIDDLE:
        return None
    return value if bool(((grey == 0) | (grey == value)).all()) else None


def _encoded(pixels: Pixels, options: list[int]) -> bytes:
    done, data = cv2.imencode(".png", pixels, options)
    if not done:
        raise StoreError("The picture could not be packed as PNG. Close other programs and try again.")
    return data.tobytes()


def _decoded(data: bytes, flags: int) -> Pixels:
    if data[:16] != _PNG_HEADER or len(data) < 33:
        raise StoreError("A stored picture of the history is damaged and cannot be shown.")
    size = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    try:
        checked_size(size, LIMIT_PIXELS, Path("picture.png"))
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except (cv2.error, PictureError) as error:
        raise StoreError("A stored picture of the history is damaged and cannot be shown.") from error
    if pixels is None:
        raise StoreError("A stored picture of the history is damaged and cannot be shown.")
    return np.asarray(pixels, np.uint8)
