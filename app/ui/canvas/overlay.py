"""The mask's overlay and its two-tone outline, made for exactly the device pixels that are to be painted.

The mask is sampled at screen resolution; its edge there is found with two 3 x 3 operations: the last masked device
pixel is light, the first unmasked one dark, so one of the two is seen on any picture. Only the part of the rectangle
where there is mask at all is worked on. Nothing here changes the mask.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.ui.canvas.levels import Levels
from app.ui.canvas.view import View

_GROWN, _MASKED, _SHRUNK = 1, 2, 4  # bits of a code
_OUTLINE_ALPHA = 0.85
_BAND = 192  # device pixels
_SEEN_FROM = 0.25  # below it the levels are still being made, and the mask would have to be searched pixel by pixel


@dataclass(frozen=True)
class OverlayInk:
    """What the overlay is painted with: for two neighbouring codes their two premultiplied ARGB colours as one number
    (half as many look-ups), the fill's colour alone, and the outline's width in device pixels.
    """

    pairs: NDArray[np.uint64]
    fill: int
    width: int


def overlay_ink(colour: QColor, opacity: float, ratio: float, outline: tuple[QColor, QColor] | None) -> OverlayInk:
    """``opacity`` is 0 to 1, of the fill only; ``outline`` its light and dark colour, each about one
    device-independent pixel wide.
    """
    fill = _premultiplied(colour, opacity)
    light, dark = (_premultiplied(ink, _OUTLINE_ALPHA) for ink in outline) if outline else (fill, 0)
    table = np.zeros(256, np.uint32)
    table[_GROWN] = dark
    table[_GROWN | _MASKED] = light
    table[_GROWN | _MASKED | _SHRUNK] = fill
    both = np.arange(1 << 16, dtype=np.uint16).view(np.uint8)
    return OverlayInk(table[both].view(np.uint64), fill, max(1, int(ratio)))


def reach(ink: OverlayInk, view: View) -> int:
    """Device pixels beyond a changed box where the overlay may change too."""
    return ink.width + 2 + math.ceil(min(1.0, view.scale) * 2)


def overlay_images(view: View, levels: Levels, rect: QRect, ink: OverlayInk) -> Iterator[tuple[QPoint, QImage]]:
    """The overlay's parts within ``rect`` (device pixels) and where they go.

    It is made band by band: what is worked on stays in the processor's cache, and bands without mask cost nothing.
    """
    for top in range(rect.top(), rect.bottom() + 1, _BAND):
        band = QRect(rect.left(), top, rect.width(), min(_BAND, rect.bottom() + 1 - top))
        image = _band_image(view, levels, band, ink)
        if image is not None:
            yield image


def _band_image(view: View, levels: Levels, rect: QRect, ink: OverlayInk) -> tuple[QPoint, QImage] | None:
    wide = rect.adjusted(-ink.width, -ink.width, ink.width, ink.width)
    index = levels.level_for(view.scale)
    factor = view.scale * 2**index
    found = _masked_part(view, levels.level(index), wide, factor) if factor >= _SEEN_FROM else None
    if found is None:
        return None
    part, seen = found
    shown = part.intersected(rect)
    if shown.isEmpty():
        return None
    level = levels.level(index)[seen.slices]
    if view.picture_rect.contains(wide) and level.all():
        return shown.topLeft(), _image(np.full((shown.height(), shown.width()), ink.fill, np.uint32), shown.width())
    codes = _codes(_sampled(view, level, seen, part, index), ink.width)
    cut = shown.translated(-part.topLeft())
    even = np.zeros((cut.height(), (cut.width() + 1) // 2 * 2), np.uint8)
    even[:, : cut.width()] = codes[cut.top() : cut.bottom() + 1, cut.left() : cut.right() + 1]
    return shown.topLeft(), _image(ink.pairs.take(even.view(np.uint16)), cut.width())


def _image(colours: NDArray[np.uint32] | NDArray[np.uint64], width: int) -> QImage:
    image_format = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(colours.data, width, len(colours), colours.strides[0], image_format)


def _premultiplied(colour: QColor, alpha: float) -> int:
    red, green, blue = (round(channel * alpha) for channel in (colour.red(), colour.green(), colour.blue()))
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue


def _masked_part(view: View, level: Pixels, rect: QRect, factor: float) -> tuple[QRect, Box] | None:
    """Where in ``rect`` there is mask, with room for its outline; and the box of the level that shows there."""
    left, top = view.offset
    height, width = level.shape
    box = Box(
        math.floor((rect.left() - left) / factor) - 2,
        math.floor((rect.top() - top) / factor) - 2,
        math.ceil((rect.right() + 1 - left) / factor) + 2,
        math.ceil((rect.bottom() + 1 - top) / factor) + 2,
    ).intersection(Box.of_size(width, height))
    if box is None:
        return None
    x, y, w, h = cv2.boundingRect(level[box.slices])
    if not w:
        return None
    masked = Box(box.x0 + x, box.y0 + y, box.x0 + x + w, box.y0 + y + h)
    room = 3 + math.ceil(factor)
    area = QRect(
        math.floor(masked.x0 * factor) + left,
        math.floor(masked.y0 * factor) + top,
        math.ceil(masked.width * factor) + 1,
        math.ceil(masked.height * factor) + 1,
    )
    return area.adjusted(-room, -room, room, room).intersected(rect), box


def _sampled(view: View, level: Pixels, seen: Box, part: QRect, index: int) -> Pixels:
    """``part`` of the mask, each device pixel with the value of the pixel that it shows; 0 beside the picture.

    Below 100 % up to every second pixel of the level would be passed over: each is first joined with its neighbour, so
    that nothing that is masked is lost.
    """
    coverage = np.zeros((part.height(), part.width()), np.uint8)
    inside = part.intersected(view.picture_rect)
    if inside.isEmpty():
        return coverage
    at = inside.translated(-part.topLeft())
    target = coverage[at.top() : at.bottom() + 1, at.left() : at.right() + 1]
    columns = (view.columns(inside.left(), inside.right() + 1) >> index) - seen.x0
    rows = (view.rows(inside.top(), inside.bottom() + 1) >> index) - seen.y0
    if len(columns) == columns[-1] - columns[0] + 1 and len(rows) == rows[-1] - rows[0] + 1:
        target[:] = level[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]  # one to one
        return coverage
    if view.scale * 2**index > 1:
        _columns(level, columns).take(rows, 0, target, mode="clip")
    else:
        joined = np.asarray(cv2.dilate(level, np.ones((2, 2), np.uint8), anchor=(0, 0)), np.uint8)
        target[:] = _columns(joined.take(rows, 0), columns)
    return coverage


def _columns(pixels: Pixels, columns: NDArray[np.intp]) -> Pixels:
    """``pixels[:, columns]``, by way of rows, which are copied whole: five times as fast."""
    return np.asarray(cv2.transpose(cv2.transpose(pixels).take(columns, 0)), np.uint8)


def _codes(masked: Pixels, width: int) -> Pixels:
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    codes = masked & np.uint8(_MASKED)
    codes |= np.asarray(cv2.dilate(masked, around), np.uint8) & np.uint8(_GROWN)
    codes |= np.asarray(cv2.erode(masked, around), np.uint8) & np.uint8(_SHRUNK)
    return codes
