"""What can be said about the result that is seen on the canvas: take it, or put it aside."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.icons import icon

MARGIN = 12
"""Pixels between the two buttons and the canvas's lower edge."""


class Verdict(QWidget):
    """Two buttons that float above the lower edge of ``ground`` while a result is seen; Enter there accepts.

    Both leave the focus where it is, so that the tools' keys go on working.
    """

    accepted = Signal()
    dismissed = Signal()

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self._ground = ground
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for name, key, picture, role, signal in (
            ("Accept", "Enter", "accept", "accent_text", self.accepted),
            ("Put aside", "Esc", "dismiss", "text", self.dismissed),
        ):
            button = QPushButton(icon(picture, role), name)
            button.setProperty("primary", role == "accent_text")
            button.setToolTip(f"{name} ({key})")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(signal)
            row.addWidget(button)
        ground.installEventFilter(self)
        self.hide()

    def show_for(self, seen: bool) -> None:
        """Stand there while a result is seen."""
        self.setVisible(seen)
        self._place()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on the ground, and its size; Esc comes from the canvas, which has strokes to end with it first."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or self.isHidden():
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or event.isAutoRepeat():
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
            return True
        return False

    def _place(self) -> None:
        self.adjustSize()
        ground = self._ground
        self.move((ground.width() - self.width()) // 2, ground.height() - self.height() - MARGIN)
