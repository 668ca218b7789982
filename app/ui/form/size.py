"""An editor of sizes: named presets, or a width and a height of one's own."""

from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from app.core.endpoint import MISSING, Field
from app.ui.form.face import Editor, Json, WheelOnFocus, ghost, show_ghost, shown
from app.ui.form.number import NumberBox
from app.ui.plain_text import one_line

_CUSTOM: Final = "Custom"
_SIDE_WIDTH: Final = 58


class SizeEditor(Editor):
    """Presets in a list, and two boxes that count when "Custom" is chosen."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._presets = tuple(choice for choice in field.enum if isinstance(choice, str))
        self._extra: dict[str, Json] = {}
        self._raw: Json = MISSING
        self._box = QComboBox(self)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(4)
        self._box.setMinimumWidth(88)
        self._box.addItems([one_line(preset) for preset in self._presets])
        self._box.addItem(_CUSTOM)
        self._box.setPlaceholderText(ghost(field) or "Not set")
        self._box.setCurrentIndex(-1)
        self._box.installEventFilter(WheelOnFocus(self._box))
        self._box.activated.connect(self._on_preset)
        self._sides = {child.name: self._side(child) for child in sides(field)}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._box, 1)
        width, height = self._sides.values()
        for control in (width, QLabel("×", self), height):
            layout.addWidget(control)
        self.name(self._box)
        self._enable()

    def value(self) -> Json:
        if self._raw is not MISSING:
            return self._raw
        place = self._box.currentIndex()
        if place < 0:
            return MISSING
        if place < len(self._presets):
            return self._presets[place]
        typed = {name: box.number() for name, box in self._sides.items()}
        return {**self._extra, **{name: number for name, number in typed.items() if number is not MISSING}}

    def set_value(self, value: Json) -> None:
        if value is not MISSING and value == self.value():
            return
        custom = isinstance(value, dict)
        known = custom or value is MISSING or value is None or value in self._presets
        self._raw = MISSING if known else value
        self._extra = {key: part for key, part in value.items() if key not in self._sides} if custom else {}
        for name, box in self._sides.items():
            box.show_number(value.get(name, MISSING) if custom else MISSING)
        place = len(self._presets) if custom else self._presets.index(value) if value in self._presets else -1
        self._box.setCurrentIndex(place)
        self._box.setPlaceholderText(shown(self._raw) if not known else ghost(self.field) or "Not set")
        self._enable()

    def unfinished(self) -> bool:
        return any(box.hasFocus() and isinstance(box.number(), str) for box in self._sides.values())

    def show_problem(self, text: str) -> None:
        super().show_problem(text)

    def _side(self, field: Field) -> NumberBox:
        box = NumberBox(field, self)
        box.setFixedWidth(_SIDE_WIDTH)
        box.setAccessibleName(f"{self.field.title}: {field.title.lower()}")
        box.edited.connect(self.changed)
        return box

    def _on_preset(self) -> None:
        self._raw = MISSING
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        custom = self._box.currentIndex() == len(self._presets)
        show_ghost(self._box, self._box.currentIndex() < 0)
        for box in self._sides.values():
            box.setEnabled(custom)


def sides(field: Field) -> tuple[Field, ...]:
    """The fields for width and height inside a size field, in this order; empty when it has no such two."""
    named = {child.name: child for child in field.children if child.kind in ("integer", "number")}
    return (named["width"], named["height"]) if {"width", "height"} <= named.keys() else ()


def takes_size(field: Field) -> bool:
    """Whether a field takes width and height, alone or beside named presets."""
    return field.kind in ("any", "object") and bool(sides(field)) and all(isinstance(c, str) for c in field.enum)
