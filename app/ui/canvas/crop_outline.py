"""The regions that would be sent, drawn on the canvas as dashed outlines of two tones; never part of the picture."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from app.core.geometry import Box
from app.ui.canvas.view import View
from app.ui.theme import current_theme

WIDTH: Final = 2
"""Device-independent pixels: how wide the line is. It lies outside the region, so that it covers nothing of it."""
DASH: Final = 6
"""Device-independent pixels: how long a dash is, light and dark in turn."""


class CropOutline:
    """Draws only what of the lines lies in the exposed rectangle, so its cost is that of the pixels it covers."""

    def __init__(self) -> None:
        self.boxes: tuple[Box, ...] = ()
        self._look: tuple[float, str] | None = None
        self._along, self._down = QBrush(), QBrush()

    def show(self, boxes: Sequence[Box]) -> tuple[Box, ...]:
        """Draw these from now on; the boxes that look different now, old and new ones."""
        before, self.boxes = self.boxes, tuple(boxes)
        return (*(box for box in before if box not in self.boxes), *(box for box in self.boxes if box not in before))

    def strips(self, view: View, box: Box) -> tuple[QRect, QRect, QRect, QRect]:
        """The device pixels of a region's lines: above, below, left, right."""
        area, wide = view.device_rect(box), _pixels(WIDTH, view)
        left, top, right, bottom = area.left(), area.top(), area.right() + 1, area.bottom() + 1
        return (
            QRect(left - wide, top - wide, right - left + 2 * wide, wide),
            QRect(left - wide, bottom, right - left + 2 * wide, wide),
            QRect(left - wide, top, wide, bottom - top),
            QRect(right, top, wide, bottom - top),
        )

    def paint(self, painter: QPainter, view: View, rect: QRect) -> None:
        """Draw what of it lies in ``rect``; ``painter`` counts in device pixels."""
        for box in self.boxes:
            strips = self.strips(view, box)
            for place, strip in enumerate(strips):
                shown = strip.intersected(rect)
                if not shown.isEmpty():
                    # Dashes are counted from the region's corner, so that parts painted at different times fit.
                    painter.setBrushOrigin(strips[0].topLeft())
                    painter.fillRect(shown, self._brush(view, along=place < 2))
        if self.boxes:
            painter.setBrushOrigin(QPoint(0, 0))

    def _brush(self, view: View, *, along: bool) -> QBrush:
        theme = current_theme()
        look = (view.ratio, theme.name)
        if self._look != look:
            light, dark, dash = theme.outline_light, theme.outline_dark, _pixels(DASH, view)
            self._look = look
            self._along, self._down = (_dashes(light, dark, dash, along=way) for way in (True, False))
        return self._along if along else self._down


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
