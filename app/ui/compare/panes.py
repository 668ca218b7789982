"""Which part of the widget shows which picture: plain geometry in device pixels."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QRect

GAP = 2
"""Device-independent pixels between two panes side by side."""


class Mode(Enum):
    """How two pictures are laid out."""

    SIDE_BY_SIDE = "side by side"
    DIVIDER = "sliding divider"
    DIVIDER_ACROSS = "sliding divider, horizontal"

    @property
    def has_divider(self) -> bool:
        """Whether both pictures lie over each other with a divider between them."""
        return self is not Mode.SIDE_BY_SIDE


@dataclass(frozen=True)
class Pane:
    """Where one picture is seen: ``area`` in device pixels of the widget, ``origin`` where its view's corner is."""

    side: int
    """0 for the left or upper picture, 1 for the other."""
    area: QRect
    origin: QPoint


def panes(mode: Mode, width: int, height: int, divider: float, gap: int) -> tuple[Pane, Pane]:
    """Both panes of a widget of ``width`` x ``height`` device pixels; ``divider`` is 0 to 1 of the way."""
    if mode is Mode.SIDE_BY_SIDE:
        half = max(1, (width - gap) // 2)
        right = width - half
        return (
            Pane(0, QRect(0, 0, half, height), QPoint(0, 0)),
            Pane(1, QRect(right, 0, half, height), QPoint(right, 0)),
        )
    if mode is Mode.DIVIDER:
        at = divider_at(divider, width)
        first, second = QRect(0, 0, at, height), QRect(at, 0, width - at, height)
    else:
        at = divider_at(divider, height)
        first, second = QRect(0, 0, width, at), QRect(0, at, width, height - at)
    return Pane(0, first, QPoint(0, 0)), Pane(1, second, QPoint(0, 0))


def divider_at(divider: float, length: int) -> int:
    """The first device pixel of the second picture."""
    return round(min(1.0, max(0.0, divider)) * length)


def port(mode: Mode, width: int, height: int, gap: int) -> tuple[int, int]:
    """The size that one picture's view has, in device pixels."""
    return (max(1, (width - gap) // 2), height) if mode is Mode.SIDE_BY_SIDE else (width, height)
