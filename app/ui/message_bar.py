"""The bar above the canvas that says what went wrong or well, in words, with one thing to do about it.

Never a pop-up: work goes on, and the message waits until it is dismissed. Good news needs no answer and goes by itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.icons import icon, pixmap
from app.ui.plain_text import one_line, several_lines, tip
from app.ui.theme import refresh

ROW_HEIGHT = 40
TEXT_HEIGHT = 64
DETAILS_HEIGHT = 112
GOOD_MS = 6000
"""How long the news that all went well stands there before it goes by itself."""
LONG_WORD = re.compile(r"\S{51,}")
"""What is shortened in the bar; the tool tip, the copy and the accessible name have all of it."""
KEPT = 20
"""Messages that may wait; older ones are let go."""


class Tone(Enum):
    """What a message is; the value is the theme's tone and the icon's name."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    GOOD = "good"

    @property
    def word(self) -> str:
        """The tone in words, because colour alone does not reach everybody."""
        return {"error": "Error", "warning": "Warning", "info": "Note", "good": "Done"}[self.value]


_ICON_ROLES = {Tone.ERROR: "error_text", Tone.WARNING: "warning", Tone.INFO: "accent", Tone.GOOD: "good"}


@dataclass(frozen=True)
class Message:
    """What to say. ``text`` is one sentence, ``details`` what "More" unfolds; ``act`` runs on the button ``action``.

    Good news without an action goes by itself; ``passes`` lets any message go so.
    """

    tone: Tone
    text: str
    details: str = ""
    action: str = ""
    act: Callable[[], None] | None = None
    passes: bool = False


