"""A field's row: its title, help, a way back to the default, the editor, and what is wrong with the value.

Which editor it gets is the caller's to say, so that rows may stand inside editors too (groups, entries of lists).
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QToolTip, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.core.values import implied, with_nested
from app.ui.form.context import NOTHING, Context
from app.ui.form.face import Editor, Json, ghost
from app.ui.form.number import bounds_words
from app.ui.icons import icon
from app.ui.plain_text import one_line, several_lines, tip

Make = Callable[[Field, QWidget, Context], Editor]
"""Makes the editor of a field."""

_TIP_LENGTH = 800


class FieldRow(QWidget):
    """A field's row. ``changed`` is the user's doing only."""

    changed = Signal(str)

    def __init__(
        self, field: Field, make: Make, note: str = "", parent: QWidget | None = None, *, context: Context = NOTHING
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._problem = ""
        self._note = ""
        self._touched = False
        self.editor = make(field, self, context)
        self.editor.changed.connect(self._on_change)
        self._help = help_text(field, note)
        hint = "Back to the default: nothing is sent for this field"
        self._reset = self._button("reset", f"Reset {field.title}", hint)
        self._reset.clicked.connect(self.reset)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("secondary", True)
        self._words.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._head())
        if not self.editor.labelled:
            layout.addWidget(self.editor)
        layout.addWidget(self._words)
        self._show_reset()

    def value(self) -> Json:
        """The editor's value, MISSING while unset."""
        return self.editor.value()

    def set_value(self, value: Json) -> None:
        """Show a value that came from elsewhere."""
        self.editor.set_value(value)
        self._show_reset()

    def reset(self) -> None:
        """Back to unset, as the reset button does."""
        self.editor.clear()
        self._touched = False
        self._show_reset()
        self.changed.emit(self.field.path)

    def show_problem(self, text: str) -> None:
        """Say what is wrong, once the user has been here."""
        self._problem = (self.editor.complaint() or text) if text or self.editor.complaint() else ""
        self._show_words()

    def show_note(self, text: str) -> None:
        """Say something worth knowing that is not wrong."""
        self._note = text
        self._show_words()

    def insist(self) -> None:
        """Show the problem although the field was not touched: Generate was tried."""
        self._touched = True
        self.editor.insist()
        self._show_words()

    def matches(self, words: list[str]) -> bool:
        """Whether the field's title, name or description has all the words (in lower case)."""
        inside = " ".join(f"{nested.title} {nested.path}" for nested in with_nested(self.field))
        text = f"{self.field.title} {self.field.path} {inside} {self.field.description}".casefold()
        return all(word in text for word in words)

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        if self.editor.labelled:
            line.addWidget(self.editor)
        else:
            line.addWidget(self._title())
        line.addWidget(self._info())
        line.addStretch(1)
        line.addWidget(self._reset)
        return line

    def _title(self) -> QLabel:
        needed = self.field.required and implied(self.field) is MISSING
        label = QLabel(one_line(self.field.title, 48).replace("&", "&&") + (" *" if needed else ""), self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(self.editor.focusProxy() or self.editor)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        label.setMinimumSize(1, 20)
        label.setToolTip(tip(self._help))
        return label

    def _info(self) -> QToolButton:
        button = self._button("info", f"About {self.field.title}", self._help, role="secondary")
        button.clicked.connect(lambda: QToolTip.showText(button.mapToGlobal(QPoint(0, 24)), tip(self._help), button))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _button(self, picture: str, words: str, hint: str, role: str = "text") -> QToolButton:
        button = QToolButton(self)
        button.setProperty("tiny", True)
        button.setIcon(icon(picture, role, size=14))
        button.setAccessibleName(words)
        button.setToolTip(tip(hint))
        button.setFixedSize(20, 20)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        return button

    def _on_change(self) -> None:
        self._touched = self._touched or not self.editor.unfinished()
        self._show_reset()
        self.changed.emit(self.field.path)
        self._show_words()

    def _show_reset(self) -> None:
        self._reset.setVisible(self.editor.is_set())

    def _show_words(self) -> None:
        problem = self._problem if self._touched else ""
        self.editor.show_problem(problem)
        words = problem or self._note
        if self._words.property("danger") != bool(problem):
            self._words.setProperty("danger", bool(problem))
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)
        self._words.setText(one_line(words))
        self._words.setVisible(bool(words))


def help_text(field: Field, note: str = "") -> str:
    """What is known about a field, for its tool tip: description, range, default, name on the wire."""
    lines = [several_lines(field.description, _TIP_LENGTH), note]
    limits = bounds_words(field)
    lines.append(f"Range: {limits}." if limits else "")
    lines.append(_lengths(field))
    default = ghost(field)
    lines.append(f"Default: {one_line(default, 200)}." if default else "")
    lines.append(f"Sent as {one_line(field.path)}.")
    return "\n".join(line for line in lines if line)


def _lengths(field: Field) -> str:
    low, high, noun = (
        (field.min_items, field.max_items, "entries")
        if field.kind == "array"
        else (field.min_length, field.max_length, "characters")
    )
    if low is not None and high is not None:
        return f"{low} to {high} {noun}."
    return f"At least {low} {noun}." if low else f"At most {high} {noun}." if high is not None else ""
