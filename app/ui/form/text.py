"""Editors of text: one line, one line with suggestions, several lines."""

import json
import re
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.depth import is_deep
from app.core.endpoint import MISSING, Field
from app.core.sentences import TOO_DEEP
from app.ui.form.counter import Counter, counts, length_fault
from app.ui.form.face import MOST_GHOST, Editor, Json, WheelOnFocus, ghost, shown

_FEWEST_LINES: Final = 3
_MOST_LINES: Final = 6
_LONGEST_SUGGESTION: Final = 120


class TextEditor(Editor):
    """An editor of text whose length is counted where the field limits it."""

    _counter: Counter | None = None

    def complaint(self) -> str:
        text = self.value()
        return length_fault(self.field, len(text)) if isinstance(text, str) and self._counter is not None else ""

    def _fill(self, control: QWidget) -> None:
        """Put the one control in, and the counter below it."""
        layout = _fill(self, control)
        if counts(self.field):
            self._counter = Counter(self.field, self)
            layout.addWidget(self._counter)

    def _count(self) -> None:
        text = self.value()
        if self._counter is not None:
            self._counter.show_length(len(text) if isinstance(text, str) else 0)

    def _on_text(self) -> None:
        self._count()
        self.changed.emit()


class LineEditor(TextEditor):
    """One line of text; empty is unset."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._line = QLineEdit(self)
        self._line.setPlaceholderText(ghost(field) or _example(field))
        self._line.textEdited.connect(self._on_text)
        self.name(self._line)
        self._fill(self._line)

    def value(self) -> Json:
        return self._line.text() or MISSING

    def set_value(self, value: Json) -> None:
        text = "" if value is MISSING or value is None else shown(value)
        if text != self._line.text():
            self._line.setText(text)
            self._line.setCursorPosition(0)
        self._count()


class SuggestedEditor(TextEditor):
    """One line of free text with the schema's examples to pick from."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = QComboBox(self)
        self._line = QLineEdit(self._box)
        self._box.setLineEdit(self._line)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.setMinimumContentsLength(8)
        self._box.setMinimumWidth(96)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.addItems(suggestions(field))
        self._box.setCurrentIndex(-1)
        self._line.setPlaceholderText(ghost(field) or "Type or choose")
        self._box.installEventFilter(WheelOnFocus(self._box))
        self._line.textEdited.connect(self._on_text)
        self._box.activated.connect(self._on_text)
        self.name(self._box)
        self._line.setAccessibleName(field.title)
        self._fill(self._box)

    def value(self) -> Json:
        return self._box.currentText() or MISSING

    def set_value(self, value: Json) -> None:
        text = "" if value is MISSING or value is None else shown(value)
        if text != self._box.currentText():
            self._box.setCurrentIndex(-1)
            self._box.setEditText(text)
        self._count()


class ProseEditor(TextEditor):
    """Several lines of text that grow with what is written; empty is unset.

    Ctrl+Up and Ctrl+Down go through what was sent earlier in a prompt; what was being written comes back at the end.
    """

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = GrowingBox(self, lines=2 if field.role == "negative_prompt" else _FEWEST_LINES)
        self._box.setPlaceholderText(ghost(field) or _example(field))
        self._box.edited.connect(self._on_text)
        self._box.earlier.connect(self._walk)
        self._back = 0  # how many texts back; 0 is what is being written
        self._draft = ""
        self.name(self._box)
        self._fill(self._box)

    def value(self) -> Json:
        return self._box.toPlainText() or MISSING

    def set_value(self, value: Json) -> None:
        text = "" if value is MISSING or value is None else shown(value)
        if text != self._box.toPlainText():
            self._back = 0
            self._box.show_text(text)
        self._count()

    def _walk(self, steps: int) -> None:
        """Show the text ``steps`` further back; what stands here already is passed over."""
        if self.field.role is None:
            return
        texts = [text for text in self.context.prompts(self.field.role) if text]
        here = self._box.toPlainText()
        if not 0 < self._back <= len(texts) or texts[self._back - 1] != here:
            self._back, self._draft = 0, here
        place = self._back + steps
        while 0 < place <= len(texts) and texts[place - 1] == here:
            place += steps
        if place > len(texts) or place < 0 or place == self._back:
            return
        self._back = place
        self._box.write(texts[place - 1] if place else self._draft)


