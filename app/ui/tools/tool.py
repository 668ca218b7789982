"""What a tool is: a name, a key, an icon, options as data, and what it does with press, drag and release.

Adding a tool is one small file with a subclass of `Tool`, and its name in `app/ui/tools/__init__.py`: its button, key,
hint and options bar follow from what the class says.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

from PySide6.QtCore import QPointF, QRect, Qt, SignalInstance
from PySide6.QtGui import QPainter

from app.core.endpoint import Field
from app.core.geometry import Box
from app.state.brush import BrushSettings
from app.state.document import Document
from app.ui.canvas.view import View


@dataclass(frozen=True)
class StrokePoint:
    """Where the pointer is: ``x``, ``y`` in the picture (pixel (0, 0) covers 0 up to 1; may lie outside), ``screen`` in
    the widget, ``pressure`` 0 to 1 (1 for a mouse), ``erase`` for the right button and the pen's other end.
    """

    x: float
    y: float
    screen: QPointF
    pressure: float = 1.0
    erase: bool = False
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def pixel(self) -> tuple[int, int]:
        """The picture's pixel that holds the point."""
        return math.floor(self.x), math.floor(self.y)

    def has(self, modifier: Qt.KeyboardModifier) -> bool:
        """Whether ``modifier`` is held."""
        return bool(self.modifiers & modifier)


class Settings(Protocol):
    """What a tool's options are attributes of."""

    @property
    def changed(self) -> SignalInstance:
        """Says that one of them is different now."""


class Stage(Protocol):
    """What a tool acts on: the canvas."""

    document: Document
    brush: BrushSettings

    @property
    def view(self) -> View:
        """Where the picture lies now."""

    def pan_by(self, by: QPointF) -> None:
        """Move the picture by so much of the widget."""

    def zoom_steps(self, steps: int, about: QPointF | None = None) -> None:
        """Zoom in, or out when negative."""

    def zoom_to(self, box: Box) -> None:
        """Show ``box`` as large as fits."""

    def repaint_device(self, area: QRect) -> None:
        """Paint these device pixels again."""


class Tool:
    """A tool that does nothing yet. Subclasses say what they are and override the gestures that they understand."""

    name: ClassVar[str]
    title: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]
    icon: ClassVar[str]
    hint: ClassVar[str]
    options: ClassVar[tuple[Field, ...]] = ()
    """What the options bar shows; each field's path is an attribute of ``settings``."""
    needs_picture: ClassVar[bool] = True
    shape: Qt.CursorShape = Qt.CursorShape.ArrowCursor
    """The system's cursor over the picture; BlankCursor where the tool paints its own."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @property
    def settings(self) -> Settings | None:
        """The object whose attributes ``options`` names."""
        return None

    def press(self, point: StrokePoint) -> None:
        """The button or pen went down."""

    def drag(self, point: StrokePoint) -> None:
        """It moved while down."""

    def release(self, point: StrokePoint) -> None:
        """It came up: the gesture is done."""

    def abandon(self) -> None:
        """The gesture ends as if it had never begun."""

    def cursor_rect(self, view: View, pixel: tuple[int, int]) -> QRect:
        """The device pixels that the tool's own cursor at ``pixel`` touches; empty when it paints none."""
        return QRect()

    def paint_cursor(self, painter: QPainter, view: View, pixel: tuple[int, int]) -> None:
        """Paint that cursor; ``painter`` counts in device pixels."""
