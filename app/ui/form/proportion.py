"""An editor of numbers over several powers of ten, such as a brush's radius."""

import math
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.core.endpoint import Field
from app.core.values import spell
from app.ui.form.number import BoxEditor
from app.ui.form.slider import ValueSlider

_POSITIONS: Final = 400
_WIDE: Final = 100  # a range whose ends differ by this factor is set in proportion, not in steps
_SLIDER_WIDTH: Final = 128


def is_wide(field: Field) -> bool:
    """Whether ``field`` is a whole number whose range is better set in proportion than in steps."""
    low, high = field.minimum, field.maximum
    return field.kind == "integer" and bool(low and high and low > 0 and high / low >= _WIDE)


class ProportionEditor(BoxEditor):
    """A number over several powers of ten: the slider moves by proportion, the box beside it is exact."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._low, self._high = float(field.minimum or 1), float(field.maximum or 1)
        self._box.setFixedWidth(60)
        self._slider = ValueSlider(_POSITIONS, self)
        self._slider.setMinimumWidth(_SLIDER_WIDTH // 2)
        self._slider.setMaximumWidth(_SLIDER_WIDTH)
        self._slider.setAccessibleName(f"{field.title}, slider")
        self._slider.moved.connect(self._on_slider)
        self._slider.reset.connect(self._on_reset)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._slider)
        row.addWidget(self._box)
        unit = QLabel("px")
        unit.setProperty("secondary", True)
        row.addWidget(unit)
        self.name(self._box)
        self._follow()

    def _number(self, position: int) -> int:
        return round(self._low * math.pow(self._high / self._low, position / _POSITIONS))

    def _position(self, number: float) -> int:
        within = min(self._high, max(self._low, number))
        share = math.log(within / self._low) / math.log(self._high / self._low)
        return round(_POSITIONS * share)

    def _on_slider(self, position: int) -> None:
        self._box.setText(spell(self._number(position)))
        self.changed.emit()

    def _on_reset(self) -> None:
        self.set_value(self.field.default)
        self.changed.emit()

    def _follow(self) -> None:
        value = self.value()
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._slider.show_position(self._position(value))
