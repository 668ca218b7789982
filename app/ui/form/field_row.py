"""A field's row: its title, whether it is sent, help, a menu, a way back to the default, the editor, what is wrong.

Which editor it gets is the caller's to say, so that rows may stand inside editors too (groups, entries of lists).
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core.endpoint import MISSING, Field
from app.core.sentences import NEEDED
from app.core.values import implied, with_nested
from app.ui.form.about import AboutSheet, help_text
from app.ui.form.context import NOTHING, Context
from app.ui.form.face import Editor, Json, same, shown
from app.ui.form.mark import WORDS, Mark, Sent
from app.ui.form.row_menu import row_menu
from app.ui.form.title import HEIGHT, Title
from app.ui.icons import icon
from app.ui.plain_text import one_line, tip
from app.ui.theme import refresh

Make = Callable[[Field, QWidget, Context], Editor]
"""Makes the editor of a field."""


class FieldRow(QWidget):
    """A field's row. ``changed`` and ``role_requested`` are the user's doing only."""

    changed = Signal(str)
    role_requested = Signal(str, object)
    """The field's path and the role it is to have, None for none."""

    has_roles = False
    """Whether the field can be given a role: those inside others cannot."""
    compact = False
    """Whether the row is too narrow for a button of its help: title and menu open it all the same."""

    def __init__(
        self, field: Field, make: Make, note: str = "", parent: QWidget | None = None, *, context: Context = NOTHING
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._make, self._context = make, context
        self._stated: Json = MISSING  # a value that the editor has no way to show: an empty text, null
        self._problem = ""
        self._idle = ""
        self._about = note
        self._tip = tip(help_text(field, note))
        self._touched = False  # an empty field says that it is needed only once somebody was here
        self._waiting = False  # in the middle of typing something that is not a value yet
        self._shown_problem = ""
        self.editor = self._made_editor(field)
        self._mark = Mark(self)
        self._reset: QToolButton | None = None
        self._more: QToolButton | None = None
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("secondary", True)
        self._words.setVisible(False)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addLayout(self._head())
        if not self.editor.labelled:
            self._layout.addWidget(self.editor)
        self._layout.addWidget(self._words)
        self._show_state()

    def value(self) -> Json:
        """What is sent, MISSING while unset."""
        return self.editor.value() if self._stated is MISSING else self._stated

    def set_value(self, value: Json) -> None:
        """Show a value that came from elsewhere; the one that stands already is left alone."""
        if same(value, self.value()):
            return
        self.editor.set_value(value)
        self._stated = value if value is not MISSING and self.editor.value() is MISSING else MISSING
        self._waiting = False
        self._show_state()

    def state(self, value: Json) -> None:
        """Set the value as the row's menu does: one that the editor cannot show, such as null, is said in words."""
        self._stated = MISSING
        self.editor.set_value(value)
        if value is not MISSING and self.editor.value() is MISSING:
            self._stated = value
        self._tell()

    def reset(self) -> None:
        """Back to unset, as the reset button does."""
        self._stated = MISSING
        self.editor.clear()
        self._touched = self._waiting = False
        self._show_state()
        self.changed.emit(self.field.path)
        self._show_words()

    def sent(self) -> Sent:
        """Whether the field is sent, and why."""
        if self.value() is not MISSING:
            return "set"
        return "needed" if self.field.required and implied(self.field) is not MISSING else ""

    def show_limits(self, field: Field) -> None:
        """Take other limits and another default for the same field; the value stays, whatever they say of it."""
        if field == self.field:
            return
        value, focused, old = self.value(), self._has_focus(), self.editor
        self.field = field
        self.editor = self._made_editor(field)
        place = self._line if old.labelled else self._layout
        place.replaceWidget(old, self.editor)
        self.editor.show()
        old.hide()
        old.deleteLater()
        self._stated = MISSING
        self.editor.set_value(value)
        self._stated = value if value is not MISSING and self.editor.value() is MISSING else MISSING
        self.show_about(self._about)
        self._show_state()
        self._describe()
        if focused:
            self.editor.setFocus()

    def show_about(self, note: str) -> None:
        """Say something else worth knowing in the field's help."""
        self._about = note
        self._tip = tip(help_text(self.field, note))
        for part in (self._info, self._title):
            if part is not None:
                part.setToolTip(self._tip)

    def show_problem(self, text: str) -> None:
        """Say what is wrong with the value; of one that is only missing, once the user has been here."""
        self._problem = self.editor.complaint() or text
        self._show_words()

    def show_idle(self, why: str) -> None:
        """Mute a field that does not count at present; a value that is set for all that says ``why``."""
        if why != self._idle:
            self._idle = why
            for titled in (self._title, self.editor.focusProxy() if self.editor.labelled else None):
                if titled is not None:
                    titled.setProperty("idle", bool(why))
                    refresh(titled)
            self._describe()
        self._show_words()

    def insist(self) -> None:
        """Show the problem although the field was not touched: Generate was tried."""
        self._touched, self._waiting = True, False
        self.editor.insist()
        self._show_words()

    def matches(self, words: list[str]) -> bool:
        """Whether the field speaks of all the words (in lower case)."""
        return speaks_of(self.field, words)

    def open_about(self) -> None:
        """Show all that is known about the field."""
        AboutSheet(self.field, self._about, self).open_below(self._mark)

    def open_menu(self, place: QPoint | None = None) -> None:
        """Open the row's menu at a place on the screen, else under its title."""
        menu = row_menu(self, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place or self._mark.mapToGlobal(QPoint(0, HEIGHT)))

    def ask_role(self, role: object) -> None:
        """The user wants the field used in that role."""
        self.role_requested.emit(self.field.path, role)

    def show_more(self, wanted: bool) -> None:
        """Show or hide the button of the menu: it stands where pointer or focus is."""
        if self._more is None and wanted:
            self._more = self._button("more", f"More about {self.field.title}", "Send, copy, use as…", 0)
            self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the Menu key opens it
            self._more.clicked.connect(lambda: self.open_menu(self._tools.mapToGlobal(QPoint(0, HEIGHT))))
        if self._more is not None:
            self._more.setVisible(wanted)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.show_more(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.show_more(self._has_focus())
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self.open_menu(event.globalPos() if by_mouse else None)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self.open_about()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The Menu key opens the row's menu from text boxes too; their right click keeps its own."""
        if isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.open_menu()
            return True
        return super().eventFilter(watched, event)

    def _has_focus(self) -> bool:
        holder = QApplication.focusWidget()
        return holder is self or (isinstance(holder, QWidget) and self.isAncestorOf(holder))

    def _made_editor(self, field: Field) -> Editor:
        editor = self._make(field, self, self._context)
        editor.changed.connect(self._on_change)
        target = editor.focusProxy()
        if isinstance(target, QComboBox):
            target = target.lineEdit()
        if isinstance(target, QLineEdit | QPlainTextEdit):
            target.installEventFilter(self)
        return editor

    def _head(self) -> QHBoxLayout:
        line = self._line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        self._title = None if self.editor.labelled else self._made_title()
        line.setSpacing(0)
        line.addWidget(self._title or self.editor)
        line.addSpacing(2)
        line.addWidget(self._mark)
        self._tools = QWidget(self)
        self._tools.setFixedSize(2 * HEIGHT, HEIGHT)
        line.addStretch(1)
        line.addWidget(self._tools)
        self._info = None if self.compact else self._made_info()
        if self._info is not None:
            line.addWidget(self._info)
        return line

    def _made_title(self) -> QLabel:
        needed = self.field.required and implied(self.field) is MISSING
        words = one_line(self.field.title, 80) + (" (deprecated)" if self.field.deprecated else "")
        label = Title(words, " *" if needed else "", self)
        label.setBuddy(self.editor.focusProxy() or self.editor)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        label.setToolTip(self._tip)
        return label

    def _made_info(self) -> QToolButton:
        button = tiny_button(self, "info", f"About {self.field.title}", self._tip, role="secondary")
        button.clicked.connect(self.open_about)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _button(self, picture: str, words: str, hint: str, place: int) -> QToolButton:
        """A button that is made when it is first needed, in the room kept for it, after the editor in Tab's order."""
        button = tiny_button(self._tools, picture, words, tip(hint))
        button.move(place * HEIGHT, 0)
        stops = [stop for stop in (self.editor, *self.editor.findChildren(QWidget)) if self._is_stop(stop)]
        if stops:
            QWidget.setTabOrder(stops[-1], button)
        return button

    def _is_stop(self, widget: QWidget) -> bool:
        return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.window() is self.window()

    def _on_change(self) -> None:
        if self.editor.value() is not MISSING:
            self._stated = MISSING
        self._tell()

    def _tell(self) -> None:
        self._waiting = self.editor.unfinished()
        self._touched = self._touched or not self._waiting
        self._show_state()
        self.changed.emit(self.field.path)
        self._show_words()

    def _show_state(self) -> None:
        """Mark a field that is sent, and offer the way back from what the user set."""
        sent = self.sent()
        is_set = sent == "set"
        if self._reset is None and is_set:
            hint = "Back to the default: nothing is sent for this field"
            self._reset = self._button("reset", f"Reset {self.field.title}", hint, 1)
            self._reset.clicked.connect(self.reset)
        if self._reset is not None:
            self._reset.setVisible(is_set)
        self._show_sent(sent)
        self.editor.show_stated("" if self._stated is MISSING else f"({_stated_words(self._stated)})")
        self._show_words()

    def _show_sent(self, sent: Sent) -> None:
        if sent == self._mark.sent:
            return
        self._mark.show_sent(sent)
        control = self.editor.focusProxy() or self.editor
        for titled in (self._title, control if self.editor.labelled else None):
            if titled is not None:
                font = titled.font()
                font.setBold(sent == "set")
                titled.setFont(font)
        self._describe()

    def _describe(self) -> None:
        """Tell a screen reader what is wrong with the field, whether it is sent, and whether it counts."""
        told = (self._shown_problem, WORDS[self._mark.sent], self._idle, self.field.description)
        control = self.editor.focusProxy() or self.editor
        control.setAccessibleDescription(". ".join(part.rstrip(".") for part in told if part))

    def _is_quiet(self) -> bool:
        """Whether it is too early to say what is wrong: something is being typed, or nobody came to fill it in yet."""
        return self._waiting or (not self._touched and self._problem == NEEDED and self.value() is MISSING)

    def _show_words(self) -> None:
        problem = "" if self._is_quiet() else self._problem
        if problem != self._shown_problem:
            self._shown_problem = problem
            self.editor.show_problem(problem)
            self._describe()
        stated = "" if self._stated is MISSING else f"Sent as {_stated_words(self._stated)}."
        idle = self._idle if self.value() is not MISSING else ""
        words = one_line(problem or " ".join(part for part in (stated, idle) if part))
        if bool(self._words.property("danger")) != bool(problem):
            self._words.setProperty("danger", bool(problem))
            refresh(self._words)
        if words != self._words.text():
            self._words.setText(words)
        if bool(words) != (not self._words.isHidden()):
            self._words.setVisible(bool(words))


def speaks_of(field: Field, words: list[str]) -> bool:
    """Whether a field's title, name, description or choices have all the words (in lower case)."""
    inside = " ".join(f"{nested.title} {nested.path}" for nested in with_nested(field))
    named = " ".join((*map(shown, field.enum[:500]), *field.labels[:500]))
    text = f"{field.title} {field.path} {inside} {field.description} {named}".casefold()
    return all(word in text for word in words)


def _stated_words(value: Json) -> str:
    return "null" if value is None else "empty text" if value == "" else one_line(shown(value), 60)


def tiny_button(parent: QWidget, picture: str, words: str, hint: str, role: str = "text") -> QToolButton:
    """A button that fits on a line of text; ``hint`` is a finished tip."""
    button = QToolButton(parent)
    button.setProperty("tiny", True)
    button.setIcon(icon(picture, role, size=14))
    button.setAccessibleName(words)
    button.setToolTip(hint)
    button.setFixedSize(HEIGHT, HEIGHT)
    return button
