"""The comparison's own bar: how the pictures are laid out, what is compared, and what becomes of it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.ui.compare.panes import Mode
from app.ui.icons import icon
from app.ui.plain_text import one_line
from app.ui.theme import current_theme

HEIGHT = 44

_MODES = (
    (Mode.SIDE_BY_SIDE, "side-by-side", "Side by side"),
    (Mode.DIVIDER, "divider", "Sliding divider"),
    (Mode.DIVIDER_ACROSS, "divider-across", "Sliding divider, horizontal"),
)


class CompareBar(QWidget):
    """Buttons and one choice; it knows nothing of pictures."""

    mode_chosen = Signal(object)
    swapped = Signal()
    original_toggled = Signal(bool)
    left_chosen = Signal(str)
    accepted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._modes = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 8, 5)
        self._row.setSpacing(4)
        for number, (mode, picture, words) in enumerate(_MODES):
            button = self._tool(picture, words, checkable=True)
            self._modes.addButton(button, number)
            button.clicked.connect(lambda _=False, mode=mode: self.mode_chosen.emit(mode))
        self._row.addSpacing(8)
        self._tool("swap", "Swap sides").clicked.connect(self.swapped)
        self.original = self._tool("original", "Show the original (O)", checkable=True)
        self.original.toggled.connect(self.original_toggled)
        self._row.addSpacing(12)
        self._build_choice()
        self._row.addStretch(1)
        self._build_ends()

    def show_mode(self, mode: Mode) -> None:
        """Check the button of ``mode``."""
        self._modes.button([known for known, _, _ in _MODES].index(mode)).setChecked(True)

    def set_choices(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """What the result can be compared with, as (key, words); ``chosen`` is one of the keys."""
        self.left.blockSignals(True)
        self.left.clear()
        for key, words in choices:
            self.left.addItem(one_line(words, 80), key)
        self.left.setCurrentIndex(max(0, self.left.findData(chosen)))
        self.left.setEnabled(len(choices) > 1)
        self.left.blockSignals(False)

    def set_acceptable(self, acceptable: bool) -> None:
        """Whether there is a result that can be accepted."""
        self.accept.setEnabled(acceptable)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current_theme().window)
        painter.fillRect(0, self.height() - 1, self.width(), 1, current_theme().hairline)
        painter.end()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _tool(self, picture: str, words: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(picture))
        button.setIconSize(QSize(20, 20))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._row.addWidget(button)
        return button

    def _build_choice(self) -> None:
        words = QLabel("Compare &with", self)
        words.setProperty("secondary", True)
        self.left = QComboBox(self)
        self.left.setAccessibleName("Compare with")
        self.left.setMinimumWidth(200)
        self.left.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.left.currentIndexChanged.connect(lambda at: self.left_chosen.emit(str(self.left.itemData(at))))
        words.setBuddy(self.left)
        self._row.addWidget(words)
        self._row.addSpacing(4)
        self._row.addWidget(self.left)
        self.set_choices([("", "Original")], "")

    def _build_ends(self) -> None:
        self.accept = QPushButton("Accept", self)
        self.accept.setIcon(icon("accept", "accent_text"))
        self.accept.setProperty("primary", True)
        self.accept.setToolTip("Accept this result (Enter)")
        self.accept.clicked.connect(self.accepted)
        self._row.addWidget(self.accept)
        self._row.addSpacing(4)
        self._tool("dismiss", "Close the comparison (C)").clicked.connect(self.closed)
