"""Mouse, wheel, fingers and keys over the comparison's pictures, turned into pans, zooms and places."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.ui.canvas.wheel import Wheel, is_touchpad

KEY_PAN = 64
"""Device-independent pixels that an arrow key pans by."""


class StageInput(QWidget):
    """What the events mean is up to the stage: it overrides the five commands below."""

    hovered = Signal(object)
    """The picture's pixel (x, y) under the pointer, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dragged: QPointF | None = None
        self._wheel = Wheel()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._point()

    # -- commands ----------------------------------------------------------------------------------------------------

    def pan_by(self, by: QPointF) -> None:
        """Move by so much of the widget."""

    def zoom(self, steps: int, about: QPointF | None = None) -> None:
        """So many steps in, or out when negative, about a point of the widget."""

    def zoom_by(self, factor: float, about: QPointF) -> None:
        """Zoom freely."""

    def fit(self) -> None:
        """Show everything."""

    def pixel_at(self, point: QPointF) -> tuple[int, int] | None:
        """The picture's pixel under a point of the widget."""
        return None

    # -- events ------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Space-drag pans like any other drag: there is no tool here that a plain drag could mean.
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged = event.position()
            self._point()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self.pan_by(event.position() - self._dragged)
            self._dragged = event.position()
        self.hovered.emit(self.pixel_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._point()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(self.pixel_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        if event.phase() == Qt.ScrollPhase.ScrollMomentum:
            return  # no kinetic panning
        if is_touchpad(event) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan_by(QPointF(event.pixelDelta()))
        else:
            self.zoom(self._wheel.steps(event), event.position())
        self.hovered.emit(self.pixel_at(event.position()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: QPointF(KEY_PAN, 0),
            Qt.Key.Key_Right: QPointF(-KEY_PAN, 0),
            Qt.Key.Key_Up: QPointF(0, KEY_PAN),
            Qt.Key.Key_Down: QPointF(0, -KEY_PAN),
        }
        key = Qt.Key(event.key())
        if key in ways:
            self.pan_by(ways[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(-1 if key == Qt.Key.Key_Minus else 1)
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _point(self) -> None:
        shape = Qt.CursorShape.OpenHandCursor if self._dragged is None else Qt.CursorShape.ClosedHandCursor
        self.setCursor(shape)
