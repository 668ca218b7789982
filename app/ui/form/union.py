"""Editors of fields that take either a named value, a group of values, or something else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.ui.form.face import Editor, Json, WheelOnFocus, ghost, same, show_ghost, shown
from app.ui.form.field_row import Make
from app.ui.form.group import GroupEditor
from app.ui.form.items import fresh
from app.ui.form.nested import NestedEditor
from app.ui.form.speaking import set_place
from app.ui.plain_text import one_line

_OWN: Final = "Values of its own"
_OTHER: Final = "Something else, as JSON"


class UnionEditor(NestedEditor):
    """A list of what the field can be; a group's rows, or a box for JSON, stand beneath where that is chosen."""

    def __init__(self, field: Field, make: Make, parent: QWidget | None = None) -> None:
        super().__init__(field, make, parent)
        self._group: GroupEditor | None = None
        self._may_be_group = bool(field.children)
        self._box = QComboBox(self)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._box.setMinimumWidth(96)
        labels = field.labels if len(field.labels) == len(field.enum) else tuple(map(shown, field.enum))
        self._box.addItems([one_line(label) for label in labels])
        self._box.addItems([_OWN, _OTHER] if self._may_be_group else [_OTHER])
        self._box.setPlaceholderText(ghost(field) or "Not set")
        self._box.installEventFilter(WheelOnFocus(self._box))
        self._box.activated.connect(self._on_choice)
        self.switch.setVisible(False)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._box)
        self.column.addLayout(head)
        self.name(self._box)
        self.show_value()

    def fits(self, value: Json) -> bool:
        is_group = self._may_be_group and isinstance(value, Mapping)
        return value is MISSING or value is None or is_group or self._place(value) >= 0

    def inner(self) -> list[Editor]:
        return [self._group] if self._group is not None else []

    def wrong_inside(self) -> Editor | None:
        return self._group if isinstance(self.current, Mapping) else None

    def show_value(self) -> None:
        is_group = self._may_be_group and isinstance(self.current, Mapping) and not self.as_json
        if is_group and self._group is None:
            self._group = self._add_group()
        if self._group is not None:
            self._group.setVisible(is_group)
            if is_group:
                self._group.set_value(self.current)
        own = len(self.field.enum)
        place = own if is_group else self._box.count() - 1 if self.as_json else self._place(self.current)
        self._box.setCurrentIndex(place)
        show_ghost(self._box, place < 0)
        self.show_json()
        self.switch.setVisible(False)

    def _place(self, value: Json) -> int:
        return next((at for at, choice in enumerate(self.field.enum) if same(choice, value)), -1)

    def _add_group(self) -> GroupEditor:
        group = GroupEditor(group_of(self.field), self.make, self, bare=True, ruled=True)
        group.use(self.context)
        group.changed.connect(self._on_group)
        self.column.insertWidget(1, group)
        set_place(group, one_line(self.field.title))
        if self.insisting:
            group.insist()
        return group

    def _on_group(self) -> None:
        assert self._group is not None
        self.current = self._group.value()
        self.changed.emit()

    def _on_choice(self, place: int) -> None:
        own = len(self.field.enum)
        self.wants_json = place == self._box.count() - 1
        if place < own:
            self.current = self.field.enum[place]
        elif not self.wants_json and not isinstance(self.current, Mapping):
            self.current = fresh(group_of(self.field))
        self.show_value()
        self.changed.emit()


def group_of(field: Field) -> Field:
    """The group that a union may be, as a field of its own."""
    return replace(field, kind="object", default=MISSING, enum=(), labels=(), required=True, nullable=False)


def takes_union(field: Field) -> bool:
    """Whether a field may be a group of known fields or one of some values, among other things."""
    known = field.children[0].path if field.children else ""
    return field.kind == "any" and bool(field.children or field.enum) and not known.endswith("[]")
