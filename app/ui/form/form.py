"""The form of one endpoint: its fields as rows, the rarely used ones folded, and a search over all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.rules import TYPE, idle, limits, notes, types_in
from app.core.sentences import NEEDED
from app.core.values import implied, in_force
from app.ui.form.canvas_block import CanvasBlock
from app.ui.form.context import NOTHING, Context
from app.ui.form.field_row import FieldRow, speaks_of
from app.ui.form.order import Unit, arrange, shown_fields
from app.ui.form.pair import PairBlock
from app.ui.form.row import Row
from app.ui.form.search_line import SearchLine
from app.ui.form.section import Section
from app.ui.form.type_row import TypeRow, checkpoint_field

Json = Any

SEARCHED_FROM: Final = 10
"""A form with more fields than this has a search line."""
_MOST_FOUND: Final = 60
"""Fields that a search shows."""
_OPEN_ROWS: Final = 14
"""Rows that stand unfolded while they come with the provider's headings."""


class Form(QWidget):
    """Shows values and reports changes; it keeps nothing that the window does not give it."""

    value_changed = Signal(str, object)
    """The user set a field (path, value) or left it to its default again (path, MISSING)."""
    rows_added = Signal()
    """Folded rows were made; they come last in Qt's chain of focus until somebody puts them where they belong."""
    role_requested = Signal(str, object)
    """The user wants a field (path) used in a role, None for none."""

    def __init__(
        self,
        endpoint: Endpoint,
        values: Mapping[str, Json],
        parent: QWidget | None = None,
        *,
        context: Context = NOTHING,
    ) -> None:
        super().__init__(parent)
        self._endpoint = endpoint
        self._context = replace(context, sizes=endpoint.sizes or context.sizes)
        self._values = dict(values)
        self._notes = notes(endpoint.rules, values)
        self._problems: Mapping[str, str] = {}
        self._insisting = False
        self._limits = limits(endpoint.rules, values)
        self.rows: dict[str, Row] = {}
        self._front: list[tuple[Unit, QWidget]] = []
        self._type: TypeRow | None = None
        self._more: QPushButton | None = None
        self._rare_fields: tuple[Field, ...] = ()
        self._build()
        self._show_sections()
        self._show_idle()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def set_values(self, values: Mapping[str, Json]) -> None:
        """Show values that changed elsewhere; rows whose value stands already are left alone."""
        before, self._values = self._values, dict(values)
        self._show_limits()
        for path, row in self.rows.items():
            row.set_value(values.get(path, MISSING))
        if self._type is not None:
            self._type.show_values(values)
        if self._search is not None and self._search.only_sent() and before.keys() != values.keys():
            self._filter()
        self._show_sections()
        self._show_idle()

    def set_problems(self, problems: Mapping[str, str]) -> None:
        """Say beside the fields what is wrong with them."""
        self._problems = dict(problems)
        for path, row in self.rows.items():
            row.show_problem(problems.get(path, ""))
        self._canvas.show_problems(problems)
        if self._type is not None:
            self._type.show_problem(problems.get(TYPE, ""))
        self._show_sections()

    def insist(self) -> None:
        """Show every problem, of fields not touched too: Generate was tried."""
        self._insisting = True
        for row in self.rows.values():
            row.insist()
        self._show_sections()

    def refresh_canvas(self) -> None:
        """Show again what the canvas would give: picture, mask or crop changed."""
        self._canvas.refresh()

    def in_order(self) -> list[QWidget]:
        """The parts that take the focus, from top to bottom."""
        parts: list[QWidget] = [part for part in (self._search, self._canvas) if part is not None]
        parts += [widget for _, widget in self._front]
        for section in self._sections:
            parts += [section.head, *section.widgets()]
        return parts

    def reveal(self, path: str) -> QWidget | None:
        """Make the field's row visible, focus it and say what is wrong with it; the row, None for no such field."""
        if self._search is not None:
            self._search.clear()
        for section in self._sections:
            if section.holds(path):
                section.reveal(path)
        other = self._type if path == TYPE else self._canvas.cells.get(path)
        if other is not None:
            other.setFocus(Qt.FocusReason.OtherFocusReason)
            return other
        row = self.rows.get(path)
        if row is None:
            return None
        row.insist()
        row.editor.go_in()
        return row

    def _build(self) -> None:
        arranged = arrange(self._endpoint)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 8, 0, 12)
        self._layout.setSpacing(8)
        self._search = self._made_search() if len(shown_fields(self._endpoint)) > SEARCHED_FROM else None
        self._canvas = CanvasBlock(self._endpoint, self._context, self)
        self._canvas.role_requested.connect(self.role_requested)
        self._layout.addWidget(self._canvas)
        checkpoint = checkpoint_field(self._endpoint)
        for unit in arranged.front:
            widget = self._made(unit)
            self._front.append((unit, widget))
            self._layout.addWidget(widget)
            if checkpoint and any(field.path == checkpoint for field in unit):
                self._add_type()
        if self._type is None and types_in(self._endpoint.rules):
            self._add_type()
        self._sections: list[Section] = []
        self._add_sections(arranged.groups, arranged.rare)
        self._nothing = self._quiet_line("No field has these words.")
        self._layout.addStretch(1)

    def _add_sections(self, groups: tuple[tuple[str, tuple[Unit, ...]], ...], rare: tuple[Unit, ...]) -> None:
        self._rare_fields = tuple(field for unit in rare for field in unit)
        rows = len(self._front)
        for title, units in groups:
            rows += len(units)
            section = self._add_section(title, f"{title}: {len(units)} fields", units)
            if rows <= _OPEN_ROWS or self._is_wanted(units):
                section.open()
        if rare:
            count = len(self._rare_fields)
            self._more = self._add_section(f"More ({count})", f"More: {count} fields that are rarely used", rare).head
            if any(field.path in self._values for field in self._rare_fields):
                self._open_rare(True)

    def _is_wanted(self, units: tuple[Unit, ...]) -> bool:
        """Whether a section holds something that is set, or that must be."""
        fields = [field for unit in units for field in unit]
        return any(field.path in self._values or (field.required and implied(field) is MISSING) for field in fields)

    def _add_section(self, title: str, words: str, units: tuple[Unit, ...]) -> Section:
        section = Section(title, words, units, self._made, self)
        section.rows_added.connect(self._on_rows)
        self._sections.append(section)
        self._layout.addWidget(section)
        return section

    def _add_type(self) -> None:
        self._type = TypeRow(self._endpoint, self)
        self._type.show_values(self._values)
        self._type.stated.connect(self._on_type)
        self._front.append(((), self._type))
        self._layout.addWidget(self._type)

    def _made(self, unit: Unit) -> QWidget:
        """The row of one field, or the block of two that belong together."""
        fields = [self._in_force(field) for field in unit]
        if len(fields) == 2:
            block = PairBlock(fields[0], fields[1], self._notes, self, context=self._context)
            for side in block.rows:
                self._take(side)
            return block
        return self._take(Row(fields[0], self._notes.get(fields[0].path, ""), self, context=self._context))

    def _take(self, row: Row) -> Row:
        path = row.field.path
        row.set_value(self._values.get(path, MISSING))
        row.show_problem(self._problems.get(path, ""))
        if self._insisting:
            row.insist()
        row.changed.connect(self._on_change)
        row.role_requested.connect(self.role_requested)
        self.rows[path] = row
        return row

    def _in_force(self, field: Field) -> Field:
        """The field with what the rules say of it now."""
        step = _multiple(self._endpoint, field) if field.kind == "string" else None
        most = _most_entries(self._endpoint, field) if field.kind == "array" else None
        told = replace(field, step=step or field.step, max_items=field.max_items if most is None else most)
        return in_force(told, self._endpoint.rules, self._values)

    def _show_limits(self) -> None:
        """Other limits hold, and other things are worth knowing, when the checkpoint's type changes."""
        if not self._endpoint.rules:
            return
        told, self._notes = self._notes, notes(self._endpoint.rules, self._values)
        for path in (path for path in self.rows if told.get(path) != self._notes.get(path)):
            self.rows[path].show_about(self._notes.get(path, ""))
        now = limits(self._endpoint.rules, self._values)
        if now == self._limits:
            return
        changed = {path for path in (*now, *self._limits) if now.get(path) != self._limits.get(path)}
        self._limits = now
        fields = {field.path: field for field in self._endpoint.fields}
        for path in changed & self.rows.keys():
            self.rows[path].show_limits(self._in_force(fields[path]))

    def _made_search(self) -> SearchLine:
        search = SearchLine(self)
        search.changed.connect(self._filter)
        search.left.connect(self._enter_found)
        self._layout.addWidget(search)
        return search

    def _quiet_line(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("secondary", True)
        label.setWordWrap(True)
        label.setVisible(False)
        self._layout.addWidget(label)
        return label

    def _open_rare(self, wanted: bool) -> None:
        """Show or fold away the fields that are rarely used."""
        if self._more is not None:
            self._sections[-1].open(wanted)

    def _build_rare(self) -> None:
        """Make every row now."""
        for section in self._sections:
            section.build()

    def _on_rows(self) -> None:
        self._show_idle()
        self.rows_added.emit()

    def _filter(self) -> None:
        """Leave the fields that have the words, those that are sent, or all."""
        words = self._search.words() if self._search is not None else []
        only_sent = self._search is not None and self._search.only_sent()
        if not words and not only_sent:
            self._show_all()
            return
        found = [field.path for field in shown_fields(self._endpoint) if self._is_found(field, words, only_sent)]
        shown = set(found[:_MOST_FOUND])
        self._canvas.setVisible(only_sent and not words)
        for unit, widget in self._front:
            widget.setVisible(any(field.path in shown for field in unit))
        for section in self._sections:
            section.show_only(shown)
        more = len(found) - len(shown)
        nothing = "No field has these words." if words else "Nothing is set: only what the canvas gives is sent."
        self._nothing.setText(f"{more} more fields: search for more words." if more else nothing)
        self._nothing.setVisible(more > 0 or not found)

    def _show_all(self) -> None:
        self._canvas.setVisible(True)
        for _, widget in self._front:
            widget.setVisible(True)
        for section in self._sections:
            section.show_only(None)
        self._nothing.setVisible(False)

    def _is_found(self, field: Field, words: list[str], only_sent: bool) -> bool:
        sent = field.path in self._values or (field.required and implied(field) is not MISSING)
        return (sent or not only_sent) and (not words or speaks_of(field, words))

    def _enter_found(self) -> None:
        row = next((row for row in self._rows_in_order() if row.isVisible()), None)
        if row is not None:
            row.editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _rows_in_order(self) -> Iterator[Row]:
        for part in self.in_order():
            yield from part.rows if isinstance(part, PairBlock) else [part] if isinstance(part, Row) else []

    def _on_change(self, path: str) -> None:
        self._set(path, self.rows[path].value())

    def _on_type(self, path: str, value: Json) -> None:
        self._set(path, value)

    def _set(self, path: str, value: Json) -> None:
        if value is MISSING:
            self._values.pop(path, None)
        else:
            self._values[path] = value
        self.value_changed.emit(path, value)
        self._show_limits()
        if self._type is not None:
            self._type.show_values(self._values)
        self._show_sections()
        self._show_idle()

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """The button of a row's menu stands where the focus is."""
        left, entered = self._row_of(old), self._row_of(new)
        if left is not entered:
            if left is not None:
                left.show_more(left.underMouse())
            if entered is not None:
                entered.show_more(True)

    def _row_of(self, widget: QWidget | None) -> FieldRow | None:
        while widget is not None and widget is not self:
            if isinstance(widget, FieldRow):
                return widget
            widget = widget.parentWidget()
        return None

    def _show_sections(self) -> None:
        """Say on each heading what a folded section would hide."""
        told = self._problems.items()
        wrong = [path for path, text in told if self._insisting or path in self._values or text != NEEDED]
        for section in self._sections:
            section.show_state(self._values, wrong)

    def _show_idle(self) -> None:
        """Mute what does not count at present."""
        if not self._endpoint.rules:
            return
        fields = self._endpoint.fields
        effective = {field.path: field.default for field in fields if field.default is not MISSING} | self._values
        idle_now = idle(self._endpoint.rules, effective)
        for path, row in self.rows.items():
            row.show_idle(idle_now.get(path, ""))


def _multiple(endpoint: Endpoint, field: Field) -> float | None:
    """The number that both sides of a size written as text must be a multiple of, by the endpoint's rules."""
    for rule in endpoint.rules:
        if rule.get("rule") == "size_text" and rule.get("field") == field.path:
            multiple = rule.get("multiple")
            return float(multiple) if isinstance(multiple, int) and multiple > 0 else 1.0
    return None


def _most_entries(endpoint: Endpoint, field: Field) -> int | None:
    """How many entries a list may have by the endpoint's rules, where that is fewer than the schema says."""
    mine = (rule for rule in endpoint.rules if (rule.get("rule"), rule.get("field")) == ("at_most", field.path))
    told = [count for rule in mine if isinstance(count := rule.get("count"), int) and count >= 0]
    return min([*told, *([] if field.max_items is None else [field.max_items])]) if told else None
