"""What editors made of editors share: the value they were given, kept exactly, and the same value as JSON.

The value lies here, not in the widgets: only what the user changes inside is replaced in it. So names that the schema
does not know, and values of another shape than the schema says, come out as they went in.
"""

import copy

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.ui.form.context import Context
from app.ui.form.face import Editor, Json, same
from app.ui.form.field_row import Make, tiny_button
from app.ui.form.text import JsonEditor
from app.ui.plain_text import tip


class NestedEditor(Editor):
    """An editor made of editors. ``make`` makes those inside, when they are first needed."""

    def __init__(self, field: Field, make: Make, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.make = make
        self.insisting = False
        self.current: Json = MISSING
        """The value; whoever changes it replaces it, and calls ``changed``."""
        self.wants_json = False
        """Whether the user asked for JSON."""
        self._json: JsonEditor | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.switch = self._switch()

    def use(self, context: Context) -> None:
        super().use(context)
        for editor in self.inner():
            editor.use(context)

    def value(self) -> Json:
        return self.current if self.current is MISSING else copy.deepcopy(self.current)

    def set_value(self, value: Json) -> None:
        if same(value, self.current):
            return
        self.current = value if value is MISSING else copy.deepcopy(value)
        self.wants_json = self.wants_json and value is not MISSING
        self.show_value()

    def is_set(self) -> bool:
        return self.current is not MISSING

    def unfinished(self) -> bool:
        return any(editor.unfinished() for editor in self.inner()) or (
            self.as_json and self._json is not None and self._json.unfinished()
        )

    def complaint(self) -> str:
        return self._json.complaint() if self._json is not None and self.as_json else ""

    def insist(self) -> None:
        self.insisting = True
        for editor in self.inner():
            editor.insist()
        self.show_value()

    def show_problem(self, text: str) -> None:
        """What is wrong is marked where it is, inside; the row says it in words."""

    @property
    def as_json(self) -> bool:
        """Whether the value is shown as JSON: it was asked for, or the editors here cannot show it."""
        return self.wants_json or not self.fits(self.current)

    def go_in(self) -> None:
        """To the first thing inside that is wrong, else to the editor itself."""
        wrong = None if self.as_json else self.wrong_inside()
        if wrong is not None:
            wrong.go_in()
        elif self.as_json and self._json is not None:
            self._json.go_in()
        else:
            super().go_in()

    # -- what the kinds of nested editors say -------------------------------------------------------------------------

    def fits(self, value: Json) -> bool:
        """Whether ``value`` has a shape that the editors here can show."""
        raise AssertionError(f"{type(self).__name__} says of no value that it fits")

    def inner(self) -> list[Editor]:
        """The editors inside that were made so far."""
        raise AssertionError(f"{type(self).__name__} has no editors")

    def wrong_inside(self) -> Editor | None:
        """The first editor inside whose value is wrong, opened to be seen; None when none is."""
        raise AssertionError(f"{type(self).__name__} does not say what is wrong in it")

    def show_value(self) -> None:
        """Show ``current`` in the editors, in its words, or as JSON."""
        raise AssertionError(f"{type(self).__name__} shows nothing")

    def unfold(self) -> None:
        """Open what is folded: the user asked for one of its forms."""

    # -- JSON ---------------------------------------------------------------------------------------------------------

    def show_json(self, *, opened: bool = True) -> None:
        """Show or hide the JSON box; it is made when it is first asked for."""
        wanted = self.as_json and opened
        if wanted and self._json is None:
            self._json = JsonEditor(self.field, self)
            self._json.changed.connect(self._on_json)
            self.column.addWidget(self._json)
        if self._json is not None:
            self._json.setVisible(wanted)
            if wanted:
                self._json.set_value(self.current)
        self.switch.setChecked(self.as_json)
        self.switch.setEnabled(self.fits(self.current))

    def _on_json(self) -> None:
        assert self._json is not None
        value = self._json.value()
        if same(value, self.current):  # a box tells also when it only loses the focus
            return
        self.wants_json = True
        self.current = value
        self.show_value()
        self.changed.emit()

    def _on_switch(self) -> None:
        self.wants_json = self.switch.isChecked()
        self.unfold()
        self.show_value()
        if self.wants_json and self._json is not None:
            self._json.setFocus(Qt.FocusReason.OtherFocusReason)

    def _switch(self) -> QToolButton:
        button = tiny_button(self, "json", f"{self.field.title}: edit as JSON", tip("Edit as JSON"), role="secondary")
        button.setCheckable(True)
        button.clicked.connect(self._on_switch)
        return button


def quiet_label(parent: QWidget) -> QLabel:
    """A line of small words, hidden while there are none."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("secondary", True)
    label.setVisible(False)
    return label


def say(label: QLabel, words: str, *, wrong: bool = False) -> None:
    """Show ``words`` in ``label``, as a fault when ``wrong``; nothing hides it."""
    if bool(label.property("danger")) != wrong:
        label.setProperty("danger", wrong)
        label.style().unpolish(label)
        label.style().polish(label)
    label.setText(words)
    label.setVisible(bool(words))