class MessageBar(QFrame):
    """Shows the newest of its messages; the others wait beneath it. Hidden while there is none."""

    dismissed = Signal(object)
    acted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: list[Message] = []
        self.setProperty("tone", Tone.INFO.value)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._build()
        self._arrange()
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that wait, newest first."""
        return tuple(self._messages)

    def say(self, message: Message) -> None:
        """Put ``message`` on top; one with the same tone and text is replaced, not repeated."""
        same = [old for old in self._messages if (old.tone, old.text) == (message.tone, message.text)]
        self._messages = [message, *(old for old in self._messages if old not in same)][:KEPT]
        self._show_top()
        if message.passes or (message.tone is Tone.GOOD and not message.action):
            self._let_go_later(message)
        spoken = QAccessibleAnnouncementEvent(self, f"{message.tone.word}: {one_line(message.text)}")
        spoken.setPoliteness(_politeness(message.tone))
        QAccessible.updateAccessibility(spoken)

    def dismiss(self) -> None:
        """Let the message on top go; the next one shows."""
        if self._messages:
            gone = self._messages.pop(0)
            self._show_top()
            self.dismissed.emit(gone)

    def withdraw(self, text: str) -> None:
        """Take back every message with this text: what it complained of is over."""
        self._messages = [message for message in self._messages if message.text != text]
        self._show_top()

    def clear(self) -> None:
        """Let all messages go."""
        self._messages.clear()
        self._show_top()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._messages:
            self._draw_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._messages:
            self.dismiss()
            return
        super().keyPressEvent(event)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._icon = QLabel(self)
        self._icon.setFixedSize(20, ROW_HEIGHT - 8)
        self._word = QLabel(self)
        self._text = QLabel(self)
        for label in (self._word, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumHeight(ROW_HEIGHT - 8)
        bold = self._word.font()
        bold.setWeight(bold.Weight.DemiBold)
        self._word.setFont(bold)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # Bounded, because a window must be high enough for all of a wrapped text at its narrowest.
        self._text.setMinimumWidth(240)
        self._text.setMaximumHeight(TEXT_HEIGHT)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._waiting = QLabel(self)
        self._waiting.setProperty("secondary", True)
        self._action = QPushButton(self)
        self._action.clicked.connect(self._act)
        self._more = QPushButton("More", self)
        self._more.setCheckable(True)
        self._more.toggled.connect(self._unfold)
        self._dismiss = QToolButton(self)
        self._dismiss.setProperty("compact", True)
        self._dismiss.setIcon(icon("dismiss", "secondary"))
        self._dismiss.setIconSize(QSize(16, 16))
        self._dismiss.setAccessibleName("Dismiss")
        self._dismiss.setToolTip("Dismiss (Esc)")
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._dismiss.clicked.connect(self.dismiss)
        self._build_details()

    def _build_details(self) -> None:
        self._details = QPlainTextEdit(self)
        self._details.setReadOnly(True)
        self._details.setFixedHeight(DETAILS_HEIGHT)
        self._details.setAccessibleName("Details")
        self._details.setTabChangesFocus(True)
        self._copy = QPushButton("Copy", self)
        self._copy.setIcon(icon("copy"))
        self._copy.setAccessibleName("Copy message and details")
        self._copy.clicked.connect(self._copy_all)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._icon, 0, top)
        row.addWidget(self._word, 0, top)
        row.addWidget(self._text, 1)
        row.addWidget(self._waiting)
        for button in (self._action, self._more, self._dismiss):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        unfolded = QHBoxLayout()
        unfolded.setSpacing(8)
        unfolded.addWidget(self._details, 1)
        unfolded.addWidget(self._copy, 0, top)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(unfolded)

    def _show_top(self) -> None:
        if not self._messages:
            self.hide()
            return
        message = self._messages[0]
        self.setProperty("tone", message.tone.value)
        refresh(self)
        self._draw_icon()
        self._word.setText(message.tone.word)
        self._text.setText(LONG_WORD.sub(_shortened, one_line(message.text)))
        self._text.setToolTip(tip(one_line(message.text)))
        self.setAccessibleName(f"{message.tone.word}: {one_line(message.text)}")
        others = len(self._messages) - 1
        self._waiting.setText(f"{others} more" if others else "")
        self._waiting.setVisible(others > 0)
        self._action.setText(message.action)
        self._action.setVisible(bool(message.action))
        self._details.setPlainText(several_lines(message.details))
        self._more.setVisible(bool(message.details))
        self._more.setChecked(False)
        self._unfold(False)
        self.show()

    def _let_go_later(self, message: Message) -> None:
        QTimer.singleShot(GOOD_MS, self, lambda: self._let_go(message))

    def _let_go(self, message: Message) -> None:
        focus = QApplication.focusWidget()
        attended = self.underMouse() or self._more.isChecked() or (focus is not None and self.isAncestorOf(focus))
        if attended and self._messages and self._messages[0] is message:
            self._let_go_later(message)  # somebody reads it, or is about to press its button
            return
        if any(waiting is message for waiting in self._messages):
            self._messages = [waiting for waiting in self._messages if waiting is not message]
            self._show_top()

    def _draw_icon(self) -> None:
        tone = self._messages[0].tone
        self._icon.setPixmap(pixmap(tone.value, _ICON_ROLES[tone], ratio=self.devicePixelRatioF()))

    def _unfold(self, unfolded: bool) -> None:
        self._more.setText("Less" if unfolded else "More")
        self._details.setVisible(unfolded)
        self._copy.setVisible(unfolded)

    def _act(self) -> None:
        message = self._messages[0]
        self.dismiss()
        if message.act is not None:
            message.act()
        self.acted.emit(message)

    def _copy_all(self) -> None:
        message = self._messages[0]
        QGuiApplication.clipboard().setText(f"{one_line(message.text)}\n\n{several_lines(message.details)}")


def _shortened(word: re.Match[str]) -> str:
    """A long name as its start and its end; a line is not broken within a word, and would be cut off."""
    return f"{word[0][:32]}…{word[0][-16:]}"


def _politeness(tone: Tone) -> QAccessible.AnnouncementPoliteness:
    polite = QAccessible.AnnouncementPoliteness
    return polite.Assertive if tone is Tone.ERROR else polite.Polite
