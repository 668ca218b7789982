"""The line below the canvas: a hint, the mask's check, zoom, position and what runs. Nothing in it ever moves."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from app.ui.plain_text import one_line, tip
from app.ui.theme import SECONDARY_PX, body_font, current_theme, refresh

HEIGHT = 24
MASK_DELAY_MS = 150
"""How long the mask must stand still before its pixels are counted."""


class StatusLine(QWidget):
    """``mask_area`` gives (masked pixels, the picture's pixels), or None when there is no picture."""

    def __init__(self, mask_area: Callable[[], tuple[int, int] | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mask_area = mask_area
        self.setFixedHeight(HEIGHT)
        self.setFont(status_font())
        self._build()
        self._timer = QTimer(self, singleShot=True, interval=MASK_DELAY_MS)
        self._timer.timeout.connect(self.check_mask)
        self.check_mask()
        self.show_zoom(None)
        self.show_position(None)
        self.show_jobs(0, 0, None)

    def show_hint(self, text: str) -> None:
        """What the active tool does, or what to do next."""
        self._hint.say(text)

    def mask_changed(self) -> None:
        """The mask is another one now; its area follows when it stands still."""
        self._timer.start()

    def check_mask(self) -> None:
        """Count the mask's pixels now and say what they amount to."""
        self._timer.stop()
        area = self._mask_area()
        text = mask_words(area)
        self._mask.say(text)
        self._mask.setProperty("caution", area is not None and area[0] == 0)
        refresh(self._mask)

    def show_zoom(self, scale: float | None) -> None:
        """``scale`` is screen pixels per picture pixel; None without a picture."""
        self._zoom.say("" if scale is None else zoom_words(scale))

    def show_position(self, point: tuple[int, int] | None) -> None:
        """The picture's pixel (x, y) under the pointer; None outside."""
        self._position.say("" if point is None else f"{point[0]}, {point[1]}")

    def show_jobs(self, running: int, queued: int, fraction: float | None) -> None:
        """How many jobs run and wait, and how far the first one is (0 to 1, None when it cannot say)."""
        self._jobs.say(jobs_words(running, queued))
        self._progress.setVisible(running > 0)
        if fraction is None:
            self._progress.setRange(0, 0)
        else:
            self._progress.setRange(0, 100)
            self._progress.setValue(round(100 * min(1.0, max(0.0, fraction))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._row.activate()
        self._progress.setGeometry(self._jobs.x(), self.height() - 4, self._jobs.width(), 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current_theme().window)
        painter.fillRect(0, 0, self.width(), 1, current_theme().hairline)
        for label in (self._mask, self._zoom, self._position, self._jobs):
            painter.fillRect(label.x() - 8, 6, 1, self.height() - 12, current_theme().edge_disabled)
        painter.end()

    def _build(self) -> None:
        self._hint = StatusPart("Hint", "", Qt.AlignmentFlag.AlignLeft)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._mask = StatusPart("Mask", "Mask 99.99 % · 99,999,999 px", Qt.AlignmentFlag.AlignLeft)
        self._zoom = StatusPart("Zoom", "6,400 %", Qt.AlignmentFlag.AlignRight)
        self._position = StatusPart("Position", "30000, 30000", Qt.AlignmentFlag.AlignRight)
        self._jobs = StatusPart("Jobs", "99 running, 99 waiting", Qt.AlignmentFlag.AlignLeft)
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Progress of the running job")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 1)
        row.setSpacing(16)
        row.addWidget(self._hint, 1)
        for part in (self._mask, self._zoom, self._position, self._jobs):
            row.addWidget(part)


class StatusPart(QLabel):
    """One field of a status line: 11 px, as wide as its widest text, cut with an ellipsis when there is no room."""

    def __init__(self, name: str, widest: str, side: Qt.AlignmentFlag) -> None:
        super().__init__()
        self._name = name
        self._full = ""
        self.setProperty("secondary", True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        if widest:
            self.setFixedWidth(QFontMetrics(status_font()).horizontalAdvance(widest) + 2)

    def say(self, text: str) -> None:
        """Show ``text``; the accessible name says it with what it is."""
        self._full = one_line(text)
        self.setText(self._full)
        self.setAccessibleName(f"{self._name}: {self._full}" if self._full else f"{self._name}: none")
        self._tell_rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_rest()

    def _tell_rest(self) -> None:
        """What is cut off is told by a tool tip."""
        is_cut = QFontMetrics(status_font()).horizontalAdvance(self._full) > self.width()
        self.setToolTip(tip(self._full) if is_cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(status_font())
        painter.setPen(current_theme().warning if self.property("caution") else current_theme().secondary)
        shown = QFontMetrics(painter.font()).elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment() | Qt.TextFlag.TextSingleLine, shown)
        painter.end()


def status_font() -> QFont:
    """The 11 px font with figures of one width."""
    font = body_font()
    font.setPixelSize(SECONDARY_PX)
    return font


def mask_words(area: tuple[int, int] | None) -> str:
    """The mask's check in words, from (masked pixels, all pixels)."""
    if area is None:
        return "No picture"
    masked, whole = area
    if masked == 0:
        return "Mask empty"
    share = 100 * masked / max(1, whole)
    percent = "under 0.01" if share < 0.005 else f"{share:.2f}"
    return f"Mask {percent} % · {masked:,} px"


def zoom_words(scale: float) -> str:
    """A zoom as a percentage, with decimals only where they matter."""
    percent = 100 * scale
    return f"{percent:,.0f} %" if percent >= 10 or percent == round(percent) else f"{percent:.1f} %"


def jobs_words(running: int, queued: int) -> str:
    """What runs and waits, in words; "Idle" when nothing does."""
    if not running and not queued:
        return "Idle"
    parts = [f"{running} running"] if running else []
    return ", ".join(parts + ([f"{queued} waiting"] if queued else []))
