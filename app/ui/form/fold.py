"""The heading of what can be folded away."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QWidget

from app.ui.icons import icon
from app.ui.plain_text import tip
from app.ui.theme import refresh

_PADDING = 40
"""What the chevron and the button's own padding take."""


class FoldButton(QPushButton):
    """A heading that opens what is beneath it, with a few words of what is in there; it gives way in a narrow panel."""

    dragged = Signal(int)
    """It is being pulled up or down: the pointer's height on the screen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("fold", True)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words = ""
        self._pressed_at: int | None = None
        self._pulled = False

    def show_state(self, opened: bool, words: str, *, ghost: bool) -> None:
        """Show whether it is open, and ``words``, muted when nobody set what they say."""
        self.setChecked(opened)
        role = "secondary" if ghost else "text"
        self.setIcon(icon("chevron-down" if opened else "chevron-right", role, checked_role=role, size=16))
        if bool(self.property("ghost")) != ghost:
            self.setProperty("ghost", ghost)
            refresh(self)
        self._words = words
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(48, super().minimumSizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at, self._pulled = round(event.globalPosition().y()), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        height = round(event.globalPosition().y())
        if self._pressed_at is None:
            return
        if not self._pulled and abs(height - self._pressed_at) >= QApplication.startDragDistance():
            self._pulled = True
            self.setDown(False)  # pulling does not open it
        if self._pulled:
            self.dragged.emit(height)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        if self._pulled:
            self._pulled = False
            self.setDown(False)
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = max(0, self.width() - _PADDING)
        short = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        self.setText(short.replace("&", "&&"))
        self.setToolTip(tip(self._words) if short != self._words else "")
