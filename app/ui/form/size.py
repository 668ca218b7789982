"""The editor of sizes: named presets, or a width and a height of one's own."""

from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.core.sizes import NAMED, sides
from app.ui.form.context import Context
from app.ui.form.face import Editor, Json, WheelOnFocus, ghost, label_of, show_ghost, shown
from app.ui.form.side_boxes import Sides
from app.ui.form.sides import SizeTools, in_words
from app.ui.plain_text import one_line

_CUSTOM: Final = "Custom"


class SizeEditor(Editor):
    """Presets in a list, and two boxes; typing in them makes it a size of one's own."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._presets = tuple(choice for choice in field.enum if isinstance(choice, str))
        self._known: dict[str, tuple[int, int]] = {}
        self._extra: dict[str, Json] = {}
        self._raw: Json = MISSING
        width, height = sides(field)
        self._names = (width.name, height.name)
        self._box = self._made_list() if self._presets else None
        self._sides = Sides(field.title, width, height, self)
        for side in self._sides.boxes:
            side.edited.connect(self._on_side)
        self._tools = SizeTools(field.title, lambda: (width, height), self)
        self._tools.picked.connect(self._on_picked)
        self._tools.swapped.connect(self._on_swap)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        if self._box is not None:
            layout.addWidget(self._box)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self._sides, 1)
        line.addWidget(self._tools)
        layout.addLayout(line)
        self.name(self._box or self._sides.boxes[0])
        self._custom = False
        self._show()

    def use(self, context: Context) -> None:
        super().use(context)
        self._known = self._pixels(context)
        others = [size for size in context.sizes if size[0] not in self._presets]
        self._tools.use(context, others)
        if self._box is not None:
            for place, preset in enumerate(self._presets):
                self._box.setItemText(place, self._words(preset))
            default = self.field.default
            if isinstance(default, str) and self._raw is MISSING:
                self._box.setPlaceholderText(self._words(default))
        self._show()

    def value(self) -> Json:
        if self._raw is not MISSING:
            return self._raw
        if not self._custom:
            place = self._box.currentIndex() if self._box is not None else -1
            return self._presets[place] if 0 <= place < len(self._presets) else MISSING
        typed = dict(zip(self._names, self._sides.numbers(), strict=True))
        return {**self._extra, **{name: number for name, number in typed.items() if number is not MISSING}}

    def set_value(self, value: Json) -> None:
        if value is not MISSING and value == self.value():
            return
        self._custom = isinstance(value, dict)
        known = self._custom or value is MISSING or value is None or value in self._presets
        self._raw = MISSING if known else value
        parts = value if isinstance(value, dict) else {}
        self._extra = {key: part for key, part in parts.items() if key not in self._names}
        self._sides.show_numbers(*(parts.get(name, MISSING) for name in self._names))
        if self._box is not None:
            place = len(self._presets) if self._custom else -1
            self._box.setCurrentIndex(self._presets.index(value) if value in self._presets else place)
            self._box.setPlaceholderText(shown(value) if not known else self._ghost_words())
        self._show()

    def unfinished(self) -> bool:
        return self._sides.unfinished()

    def complaint(self) -> str:
        return self._sides.complaint() if self._custom and self._raw is MISSING else ""

    def show_problem(self, text: str) -> None:
        """Mark the side that is wrong, else the list."""
        wrong = self._sides.mark(bool(text) and self._custom)
        super().show_problem("" if wrong else text)

    def _made_list(self) -> QComboBox:
        box = QComboBox(self)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(4)
        box.setMinimumWidth(88)
        box.addItems([self._words(preset) for preset in self._presets])
        box.addItem(_CUSTOM)
        box.setPlaceholderText(self._ghost_words())
        box.setCurrentIndex(-1)
        box.installEventFilter(WheelOnFocus(box))
        box.activated.connect(self._on_preset)
        return box

    def _pixels(self, context: Context) -> dict[str, tuple[int, int]]:
        """The presets' pixels: as the endpoint says, else as fal means its own names where they stand together."""
        told = {name: (width, height) for name, width, height in context.sizes}
        return {**NAMED, **told} if len(NAMED.keys() & set(self._presets)) > 1 else told

    def _words(self, preset: str) -> str:
        """A preset's name with its pixels, where they are known."""
        size = self._known.get(preset)
        words = one_line(label_of(self.field, preset), 60)
        return f"{words}   {in_words(size)}" if size else words

    def _ghost_words(self) -> str:
        default = self.field.default
        return self._words(default) if isinstance(default, str) else ghost(self.field) or "Not set"

    def _size(self) -> tuple[int, int] | None:
        """The pixels that count now, where they are known."""
        value = self.value()
        value = self.field.default if value is MISSING else value
        if isinstance(value, dict):
            parts = [value.get(name) for name in self._names]
            whole = [part for part in parts if isinstance(part, int) and not isinstance(part, bool)]
            return (whole[0], whole[1]) if len(whole) == 2 else None
        return self._known.get(value) if isinstance(value, str) else None

    def _on_preset(self, place: int) -> None:
        size = self._size()
        self._raw = MISSING
        self._custom = place == len(self._presets)
        if self._custom and self._sides.numbers() == (MISSING, MISSING) and size is not None:
            self._sides.show_numbers(*size)
        elif not self._custom:
            self._sides.show_numbers(MISSING, MISSING)
        self._show()
        self.changed.emit()

    def _on_side(self) -> None:
        """Typing makes it a size of one's own; the side that was not typed keeps what stood there muted."""
        numbers = self._sides.numbers()
        if not self._custom and numbers == (MISSING, MISSING):
            return
        if not self._custom and (size := self._size()) is not None:
            filled = [side if number is MISSING else number for number, side in zip(numbers, size, strict=True)]
            self._sides.show_numbers(*filled)
        if self._box is None and numbers == (MISSING, MISSING) and not self._extra:
            self._custom = False
        else:
            self._make_custom()
        self._show()
        self.changed.emit()

    def _on_picked(self, width: int, height: int) -> None:
        self._make_custom()
        self._sides.show_numbers(width, height)
        self._show()
        self.changed.emit()

    def _on_swap(self) -> None:
        width, height = self._sides.numbers()
        if (width, height) == (MISSING, MISSING):
            size = self._size()
            if size is None:
                return
            width, height = size
        self._make_custom()
        self._sides.show_numbers(height, width)
        self._show()
        self.changed.emit()

    def _make_custom(self) -> None:
        self._raw, self._custom = MISSING, True
        if self._box is not None:
            self._box.setCurrentIndex(len(self._presets))

    def _show(self) -> None:
        self._sides.show_ghosts(None if self._custom else self._size())
        if self._box is not None:
            show_ghost(self._box, self._box.currentIndex() < 0)


def takes_size(field: Field) -> bool:
    """Whether a field takes width and height, alone or beside named presets."""
    return field.kind in ("any", "object") and bool(sides(field)) and all(isinstance(c, str) for c in field.enum)
