"""From whatever a file holds to the one form pictures have in memory, 8-bit BGRA, a band of lines at a time."""

import io
from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile

from app.core.arrays import Pixels

_BAND_PIXELS: Final = 1 << 20
"""Pixels converted together: few enough to stay in the processor's cache, many enough to be quick."""

SIXTEEN: Final = "16 bit per channel opened as 8 bit; saving writes 8 bit."
_THIRTY_TWO: Final = "32 bit per channel opened as 8 bit; saving writes 8 bit."
_CMYK: Final = "CMYK colours were converted to RGB; saving writes RGB."
_CMYK_GUESSED: Final = "CMYK colours without a usable profile were converted to RGB; they may look different."
_LAB: Final = "Lab colours were converted to RGB; saving writes RGB."

Convert = Callable[[Image.Image], Image.Image]
"""Turns a band of a picture into mode L, RGB or RGBA."""

_TO_BGRA: Final = {"L": cv2.COLOR_GRAY2BGRA, "RGB": cv2.COLOR_RGB2BGRA, "RGBA": cv2.COLOR_RGBA2BGRA}
_CHANNELS: Final = {"L": 1, "RGB": 3, "RGBA": 4}


def is_deep(image: ImageFile.ImageFile) -> bool:
    """Whether the file holds 16 bits per channel; asked before ``load``, for Pillow says nothing of it afterwards."""
    return image.mode.startswith("I;16") or any(";16" in str(tile[3]) for tile in image.tile)


def to_bgra(image: Image.Image, icc: bytes, notes: list[str]) -> tuple[Pixels, bool]:
    """(height, width, 4) uint8 BGRA of a loaded picture, and whether it has an alpha channel.

    Uses 4 bytes per pixel besides the picture's own. Adds to ``notes`` what the user is to know.
    """
    convert = _conversion(image, icc, notes)
    width, height = image.size
    out = np.empty((height, width, 4), np.uint8)
    lines = max(1, _BAND_PIXELS // width)
    for top in range(0, height, lines):
        bottom = min(height, top + lines)
        band = convert(image.crop((0, top, width, bottom)))
        plain = np.frombuffer(band.tobytes(), np.uint8).reshape(bottom - top, width, _CHANNELS[band.mode])
        cv2.cvtColor(plain, _TO_BGRA[band.mode], dst=out[top:bottom])
    return out, _has_alpha(image)


def to_grey(image: Image.Image) -> Pixels:
    """(height, width) uint8 grey of a loaded picture of any mode: luminance of colours (ITU-R 601), alpha left out."""
    convert = _conversion(image, b"", [])
    width, height = image.size
    out = np.empty((height, width), np.uint8)
    lines = max(1, _BAND_PIXELS // width)
    for top in range(0, height, lines):
        bottom = min(height, top + lines)
        band = convert(image.crop((0, top, width, bottom))).convert("L")
        out[top:bottom] = np.frombuffer(band.tobytes(), np.uint8).reshape(bottom - top, width)
    return out


def upright(pixels: Pixels, turn: int) -> Pixels:
    """``pixels`` (a picture's or a mask's) shown as EXIF orientation ``turn`` (1 to 8) asks."""
    match turn:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.flip(cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE), 0)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
    return np.asarray(turned, np.uint8)


def _has_alpha(image: Image.Image) -> bool:
    return bool(image.has_transparency_data) and not image.mode.startswith("I")


def _conversion(image: Image.Image, icc: bytes, notes: list[str]) -> Convert:
    if _has_alpha(image):
        return lambda band: band if band.mode == "RGBA" else band.convert("RGBA")
    match image.mode:
        case "L" | "RGB":
            return lambda band: band
        case "1":
            return lambda band: band.convert("L")
        case "I;16" | "I;16L" | "I;16B" | "I;16N":
            return _from_sixteen
        case "I" | "F":
            notes.append(_THIRTY_TWO)
            return _from_range(image)
        case "CMYK":
            return _from_cmyk(icc, notes)
        case "LAB":
            notes.append(_LAB)
            return _through_profiles(ImageCms.createProfile("LAB"), "LAB")
    return lambda band: band.convert("RGB")


def _from_sixteen(band: Image.Image) -> Image.Image:
    # 65535 / 255 = 257; Pillow's own convert() would clip at 255 instead.
    order = ">u2" if band.mode == "I;16B" else "<u2"
    values = np.frombuffer(band.tobytes(), order).reshape(band.height, band.width).astype(np.uint32)
    return Image.fromarray(((values + 128) // 257).astype(np.uint8))


def _from_range(image: Image.Image) -> Convert:
    """Numbers of 8 or 16 bits, or floats from 0 to 1, keep their meaning; others run from the least to the greatest."""
    low, high = _extremes(image)
    if low >= 0 and image.mode == "F" and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    elif low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0
    scale = 255.0 / (high - low) if high > low else 0.0

    def convert(band: Image.Image) -> Image.Image:
        values = np.nan_to_num(np.asarray(band, np.float64), nan=low, posinf=high, neginf=low)
        return Image.fromarray(np.clip(np.rint((values - low) * scale), 0, 255).astype(np.uint8))

    return convert


def _extremes(image: Image.Image) -> tuple[float, float]:
    values: NDArray[Any] = np.asarray(image)
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _from_cmyk(icc: bytes, notes: list[str]) -> Convert:
    if icc:
        try:
            convert = _through_profiles(ImageCms.ImageCmsProfile(io.BytesIO(icc)), "CMYK")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
        else:
            notes.append(_CMYK)
            return convert
    notes.append(_CMYK_GUESSED)
    return lambda band: band.convert("RGB")


def _through_profiles(profile: Any, mode: str) -> Convert:
    transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")

    def convert(band: Image.Image) -> Image.Image:
        converted = ImageCms.applyTransform(band, transform)
        if converted is None:
            raise ValueError("the colour profile gave no picture")
        return converted

    return convert
