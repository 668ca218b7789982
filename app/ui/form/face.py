"""The one face of every editor of a field, and the small behaviours they share."""

import json
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

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

    def show_problem(self, text: str) -> None:
        """Mark or unmark the control; the words stand in the row."""
        target = self.focusProxy() or self
        if bool(target.property("invalid")) != bool(text):
            target.setProperty("invalid", bool(text))
            refresh(target)

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
    """Lets the wheel through only to a control that has the focus, so scrolling past changes nothing."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def ghost(field: Field) -> str:
    """What stands in place of a value that is not set: the default, else nothing."""
    default = field.default
    if default is MISSING or default is None:
        return ""
    return shown(default)[:MOST_GHOST]


def shown(value: Json) -> str:
    """A simple value as text for people."""
    match value:
        case str():
            return value
        case bool():
            return "Yes" if value else "No"
        case int() | float():
            return spell(value)
        case _:
            return json.dumps(value, ensure_ascii=False)[:_LONGEST]
