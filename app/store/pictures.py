"""Opening and saving the user's pictures, with everything their files said beside the pixels."""

import hashlib
import io
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image, ImageFile, JpegImagePlugin

from app.core.arrays import Pixels
from app.core.errors import PictureError
from app.core.picture import Picture, Source
from app.store.atomic import DISK, Disk, check_writable, write_atomic
from app.store.exif import PREFIX, orientation_of, upright_exif, upright_xmp
from app.store.picture_encoding import check_encoding, encode
from app.store.picture_formats import BY_EXTENSION, LIMIT_PIXELS, format_for, opened
from app.store.picture_modes import SIXTEEN, is_deep, to_bgra, upright
from app.store.wording import shown

_MOST_METADATA: Final = 16 << 20
"""Bytes of EXIF, profile or XMP that are kept; more is an accident or an attack."""

_PROFILE_FITS: Final = {"1": b"GRAY", "L": b"GRAY", "LA": b"GRAY", "I": b"GRAY", "F": b"GRAY"}
"""The colour space a profile must have to belong to pixels of a mode; "RGB " for all others."""

_SRGB_GAMMA: Final = 0.45455
"""What a PNG's gAMA chunk says for ordinary pictures (PNG, third edition, 11.3.2.2)."""

_DESCRIPTIVE: Final = (270, 271, 272, 305, 306, 315, 316, 33432, 34665, 34853)
"""TIFF's tags that tell of the photo, not of the file's structure: description, camera, dates, author, EXIF, GPS."""


def open_picture(path: Path, *, limit_pixels: int = LIMIT_PIXELS) -> Picture:
    """The picture in a PNG, JPEG, WebP, TIFF or BMP file, upright, as 8-bit BGRA.

    ``source.notes`` says what was converted. Needs at most 9 bytes of memory per pixel. Raises PictureError, in words,
    for anything else, before it allocates pixels when there would be more than ``limit_pixels``.
    """
    with opened(path, limit_pixels) as (image, file):
        notes = _notes_of_header(image, path)
        file_format = "JPEG" if image.format == "MPO" else image.format or "PNG"
        mode = image.mode
        image.load()
        icc = _kept(image.info.get("icc_profile"), "colour profile", notes)
        exif, xmp = _metadata(image, notes)
        jpeg = _jpeg_settings(image)
        dpi = _dpi(image)
        pixels, has_alpha = to_bgra(image, icc, notes)
        digest = _digest(file)
        image.close()  # its pixels' memory is needed again
        turn = orientation_of(exif, xmp)
        source = Source(
            format=file_format,
            mode=mode,
            digest=digest,
            exif=upright_exif(exif) if exif else b"",
            icc=_profile_that_fits(icc, mode),
            xmp=upright_xmp(xmp),
            dpi=dpi[::-1] if dpi and turn >= 5 else dpi,
            jpeg=jpeg,
            notes=tuple(notes),
        )
        return Picture(upright(pixels, turn), has_alpha, source)


def quick_preview(path: Path, size: tuple[int, int]) -> Pixels | None:
    """A small (h, w, 4) BGRA form of a large JPEG, upright, that fits ``size`` (width, height), to be shown at once.

    It is decoded from a fraction of the file's coefficients: 0.2 s for 100 megapixels. None when the file has no such
    short cut, or cannot be read: ``open_picture`` says why.
    """
    try:
        with opened(path) as (image, _):
            if image.format not in ("JPEG", "MPO") or image.mode not in ("L", "RGB"):
                return None
            exif, xmp = image.info.get("exif", b""), image.info.get("xmp", b"")
            turn = orientation_of(exif, xmp)
            fit = size if turn < 5 else size[::-1]
            scale = max(image.width / fit[0], image.height / fit[1], 1.0)
            small = (max(1, round(image.width / scale)), max(1, round(image.height / scale)))
            image.draft(None, small)
            pixels, _ = to_bgra(image, b"", [])
            return upright(np.asarray(cv2.resize(pixels, small, interpolation=cv2.INTER_AREA), np.uint8), turn)
    except PictureError:
        return None


def picture_from_rgba(pixels: Pixels) -> Picture:
    """A picture of (height, width, 4) uint8 RGBA pixels with straight alpha: what was pasted."""
    bgra = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGBA2BGRA), np.uint8)
    has_alpha = bool((pixels[..., 3] != 255).any())
    return Picture(bgra, has_alpha, Source(format="PNG", mode="RGBA" if has_alpha else "RGB"))


