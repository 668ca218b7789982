"""A slider over a field's range: a press jumps there, the wheel needs the focus, a double click resets."""

import math
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from app.core.endpoint import Field

_FINEST: Final = 1000
"""Positions a slider has at most; the number box beside it is exact."""
_WIDEST: Final = 10_000
"""A range of whole numbers wider than this gets no slider."""


class Scale:
    """The positions of a slider over a field's range."""

    def __init__(self, low: float, high: float, step: float, whole: bool) -> None:
        self.low, self.high, self.step, self._whole = low, high, step, whole
        self.last = max(1, round((high - low) / step))

    def number(self, position: int) -> int | float:
        """The number at a position, without the dust of binary fractions."""
        if position >= self.last:
            return int(self.high) if self._whole else self.high
        number = self.low + position * self.step
        return round(number) if self._whole else round(number, _decimals(self.step, self.low))

    def position(self, number: float) -> int:
        """The position nearest to a number; numbers outside stand at the ends."""
        return round((min(max(number, self.low), self.high) - self.low) / self.step)


def scale_of(field: Field) -> Scale | None:
    """The slider's scale for a field with two bounds and a range that a hand can set, else None."""
    low = field.minimum if field.minimum is not None else field.exclusive_minimum
    high = field.maximum if field.maximum is not None else field.exclusive_maximum
    if low is None or high is None or not low < high or not math.isfinite(high - low):
        return None
    whole = is_whole(field)
    if whole and high - low > _WIDEST:
        return None
    step = step_of(field, low, high)
    if field.minimum is None:
        low += step
    if field.maximum is None:
        high -= step
    return Scale(low, high, step, whole) if low < high else None


def is_whole(field: Field) -> bool:
    """Whether only whole numbers fit."""
    return field.kind == "integer" or (field.step is not None and float(field.step).is_integer() and field.step >= 1)


def step_of(field: Field, low: float, high: float) -> float:
    """The field's own step, else a round hundredth of the range."""
    own = field.step or 0.0
    if own > 0 and (high - low) / own <= _FINEST:
        return own
    if is_whole(field):
        return max(1.0, own)
    rough = float(10 ** math.floor(math.log10((high - low) / 50)))
    return max(rough, own * math.ceil(rough / own)) if own > 0 else rough


class ValueSlider(QSlider):
    """Emits ``moved`` for the user's hand only."""

    moved = Signal(int)
    reset = Signal()

    def __init__(self, last: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, last)
        self.setPageStep(max(1, last // 10))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._on_value)
        self._silent = False

    def show_position(self, position: int) -> None:
        """Move without telling anybody."""
        self._silent = True
        self.setValue(position)
        self._silent = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._position_at(round(event.position().x())))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset.emit()
            event.accept()
            return
        super().mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)

    def _position_at(self, x: int) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style = self.style()
        handle = style.subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        ).width()
        groove = style.subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderGroove, self)
        left = groove.x() + handle // 2
        return QStyle.sliderValueFromPosition(0, self.maximum(), x - left, max(1, groove.width() - handle))

    def _on_value(self, position: int) -> None:
        if not self._silent:
            self.moved.emit(position)


def _decimals(*numbers: float) -> int:
    """Decimals that write all ``numbers`` exactly enough."""
    return max(min(10, max(0, -math.floor(math.log10(abs(number))) + 3)) if number else 0 for number in numbers)
