"""The mark beside a field's title that says whether the field is sent."""

from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.plain_text import tip
from app.ui.theme import current_theme

Sent = Literal["", "set", "needed"]
"""Why a field is sent: not at all, because the user set it, because the endpoint wants it and knows the value."""

WORDS: Final = {
    "": "",
    "set": "Sent: set by you",
    "needed": "Sent as it stands: the endpoint asks for it",
}
_SIZE: Final = 6.0


class Mark(QWidget):
    """A full dot for what the user set, a ring for what is sent unasked, nothing for what is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sent: Sent = ""
        self.setFixedSize(8, 20)

    def show_sent(self, sent: Sent) -> None:
        """Say whether and why the field is sent."""
        if sent == self.sent:
            return
        self.sent = sent
        self.setToolTip(tip(WORDS[sent]) if sent else "")
        self.setAccessibleName(WORDS[sent])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.sent:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot = QRectF(1, (self.height() - _SIZE) / 2 + 1, _SIZE, _SIZE)
        if self.sent == "set":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(dot)
        else:
            painter.setPen(QPen(theme.colour("secondary"), 1.5))
            painter.drawEllipse(dot.adjusted(0.75, 0.75, -0.75, -0.75))
