"""The title of a field's row."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

HEIGHT: Final = 20
"""Pixels of the line that title and small buttons stand on."""


class Title(QLabel):
    """A title that is shortened in a narrow row, never its ``sign`` of being needed."""

    def __init__(self, words: str, sign: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._sign = words, sign
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumSize(1, HEIGHT)
        self.setText(_letters(words + sign))

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._words + self._sign)
        return QSize(width + 2, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        room = self.width() - metrics.horizontalAdvance(self._sign)
        text = _letters(metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room) + self._sign)
        if text != self.text():
            self.setText(text)


def _letters(text: str) -> str:
    """Text for a label with a buddy, which would underline the letter after an ampersand."""
    return text.replace("&", "&&")
