"""Qt's events on the canvas, turned into gestures, wheel steps, pinches and drops.

Each move that Qt delivers is used. A pen arrives as tablet events; the mouse events that the system or Qt makes up from
a pen or a finger are ignored, so nothing is painted twice and a resting hand paints nothing.
"""

from abc import abstractmethod
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.state.brush import BrushSettings
from app.ui.canvas.gestures import Gesture, Gestures, Sample
from app.ui.canvas.view import View
from app.ui.canvas.wheel import Wheel, is_touchpad

_MADE_UP = (Qt.MouseEventSource.MouseEventSynthesizedBySystem, Qt.MouseEventSource.MouseEventSynthesizedByQt)
_PENS = (QInputDevice.DeviceType.Stylus, QInputDevice.DeviceType.Airbrush, QInputDevice.DeviceType.Puck)
_NOT_A_MOUSE = (*_PENS, QInputDevice.DeviceType.TouchScreen)


class PointerInput(QWidget):
    """The canvas's hands and ears; what they mean is decided by `Gestures` and the canvas."""

    pointer_moved = Signal(object)
    """The picture's pixel (x, y) under the pointer, or None."""
    dropped = Signal(list)
    """Paths of files that were dropped."""
    dropped_image = Signal(QImage)
    escaped = Signal()
    """Esc, with no gesture under way that it would have ended."""

    brush: BrushSettings
    gestures: Gestures

    def __init__(self) -> None:
        super().__init__()
        self.pointer: QPointF | None = None
        self._wheel = Wheel()
        self._told: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAcceptDrops(True)

    @property
    @abstractmethod
    def view(self) -> View:
        """Where the picture lies now."""

    @property
    @abstractmethod
    def has_picture(self) -> bool:
        """Whether there is anything to point at."""

    @abstractmethod
    def pan_by(self, by: QPointF) -> None:
        """Move the picture."""

    @abstractmethod
    def zoom_steps(self, steps: int, about: QPointF | None = None) -> None:
        """Zoom by rungs."""

    @abstractmethod
    def zoom_by(self, factor: float, about: QPointF) -> None:
        """Zoom freely."""

    @abstractmethod
    def move_cursor(self) -> None:
        """The pointer is somewhere else."""

    def abandon(self) -> bool:
        """End the gesture under way as if it had never begun; whether there was one."""
        was_there = self.gestures.abandon()
        if was_there:
            self.move_cursor()
        return was_there

    # -- mouse -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._is_mouse(event):
            return
        self.point_at(event.position())
        self.gestures.press(_mouse_sample(event))
        self.move_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._is_mouse(event):
            return
        if self.gestures.under_way is not Gesture.NONE and event.buttons() == Qt.MouseButton.NoButton:
            self.abandon()  # the release went to somebody else
        self.gestures.move(_mouse_sample(event))
        self.point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._is_mouse(event):
            return
        self.gestures.release(_mouse_sample(event))
        self.point_at(event.position() if self.rect().contains(event.position().toPoint()) else None)

    def _is_mouse(self, event: QMouseEvent) -> bool:
        made_up = event.source() in _MADE_UP or event.device().type() in _NOT_A_MOUSE
        return not made_up and not self.gestures.pen

    # -- pen ---------------------------------------------------------------------------------------------------------

    def tabletEvent(self, event: QTabletEvent) -> None:
        event.accept()  # else Qt makes a mouse event of it
        sample = _pen_sample(event)
        if event.type() == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.gestures.press(sample)
        elif event.type() == QEvent.Type.TabletRelease:
            self.gestures.release(sample)
        elif self.gestures.pen or self.gestures.under_way is Gesture.NONE:
            self.gestures.move(sample)
        self.point_at(event.position())

    # -- wheel and fingers -------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        if event.phase() == Qt.ScrollPhase.ScrollMomentum:
            return  # no kinetic panning
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.brush.step(self._wheel.steps(event))
        elif is_touchpad(event):
            self.pan_by(QPointF(event.pixelDelta()))
        else:
            self.zoom_steps(self._wheel.steps(event), event.position())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        if event.type() in (QEvent.Type.WindowBlocked, QEvent.Type.WindowDeactivate, QEvent.Type.UngrabMouse):
            self.abandon()
        return super().event(event)

    # -- keys and focus ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if not self.abandon():
                self.escaped.emit()
            return
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(True, event)
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(False, event)
            return
        super().keyReleaseEvent(event)

    def _hold_space(self, held: bool, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.gestures.space = held
            self.move_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.gestures.space = False
        self.abandon()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.abandon()
        super().hideEvent(event)

    # -- where the pointer is ----------------------------------------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        self.point_at(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(None)

    def point_at(self, point: QPointF | None) -> None:
        """The pointer is there now, or elsewhere (None)."""
        self.pointer = point
        self.move_cursor()
        pixel = self.view.pixel_at(point) if point is not None and self.has_picture else None
        if pixel != self._told:
            self._told = pixel
            self.pointer_moved.emit(pixel)

    # -- drops -------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasImage() or any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.dropped.emit(paths)
        elif event.mimeData().hasImage():
            self.dropped_image.emit(QImage(event.mimeData().imageData()))
        event.acceptProposedAction()


def _mouse_sample(event: QMouseEvent) -> Sample:
    return Sample(event.position(), event.button(), event.modifiers())


def _pen_sample(event: QTabletEvent) -> Sample:
    eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
    return Sample(event.position(), event.button(), event.modifiers(), event.pressure(), eraser, pen=True)
