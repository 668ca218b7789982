"""Editors of lists of named values: a few as toggles, many as chips with a searchable list."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.endpoint import MISSING, Field
from app.ui.form.choice import Segment, fits_segments, segment_side
from app.ui.form.face import Editor, Json, can_be_cleared, label_of, labels_of
from app.ui.form.short_button import ShortButton
from app.ui.icons import icon
from app.ui.plain_text import one_line, tip

_MOST_CHIPS: Final = 60
"""Chips that are shown; what else is chosen is counted."""


class TogglesEditor(Editor):
    """A few short choices, any of them; none pressed at all is the default."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._chosen: Json = MISSING
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._buttons: list[Segment] = []
        for place, (label, choice) in enumerate(zip(labels_of(field), field.enum, strict=True)):
            button = Segment(one_line(label), self)
            button.setProperty("segment", segment_side(place, len(field.enum)))
            button.clicked.connect(lambda _=False, choice=choice: self._toggle(choice))
            layout.addWidget(button, 1)
            self._buttons.append(button)
        self.name(self._buttons[0])
        for button in self._buttons:
            button.setAccessibleName(f"{field.title}: {button.text()}")
        self.clear()

    def value(self) -> Json:
        return list(self._chosen) if isinstance(self._chosen, list) else self._chosen

    def set_value(self, value: Json) -> None:
        self._chosen = MISSING if value is None else list(value) if isinstance(value, list) else value
        self._show()

    def show_problem(self, text: str) -> None:
        """Toggles have no mark of their own; the words stand in the row."""

    def _shown_choices(self) -> list[Json]:
        chosen = self.field.default if self._chosen is MISSING else self._chosen
        return list(chosen) if isinstance(chosen, list) else []

    def _toggle(self, choice: Json) -> None:
        chosen = self._shown_choices()
        self._chosen = [kept for kept in chosen if kept != choice] if choice in chosen else [*chosen, choice]
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chosen = self._shown_choices()
        for choice, button in zip(self.field.enum, self._buttons, strict=True):
            button.setChecked(choice in chosen)


