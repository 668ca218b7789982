"""Opening and saving masks."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from app.core.arrays import Pixels
from app.core.errors import MaskError, PictureError
from app.core.mask import Mask
from app.store.atomic import DISK, Disk, write_atomic
from app.store.exif import orientation_of
from app.store.picture_encoding import write_image
from app.store.picture_formats import format_for, opened
from app.store.picture_modes import to_bgra, to_grey, upright
from app.store.png import grey_png
from app.store.wording import shown

_WHITE: Final = 255
_MIDDLE: Final = 128

_FROM_ALPHA: Final = "The mask was taken from the file's transparency: what is opaque is repainted."
_NOT_BINARY: Final = "The mask had grey levels: those from 128 on count as white, the others as black."
_DIM: Final = "The mask's brightest pixels have the value {value} of 255 and count as white."


def open_mask(path: Path, size: tuple[int, int] | None) -> tuple[Mask, list[str]]:
    """The mask in a picture file, and sentences about how it was read. ``size``: what it must have (width, height).

    Colours count by their luminance, 128 and more being white; only a mask of 0 and 1, or of one dark colour on black,
    is taken as it is meant. Where the colours are all one and only the transparency varies, that is the mask. Raises
    PictureError when the file cannot be opened, MaskError when the size is another.
    """
    grey, notes = _grey_of(path, size)
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
        write_atomic(path, grey_png(mask.pixels), disk=disk)
        return
    image = Image.fromarray(mask.pixels)
    options: dict[str, Any] = {"TIFF": {"compression": "tiff_adobe_deflate"}, "WEBP": {"lossless": True}}
    write_atomic(path, lambda file: write_image(image, file, file_format, options.get(file_format, {})), disk=disk)


def _grey_of(path: Path, size: tuple[int, int] | None) -> tuple[Pixels, list[str]]:
    with opened(path) as (image, _):
        if size is not None and sorted(image.size) != sorted(size):
            # Told before a mask of the wrong size is unpacked; whether it lies on its side is known only then.
            raise _other_size(path, image.size, size)
        grey, notes = _upright_grey(image)
    if size is not None and grey.shape != (size[1], size[0]):
        raise _other_size(path, (grey.shape[1], grey.shape[0]), size)
    return grey, notes


def _other_size(path: Path, found: tuple[int, int], wanted: tuple[int, int]) -> MaskError:
    return MaskError(
        f"The mask “{shown(path)}” is {found[0]} × {found[1]} pixels, the picture {wanted[0]} × {wanted[1]}."
        " Choose a mask of the picture's size."
    )


def _upright_grey(image: Image.Image) -> tuple[Pixels, list[str]]:
    image.load()
    exif, xmp = image.info.get("exif"), image.info.get("xmp")
    turn = orientation_of(exif if isinstance(exif, bytes) else b"", xmp if isinstance(xmp, bytes) else b"")
    if image.has_transparency_data and not image.mode.startswith("I"):
        pixels, _ = to_bgra(image, b"", [])
        if _is_flat(pixels[..., :3]) and not _is_flat(pixels[..., 3:]):
            return upright(np.ascontiguousarray(pixels[..., 3]), turn), [_FROM_ALPHA]
    grey = to_grey(image)
    value = _upper_of_two(grey)
    if value is not None and (value == 1 or (value < _MIDDLE and _is_coloured(image))):
        return upright(np.where(grey == value, np.uint8(_WHITE), np.uint8(0)), turn), [_DIM.format(value=value)]
    return upright(grey, turn), []


def _is_flat(pixels: Pixels) -> bool:
    """Whether all pixels are equal."""
    return bool((pixels == pixels[0, 0]).all())


def _upper_of_two(grey: Pixels) -> int | None:
    """The value beside 0 when there is exactly one: as in masks of 0 and 1, common in data sets, or of red on black."""
    value = int(grey.max())
    return value if value and bool(((grey == 0) | (grey == value)).all()) else None


def _is_coloured(image: Image.Image) -> bool:
    pixels, _ = to_bgra(image, b"", [])
    return bool((pixels[..., :2] != pixels[..., 1:3]).any())
