"""The brush: one size for every tool that paints with it."""

from PySide6.QtCore import QObject, Signal

from app.core.stroke import MAX_RADIUS

MIN_RADIUS = 1
START_RADIUS = 25
_FINE_BELOW = 10


class BrushSettings(QObject):
    """``radius`` is 1 to 2000 pixels: a dab is every pixel whose centre is within it, 2 x radius + 1 across."""

    changed = Signal()

    def __init__(self, radius: int = START_RADIUS) -> None:
        super().__init__()
        self._radius = _within(radius)
        self._pressure_size = False

    @property
    def radius(self) -> int:
        """Pixels."""
        return self._radius

    @radius.setter
    def radius(self, radius: int) -> None:
        radius = _within(radius)
        if radius != self._radius:
            self._radius = radius
            self.changed.emit()

    @property
    def pressure_size(self) -> bool:
        """Whether a pen's pressure makes the dab smaller."""
        return self._pressure_size

    @pressure_size.setter
    def pressure_size(self, on: bool) -> None:
        if on != self._pressure_size:
            self._pressure_size = on
            self.changed.emit()

    def step(self, steps: int) -> None:
        """So many sizes larger, or smaller when negative: by one pixel below 10, by a tenth above."""
        radius = self._radius
        for _ in range(abs(steps)):
            radius = _larger(radius) if steps > 0 else _smaller(radius)
        self.radius = radius

    def radius_at(self, pressure: float) -> int:
        """The dab's radius at a pen's ``pressure`` of 0 to 1."""
        return _within(round(self._radius * pressure)) if self._pressure_size else self._radius


def _larger(radius: int) -> int:
    return radius + 1 if radius < _FINE_BELOW else max(radius + 1, round(radius * 1.1))


def _smaller(radius: int) -> int:
    return radius - 1 if radius <= _FINE_BELOW else min(radius - 1, round(radius / 1.1))


def _within(radius: int) -> int:
    return min(MAX_RADIUS, max(MIN_RADIUS, int(radius)))
