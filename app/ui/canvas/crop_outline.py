"""The regions that would be sent, drawn on the canvas as dashed outlines of two tones; never part of the picture."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from app.core.geometry import Box
from app.ui.canvas.view import View
from app.ui.theme import current_theme

WIDTH: Final = 2
"""Device-independent pixels: how wide the line is. It lies outside the region, so that it covers nothing of it."""
DASH: Final = 6
"""Device-independent pixels: how long a dash is, light and dark in turn."""

Edges = NDArray[np.int64]
"""Rectangles in device pixels as rows of left, top, right, bottom, the last two excluded."""


class CropOutline:
    """Draws only what of the lines lies in the exposed rectangle; a thousand regions cost little more than one."""

    def __init__(self) -> None:
        self.boxes: tuple[Box, ...] = ()
        self._laid: tuple[View, Edges] | None = None
        self._look: tuple[float, str] | None = None
        self._along, self._down = QBrush(), QBrush()

    def show(self, boxes: Sequence[Box]) -> tuple[Box, ...]:
        """Draw these from now on; the boxes that look different now, old and new ones."""
        before, self.boxes, self._laid = set(self.boxes), tuple(boxes), None
        return tuple(before.symmetric_difference(self.boxes))

    def strips(self, view: View, box: Box) -> tuple[QRect, ...]:
        """The device pixels of a region's lines: above, below, left, right."""
        return tuple(_rect(edges) for edges in _strips(view, (box,)))

    def paint(self, painter: QPainter, view: View, rect: QRect) -> None:
        """Draw what of it lies in ``rect``; ``painter`` counts in device pixels."""
        if not self.boxes:
            return
        if self._laid is None or self._laid[0] != view:
            self._laid = view, _strips(view, self.boxes)
        self._choose_brushes(view)
        # Dashes are counted from the picture's corner, so that parts painted at different times fit.
        painter.setBrushOrigin(QPoint(*view.offset))
        for strips, brush in zip(np.split(self._laid[1], 2), (self._along, self._down), strict=True):
            for edges in _within(strips, rect):
                painter.fillRect(_rect(edges), brush)
        painter.setBrushOrigin(QPoint(0, 0))

    def _choose_brushes(self, view: View) -> None:
        theme = current_theme()
        look = (view.ratio, theme.name)
        if self._look != look:
            light, dark, dash = theme.outline_light, theme.outline_dark, _pixels(DASH, view)
            self._look = look
            self._along, self._down = (_dashes(light, dark, dash, along=way) for way in (True, False))


def _strips(view: View, boxes: Sequence[Box]) -> Edges:
    """The lines of all regions: those above, then those below, left and right."""
    inner = np.array([_edges(view.device_rect(box)) for box in boxes], np.int64)
    left, top, right, bottom = inner.T
    wide = _pixels(WIDTH, view)
    sides = (
        (left - wide, top - wide, right + wide, top),
        (left - wide, bottom, right + wide, bottom + wide),
        (left - wide, top, left, bottom),
        (right, top, right + wide, bottom),
    )
    return np.concatenate([np.stack(side, axis=1) for side in sides])


def _within(strips: Edges, rect: QRect) -> Edges:
    """What of ``strips`` lies in ``rect``."""
    left, top, right, bottom = _edges(rect)
    clipped = np.concatenate(
        [np.maximum(strips[:, :2], (left, top)), np.minimum(strips[:, 2:], (right, bottom))], axis=1
    )
    seen: Edges = clipped[(clipped[:, :2] < clipped[:, 2:]).all(axis=1)]
    return seen


def _edges(rect: QRect) -> tuple[int, int, int, int]:
    return rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1


def _rect(edges: NDArray[Any]) -> QRect:
    left, top, right, bottom = edges.tolist()
    return QRect(left, top, right - left, bottom - top)


def _pixels(length: int, view: View) -> int:
    return max(1, round(length * view.ratio))


def _dashes(light: QColor, dark: QColor, dash: int, *, along: bool) -> QBrush:
    """A pattern of one light and one dark dash; one pixel wide across, which is repeated."""
    tile = QImage(*((2 * dash, 1) if along else (1, 2 * dash)), QImage.Format.Format_RGB32)
    tile.fill(light)
    for at in range(dash):
        tile.setPixelColor(*((at, 0) if along else (0, at)), dark)
    brush = QBrush()
    brush.setTextureImage(tile)
    return brush
