"""Editors of named values: yes or no, a few segments, a list, a long list with search."""

from typing import Final
from unicodedata import east_asian_width

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.core.endpoint import MISSING, Field
from app.ui.form.face import Editor, Json, WheelOnFocus, ghost, labels_of, show_ghost, shown
from app.ui.plain_text import one_line, tip

MOST_SEGMENTS: Final = 4
_SEGMENT_LETTERS: Final = 33
"""Letters that fit on a row of segments in the narrowest panel, gaps counted as three each."""
SEARCHED_FROM: Final = 12


class SwitchEditor(Editor):
    """Yes or no; the title is its own label."""

    labelled = True

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._set = False
        self._box = TitledBox(one_line(field.title), self)
        self._box.clicked.connect(self._on_click)
        self.name(self._box)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box)
        self.clear()

    def value(self) -> Json:
        return self._box.isChecked() if self._set else MISSING

    def set_value(self, value: Json) -> None:
        self._set = value is not MISSING and value is not None
        self._box.setChecked(bool(value) if self._set else self.field.default is True)

    def _on_click(self) -> None:
        self._set = True
        self.changed.emit()


class SegmentsEditor(Editor):
    """A few short choices side by side; the default is the one pressed while nothing is set."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._set: Json = MISSING
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        labels = labels_of(field)
        for place, label in enumerate(labels):
            button = Segment(one_line(label), self)
            button.setProperty("segment", segment_side(place, len(labels)))
            button.setAccessibleName(f"{field.title}: {one_line(label)}")
            self._group.addButton(button, place)
            layout.addWidget(button, 1)
        self._group.idClicked.connect(self._on_click)
        self.name(self._group.buttons()[0])
        self._group.buttons()[0].setAccessibleName(f"{field.title}: {one_line(labels[0])}")
        self._show()

    def value(self) -> Json:
        return self._set

    def set_value(self, value: Json) -> None:
        self._set = MISSING if value is None and None not in self.field.enum else value
        self._show()

    def show_problem(self, text: str) -> None:
        """A press cannot be wrong; a wrong value from elsewhere shows as nothing pressed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        buttons = self._group.buttons()
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), 0)
        there = min(max(here + step, 0), len(buttons) - 1)
        buttons[there].setFocus(Qt.FocusReason.TabFocusReason)
        buttons[there].click()

    def _on_click(self, place: int) -> None:
        self._set = self.field.enum[place]
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        wanted = self.field.default if self._set is MISSING else self._set
        for place, button in enumerate(self._group.buttons()):
            choice = self.field.enum[place]
            button.setChecked(wanted is not MISSING and type(choice) is type(wanted) and choice == wanted)


class ListEditor(Editor):
    """A list of choices; the default stands in it, muted, while nothing is set."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = QComboBox(self)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._box.setMinimumWidth(96)
        self._box.setMaxVisibleItems(14)
        for label, choice in zip(labels_of(field), field.enum, strict=True):
            self._box.addItem(one_line(label))
            hint = shown(choice) if label == shown(choice) else f"{label}\nSent as {shown(choice)}"
            self._box.setItemData(self._box.count() - 1, tip(hint), Qt.ItemDataRole.ToolTipRole)
        self._box.setPlaceholderText(ghost(field) or "Not set")
        self._box.setCurrentIndex(-1)
        self._box.installEventFilter(WheelOnFocus(self._box))
        self._box.activated.connect(self.changed)
        self._box.currentIndexChanged.connect(self._mute)
        self._mute()
        self.name(self._box)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box)

    def value(self) -> Json:
        return self.field.enum[self._box.currentIndex()] if self._box.currentIndex() >= 0 else MISSING

    def set_value(self, value: Json) -> None:
        self._box.setCurrentIndex(self._place(value))

    def _place(self, value: Json) -> int:
        """Where ``value`` stands in the list, -1 when it does not."""
        fitting = (at for at, choice in enumerate(self.field.enum) if type(choice) is type(value) and choice == value)
        return next(fitting, -1)

    def _mute(self) -> None:
        show_ghost(self._box, self._box.currentIndex() < 0)


class SearchedListEditor(ListEditor):
    """A long list, searched by typing any part of a name."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._line = QLineEdit(self._box)
        self._line.setAccessibleName(field.title)
        self._box.setLineEdit(self._line)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self._box.model(), self._box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._line.setCompleter(completer)
        self._line.setPlaceholderText(self._box.placeholderText())
        self._line.textEdited.connect(self.changed)
        self._box.setCurrentIndex(-1)

    def value(self) -> Json:
        """The choice of the name that stands in the box, whatever its letters' case; else the text, to be refused."""
        text = self._line.text().strip()
        if not text:
            return MISSING
        place = self._box.findText(text, Qt.MatchFlag.MatchFixedString)
        return self.field.enum[place] if place >= 0 else text

    def set_value(self, value: Json) -> None:
        if value is not MISSING and value == self.value():
            return
        place = self._place(value)
        self._box.setCurrentIndex(place)
        if place < 0:
            self._line.setText("" if value is MISSING or value is None else shown(value))

    def unfinished(self) -> bool:
        text = self._line.text().strip()
        known = self._box.findText(text, Qt.MatchFlag.MatchFixedString) >= 0
        return self._box.hasFocus() and not known and self._box.findText(text, Qt.MatchFlag.MatchContains) >= 0

    def _mute(self) -> None:
        """Its line has a placeholder of its own."""


class TitledBox(QCheckBox):
    """A check box that shortens its title in a narrow panel instead of widening it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title.replace("&", "&&"), parent)
        self._title = title
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._title) + 36, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(64, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        text = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, self.width() - 34)
        self.setText(text.replace("&", "&&"))


class Segment(QPushButton):
    """One of a row of joined choices; a narrow row takes room from its padding."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 26, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 10, super().minimumSizeHint().height())


def segment_side(place: int, count: int) -> str:
    """Which part of a joined row the button at ``place`` is."""
    return "left" if place == 0 else "right" if place == count - 1 else "middle"


def fits_segments(field: Field) -> bool:
    """Whether a field's choices are few and short enough to stand side by side."""
    words = labels_of(field)
    return 2 <= len(words) <= MOST_SEGMENTS and sum(_room(word) + 3 for word in words) <= _SEGMENT_LETTERS


def _room(word: str) -> int:
    """A word's width in letters of usual width: capitals take more, and those of East Asia two."""
    if len(word) > _SEGMENT_LETTERS:
        return len(word)
    wide = sum(east_asian_width(letter) in "WF" for letter in word)
    return len(word) + wide + sum(letter.isupper() for letter in word) // 4
