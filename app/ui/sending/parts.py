"""The small parts that the sheet is made of: words, headings, text to read, hairlines."""

from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from app.ui.plain_text import tip

TEXT_PX: Final = 12
"""Pixels: what is read letter by letter stands in a font of one width, a little smaller than the rest."""


def words(parent: QWidget, kind: Literal["", "heading", "secondary"] = "", *, wraps: bool = False) -> QLabel:
    """Plain words that can be selected."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        made.setProperty(kind, True)
    made.setWordWrap(wraps)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def heading(text: str, parent: QWidget) -> QLabel:
    """The small title over a part."""
    made = words(parent, "secondary")
    made.setText(text)
    return made


def reading(name: str, parent: QWidget, *, lines: int = 0) -> QPlainTextEdit:
    """Text to read and to copy from; so many ``lines`` high, or as high as there is room."""
    made = QPlainTextEdit(parent)
    made.setReadOnly(True)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(TEXT_PX)
    made.setFont(font)
    if lines:
        made.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        made.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setFixedHeight(lines * made.fontMetrics().lineSpacing() + 20)
    else:
        made.setMinimumHeight(72)
    return made


def rule(parent: QWidget) -> QFrame:
    """A hairline."""
    line = QFrame(parent)
    line.setProperty("rule", "horizontal")
    line.setFixedHeight(1)
    return line


class Elided(QLabel):
    """One line that ends in an ellipsis where there is no room for all of it; the tool tip has it whole."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("secondary", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show it, as far as it fits."""
        self._whole = text
        self.setToolTip(tip(text) if text else "")
        self.setAccessibleName(text)
        self._fit()

    @property
    def whole(self) -> str:
        """All of the text."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width()))
