"""What brush and eraser share: a stroke through every point that the pointer reported."""

from typing import ClassVar

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from app.core.endpoint import Field
from app.core.stroke import FARTHEST, MAX_RADIUS
from app.state.brush import MIN_RADIUS, START_RADIUS, BrushSettings
from app.ui.canvas.cursor import cursor_rect, paint_cursor
from app.ui.canvas.view import View
from app.ui.theme import current_theme
from app.ui.tools.tool import Stage, StrokePoint, Tool

PAINTED, ERASED = 255, 0

SIZE = Field(
    path="radius",
    kind="integer",
    title="Radius",
    description="The brush's radius in pixels of the picture.",
    default=START_RADIUS,
    minimum=MIN_RADIUS,
    maximum=MAX_RADIUS,
    step=1,
)
PRESSURE = Field(
    path="pressure_size",
    kind="boolean",
    title="Pen pressure",
    description="A pen pressed lightly paints with a smaller radius.",
    default=False,
)


class StrokeTool(Tool):
    """Paints ``value`` along exact segments between the pixels under the pointer.

    Shift-click draws a straight line from where the last stroke ended; the right button and the pen's other end erase.
    """

    value: ClassVar[int]
    options = (SIZE, PRESSURE)
    shape = Qt.CursorShape.BlankCursor

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._last: tuple[int, int] | None = None
        self._ended: tuple[int, int] | None = None
        self._value = self.value
        stage.document.opened.connect(self._forget)

    @property
    def settings(self) -> BrushSettings:
        """The one brush that brush and eraser share."""
        return self.stage.brush

    def press(self, point: StrokePoint) -> None:
        """Begin a stroke with a dab, or with a straight line from the end of the last one."""
        self._value = ERASED if point.erase else self.value
        if not self.stage.document.begin("Erase" if self._value == ERASED else "Brush stroke"):
            return
        line = point.has(Qt.KeyboardModifier.ShiftModifier) and self._ended is not None
        self._last = self._ended if line else _reachable(point)
        self._continue(point)

    def drag(self, point: StrokePoint) -> None:
        """Go on to ``point``."""
        if self._last is not None and self._last != _reachable(point):
            self._continue(point)

    def release(self, point: StrokePoint) -> None:
        """Go on to ``point`` and make the stroke one step of undo."""
        if self._last is not None:
            self.drag(point)
            self._ended, self._last = self._last, None
            self.stage.document.commit()

    def abandon(self) -> None:
        """Take the stroke back."""
        if self._last is not None:
            self._last = None
            self.stage.document.abandon()

    def cursor_rect(self, view: View, pixel: tuple[int, int]) -> QRect:
        """Where the outline of a dab at ``pixel`` is."""
        return cursor_rect(view, pixel, self.stage.brush.radius)

    def paint_cursor(self, painter: QPainter, view: View, pixel: tuple[int, int]) -> None:
        """The outline of a dab at ``pixel``."""
        theme = current_theme()
        paint_cursor(painter, view, pixel, self.stage.brush.radius, theme.outline_light, theme.outline_dark)

    def _continue(self, point: StrokePoint) -> None:
        pixel = _reachable(point)
        document = self.stage.document
        if self._last is not None and document.painting:
            document.paint(self._last, pixel, self.stage.brush.radius_at(point.pressure), self._value)
        self._last = pixel

    def _forget(self) -> None:
        self._last = self._ended = None


def _reachable(point: StrokePoint) -> tuple[int, int]:
    """The pixel under the pointer, no farther out than a stroke can begin: zoomed out, the screen reaches far."""
    x, y = point.pixel
    return max(-FARTHEST, min(FARTHEST, x)), max(-FARTHEST, min(FARTHEST, y))