class ChipsEditor(Editor):
    """The chosen ones as chips that a click takes away, and a button that opens the searchable list."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._chosen: Json = MISSING
        self._chips = QWidget(self)
        self._flow = FlowLayout(self._chips)
        self._rest = QLabel(self)
        self._rest.setProperty("secondary", True)
        self._add = QPushButton("Choose…", self)
        self._add.setIcon(icon("add", size=16))
        self._add.clicked.connect(self._open)
        self._list = ChoiceList(field, self)
        self._list.chosen.connect(self._on_chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._chips)
        layout.addWidget(self._rest)
        layout.addWidget(self._add)
        self.name(self._add)
        self._show()

    def value(self) -> Json:
        return list(self._chosen) if isinstance(self._chosen, list) else self._chosen

    def set_value(self, value: Json) -> None:
        wanted = MISSING if value is None else list(value) if isinstance(value, list) else value
        if type(wanted) is type(self._chosen) and wanted == self._chosen:
            return
        self._chosen = wanted
        self._show()

    def _shown_choices(self) -> list[Json]:
        chosen = self.field.default if self._chosen is MISSING else self._chosen
        return list(chosen) if isinstance(chosen, list) else []

    def _open(self) -> None:
        self._list.open_below(self._add, self._shown_choices())

    def _on_chosen(self, chosen: list[Json]) -> None:
        self._chosen = list(chosen)
        self._show()
        self.changed.emit()

    def _remove(self, choice: Json) -> None:
        self._on_chosen([kept for kept in self._shown_choices() if kept != choice])
        self._add.setFocus()

    def _show(self) -> None:
        """Rebuild the chips; those of the default are muted until something is chosen."""
        self._flow.clear()
        chosen = self._shown_choices()
        for choice in chosen[:_MOST_CHIPS]:
            label = label_of(self.field, choice)
            chip = ShortButton(one_line(label, 40), self._chips)
            chip.setProperty("chip", True)
            chip.setProperty("ghost", self._chosen is MISSING)
            chip.setIcon(icon("dismiss", "secondary" if self._chosen is MISSING else "text", size=12))
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            chip.setToolTip(tip(f"Take {label} away"))
            chip.setAccessibleName(f"{self.field.title}: take {one_line(label)} away")
            chip.clicked.connect(lambda _=False, choice=choice: self._remove(choice))
            self._flow.addWidget(chip)
            chip.show()
        more = len(chosen) - _MOST_CHIPS
        self._rest.setText(f"and {more} more: the list has them all" if more > 0 else "")
        self._rest.setVisible(more > 0)
        self._chips.setVisible(self._flow.count() > 0)
        self._chips.updateGeometry()


class ChoiceList(QFrame):
    """A list with check marks and a search line, shown over the form and closed with Esc or a click beside it."""

    chosen = Signal(list)

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._field = field
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(f"Search {len(field.enum)} choices")
        self._search.setAccessibleName(f"Search {field.title}")
        can_be_cleared(self._search)
        self._search.textChanged.connect(self._filter)
        self._rows = QListWidget(self)
        self._rows.setAccessibleName(field.title)
        self._rows.setUniformItemSizes(True)
        self._rows.itemChanged.connect(self._on_item)
        self._rows.itemClicked.connect(self._on_click)
        self._nothing = QLabel("Nothing has these words.", self)
        self._nothing.setProperty("secondary", True)
        self._nothing.setVisible(False)
        self.setProperty("popup", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._search)
        layout.addWidget(self._nothing)
        layout.addWidget(self._rows, 1)

    def open_below(self, anchor: QWidget, chosen: list[Json]) -> None:
        """Show the list under ``anchor``, or above it where the screen ends, with ``chosen`` marked and first."""
        self._fill(chosen)
        self._search.clear()
        size = QSize(max(anchor.width(), 240), 320)
        place = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        if place.y() + size.height() > anchor.screen().availableGeometry().bottom():
            place = anchor.mapToGlobal(QPoint(0, -size.height() - 4))
        self.setGeometry(QRect(place, size))
        self.show()
        self._search.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._search.hasFocus():
            self._rows.setFocus()
            if self._rows.currentRow() < 0 or self._rows.currentItem().isHidden():
                self._rows.setCurrentRow(self._rows.row(first) if (first := self._first()) is not None else -1)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self._first() if self._search.hasFocus() else self._rows.currentItem()
            if item is not None and not item.isHidden():
                _toggle(item)
            return
        super().keyPressEvent(event)

    def _first(self) -> QListWidgetItem | None:
        """The first one that has the words."""
        items = (self._rows.item(row) for row in range(self._rows.count()))
        return next((item for item in items if not item.isHidden()), None)

    def _fill(self, chosen: list[Json]) -> None:
        self._rows.blockSignals(True)
        self._rows.clear()
        first = [choice for choice in chosen if choice in self._field.enum]
        for choice in [*first, *(choice for choice in self._field.enum if choice not in first)]:
            item = QListWidgetItem(one_line(label_of(self._field, choice)), self._rows)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if choice in first else Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.UserRole, choice)
        self._rows.blockSignals(False)
        self._order = list(first)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for row in range(self._rows.count()):
            item = self._rows.item(row)
            item.setHidden(not all(word in item.text().casefold() for word in words))
        self._nothing.setVisible(self._first() is None)

    def _on_click(self, item: QListWidgetItem) -> None:
        """The whole row toggles, not the mark alone."""
        position = self._rows.viewport().mapFromGlobal(self.cursor().pos())
        mark = self._rows.visualItemRect(item)
        if position.x() > mark.x() + 28:
            _toggle(item)

    def _on_item(self, item: QListWidgetItem) -> None:
        choice = item.data(Qt.ItemDataRole.UserRole)
        self._order = [kept for kept in self._order if kept != choice]
        if item.checkState() == Qt.CheckState.Checked:
            self._order.append(choice)
        self.chosen.emit(list(self._order))


def _toggle(item: QListWidgetItem) -> None:
    checked = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)


class FlowLayout(QLayout):
    """Rows of widgets of their own width, broken like words."""

    def __init__(self, parent: QWidget | None = None, gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)
        if parent is not None:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            parent.setSizePolicy(policy)

    def clear(self) -> None:
        """Take every widget out and let it go."""
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        heights = (item.minimumSize().height() for item in self._items)
        return QSize(0, max(heights, default=0))

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            width = min(size.width(), rect.width())
            if x > rect.x() and x + width > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(x, y, width, size.height()))
            x += width + self._gap
            line = max(line, size.height())
        return y + line - rect.y()


def takes_named_values(field: Field) -> bool:
    """Whether a field is a list of named values."""
    return field.kind == "array" and bool(field.enum)


def fits_toggles(field: Field) -> bool:
    """Whether they are few enough for toggles."""
    return takes_named_values(field) and fits_segments(field)
