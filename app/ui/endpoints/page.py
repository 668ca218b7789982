"""A small window beside the work: a heading, what it is about, and buttons. Never in front of the work."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.plain_text import one_line
from app.ui.theme import refresh

T = TypeVar("T")


class Page(QDialog):
    """``column`` takes the contents; ``say`` writes the one line above the buttons, whose room is kept."""

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 460, height: int = 0) -> None:
        super().__init__(parent)
        self._open = True
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(width, height)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 12)
        outer.setSpacing(12)
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        outer.addLayout(self.column, 1)
        self._line = QLabel(self)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setWordWrap(True)
        self._line.setProperty("secondary", True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._line.setMinimumHeight(32)
        outer.addWidget(self._line)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        outer.addLayout(self.buttons)

    def done(self, result: int) -> None:
        """Closed, whichever way: what still arrives for it goes nowhere."""
        self._open = False
        super().done(result)

    def while_open(self, then: Callable[[T], object]) -> Callable[[T], None]:
        """``then``, as long as the page is there: its C++ part goes with its closing."""

        def arrived(what: T) -> None:
            if self._open:
                then(what)

        return arrived

    def say(self, text: str, *, wrong: bool = False) -> None:
        """One sentence about what happens here; ``wrong`` marks it as an error."""
        self._line.setText(f"Error: {one_line(text)}" if wrong else one_line(text))
        self._line.setProperty("danger", wrong)
        refresh(self._line)

    def said(self) -> str:
        """What stands in that line."""
        return self._line.text()

    def words(self, text: str) -> QLabel:
        """A paragraph of plain words in the column."""
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self.column.addWidget(label)
        return label

    def heading(self, text: str) -> QLabel:
        """A quiet heading in the column."""
        label = QLabel(text, self)
        label.setProperty("secondary", True)
        self.column.addWidget(label)
        return label

    def button(self, text: str, *, primary: bool = False) -> QPushButton:
        """A button at the foot, the first one at the left."""
        button = QPushButton(text, self)
        button.setProperty("primary", primary)
        button.setAutoDefault(primary)
        button.setDefault(primary)
        self.buttons.addWidget(button)
        return button
