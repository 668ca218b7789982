"""A button whose words are shortened where there is no room for them."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.plain_text import tip

_NARROWEST: Final = 64


class ShortButton(QPushButton):
    """Asks for the room that its words need and makes do with less: then it ends in an ellipsis and has a tool tip."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._whole = ""
        self._show(words)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        """What it says, whole."""
        return self._words

    def set_words(self, words: str) -> None:
        """Say something else."""
        if words != self._words:
            self._words = words
            self._fit()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._words) + self._around(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self.isVisible() or self.width() >= self.sizeHint().width():
            self._show(self._words)
        else:
            room = self.width() - self._around()
            self._show(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))

    def _around(self) -> int:
        """Pixels for the icon, the padding and the frame."""
        return super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self._shown)

    def _show(self, text: str) -> None:
        self._shown = text
        self.setText(text.replace("&", "&&"))
        whole = tip(self._words) if text != self._words else ""
        if self.toolTip() in ("", self._whole):  # else it has one of its own
            self.setToolTip(whole)
            self._whole = whole
