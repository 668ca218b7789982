"""A slider over a field's range: a press jumps there, the wheel needs the focus, a double click resets."""

import math
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from app.core.endpoint import Field

_FINEST: Final = 1000
"""Positions a slider has at most; the number box beside it is exact."""
_EVEN: Final = 10_000
"""A range with more whole numbers, or wider, than this is set in proportion: by how much more, not how many more."""
_WIDEST: Final = 10_000_000
"""A range of whole numbers wider than this gets no slider: no hand can set it."""
_PROPORTIONAL: Final = 400
"""Positions of a slider in proportion."""


class Scale:
    """The positions of a slider over a field's range, all the same step apart."""

    def __init__(self, low: float, high: float, step: float, whole: bool) -> None:
        self.low, self.high, self.step, self._whole = low, high, step, whole
        self.last = max(1, math.floor((high - low) / step + 1e-6))

    def number(self, position: int) -> int | float:
        """The number at a position, without the dust of binary fractions."""
        number = min(self.low + position * self.step, self.high)
        return round(number) if self._whole else round(number, _decimals(self.step, self.low))

    def position(self, number: float) -> int:
        """The position nearest to a number; numbers outside stand at the ends."""
        return round((min(max(number, self.low), self.high) - self.low) / self.step)


class ProportionalScale(Scale):
    """Positions that are the same factor apart: fine for small numbers, coarse for large ones."""

    def __init__(self, low: float, high: float, step: float, whole: bool) -> None:
        super().__init__(low, high, step, whole)
        self.last = _PROPORTIONAL
        self._base = low if low > 0 else step  # ranges that begin at 0 or below begin to grow from one step

    def number(self, position: int) -> int | float:
        if position >= self.last:
            return super().number(math.floor((self.high - self.low) / self.step + 1e-6))
        grown = self._base * ((self._span() + 1) ** (position / self.last) - 1)
        rough = float(f"{grown:.2g}") if grown else 0.0
        return super().number(round(rough / self.step))

    def position(self, number: float) -> int:
        within = min(max(number, self.low), self.high) - self.low
        return round(self.last * math.log(within / self._base + 1) / math.log(self._span() + 1))

    def _span(self) -> float:
        return (self.high - self.low) / self._base


def scale_of(field: Field) -> Scale | None:
    """The slider's scale for a field with two bounds and a range that a hand can set, else None."""
    ends = _ends(field)
    if ends is None:
        return None
    low, high, above, below = ends
    whole = is_whole(field)
    if whole and (high - low > _WIDEST or not float(field.step or 1).is_integer()):
        return None
    if whole:  # only whole numbers lie between ends that are none
        above, below = above and float(low).is_integer(), below and float(high).is_integer()
        low, high = math.ceil(low), math.floor(high)
    step = step_of(field, low, high)
    base = low if not field.step else 0.0 if _counts_from_zero(field) else field.minimum or 0.0
    first, last = math.ceil((low - base) / step - 1e-6), math.floor((high - base) / step + 1e-6)
    first += above and abs((low - base) / step - first) < 1e-6
    last -= below and abs((high - base) / step - last) < 1e-6
    if field.step or above:
        low = base + first * step
    if field.step or below:
        high = base + last * step
    if not low < high:
        return None
    kind = ProportionalScale if high - low > _EVEN and low >= 0 else Scale
    return kind(low, high, step, whole)


def stepped(field: Field, start: float, steps: int, size: float) -> int | float:
    """``start`` moved by ``steps`` of ``size``, kept inside the field's range and, with a step of its own, on it."""
    whole = is_whole(field) or (isinstance(start, int) and float(size).is_integer())
    number: int | float = int(start) + steps * int(size) if whole and float(size).is_integer() else start + steps * size
    if field.step and whole and _counts_from_zero(field):
        number = (math.floor if steps > 0 else math.ceil)(number / field.step) * int(field.step)
    elif not whole:
        number = round(number, 10)
    return kept_inside(field, number, size)


def kept_inside(field: Field, number: int | float, size: float) -> int | float:
    """``number``, or the nearest end of the field's range; an end that does not belong to it is passed by ``size``."""
    low, high, above, below = field.minimum, field.maximum, field.exclusive_minimum, field.exclusive_maximum
    if above is not None and number <= above:
        number = round(above + size, 10)
    if below is not None and number >= below:
        number = round(below - size, 10)
    if low is not None and number < low:
        number = low
    if high is not None and number > high:
        number = high
    return number


def is_whole(field: Field) -> bool:
    """Whether only whole numbers fit."""
    return field.kind == "integer" or (field.step is not None and float(field.step).is_integer() and field.step >= 1)


def step_of(field: Field, low: float, high: float) -> float:
    """The field's own step, else a round hundredth of the range."""
    own = field.step or 0.0
    if own > 0 and (is_whole(field) or (high - low) / own <= _FINEST):
        return own
    if is_whole(field):
        return 1.0
    rough = float(10 ** math.floor(math.log10((high - low) / 50)))
    return max(rough, own * math.ceil(rough / own)) if own > 0 else min(rough, 1.0)


def _ends(field: Field) -> tuple[float, float, bool, bool] | None:
    """Both ends of the range and whether each lies outside it; None without two ends in order."""
    low, above = field.minimum, field.exclusive_minimum
    high, below = field.maximum, field.exclusive_maximum
    least = max((end for end in (low, above) if end is not None), default=None)
    most = min((end for end in (high, below) if end is not None), default=None)
    if least is None or most is None or not least < most or not math.isfinite(most - least):
        return None
    return least, most, least == above, most == below


def _counts_from_zero(field: Field) -> bool:
    """Whether a step counts from zero rather than from the minimum: as said, or where an end is a multiple of it."""
    step, ends = field.step or 0.0, [end for end in (field.minimum, field.maximum) if end is not None]
    if field.anchored or field.minimum is None:
        return step > 0
    return step > 0 and (any(abs(end / step - round(end / step)) < 1e-6 for end in ends))


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
