"""The foot of the parameter panel: what is in the way of generating, and the button that generates."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.ui.icons import icon, pixmap
from app.ui.plain_text import one_line, tip
from app.ui.theme import current_theme, refresh


class ReasonLine(QWidget):
    """Two lines of small text whose room is kept, so that the button never moves; a link when a field is at fault."""

    clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._linked = False
        self._sign = QLabel(self)
        self._sign.setFixedSize(16, 16)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("secondary", True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 4, 4)  # the frame of the focus stands in it
        layout.setSpacing(4)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 1)
        self.setMinimumHeight(36)

    def show_reason(self, reason: str, linked: bool) -> None:
        """Say ``reason``; with nothing in the way the key that generates is named."""
        self._linked = linked and bool(reason)
        keys = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
        self._words.setText(one_line(reason) if reason else f"{keys} generates from anywhere")
        self._words.setProperty("caution", bool(reason))
        refresh(self._words)
        self._draw_sign()
        self._sign.setVisible(bool(reason))
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._linked else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if self._linked else Qt.FocusPolicy.NoFocus)
        font = self._words.font()
        font.setUnderline(self._linked)
        self._words.setFont(font)
        self.setAccessibleName(f"{reason} Go to the field." if self._linked else self._words.text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_sign()

    def _draw_sign(self) -> None:
        """A label keeps pixels, so a change of theme draws them again."""
        self._sign.setPixmap(pixmap("warning", "warning", size=16, ratio=self.devicePixelRatioF()))

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (
            self._linked
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.clicked.emit()
        super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame round the words while the link has the focus."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(current_theme().colour("accent"), 2))
            frame = self._words.geometry().adjusted(-3, -3, 3, 3)
            painter.drawRoundedRect(frame, 4, 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._linked and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)


class Foot(QWidget):
    """The line that says what is in the way, and Generate with its menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.reason = ReasonLine(self)
        self.generate = QPushButton("Generate", self)
        self.generate.setProperty("primary", True)
        self.generate.setProperty("segment", "left")
        self.generate.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.generate.setMinimumHeight(32)
        self.menu = QMenu(self)
        self.more = QToolButton(self)
        self.more.setProperty("primary", True)
        self.more.setProperty("segment", "right")
        self.more.setIcon(icon("chevron-down", "accent_text", size=16))
        self.more.setMenu(self.menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setAccessibleName("More ways to generate")
        self.more.setToolTip(tip("More ways to generate"))
        self.more.setFixedSize(32, 32)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.generate, 1)
        buttons.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 12)
        layout.setSpacing(4)
        layout.addWidget(self.reason)
        layout.addLayout(buttons)
        self.show_state("Generate", "", "")

    def show_state(self, text: str, reason: str, field: str) -> None:
        """As ``ParameterPanel.set_generate``."""
        self.generate.setText(one_line(text).replace("&", "&&"))
        self.generate.setAccessibleName(one_line(text))
        self.generate.setAccessibleDescription(reason)
        self.generate.setToolTip(tip(reason or one_line(text)))
        self.generate.setEnabled(not reason)
        self.more.setEnabled(not reason)
        self.reason.show_reason(reason, bool(field))
