"""A picture in memory: its pixels, and what its file said beside them."""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.core.geometry import Box


@dataclass(frozen=True)
class Source:
    """What a picture's file held beside the pixels, kept so that saving gives it all back.

    ``format`` is Pillow's name ("PNG", "JPEG", "WEBP", "TIFF", "BMP"); ``mode`` its mode as stored ("RGB", "RGBA", "L",
    "LA", "P", "I;16", "CMYK", ...); ``digest`` the sha256 (hex) of the file's bytes, "" when there is no file.
    """

    format: str = "PNG"
    mode: str = "RGB"
    digest: str = ""
    exif: bytes = b""
    icc: bytes = b""
    xmp: bytes = b""
    dpi: tuple[float, float] | None = None
    jpeg: MappingProxyType[str, Any] | None = None
    """For JPEG: "qtables" (list of 64-number lists) and "subsampling" (Pillow's 0, 1, 2 or -1)."""
    notes: tuple[str, ...] = ()
    """Sentences for the user: what was converted on opening ("16 bit opened as 8 bit")."""


@dataclass(eq=False)
class Picture:
    """``pixels`` is (height, width, 4) uint8, BGRA in memory as Qt's RGB32 and ARGB32, upright, alpha 255 if opaque."""

    pixels: Pixels
    has_alpha: bool = False
    source: Source = field(default_factory=Source)

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    @property
    def box(self) -> Box:
        """The whole picture."""
        return Box.of_size(self.width, self.height)

    def rgb(self, box: Box) -> Pixels:
        """A fresh contiguous (height, width, 3) uint8 RGB copy of ``box``."""
        rows, columns = box.slices
        return np.asarray(cv2.cvtColor(self.pixels[rows, columns], cv2.COLOR_BGRA2RGB), np.uint8)

    def put_rgb(self, box: Box, rgb: Pixels) -> None:
        """Write (height, width, 3) RGB pixels into ``box``; alpha stays."""
        rows, columns = box.slices
        self.pixels[rows, columns, 2::-1] = rgb
