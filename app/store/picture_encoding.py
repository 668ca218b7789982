"""A picture as the bytes of a PNG, JPEG, WebP, TIFF or BMP file, with its source's metadata."""

from typing import Any, BinaryIO, Final

import cv2
import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.core.arrays import Pixels
from app.core.errors import PictureError
from app.core.picture import Picture, Source
from app.store.picture_formats import DECODER_ERRORS

_GREY_MODES: Final = ("1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "I;16N", "F")
_LONGEST_SIDE: Final = {"JPEG": 65500, "WEBP": 16383, "TIFF": 1 << 31, "PNG": 1 << 31, "BMP": 1 << 31}
_JPEG_SEGMENT: Final = 65533
_XMP_SEGMENT: Final = _JPEG_SEGMENT - 29
_BAND_LINES: Final = 64
_TIFF_XMP: Final = 700
_SUB_DIRECTORIES: Final = (34665, 34853)
"""EXIF and GPS, which lie in directories of their own."""


def encode(picture: Picture, file_format: str, file: BinaryIO, notes: list[str]) -> None:
    """Write ``picture`` to ``file``; ``notes`` gets a sentence for each thing of its source the format cannot hold.

    Raises PictureError when the format cannot hold the pixels, OSError when the file cannot be written.
    """
    _check_transparency(picture, file_format)
    alpha = picture.has_alpha and file_format not in ("JPEG", "BMP")
    grey = picture.source.mode in _GREY_MODES and _is_grey(picture.pixels)
    image = _image(picture.pixels, grey, alpha, file_format)
    options = _metadata(picture.source, file_format, grey, notes)
    options |= _format_options(picture.source, file_format, notes)
    try:
        write_image(image, file, file_format, options)
    except PictureError:
        if not options.pop("exif", None):
            raise
        # Pillow writes a TIFF's tags by their meaning and stumbles over some; the picture matters more.
        notes.append(f"The EXIF was left out: it cannot be written to a {file_format} file.")
        file.seek(0)
        file.truncate()
        write_image(image, file, file_format, options)


def check_encoding(picture: Picture, file_format: str) -> None:
    """Raise PictureError when the format cannot hold the pixels: they are see-through, or too many in a row."""
    _check_transparency(picture, file_format)
    _check_side((picture.width, picture.height), file_format)


def write_image(image: Image.Image, file: BinaryIO, file_format: str, options: dict[str, Any]) -> None:
    """Let Pillow write. Raises PictureError when the format does not take it, OSError when the file does not."""
    _check_side(image.size, file_format)
    if "exif" in options and file_format == "TIFF" and any(tag in options["exif"] for tag in _SUB_DIRECTORIES):
        # libtiff, which compresses, cannot write them; Pillow's own writer, which does not, can.
        options = options | {"compression": "raw"}
    try:
        image.save(file, file_format, **options)
    except DECODER_ERRORS as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise PictureError(f"The picture cannot be written as {file_format}. Save it as PNG instead.") from error


def _check_side(size: tuple[int, int], file_format: str) -> None:
    limit = _LONGEST_SIDE[file_format]
    if max(size) > limit:
        raise PictureError(
            f"{file_format} pictures have at most {limit} pixels a side, and this one is {size[0]} × {size[1]}."
            " Save it as PNG or TIFF."
        )


def _check_transparency(picture: Picture, file_format: str) -> None:
    if file_format in ("JPEG", "BMP") and picture.has_alpha and _is_see_through(picture.pixels):
        raise PictureError(f"{file_format} files cannot be transparent. Save the picture as PNG, WebP or TIFF.")


def _is_see_through(pixels: Pixels) -> bool:
    return any(bool((pixels[top : top + _BAND_LINES, :, 3] != 255).any()) for top in _tops(pixels))


def _is_grey(pixels: Pixels) -> bool:
    """Whether every pixel has three equal channels; a band at a time, so that a coloured one ends the search early."""
    for top in _tops(pixels):
        blue, green, red, _ = cv2.split(pixels[top : top + _BAND_LINES])
        if not (np.array_equal(blue, green) and np.array_equal(green, red)):
            return False
    return True


def _tops(pixels: Pixels) -> range:
    return range(0, pixels.shape[0], _BAND_LINES)


def _image(pixels: Pixels, grey: bool, alpha: bool, file_format: str) -> Image.Image:
    height, width = pixels.shape[:2]
    if grey and not alpha:
        return Image.fromarray(np.ascontiguousarray(pixels[..., 1]))
    if grey and file_format in ("PNG", "TIFF"):
        return Image.frombytes("LA", (width, height), np.ascontiguousarray(pixels[..., 2:4]).tobytes())
    mode, raw = ("RGBA", "BGRA") if alpha else ("RGB", "BGRX")
    return Image.frombuffer(mode, (width, height), np.ascontiguousarray(pixels), "raw", raw, 0, 1)


def _metadata(source: Source, file_format: str, grey: bool, notes: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if source.dpi is not None:
        options["dpi"] = source.dpi
    if file_format == "BMP":
        if source.exif or source.icc or source.xmp:
            notes.append("BMP files hold neither EXIF nor XMP nor a colour profile: they were left out.")
        return options
    if file_format == "TIFF":
        options["exif"] = _tiff_tags(source)
    elif source.exif:
        options["exif"] = source.exif
    if source.icc and (source.icc[16:20] == b"GRAY") == grey:
        options["icc_profile"] = source.icc
    elif source.icc:
        notes.append("The colour profile was left out: it does not fit the picture's colours any more.")
    if source.xmp and file_format in ("JPEG", "WEBP"):
        options["xmp"] = source.xmp
    return options


def _tiff_tags(source: Source) -> Image.Exif:
    """A TIFF's EXIF is its own tags, and its XMP one of them."""
    tags = Image.Exif()
    if source.exif:
        tags.load(source.exif)
    if source.xmp:
        tags[_TIFF_XMP] = source.xmp
    return tags


def _format_options(source: Source, file_format: str, notes: list[str]) -> dict[str, Any]:
    match file_format:
        case "JPEG":
            return _jpeg_options(source, notes)
        case "PNG":
            options: dict[str, Any] = {"compress_level": 1}
            if source.xmp:
                text = PngInfo()
                text.add_itxt("XML:com.adobe.xmp", source.xmp)
                options["pnginfo"] = text
            return options
        case "WEBP":
            return {"lossless": True, "exact": True, "quality": 30, "method": 1}
        case "TIFF":
            return {"compression": "tiff_adobe_deflate"}
    return {}


def _jpeg_options(source: Source, notes: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {"quality": 95, "subsampling": 0}
    if source.jpeg is not None and source.jpeg["qtables"]:
        options = {"qtables": source.jpeg["qtables"], "subsampling": max(0, source.jpeg["subsampling"])}
        segments = source.jpeg.get("photoshop", ())
        options["extra"] = b"".join(b"\xff\xed" + (len(part) + 2).to_bytes(2) + part for part in segments)
    if len(source.exif) > _JPEG_SEGMENT:
        notes.append("The EXIF was left out: it is too long for a JPEG file.")
        options["exif"] = b""
    if len(source.xmp) > _XMP_SEGMENT:
        notes.append("The XMP was left out: it is too long for a JPEG file.")
        options["xmp"] = b""
    return options
