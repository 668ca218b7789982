"""What a wheel and a touchpad mean: whole steps, or a way to scroll."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputDevice, QWheelEvent

NOTCH = 120
"""Eighths of a degree in one step of a wheel."""


class Wheel:
    """Adds fine turns up to whole steps; a change of direction begins anew."""

    def __init__(self) -> None:
        self._turned = 0

    def steps(self, event: QWheelEvent) -> int:
        """Whole steps that are complete with this event, negative towards the user."""
        turned = event.angleDelta().y()
        if turned * self._turned < 0:
            self._turned = 0
        self._turned += turned
        steps = int(self._turned / NOTCH)
        self._turned -= steps * NOTCH
        return steps


def is_touchpad(event: QWheelEvent) -> bool:
    """Whether two fingers scrolled: a wheel may have pixels too, but neither begins, ends, nor is a touchpad."""
    fingers = event.device().type() == QInputDevice.DeviceType.TouchPad or event.phase() != Qt.ScrollPhase.NoScrollPhase
    return fingers and not event.pixelDelta().isNull()
