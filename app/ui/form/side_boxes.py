"""Two boxes for width and height."""

from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.core.endpoint import Field
from app.ui.form.number import NumberBox
from app.ui.form.sides import fault_of_side
from app.ui.plain_text import one_line
from app.ui.theme import refresh

Json = Any

_SIDE_WIDTH: Final = 64


class Sides(QWidget):
    """Two boxes for width and height."""

    def __init__(self, title: str, width: Field, height: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.fields = (width, height)
        self.boxes = tuple(self._box(title, field) for field in self.fields)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.boxes[0], 1)
        layout.addWidget(QLabel("×", self))
        layout.addWidget(self.boxes[1], 1)

    def numbers(self) -> tuple[Json, Json]:
        """What stands in the boxes: numbers, MISSING, or text that is no number."""
        return self.boxes[0].number(), self.boxes[1].number()

    def show_numbers(self, width: Json, height: Json) -> None:
        """Show values from elsewhere; MISSING empties a box."""
        for box, number in zip(self.boxes, (width, height), strict=True):
            box.show_number(number)

    def show_ghosts(self, size: tuple[int, int] | None) -> None:
        """Show muted what counts while the boxes are empty."""
        for box, side, field in zip(self.boxes, size or ("", ""), self.fields, strict=True):
            box.setPlaceholderText(str(side) or field.title)

    def unfinished(self) -> bool:
        """Whether a box is being typed in and holds no number yet."""
        return any(box.is_begun() for box in self.boxes)

    def has_focus(self) -> bool:
        """Whether one of the boxes is being filled in."""
        return any(box.hasFocus() for box in self.boxes)

    def complaint(self) -> str:
        """What is wrong with a side, with the nearest number that fits."""
        for field, number in zip(self.fields, self.numbers(), strict=True):
            wrong = fault_of_side(field, number)
            if wrong:
                return f"{one_line(field.title, 40)}: {wrong[:1].lower()}{wrong[1:]}"
        return ""

    def mark(self, wanted: bool, *, both: bool = False) -> bool:
        """Mark the boxes that are wrong (``both`` where none is by itself), or none; whether any is marked."""
        wrong = [wanted and bool(fault_of_side(f, n)) for f, n in zip(self.fields, self.numbers(), strict=True)]
        marks = [True, True] if wanted and both and not any(wrong) else wrong
        for box, marked in zip(self.boxes, marks, strict=True):
            if bool(box.property("invalid")) != marked:
                box.setProperty("invalid", marked)
                refresh(box)
        return any(marks)

    def _box(self, title: str, field: Field) -> NumberBox:
        box = NumberBox(field, self)
        box.setMinimumWidth(_SIDE_WIDTH)
        box.setAccessibleName(f"{title}: {field.title.lower()}")
        return box
