"""The zoom tool: click to come closer, Alt-click or right-click to step back, drag to fill the canvas with a frame."""

import math

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.core.geometry import Box
from app.ui.canvas.view import View
from app.ui.theme import current_theme
from app.ui.tools.tool import Stage, StrokePoint, Tool

_DRAG_FROM = 6  # device-independent pixels: less is a click


class Zoom(Tool):
    """Zooms about the pointer."""

    name = "zoom"
    title = "Zoom"
    keys = ("Z",)
    icon = "zoom"
    hint = "Click to zoom in, Alt-click to zoom out, drag to fill the canvas with a part."
    shape = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._pressed: StrokePoint | None = None
        self._dragged: StrokePoint | None = None

    def press(self, point: StrokePoint) -> None:
        """One corner of the frame."""
        self._pressed = point

    def drag(self, point: StrokePoint) -> None:
        """The other corner."""
        self._dragged = point if self._is_frame(point) else None

    def release(self, point: StrokePoint) -> None:
        """Zoom by a step, or to the frame that was dragged."""
        framed, pressed = self._is_frame(point), self._pressed
        self.abandon()
        if pressed is None:
            return
        if framed:
            self.stage.zoom_to(_box_round(pressed, point))
            return
        out = point.erase or point.has(Qt.KeyboardModifier.AltModifier)
        self.stage.zoom_steps(-1 if out else 1, point.screen)

    def abandon(self) -> None:
        """Forget the frame."""
        self._pressed = self._dragged = None

    def cursor_rect(self, view: View, pixel: tuple[int, int]) -> QRect:
        """Where the frame is while it is dragged."""
        return self._frame(view).adjusted(-2, -2, 2, 2) if self._dragged is not None else QRect()

    def paint_cursor(self, painter: QPainter, view: View, pixel: tuple[int, int]) -> None:
        """The frame while it is dragged, in two tones."""
        if self._dragged is None:
            return
        theme = current_theme()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, inset in ((theme.outline_dark, 0), (theme.outline_light, 1)):
            painter.setPen(colour)
            painter.drawRect(self._frame(view).adjusted(inset, inset, -inset, -inset))

    def _is_frame(self, point: StrokePoint) -> bool:
        if self._pressed is None or point.erase:
            return False
        moved = point.screen - self._pressed.screen
        return min(abs(moved.x()), abs(moved.y())) >= _DRAG_FROM

    def _frame(self, view: View) -> QRect:
        if self._pressed is None or self._dragged is None:
            return QRect()
        return QRectF(self._pressed.screen * view.ratio, self._dragged.screen * view.ratio).normalized().toRect()


def _box_round(one: StrokePoint, other: StrokePoint) -> Box:
    x0, x1 = sorted((one.x, other.x))
    y0, y1 = sorted((one.y, other.y))
    return Box(
        math.floor(x0), math.floor(y0), max(math.floor(x0) + 1, math.ceil(x1)), max(math.floor(y0) + 1, math.ceil(y1))
    )
