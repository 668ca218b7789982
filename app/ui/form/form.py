"""The form of one endpoint: its fields as rows, the rarely used ones folded, and a search over all of them."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.rules import idle
from app.ui.form.context import NOTHING, Context
from app.ui.form.order import shown_fields, split
from app.ui.form.row import Row
from app.ui.icons import icon
from app.ui.plain_text import one_line

Json = Any

SEARCHED_FROM: Final = 10
"""A form with more fields than this has a search line."""


class Form(QWidget):
    """Shows values and reports changes; it keeps nothing that the window does not give it."""

    value_changed = Signal(str, object)
    """The user set a field (path, value) or left it to its default again (path, MISSING)."""
    rows_added = Signal()
    """Folded rows were made; they come last in Qt's chain of focus until somebody puts them where they belong."""

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
        self._context = context
        self._notes = _notes(endpoint)
        self._problems: dict[str, str] = {}
        self._insisting = False
        self.rows: dict[str, Row] = {}
        front, rare = split(endpoint)
        self._rare_fields = rare
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 8, 0, 12)
        self._layout.setSpacing(8)
        self._search = self._add_search() if len(shown_fields(endpoint)) > SEARCHED_FROM else None
        self._add_canvas_line()
        for field in front:
            self._layout.addWidget(self._row(field, values))
        self._more = self._add_more() if rare else None
        self._rare = QWidget(self)
        self._rare_rows = QVBoxLayout(self._rare)
        self._rare_rows.setContentsMargins(0, 0, 0, 0)
        self._rare_rows.setSpacing(8)
        self._rare.setVisible(False)
        self._layout.addWidget(self._rare)
        self._nothing = self._quiet_line("No field has these words.")
        self._nothing.setVisible(False)
        self._layout.addWidget(self._nothing)
        self._layout.addStretch(1)
        self._values = dict(values)
        if any(field.path in values for field in rare):
            self._open_rare(True)
        self._show_idle()

    def set_values(self, values: Mapping[str, Json]) -> None:
        """Show values that changed elsewhere."""
        self._values = dict(values)
        for path, row in self.rows.items():
            row.set_value(values.get(path, MISSING))
        self._show_idle()

    def set_problems(self, problems: Mapping[str, str]) -> None:
        """Say beside the fields what is wrong with them."""
        self._problems = dict(problems)
        for path, row in self.rows.items():
            row.show_problem(problems.get(path, ""))

    def insist(self) -> None:
        """Show every problem, of fields not touched too: Generate was tried."""
        self._insisting = True
        for row in self.rows.values():
            row.insist()

    def in_order(self) -> list[QWidget]:
        """The parts that take the focus, from top to bottom."""
        rare = {field.path for field in self._rare_fields}
        front = [row for path, row in self.rows.items() if path not in rare]
        folded = [row for path, row in self.rows.items() if path in rare]
        parts = [self._search, *front, self._more, *folded]
        return [part for part in parts if part is not None]

    def reveal(self, path: str) -> QWidget | None:
        """Make the field's row visible, focus it and say what is wrong with it; the row, None for no such field."""
        if self._search is not None:
            self._search.clear()
        if path not in self.rows and any(field.path == path for field in self._rare_fields):
            self._open_rare(True)
        row = self.rows.get(path)
        if row is None:
            return None
        if row.parent() is self._rare:
            self._open_rare(True)
        row.insist()
        row.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return row

    def _row(self, field: Field, values: Mapping[str, Json]) -> Row:
        row = Row(field, self._notes.get(field.path, ""), self, context=self._context)
        row.set_value(values.get(field.path, MISSING))
        row.show_problem(self._problems.get(field.path, ""))
        if self._insisting:
            row.insist()
        row.changed.connect(self._on_change)
        self.rows[field.path] = row
        return row

    def _add_search(self) -> QLineEdit:
        search = QLineEdit(self)
        search.setPlaceholderText("Search fields")
        search.setAccessibleName("Search fields")
        search.setClearButtonEnabled(True)
        search.textChanged.connect(self._filter)
        self._layout.addWidget(search)
        return search

    def _add_canvas_line(self) -> None:
        roles = self._endpoint.binding.roles
        told = [word for role, word in (("picture", "Picture"), ("mask", "mask")) if role in roles]
        words = " and ".join(told)
        text = f"{words[:1].upper()}{words[1:]} come{'s' if len(told) == 1 else ''} from the canvas" if told else ""
        if text:
            self._layout.addWidget(self._quiet_line(text))

    def _add_more(self) -> QPushButton:
        button = QPushButton(f"More ({len(self._rare_fields)})", self)
        button.setProperty("fold", True)
        button.setCheckable(True)
        button.setIcon(icon("chevron-right", size=16))
        button.setAccessibleName(f"More: {len(self._rare_fields)} fields that are rarely used")
        button.clicked.connect(self._open_rare)
        self._layout.addWidget(button)
        return button

    def _quiet_line(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("secondary", True)
        label.setWordWrap(True)
        return label

    def _open_rare(self, wanted: bool) -> None:
        if wanted:
            self._build_rare()
        self._rare.setVisible(wanted)
        if self._more is not None:
            self._more.setChecked(wanted)
            self._more.setIcon(icon("chevron-down" if wanted else "chevron-right", size=16))

    def _build_rare(self) -> None:
        """The folded rows are made when they are first asked for: most people never open them."""
        missing = [field for field in self._rare_fields if field.path not in self.rows]
        for field in missing:
            row = self._row(field, self._values)
            row.setParent(self._rare)
            self._rare_rows.addWidget(row)
        if missing:
            self._show_idle()
            self.rows_added.emit()

    def _filter(self, text: str) -> None:
        words = one_line(text).casefold().split()
        if words:
            self._build_rare()
        found = 0
        for row in self.rows.values():
            matched = not words or row.matches(words)
            row.setVisible(matched)
            found += matched
        if self._more is not None:
            self._more.setVisible(not words)
            self._rare.setVisible(bool(words) or self._more.isChecked())
        self._nothing.setVisible(found == 0)

    def _on_change(self, path: str) -> None:
        value = self.rows[path].value()
        if value is MISSING:
            self._values.pop(path, None)
        else:
            self._values[path] = value
        self.value_changed.emit(path, value)
        self._show_idle()

    def _show_idle(self) -> None:
        """Say of a value that is set but does not count why it does not."""
        fields = self._endpoint.fields
        effective = {field.path: field.default for field in fields if field.default is not MISSING} | self._values
        idle_now = idle(self._endpoint.rules, effective)
        for path, row in self.rows.items():
            row.show_note(idle_now.get(path, "") if path in self._values else "")


def _notes(endpoint: Endpoint) -> dict[str, str]:
    """Field -> what the endpoint's rules say about it, for its tool tip."""
    notes: dict[str, list[str]] = {}
    for rule in endpoint.rules:
        names = rule.get("fields") or [rule.get("field"), *(rule.get("limits") or ())]
        for name in names if isinstance(names, list) else []:
            notes.setdefault(str(name), []).append(str(rule.get("text", "")))
    return {name: "\n".join(dict.fromkeys(text for text in texts if text)) for name, texts in notes.items()}
