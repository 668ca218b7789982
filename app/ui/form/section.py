"""A part of the form with a heading that folds; its rows are made when they are first seen, a few at a time."""

from bisect import bisect
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.core.endpoint import Field
from app.ui.form.order import Unit
from app.ui.form.short_button import ShortButton
from app.ui.icons import icon
from app.ui.plain_text import one_line

_AT_ONCE: Final = 40
"""Rows that are made before the section is shown; more follow while the window stays alive."""
_BATCH: Final = 10
_PAGE: Final = 100
"""Rows that are shown before a button asks for more: thousands would make every change of the window slow."""


class Section(QWidget):
    """Fields under a heading. Its rows come from ``make`` as they are needed."""

    rows_added = Signal()
    """Rows were made and nothing more is to come for now."""

    def __init__(
        self, title: str, words: str, units: Sequence[Unit], make: Callable[[Unit], QWidget], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._units = list(units)
        self._make = make
        self._made: dict[int, QWidget] = {}
        self._filtered = False
        self._limit = _PAGE
        self._asked: set[int] = set()  # places beyond the page that somebody went to
        self._places = {field.path: place for place, unit in enumerate(self._units) for field in unit}
        self._title, self._spoken = one_line(title, 40), one_line(words)
        self.head = ShortButton(self._title, self)
        self.head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.head.setProperty("fold", True)
        self.head.setCheckable(True)
        self.head.setIcon(icon("chevron-right", size=16))
        self.head.setAccessibleName(self._spoken)
        self.head.clicked.connect(self.open)
        self.body = QWidget(self)
        self._rows = QVBoxLayout(self.body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self.body.setVisible(False)
        self._next = QPushButton(self)
        self._next.setProperty("link", True)
        self._next.setAccessibleName(f"{one_line(title, 40)}: show more fields")
        self._next.setVisible(False)
        self._next.clicked.connect(self._show_next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.head)
        layout.addWidget(self.body)
        layout.addWidget(self._next)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def fields(self) -> Iterator[Field]:
        """Its fields, in order, with rows or without."""
        return (field for unit in self._units for field in unit)

    def holds(self, path: str) -> bool:
        """Whether the field belongs here."""
        return path in self._places

    def is_open(self) -> bool:
        """Whether its rows are shown."""
        return self.head.isChecked()

    def open(self, wanted: bool = True) -> None:
        """Show the rows, or fold them away."""
        self.head.setChecked(wanted)
        self.head.setIcon(icon("chevron-down" if wanted else "chevron-right", size=16))
        if wanted:
            self._build(range(min(_AT_ONCE, len(self._units))))
            self._timer.start()
            self.rows_added.emit()
        if not self._filtered:
            self._show()

    def show_state(self, values: Collection[str], wrong: Collection[str]) -> None:
        """Say on the heading how many of its fields are set, and how many cannot be sent."""
        is_set, is_wrong = (sum(path in self._places for path in paths) for paths in (values, wrong))
        told = [f"{count} {word}" for count, word in ((is_set, "set"), (is_wrong, "to fix")) if count]
        text = " · ".join((self._title, *told))
        if text != self.head.words:
            self.head.set_words(text)
            self.head.setAccessibleName(", ".join((self._spoken, *told)))

    def build(self) -> None:
        """Make every row now."""
        self._limit = len(self._units)
        self._build(range(self._limit))
        self._show()
        self.rows_added.emit()

    def reveal(self, path: str) -> None:
        """Open, with the field's row made."""
        place = self._places[path]
        self._asked.add(place)
        self._build([place])
        self.open()

    def widgets(self) -> list[QWidget]:
        """The rows made so far, in order."""
        return [self._made[place] for place in sorted(self._made)]

    def show_only(self, paths: Collection[str] | None) -> None:
        """Show only some fields, without the heading, whether folded or not; None shows all as they were."""
        self._filtered = paths is not None
        wanted = None if paths is None else {self._places[path] for path in paths if path in self._places}
        if wanted:
            self._build(sorted(wanted))
        self.head.setVisible(wanted is None)
        self.setVisible(wanted is None or bool(wanted))
        if wanted is None:
            self._show()
            return
        for place, widget in self._made.items():
            widget.setVisible(place in wanted)
        self.body.setVisible(bool(wanted))
        self._next.setVisible(False)
        self.rows_added.emit()

    def _show(self) -> None:
        """Show what is unfolded: the pages asked for and the rows that somebody went to."""
        for place, widget in self._made.items():
            widget.setVisible(place < self._limit or place in self._asked)
        self.body.setVisible(self.is_open())
        left = len(self._units) - self._limit
        self._next.setText(f"Show {min(left, _PAGE)} more of {left}")
        self._next.setVisible(self.is_open() and left > 0)

    def _show_next(self) -> None:
        self._limit += _PAGE
        self._timer.start()
        self._show()

    def _build(self, places: Collection[int]) -> None:
        for place in places:
            if place not in self._made:
                index = bisect(sorted(self._made), place)
                widget = self._make(self._units[place])
                widget.setParent(self.body)
                self._rows.insertWidget(index, widget)
                self._made[place] = widget

    def _go_on(self) -> None:
        """A few more rows of the pages asked for, then the window's turn again."""
        missing = [place for place in range(min(self._limit, len(self._units))) if place not in self._made][:_BATCH]
        self._build(missing)
        if self._filtered:
            for place in missing:
                self._made[place].hide()
        if len(missing) < _BATCH:
            self._timer.stop()
            if missing:
                self.rows_added.emit()
