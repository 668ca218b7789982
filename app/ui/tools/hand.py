"""The hand: moves the picture."""

from PySide6.QtCore import QPointF, Qt

from app.ui.tools.tool import Stage, StrokePoint, Tool


class Hand(Tool):
    """Drags the picture across the canvas."""

    name = "hand"
    title = "Pan"
    keys = ("H",)
    icon = "pan"
    hint = "Drag to move the picture. Space or the middle button do so with every tool."
    shape = Qt.CursorShape.OpenHandCursor

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._last: QPointF | None = None

    def press(self, point: StrokePoint) -> None:
        """Take hold."""
        self._last = point.screen
        self.shape = Qt.CursorShape.ClosedHandCursor

    def drag(self, point: StrokePoint) -> None:
        """Move."""
        if self._last is not None:
            self.stage.pan_by(point.screen - self._last)
            self._last = point.screen

    def release(self, point: StrokePoint) -> None:
        """Let go."""
        self.abandon()

    def abandon(self) -> None:
        """Let go; the picture stays where it is."""
        self._last = None
        self.shape = Qt.CursorShape.OpenHandCursor