def save_picture(path: Path, picture: Picture, *, disk: Disk = DISK) -> tuple[str, ...]:
    """Write ``picture`` in the format of ``path``'s extension, whole or not at all, with its source's metadata.

    Returns sentences about what the format could not hold of it. Raises PictureError when it cannot hold the picture
    itself or the file there has several pictures, StoreError when the disk refuses.
    """
    file_format = format_for(path)
    _refuse_to_flatten(path)
    notes: list[str] = []
    try:
        write_atomic(path, lambda file: encode(picture, file_format, file, notes), disk=disk)
    except MemoryError as error:
        raise PictureError(f"There is not enough memory to save “{shown(path)}”. Close other programs.") from error
    return tuple(notes)


def check_saving(path: Path, picture: Picture) -> None:
    """Raise what ``save_picture`` would, as far as that can be known before: nothing is to be made, or paid for, that
    cannot be put where it is wanted."""
    check_encoding(picture, format_for(path))
    _refuse_to_flatten(path)
    check_writable(path)


def _refuse_to_flatten(path: Path) -> None:
    """An animation or a document of several pages is never replaced by its first picture."""
    try:
        with opened(path) as (image, _):
            several = getattr(image, "n_frames", 1) > 1
    except PictureError:
        # Nothing there, or nothing we could have opened.
        return
    if several:
        raise PictureError(
            f"“{shown(path)}” holds several pictures, and saving here would leave one. Use Save As with a new name."
        )


def _notes_of_header(image: ImageFile.ImageFile, path: Path) -> list[str]:
    notes: list[str] = []
    if is_deep(image):
        notes.append(SIXTEEN)
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        notes.append(f"The file holds {frames} pictures; only the first was opened, and saving needs a new name.")
    gamma = image.info.get("gamma", _SRGB_GAMMA)
    if abs(gamma - _SRGB_GAMMA) > 0.005 and not {"srgb", "icc_profile"} & image.info.keys():
        notes.append(f"The file's own gamma, {gamma:g}, is not kept when saving: it may look lighter or darker.")
    expected = BY_EXTENSION.get(path.suffix.lower())
    actual = "JPEG" if image.format == "MPO" else image.format
    if expected is not None and expected != actual:
        notes.append(f"The file is a {actual} although its name ends in {path.suffix}.")
    return notes


def _kept(value: Any, what: str, notes: list[str]) -> bytes:
    """``value`` as bytes; nothing, with a note, when it is absurdly long."""
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogateescape")
    if not isinstance(value, bytes):
        return b""
    if len(value) > _MOST_METADATA:
        notes.append(f"The file's {what} was left out: it has {len(value) / 1e6:.0f} MB.")
        return b""
    return value


def _metadata(image: Image.Image, notes: list[str]) -> tuple[bytes, bytes]:
    """EXIF (with its prefix) and XMP."""
    xmp = _kept(image.info.get("xmp"), "XMP", notes)
    if image.format == "TIFF":
        return _kept(_tiff_exif(image), "EXIF", notes), xmp
    exif = _kept(image.info.get("exif"), "EXIF", notes)
    return (PREFIX + exif.removeprefix(PREFIX) if exif else b""), xmp


def _tiff_exif(image: Image.Image) -> bytes:
    found = image.getexif()
    kept = Image.Exif()
    for tag in _DESCRIPTIVE:
        if tag in found:
            kept[tag] = found.get_ifd(tag) if tag in (34665, 34853) else found[tag]
    return bytes(kept.tobytes()) if len(kept) else b""


def _jpeg_settings(image: Image.Image) -> MappingProxyType[str, Any] | None:
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return None
    tables = [list(image.quantization[key]) for key in sorted(image.quantization)]
    segments = [bytes(content) for name, content in image.applist if name == "APP13"]
    return MappingProxyType(
        {"qtables": tables, "subsampling": JpegImagePlugin.get_sampling(image), "photoshop": segments}
    )


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    dpi = image.info.get("dpi")
    if not isinstance(dpi, tuple) or len(dpi) != 2:
        return None
    across, down = float(dpi[0]), float(dpi[1])
    return (across, down) if 0 < across < 1e6 and 0 < down < 1e6 else None


def _profile_that_fits(icc: bytes, mode: str) -> bytes:
    """The profile, unless it is of other colours than the pixels are now (bytes 16 to 20 say; ICC.1:2022, 7.2)."""
    wanted = _PROFILE_FITS.get(mode.split(";")[0], b"RGB ")
    return icc if icc[16:20] == wanted else b""


def _digest(file: io.BufferedReader) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
