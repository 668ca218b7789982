"""An editor of sizes that are sent as text, such as "1024x768"."""

import re

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.core.sizes import written_size
from app.ui.form.context import Context
from app.ui.form.face import Editor, Json, shown
from app.ui.form.side_boxes import Sides
from app.ui.form.sides import Named, SizeTools, between
from app.ui.plain_text import one_line


class TextSizeEditor(Editor):
    """A size that is sent as text, such as "1024x768": two boxes write it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._sign = between((field.default, *field.examples))
        self._empty = True
        self._raw: Json = MISSING
        width, height = (_side_of(field, name) for name in ("Width", "Height"))
        self._sides = Sides(field.title, width, height, self)
        for side in self._sides.boxes:
            side.edited.connect(self._on_side)
        self._tools = SizeTools(field.title, lambda: (width, height), self)
        self._tools.picked.connect(self._write)
        self._tools.swapped.connect(self._on_swap)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._sides, 1)
        layout.addWidget(self._tools)
        self.name(self._sides.boxes[0])
        self._show()

    def use(self, context: Context) -> None:
        super().use(context)
        written = [(text, size) for text in self.field.examples if (size := written_size(text)) is not None]
        examples: list[Named] = [(str(text), *size) for text, size in written]
        self._tools.use(context, context.sizes or examples)

    def value(self) -> Json:
        if self._raw is not MISSING:
            return self._raw
        width, height = self._sides.numbers()
        if width is MISSING and height is MISSING:
            return MISSING
        return self._sign.join("" if side is MISSING else shown(side) for side in (width, height))

    def set_value(self, value: Json) -> None:
        if value is not MISSING and value == self.value():
            return
        size = written_size(value)
        written = size is not None and value == f"{size[0]}{self._sign}{size[1]}"
        self._raw = MISSING if written or value is MISSING or value in (None, "") else value
        self._sides.show_numbers(*(size or (MISSING, MISSING)))
        self._show()

    def unfinished(self) -> bool:
        half = self._raw is MISSING and self._is_half()
        return self._sides.unfinished() or (half and self._sides.has_focus())

    def show_problem(self, text: str) -> None:
        self._sides.mark(bool(text), both=True)

    def complaint(self) -> str:
        if self._raw is not MISSING and written_size(self._raw) is None:
            return f"{one_line(shown(self._raw), 60)} is not a size such as 1024{self._sign}768."
        if self._is_half():
            return "Both width and height are needed."
        return self._sides.complaint()

    def _is_half(self) -> bool:
        return sum(number is MISSING for number in self._sides.numbers()) == 1

    def _on_side(self) -> None:
        """The side that was not typed takes what stood there muted, when the first one is typed."""
        if self._empty and self._is_half() and (size := written_size(self.field.default)) is not None:
            numbers = zip(self._sides.numbers(), size, strict=True)
            self._sides.show_numbers(*(side if number is MISSING else number for number, side in numbers))
        self._raw = MISSING if self._raw is MISSING or self._sides.numbers() != (MISSING, MISSING) else self._raw
        self._show()
        self.changed.emit()

    def _write(self, width: int, height: int) -> None:
        self._raw = MISSING
        self._sides.show_numbers(width, height)
        self._show()
        self.changed.emit()

    def _on_swap(self) -> None:
        size = written_size(self.field.default if self.value() is MISSING else self.value())
        if size is not None:
            self._write(size[1], size[0])

    def _show(self) -> None:
        self._empty = self._raw is MISSING and self._sides.numbers() == (MISSING, MISSING)
        self._sides.show_ghosts(written_size(self.field.default))


def takes_written_size(field: Field) -> bool:
    """Whether a text field takes "WIDTHxHEIGHT": by its default or all its examples, or by a multiple for its sides."""
    if field.kind != "string" or field.enum or field.media:
        return False
    texts = [text for text in (field.default, *field.examples) if isinstance(text, str) and text]
    return bool(field.step) or (bool(texts) and all(written_size(text) is not None for text in texts))


def _side_of(field: Field, title: str) -> Field:
    name = re.sub(r"\W", "", title.lower())
    return Field(f"{field.path}.{name}", "integer", title, minimum=1, step=field.step)
