"""Which picture files are opened and written, how large they may be, and how each complaint is put into words."""

import contextlib
import io
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
from PIL import Image, ImageFile, UnidentifiedImageError

from app.core.errors import PictureError
from app.store.wording import read_reason, shown

# Pillow's own guard warns, then raises, at sizes that are not ours; we compare the header with our own limit instead,
# before anything is allocated (picture_formats.checked_size).
Image.MAX_IMAGE_PIXELS = None

LIMIT_PIXELS: Final = 700_000_000
"""The largest picture that is opened: 2.8 GB of pixels in memory."""

LIMIT_SIDE: Final = 1_000_000
"""The longest side of a picture that is opened: libpng, which packs what the history keeps, takes no longer one."""

READ: Final = ("PNG", "JPEG", "WEBP", "TIFF", "BMP")
"""Pillow's readers we use. All others stay off: most holes are in rare formats."""

BY_EXTENSION: Final = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
}

NAMES: Final = "PNG, JPEG, WebP, TIFF or BMP"
EXTENSIONS: Final = ".png, .jpg, .webp, .tif or .bmp"

DECODER_ERRORS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What Pillow's readers and writers raise for a damaged file."""

_FOREIGN: Final = (
    (0, b"GIF8", "a GIF picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"8BPS", "a Photoshop document"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIF picture"),
    (0, b"\x00\x00\x00\x0cjP", "a JPEG 2000 picture"),
    (0, b"gimp xcf", "a GIMP document"),
    (0, b"\x00\x00\x01\x00", "an icon"),
    (0, b"%!PS", "a PostScript document"),
)


def format_for(path: Path) -> str:
    """Pillow's name of the format ``path``'s extension asks for. Raises PictureError for one we do not write."""
    try:
        return BY_EXTENSION[path.suffix.lower()]
    except KeyError:
        found = f"“{shown(Path(path.suffix))}” files cannot be written" if path.suffix else "The name has no extension"
        raise PictureError(f"{found}. Use a name that ends in {EXTENSIONS}.") from None


@contextlib.contextmanager
def regular_file(path: Path) -> Iterator[io.BufferedReader]:
    """``path`` open for reading. Raises PictureError for no ordinary file: a pipe is never waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = read_reason(error) if isinstance(error, OSError) else "its name cannot be used"
        raise PictureError(f"“{shown(path)}” cannot be opened: {reason}. Choose another file.") from error
    try:
        _check_ordinary(path, os.fstat(descriptor))  # first: a folder's descriptor cannot become a file object
    except PictureError:
        os.close(descriptor)
        raise
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _check_ordinary(path: Path, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise PictureError(f"“{shown(path)}” is a folder. Choose a picture in it.")
    if not stat.S_ISREG(state.st_mode):
        raise PictureError(f"“{shown(path)}” is not an ordinary file. Choose a picture.")
    if state.st_size == 0:
        raise PictureError(f"“{shown(path)}” is empty (0 bytes). Choose another file.")


@contextlib.contextmanager
def opened(path: Path, limit_pixels: int = LIMIT_PIXELS) -> Iterator[tuple[ImageFile.ImageFile, io.BufferedReader]]:
    """The picture file with its header read and its size checked, pixels not yet, and the file beneath.

    Every complaint of a decoder inside the ``with`` block becomes a PictureError; so does a lack of memory (OpenCV's
    only complaint about arrays that fit).
    """
    with regular_file(path) as file:
        try:
            with Image.open(file, formats=READ) as image:
                checked_size(image.size, limit_pixels, path)
                yield image, file
        except UnidentifiedImageError as error:
            raise PictureError(_not_a_picture(path, file)) from error
        except (MemoryError, cv2.error) as error:
            raise PictureError(f"There is not enough memory to open “{shown(path)}”. Close other programs.") from error
        except DECODER_ERRORS as error:
            raise PictureError(_damaged(path, error)) from error


def checked_size(size: tuple[int, int], limit_pixels: int, path: Path) -> None:
    """Raise PictureError with the numbers when a header promises more than ``limit_pixels``, or nothing."""
    width, height = size
    if width < 1 or height < 1:
        raise PictureError(f"“{shown(path)}” is damaged: it says it has no pixels. Choose another file.")
    if max(width, height) > LIMIT_SIDE:
        raise PictureError(
            f"“{shown(path)}” is too long: it is {width} × {height} pixels, and a side can have at most"
            f" {LIMIT_SIDE:,}. Cut it in another program first."
        )
    if width * height > limit_pixels:
        raise PictureError(
            f"“{shown(path)}” is too large: {width} × {height} are {width * height / 1e6:.0f} megapixels, and at most"
            f" {limit_pixels / 1e6:g} can be opened. Make it smaller in another program first."
        )


def _not_a_picture(path: Path, file: io.BufferedReader) -> str:
    file.seek(0)
    start = file.read(32)
    for offset, magic, what in _FOREIGN:
        if start[offset : offset + len(magic)] == magic:
            return f"“{shown(path)}” is {what}, which cannot be opened. Convert it to {NAMES} first."
    return f"“{shown(path)}” is not a picture that can be opened, or is damaged. Choose a {NAMES} file."


def _damaged(path: Path, error: Exception) -> str:
    text = str(error)
    if "truncated" in text or "Truncated" in text or isinstance(error, EOFError):
        return f"“{shown(path)}” is incomplete: the end of the file is missing. Get the file again."
    return f"“{shown(path)}” is damaged and cannot be opened. Get the file again or choose another one."
