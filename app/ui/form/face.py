"""The one face of every editor of a field, and the small behaviours they share."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QToolButton, QWidget

from app.core.endpoint import MISSING, Field
from app.core.values import spell
from app.ui.form.context import NOTHING, Context
from app.ui.theme import refresh

Json = Any

_LONGEST: Final = 4000

MOST_GHOST: Final = 120
"""Characters of a default or an example that are shown in place of a value."""


class Editor(QWidget):
    """Edits one field's value. Unset is ``MISSING``: the provider's default is shown, and nothing is sent."""

    changed = Signal()
    """The user changed the value; setting it from the program says nothing."""

    labelled = False
    """Whether the editor shows the field's title itself."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.context: Context = NOTHING
        self._ghost: str | None = None

    def use(self, context: Context) -> None:
        """Ask the window through ``context`` from now on; an editor made of editors hands it on."""
        self.context = context

    def value(self) -> Json:
        """The value as JSON, or MISSING. Text that is not yet a value comes as text, for the check to refuse."""
        raise AssertionError(f"{type(self).__name__} gives no value")

    def set_value(self, value: Json) -> None:
        """Show ``value``; MISSING is unset."""
        raise AssertionError(f"{type(self).__name__} takes no value")

    def is_set(self) -> bool:
        """Whether the user set it."""
        return self.value() is not MISSING

    def clear(self) -> None:
        """Back to unset."""
        self.set_value(MISSING)

    def unfinished(self) -> bool:
        """Whether the user is in the middle of typing something that is not a value yet."""
        return False

    def complaint(self) -> str:
        """What is wrong in words better than the general check's; "" when it has none."""
        return ""

    def insist(self) -> None:
        """Show what is wrong inside although nobody was there: Generate was tried. For editors made of rows."""

    def go_in(self) -> None:
        """Take the focus, where something is to be filled in or put right."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, text: str) -> None:
        """Mark or unmark the control; the words stand in the row."""
        target = self.focusProxy() or self
        if bool(target.property("invalid")) != bool(text):
            target.setProperty("invalid", bool(text))
            refresh(target)

    def show_stated(self, words: str) -> None:
        """Say ``words`` in place of the default's ghost, for a value it cannot show; "" takes them back."""
        target = self.focusProxy()
        if isinstance(target, QComboBox) and target.lineEdit() is not None:
            target = target.lineEdit()
        if not isinstance(target, QLineEdit | QPlainTextEdit | QComboBox) or (self._ghost is None and not words):
            return
        if self._ghost is None:
            self._ghost = target.placeholderText()
        target.setPlaceholderText(words or self._ghost)
        if not words:
            self._ghost = None

    def name(self, control: QWidget) -> None:
        """Make ``control`` the one that takes the focus, with the field's words for screen readers."""
        self.setFocusProxy(control)
        control.setAccessibleName(self.field.title)
        control.setAccessibleDescription(self.field.description)


def show_ghost(control: QWidget, wanted: bool) -> None:
    """Mute a control that shows what is not set."""
    if bool(control.property("ghost")) != wanted:
        control.setProperty("ghost", wanted)
        refresh(control)


class WheelOnFocus(QObject):
    """Lets the wheel through only to a control that has the focus, so scrolling past changes nothing.

    A box's list, which is made when it is first opened, is given the box's name for screen readers.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ChildPolished and isinstance(watched, QComboBox):
            for view in watched.findChildren(QAbstractItemView):
                view.setAccessibleName(f"{watched.accessibleName()}: choices")
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def can_be_cleared(line: QLineEdit) -> None:
    """Give a line Qt's button that empties it, with a name for screen readers."""
    line.setClearButtonEnabled(True)
    for button in line.findChildren(QToolButton):
        button.setAccessibleName("Clear")


def same(one: Json, other: Json) -> bool:
    """Whether two values are the same JSON: 1, 1.0 and true are three different ones."""
    if type(one) is not type(other):
        return False
    match one:
        case dict():
            return one.keys() == other.keys() and all(same(part, other[key]) for key, part in one.items())
        case list():
            return len(one) == len(other) and all(map(same, one, other))
        case _:
            return bool(one == other)


def ghost(field: Field) -> str:
    """What stands in place of a value that is not set: the default, else nothing."""
    default = field.default
    if default is MISSING or default is None:
        return ""
    return (label_of(field, default) if field.enum else shown(default))[:MOST_GHOST]


def labels_of(field: Field) -> list[str]:
    """The choices in the provider's words, else as they are; each different, so that a name stands for one value."""
    plain = [shown(choice) for choice in field.enum]
    if len(field.labels) != len(plain):
        return plain
    labels = [label or text for label, text in zip(field.labels, plain, strict=True)]
    count = Counter(labels)
    return [f"{label} ({text})" if count[label] > 1 else label for label, text in zip(labels, plain, strict=True)]


def label_of(field: Field, choice: Json) -> str:
    """One choice in the provider's words, else as it is."""
    if not field.labels:
        return shown(choice)
    return next(
        (label for label, known in zip(labels_of(field), field.enum, strict=True) if same(known, choice)), shown(choice)
    )


def figures(number: float) -> str:
    """A number in figures, 0.00001 rather than 1e-05; no digit is lost."""
    text = spell(number)
    return format(Decimal(text), "f") if "e" in text and 1e-12 < abs(number) < 1e18 else text


def shown(value: Json) -> str:
    """A simple value as text for people."""
    match value:
        case str():
            return value
        case bool():
            return "Yes" if value else "No"
        case int() | float():
            return figures(value)
        case _:
            return json.dumps(value, ensure_ascii=False)[:_LONGEST]
