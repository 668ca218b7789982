"""The zoom tool: click to come closer, Alt-click or right-click to step back, drag to fill the canvas with a frame."""

import math

from PySide6.QtCore import QPointF, Qt

from app.core.geometry import Box
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

    def press(self, point: StrokePoint) -> None:
        """One corner of the frame."""
        self._pressed = point

    def release(self, point: StrokePoint) -> None:
        """Zoom by a step, or to the frame that was dragged."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        moved: QPointF = point.screen - pressed.screen
        if not point.erase and min(abs(moved.x()), abs(moved.y())) >= _DRAG_FROM:
            self.stage.zoom_to(_box_round(pressed, point))
            return
        out = point.erase or point.has(Qt.KeyboardModifier.AltModifier)
        self.stage.zoom_steps(-1 if out else 1, point.screen)

    def abandon(self) -> None:
        """Forget the frame."""
        self._pressed = None


def _box_round(one: StrokePoint, other: StrokePoint) -> Box:
    x0, x1 = sorted((one.x, other.x))
    y0, y1 = sorted((one.y, other.y))
    return Box(
        math.floor(x0), math.floor(y0), max(math.floor(x0) + 1, math.ceil(x1)), max(math.floor(y0) + 1, math.ceil(y1))
    )