class JsonEditor(Editor):
    """Any value, written as JSON: what makes every field usable. Text that is not JSON is said so."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = GrowingBox(self, lines=2)
        self._box.setPlaceholderText(_json_ghost(field))
        self._box.edited.connect(self.changed)
        self.name(self._box)
        _fill(self, self._box)

    def value(self) -> Json:
        text = self._box.toPlainText()
        if not text.strip():
            return MISSING
        try:
            value = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            return text
        return text if is_deep(value) else value

    def set_value(self, value: Json) -> None:
        if value is not MISSING and value == self.value():
            return
        self._box.show_text("" if value is MISSING else value if self._is_bare(value) else _pretty(value))

    def complaint(self) -> str:
        text = self._box.toPlainText()
        if not text.strip():
            return ""
        try:
            value = json.loads(text, parse_constant=_no_constant)
        except RecursionError:
            return TOO_DEEP
        except ValueError as error:
            if self.field.kind == "any":
                return ""
            place = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            return f"This is not JSON{place}."
        return TOO_DEEP if is_deep(value) else ""

    def unfinished(self) -> bool:
        return self._box.hasFocus() and bool(self.complaint()) and _is_begun(self._box.toPlainText())

    def _is_bare(self, value: Json) -> bool:
        """Whether ``value`` is text that was never JSON, such as a half-written list."""
        if not isinstance(value, str):
            return False
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            return True
        return False


class GrowingBox(QPlainTextEdit):
    """A plain text box as tall as its text, within limits; Tab goes on to the next field."""

    edited = Signal()
    earlier = Signal(int)
    """An earlier text (1) or a later one (-1) is asked for."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = _FEWEST_LINES) -> None:
        super().__init__(parent)
        self._lines = lines
        self._silent = self._fitting = False
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._on_text)
        self._fit()

    def show_text(self, text: str) -> None:
        """Replace the text without telling anybody, unless it is there already."""
        if text == self.toPlainText():
            return
        self._silent = True
        self.setPlainText(text)
        self._silent = False

    def write(self, text: str) -> None:
        """Put ``text`` in the place of all, as typing would: it can be undone and is told."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def sizeHint(self) -> QSize:
        return QSize(240, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width() and not self._fitting:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Ctrl+Return belongs to the window: it generates.
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
            return
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if steps and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.earlier.emit(steps)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.edited.emit()

    def _on_text(self) -> None:
        self._fit()
        if not self._silent:
            self.edited.emit()

    def _fit(self) -> None:
        """As tall as the text needs; the layout reports lines, wrapped ones included."""
        self._fitting = True  # a scroll bar that comes or goes resizes what is inside
        lines = self._wrapped()
        self._fitting = False
        height = round(
            self.fontMetrics().lineSpacing() * min(max(lines, self._lines), _MOST_LINES)
            + 2 * self.document().documentMargin()
            + 10
        )
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def _wrapped(self) -> int:
        """The lines of the text. A scroll bar stands beside it only when not all can be seen: it would wrap more."""
        off, shown = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if self.verticalScrollBarPolicy() != off and int(self.document().size().height()) <= 2 * _MOST_LINES:
            self.setVerticalScrollBarPolicy(off)
        lines = int(self.document().size().height())
        if lines > _MOST_LINES:
            self.setVerticalScrollBarPolicy(shown)
        return lines


def _is_begun(text: str) -> bool:
    """Whether ``text`` is the beginning of JSON, so that it is too early to call it wrong."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        rest = text[error.pos :].strip()
        names = any(name.startswith(rest) for name in ("true", "false", "null", "-"))
        return names or error.msg.startswith("Unterminated") or re.fullmatch(r"\.|[eE][+-]?", rest) is not None
    except (ValueError, RecursionError):
        pass
    return False


def suggestions(field: Field) -> list[str]:
    """The examples of a text field that fit on a line."""
    texts = [text for text in field.examples if isinstance(text, str) and 0 < len(text) <= _LONGEST_SUGGESTION]
    return list(dict.fromkeys(text for text in texts if "\n" not in text))


def _example(field: Field) -> str:
    text = next((example for example in field.examples if isinstance(example, str) and example), "")
    short = " ".join(text.split())
    return f"Such as: {short[:MOST_GHOST]}{'…' if len(short) > MOST_GHOST else ''}" if short else ""


def _json_ghost(field: Field) -> str:
    for value in (field.default, *field.examples):
        if value is not MISSING and value is not None:
            return json.dumps(value, ensure_ascii=False)[: 2 * MOST_GHOST]
    return {"array": "[ ]", "object": "{ }"}.get(field.kind, "")


def _pretty(value: Json) -> str:
    compact = json.dumps(value, ensure_ascii=False)
    return compact if len(compact) <= 40 else json.dumps(value, ensure_ascii=False, indent=1)


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _fill(editor: QWidget, control: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(editor)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(control)
    return layout
