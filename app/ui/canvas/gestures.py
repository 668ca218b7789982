"""From buttons and pens to gestures: the tool's own, panning, and dragging the brush's size.

One gesture at a time, from one device: whatever else is pressed meanwhile is left alone, and the gesture ends with the
button that began it.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from PySide6.QtCore import QPointF, Qt

from app.state.brush import BrushSettings
from app.ui.canvas.view import View
from app.ui.tools.tool import StrokePoint, Tool


@dataclass(frozen=True)
class Sample:
    """One report of the pointer, in the widget's coordinates. ``button`` is the one that changed, if any."""

    screen: QPointF
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0
    eraser: bool = False
    pen: bool = False


class Gesture(Enum):
    """What the hand is in the middle of."""

    NONE = auto()
    TOOL = auto()
    PAN = auto()
    SIZE = auto()


class Surface(Protocol):
    """What gestures act on: the canvas."""

    brush: BrushSettings
    tool: Tool

    @property
    def view(self) -> View:
        """Where the picture lies now."""

    def pan_by(self, by: QPointF) -> None:
        """Move the picture."""


class Gestures:
    """The gesture under way; ``space`` is whether the space bar is held."""

    def __init__(self, surface: Surface) -> None:
        self.under_way = Gesture.NONE
        self.space = False
        self.pen = False
        self._surface = surface
        self._button = Qt.MouseButton.NoButton
        self._from = QPointF()
        self._radius = 0
        self._tool: Tool | None = None

    @property
    def anchor(self) -> QPointF | None:
        """Where the cursor stands still while the size is dragged."""
        return self._from if self.under_way is Gesture.SIZE else None

    def press(self, sample: Sample) -> None:
        """A button or the pen went down."""
        if self.under_way is not Gesture.NONE:
            return
        self.under_way = self._meant(sample)
        self._button, self._from, self.pen = sample.button, sample.screen, sample.pen
        if self.under_way is Gesture.SIZE:
            self._radius = self._surface.brush.radius
        elif self.under_way is Gesture.TOOL:
            self._tool = self._surface.tool
            self._tool.press(self._point(sample))

    def move(self, sample: Sample) -> None:
        """The pointer moved."""
        if self.under_way is Gesture.TOOL and self._tool is not None:
            self._tool.drag(self._point(sample))
        elif self.under_way is Gesture.PAN:
            self._surface.pan_by(sample.screen - self._from)
            self._from = sample.screen
        elif self.under_way is Gesture.SIZE:
            view = self._surface.view
            self._surface.brush.radius = self._radius + round(
                (sample.screen - self._from).x() * view.ratio / view.scale
            )

    def release(self, sample: Sample) -> None:
        """A button or the pen came up."""
        if self.under_way is Gesture.NONE or sample.button != self._button:
            return
        tool, gesture = self._tool, self.under_way
        self._end()
        if gesture is Gesture.TOOL and tool is not None:
            tool.release(self._point(sample))

    def abandon(self) -> bool:
        """End what is under way as if it had never begun; whether there was something."""
        tool, gesture = self._tool, self.under_way
        self._end()
        if tool is not None:
            tool.abandon()
        if gesture is Gesture.SIZE:
            self._surface.brush.radius = self._radius
        return gesture is not Gesture.NONE

    def _end(self) -> None:
        self.under_way, self._tool, self.pen = Gesture.NONE, None, False

    def _meant(self, sample: Sample) -> Gesture:
        if sample.button == Qt.MouseButton.MiddleButton:
            return Gesture.PAN
        if sample.button == Qt.MouseButton.LeftButton:
            return Gesture.PAN if self.space else Gesture.TOOL
        if sample.button == Qt.MouseButton.RightButton:
            return Gesture.SIZE if sample.modifiers & Qt.KeyboardModifier.AltModifier else Gesture.TOOL
        return Gesture.NONE

    def _point(self, sample: Sample) -> StrokePoint:
        place = self._surface.view.to_picture(sample.screen)
        erase = sample.eraser or self._button == Qt.MouseButton.RightButton
        return StrokePoint(place.x(), place.y(), sample.screen, sample.pressure, erase, sample.modifiers)
