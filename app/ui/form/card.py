"""One entry of a list on the form: a line for a simple value, a heading over its rows for a group."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.core.values import fault
from app.ui.form.context import Context
from app.ui.form.face import Editor, Json, same
from app.ui.form.field_row import Make, tiny_button
from app.ui.form.fold import FoldButton
from app.ui.form.group import GroupEditor
from app.ui.form.nested import quiet_label, say
from app.ui.form.speaking import chain_focus, say_places, set_place
from app.ui.form.summary import summary
from app.ui.plain_text import one_line, tip
from app.ui.theme import refresh

_COMPOUND: Final = ("object", "array")


class Card(QFrame):
    """Shows one entry. It keeps nothing but whether it is open: its value is the list's."""

    changed = Signal(object)
    """The user changed the entry's value."""
    moved = Signal(int)
    """The user wants it one place up (-1) or down (1)."""
    dragged = Signal(int)
    """The user pulls it by its heading: the pointer's height on the screen."""
    copied = Signal()
    removed = Signal()

    def __init__(self, item: Field, noun: str, make: Make, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = replace(item, title="Value") if item.kind not in _COMPOUND else item
        self._noun, self._make, self._context = noun, make, context
        self._value: Json = MISSING
        self._ghost = False
        self._spoken = noun
        self._insisting = self._touched = self._blamed = False
        self.editor: Editor | None = None
        self.compound = item.kind in _COMPOUND or bool(item.children)
        self.setProperty("card", True)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setSpacing(0)
        self._fold: FoldButton | None = None
        if self.compound:
            self._fold = FoldButton(self)
            self._fold.clicked.connect(self._on_fold)
            self._fold.dragged.connect(self.dragged)
            self._head.addWidget(self._fold, 1)
            self.setFocusProxy(self._fold)
        else:
            self._body = self._made_body()
            self._head.addWidget(self._body, 1)
            self._head.addSpacing(4)
        self._buttons = {
            "up": self._button("chevron-up", lambda: self.moved.emit(-1)),
            "down": self._button("chevron-down", lambda: self.moved.emit(1)),
            "copy": self._button("copy", self.copied.emit),
            "remove": self._button("dismiss", self.removed.emit),
        }
        self._buttons["copy"].setVisible(self.compound)  # a line needs the room, and is typed as soon
        self._words = quiet_label(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head)
        if self.compound:
            self._body = self._made_body()  # after the buttons: Tab goes through what is made in this order
            self._body.setVisible(False)
            column.addWidget(self._body)
        column.addWidget(self._words)

    @property
    def opened(self) -> bool:
        """Whether its rows are to be seen."""
        return self._fold is None or self._fold.isChecked()

    def open(self) -> None:
        """Unfold it."""
        if self._fold is not None and not self._fold.isChecked():
            self._fold.setChecked(True)
            self._show()

    def show_item(self, number: int, count: int, value: Json, *, ghost: bool) -> None:
        """Show ``value`` as the entry ``number`` (from 1) of ``count``; ``ghost`` when it is the default's."""
        self._value, self._ghost = value, ghost
        self._spoken = f"{self._noun} {number}"
        set_place(self._body, self._spoken)
        words = {"up": "Move up (Alt+Up)", "down": "Move down (Alt+Down)", "copy": "Duplicate", "remove": "Remove"}
        for name, button in self._buttons.items():
            button.setAccessibleName(f"{words[name].partition(' (')[0]} {self._spoken}")
            button.setToolTip(tip(words[name]))
            say_places(button)
        self._buttons["up"].setEnabled(number > 1)
        self._buttons["down"].setEnabled(number < count)
        self._show()

    def allow_copies(self, allowed: bool) -> None:
        """Whether the list has room for another one."""
        self._buttons["copy"].setEnabled(allowed)

    def use(self, context: Context) -> None:
        """Hand on the window's answers."""
        self._context = context
        if self.editor is not None:
            self.editor.use(context)

    def insist(self) -> None:
        """Say what is wrong although nobody was here."""
        self._insisting = True
        if self.editor is not None:
            self.editor.insist()
        self._show_fault()

    def blame(self, wanted: bool) -> None:
        """The list says that something is wrong: say so here, where it is."""
        self._blamed = wanted
        self._show_fault()

    def fault(self) -> str:
        """What is wrong with the entry; "" when nothing is."""
        return fault(self.item, self._value)

    def focus_in(self) -> None:
        """Put the focus where an entry is filled in: its first control."""
        target = self.editor if self.editor is not None else self._fold
        if isinstance(target, GroupEditor) and target.inner():
            target = target.inner()[0]
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete on the heading takes the entry away."""
        if self._fold is not None and self._fold.hasFocus() and event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        if self.opened and self.editor is None:
            self.editor = self._add_editor()
        if self.editor is not None:
            shown = MISSING if self._value is None and not self.compound else self._value
            if not same(shown, self.editor.value()):
                self.editor.set_value(shown)
        if self._fold is not None:
            self._body.setVisible(self._fold.isChecked())
            told = summary(self.item, self._value)
            number = self._spoken.removeprefix(self._noun).strip()
            self._fold.show_state(self._fold.isChecked(), f"{number}. {told or self._noun}", ghost=self._ghost)
            self._fold.setAccessibleName(", ".join(part for part in (self._spoken, told) if part))
            say_places(self._fold)
        self._show_fault()

    def _made_body(self) -> QWidget:
        body = QWidget(self)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        return body

    def _add_editor(self) -> Editor:
        if self.item.kind == "object" and self.item.children:
            editor: Editor = GroupEditor(self.item, self._make, self._body, bare=True)
            editor.use(self._context)
        else:
            editor = self._make(self.item, self._body, self._context)
        editor.changed.connect(self._on_change)
        layout = self._body.layout()
        assert layout is not None
        layout.addWidget(editor)
        set_place(self._body, "")
        set_place(self._body, self._spoken)
        if self._insisting:
            editor.insist()
        return editor

    def _on_change(self) -> None:
        assert self.editor is not None
        self._touched = self._touched or not self.editor.unfinished()
        value = self.editor.value()
        self._value = None if value is MISSING else value
        self._show()
        self.changed.emit(self._value)

    def _on_fold(self) -> None:
        self._show()
        chain_focus(self)

    def _show_fault(self) -> None:
        """In words where no row inside says them."""
        wrong = self.fault() if self._touched or self._insisting or self._blamed else ""
        if self.editor is not None and self.editor.complaint() and wrong:
            wrong = self.editor.complaint()
        if bool(self.property("invalid")) != bool(wrong):
            self.setProperty("invalid", bool(wrong))
            refresh(self)
        if self.editor is not None:
            self.editor.show_problem(wrong)
        inside = self.compound and self.opened and isinstance(self.editor, GroupEditor) and not self.editor.as_json
        say(self._words, "" if inside else one_line(wrong), wrong=bool(wrong))

    def _button(self, picture: str, act: Callable[[], object]) -> QToolButton:
        button = tiny_button(self, picture, "", "", role="secondary")
        button.clicked.connect(lambda: act())
        self._head.addWidget(button)
        return button
