"""Editors of groups of named values: rows inside a row, made when the group is first opened."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.core.sentences import NEEDED
from app.core.values import fault, implied
from app.ui.form.context import Context
from app.ui.form.face import Editor, Json, same
from app.ui.form.field_row import FieldRow, Make
from app.ui.form.fold import FoldButton
from app.ui.form.nested import NestedEditor
from app.ui.form.speaking import chain_focus, say_places, set_place
from app.ui.form.summary import summary
from app.ui.plain_text import one_line

_AT_ONCE: Final = 40
"""Rows that are made in one go."""


class GroupEditor(NestedEditor):
    """A group that sends nothing until something in it is set; folded until then, unless it is needed.

    ``bare`` leaves the fold to whoever shows it, such as an entry of a list; ``ruled`` keeps the line beside its rows.
    """

    def __init__(
        self, field: Field, make: Make, parent: QWidget | None = None, *, bare: bool = False, ruled: bool = False
    ) -> None:
        super().__init__(field, make, parent)
        self._bare, self._ruled = bare, ruled or not bare
        self._open = bare or (field.required and implied(field) is MISSING)
        self._rows: GroupRows | None = None
        self._fold = FoldButton(self)
        self._fold.clicked.connect(self._on_fold)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self._fold, 1)
        head.addWidget(self.switch)
        self.column.addWidget(self._head)
        self._head.setVisible(not bare)
        self.name(self._fold)
        self.show_value()

    def set_value(self, value: Json) -> None:
        if not same(value, self.current) and ((self.current is MISSING and value) or not self.fits(value)):
            self._open = True
        super().set_value(value)

    def fits(self, value: Json) -> bool:
        return value is MISSING or value is None or isinstance(value, Mapping)

    def inner(self) -> list[Editor]:
        return [row.editor for row in self._rows.rows.values()] if self._rows is not None else []

    def insist(self) -> None:
        if self.current is not MISSING and fault(self.field, self.current):
            self._open = True
        super().insist()
        if self._rows is not None:
            self._rows.insist()

    def wrong_inside(self) -> Editor | None:
        if not self._open and self.current is not MISSING and fault(self.field, self.current):
            self.unfold()
            self.show_value()
        rows = self._rows.rows if self._rows is not None else {}
        seen = self._seen()
        wrong = (row for name, row in rows.items() if fault_of(row.field, seen.get(name, MISSING)))
        first = next(wrong, None)
        return first.editor if first is not None else None

    def show_value(self) -> None:
        as_json = self.as_json
        if self._open and not as_json and self._rows is None:
            self._rows = self._add_rows()
        if self._rows is not None:
            self._rows.setVisible(self._open and not as_json)
            if not as_json:
                self._rows.show_values(self._seen(), self.current is not MISSING or self.field.required)
        self.show_json(opened=self._open)
        self._show_fold()

    def unfold(self) -> None:
        self._open = True

    def _seen(self) -> Mapping[str, Json]:
        return self.current if isinstance(self.current, Mapping) else {}

    def _add_rows(self) -> "GroupRows":
        rows = GroupRows(self.field, self.make, self.context, self, indented=self._ruled)
        rows.changed.connect(self._on_row)
        self.column.insertWidget(1, rows)
        if not self._bare:
            set_place(rows, one_line(self.field.title))
        if self.insisting:
            rows.insist()
        return rows

    def _on_row(self, name: str, value: Json) -> None:
        group = dict(self._start())
        if value is MISSING:
            group.pop(name, None)
        else:
            group[name] = value
        self.current = group if group or self._bare else MISSING
        self.show_value()
        self.changed.emit()

    def _start(self) -> Mapping[str, Json]:
        """What the first change starts from: of the group's default, what its fields do not say themselves."""
        if self.current is not MISSING:
            return self._seen()
        default = self.field.default if isinstance(self.field.default, Mapping) else {}
        own = {child.name: child.default for child in self.field.children}
        return {name: value for name, value in default.items() if not same(value, own.get(name, MISSING))}

    def _on_fold(self) -> None:
        self._open = self._fold.isChecked()
        self.show_value()
        if self._open:
            chain_focus(self)

    def _show_fold(self) -> None:
        shown = self.field.default if self.current is MISSING else self.current
        words = summary(self.field, shown) if shown is not MISSING else ""
        empty = "Not set" if self.current is MISSING else "Null" if self.current is None else "Empty"
        self._fold.show_state(self._open, words or empty, ghost=self.current is MISSING)
        self._fold.setAccessibleName(f"{self.field.title}: {words or empty}")
        say_places(self._fold)
        self.switch.setVisible(self._open)


class GroupRows(QFrame):
    """A row for each field of a group; those of a very large one come as they are asked for."""

    changed = Signal(str, object)
    """The user changed a field: its name in the group and its value, MISSING when it is unset again."""

    def __init__(self, field: Field, make: Make, context: Context, parent: QWidget, *, indented: bool) -> None:
        super().__init__(parent)
        self._make, self._context = make, context
        self._waiting = list(field.children)
        self._group: Mapping[str, Json] = {}
        self._wanted = self._insisting = False
        self._set: set[str] = set()
        self.rows: dict[str, FieldRow] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4 if indented else 0, 0, 4)
        layout.setSpacing(8)
        if indented:
            rule = QFrame(self)
            rule.setProperty("rule", "vertical")
            layout.addWidget(rule)
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        layout.addLayout(self._column, 1)
        self._more: QPushButton | None = None
        self._add_rows()

    def show_values(self, group: Mapping[str, Json], wanted: bool) -> None:
        """Show a group's values and what is wrong with each; what is missing counts only in a group that is wanted."""
        self._group, self._wanted = group, wanted
        for name in self.rows:
            self._show_row(name)
        if group.keys() != self._set:  # a row makes its way back when it is first needed
            self._set = set(group)
            say_places(self)

    def insist(self) -> None:
        """Say what is wrong in rows that nobody touched, too."""
        self._insisting = True
        for row in self.rows.values():
            row.insist()

    def _show_row(self, name: str) -> None:
        row, value = self.rows[name], self._group.get(name, MISSING)
        row.set_value(value)
        row.show_problem(fault_of(row.field, value) if self._wanted or value is not MISSING else "")

    def _add_rows(self) -> None:
        coming, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        for child in coming:
            row = FieldRow(child, self._make, "", self, context=self._context)
            row.changed.connect(lambda _path, name=child.name: self.changed.emit(name, self.rows[name].value()))
            self.rows[child.name] = row
            self._show_row(child.name)
            self._column.addWidget(row)
            if self._insisting:
                row.insist()
        if self._waiting and self._more is None:
            self._more = QPushButton(self)
            self._more.clicked.connect(self._on_more)
        if self._more is not None:
            self._more.setText(f"Show more ({len(self._waiting)})")
            self._more.setVisible(bool(self._waiting))
            self._column.addWidget(self._more)

    def _on_more(self) -> None:
        first = self._waiting[0].name
        self._add_rows()
        assert self._more is not None
        self._more.raise_()
        say_places(self)
        chain_focus(self)
        self.rows[first].editor.setFocus(Qt.FocusReason.TabFocusReason)


def fault_of(field: Field, value: Json) -> str:
    """What is wrong with a field of a group that is sent, whether it is there or not; "" when nothing is."""
    if value is MISSING:
        return NEEDED if field.required and implied(field) is MISSING else ""
    return fault(field, value)


def takes_group(field: Field) -> bool:
    """Whether a field is a group of known fields."""
    return field.kind == "object" and bool(field.children)
