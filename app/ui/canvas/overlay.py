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

_GROWN, _MASKED, _SHRUNK = 1, 2, 4  # bits of a code; the five above hold how much of the device pixel is masked
_OUTLINE_ALPHA = 0.85
_BAND = 192  # device pixels
_SEEN_FROM = 0.25  # below it the levels are still being made, and the mask would have to be searched pixel by pixel


@dataclass(frozen=True)
class OverlayInk:
    """A premultiplied colour (ARGB) for every code, and the outline's width in device pixels."""

    table: NDArray[np.uint32]
    width: int


def overlay_ink(colour: QColor, opacity: float, ratio: float, outline: tuple[QColor, QColor] | None) -> OverlayInk:
    """``opacity`` is 0 to 1, of the fill only; ``outline`` its light and dark colour, each about one
    device-independent pixel wide.
    """
    table = np.zeros(256, np.uint32)
    for share in range(32):
        fill = _premultiplied(colour, opacity * share / 31)
        light, dark = (_premultiplied(ink, _OUTLINE_ALPHA) for ink in outline) if outline else (fill, 0)
        table[share << 3 | _GROWN] = dark
        table[share << 3 | _GROWN | _MASKED] = light
        table[share << 3 | _GROWN | _MASKED | _SHRUNK] = fill
    return OverlayInk(table, max(1, int(ratio)))


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
        colours = np.full((shown.height(), shown.width()), ink.table[255])
    else:
        sample = _smoothed if factor < 1 else _gathered
        codes = _codes(sample(view, level, seen, part, factor), ink.width)
        cut = shown.translated(-part.topLeft())
        colours = ink.table.take(codes[cut.top() : cut.bottom() + 1, cut.left() : cut.right() + 1])
    image_format = QImage.Format.Format_ARGB32_Premultiplied
    return shown.topLeft(), QImage(colours.data, shown.width(), shown.height(), colours.strides[0], image_format)


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


def _gathered(view: View, level: Pixels, seen: Box, part: QRect, factor: float) -> Pixels:
    """``part`` of the mask, each device pixel with the value of the pixel that it shows; 0 beside the picture."""
    coverage = np.zeros((part.height(), part.width()), np.uint8)
    inside = part.intersected(view.picture_rect)
    if inside.isEmpty():
        return coverage
    at = inside.translated(-part.topLeft())
    target = coverage[at.top() : at.bottom() + 1, at.left() : at.right() + 1]
    if factor == 1:
        x, y = inside.left() - view.offset[0] - seen.x0, inside.top() - view.offset[1] - seen.y0
        target[:] = level[y : y + inside.height(), x : x + inside.width()]
        return coverage
    columns = view.columns(inside.left(), inside.right() + 1) - seen.x0
    rows = view.rows(inside.top(), inside.bottom() + 1) - seen.y0
    target[:] = level.take(columns, 1, mode="clip").take(rows, 0, mode="clip")
    return coverage


def _smoothed(view: View, level: Pixels, seen: Box, part: QRect, factor: float) -> Pixels:
    """``part`` of the mask, each device pixel between its neighbours of the level: no masked pixel is lost."""
    left, top = view.offset
    step = 1 / factor
    inverse = np.array(
        [
            [step, 0, (part.left() + 0.5 - left) * step - 0.5 - seen.x0],
            [0, step, (part.top() + 0.5 - top) * step - 0.5 - seen.y0],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(level, inverse, (part.width(), part.height()), flags=flags), np.uint8)


def _codes(coverage: Pixels, width: int) -> Pixels:
    masked = np.asarray(cv2.threshold(coverage, 0, 255, cv2.THRESH_BINARY)[1], np.uint8)
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    codes = coverage & np.uint8(0xF8)
    codes |= masked & np.uint8(_MASKED)
    codes |= np.asarray(cv2.dilate(masked, around), np.uint8) & np.uint8(_GROWN)
    codes |= np.asarray(cv2.erode(masked, around), np.uint8) & np.uint8(_SHRUNK)
    return codes
