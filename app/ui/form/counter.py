"""How long a text is beside what its field allows: figures while it fits, words when it does not."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.core.endpoint import Field
from app.ui.theme import refresh


class Counter(QLabel):
    """A small line at the right under a text box, such as "12 / 500"."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("secondary", True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.show_length(0)

    def show_length(self, length: int) -> None:
        """Count ``length`` characters."""
        wrong = length_fault(self._field, length)
        if bool(self.property("danger")) != bool(wrong):
            self.setProperty("danger", bool(wrong))
            refresh(self)
        most = self._field.max_length
        limit = f" / {most}" if most is not None else f", at least {self._field.min_length}"
        self.setText(f"{length}{limit}")
        self.setAccessibleName(wrong or f"{length} characters{f' of {most}' if most is not None else ''}")


def counts(field: Field) -> bool:
    """Whether a text field says how long its text may be or must be."""
    return field.max_length is not None or (field.min_length or 0) > 1


def length_fault(field: Field, length: int) -> str:
    """What is wrong with a text of ``length`` characters; "" when it fits or is not there."""
    most, least = field.max_length, field.min_length
    if most is not None and length > most:
        return f"{_characters(length)}: {length - most} too many."
    if least is not None and 0 < length < least:
        return f"{_characters(length)}: {least - length} more needed."
    return ""


def _characters(count: int) -> str:
    return f"{count} character{'' if count == 1 else 's'}"
