"""The history strip along the window's lower edge: results newest first, behind what still runs."""

from PySide6.QtCore import QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QStyle, QVBoxLayout, QWidget

from app.ui.icons import icon
from app.ui.strip.delegate import StripDelegate
from app.ui.strip.list import StripList
from app.ui.strip.model import StripModel
from app.ui.strip.sources import HistorySource, JobsSource
from app.ui.strip.thumbnails import Thumbnails
from app.ui.theme import current_theme

HEIGHT = 128
PULSE_MS = 900
TURNING_MS, COUNTING_MS = 50, 250
"""How often running jobs are drawn anew: a turning ring, and one that only counts seconds."""


class HistoryStrip(QWidget):
    """Shows and chooses; it changes nothing itself. Whoever owns results and jobs does what the signals ask."""

    selected = Signal(object)
    """An entry's id, or None when nothing is selected."""
    accepted = Signal(str)
    discard_requested = Signal(str)
    star_toggled = Signal(str)
    compare_requested = Signal(str)
    restore_values_requested = Signal(str)
    cancel_requested = Signal(str)
    """A running job's id."""

    def __init__(self, history: HistorySource, jobs: JobsSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.model = StripModel(history, jobs, self)
        self._thumbnails = Thumbnails(history.thumbnail)
        self._delegate = StripDelegate(self.model, self._thumbnails, self)
        self.list = StripList(self.model, self._delegate, self)
        self.setFocusProxy(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 1, 8, 0)
        layout.addWidget(self.list)
        self._told: str | None = None
        self._ticks = QTimer(self)
        self._ticks.timeout.connect(self._tick)
        self._connect()
        self._watch_jobs()

    @property
    def selected_entry(self) -> str | None:
        """The id of the selected result, None when there is none."""
        entry = self.model.entry_at(self.list.selected_row())
        return entry.id if entry else None

    def select(self, entry_id: str | None) -> None:
        """Select a result and bring it into sight; None selects nothing."""
        self.list.select(self.model.row_of(entry_id))

    def close_thumbnails(self) -> None:
        """Decode nothing more; for the end of the program."""
        self._thumbnails.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current_theme().window)
        painter.fillRect(0, 0, self.width(), 1, current_theme().hairline)
        painter.end()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._thumbnails.ready.connect(self._draw_thumbnails)
        self._delegate.cancel_requested.connect(self.cancel_requested)
        self.list.chosen.connect(self._tell)
        self.list.command.connect(self._obey)
        self.list.menu_requested.connect(self._show_menu)
        self.model.arrived.connect(self._pulse)
        self.model.modelReset.connect(lambda: self.select(self._told))
        self.model.modelReset.connect(self._tell)
        self.model.settled.connect(self._tell)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.dataChanged):
            signal.connect(self._watch_jobs)

    def _tell(self) -> None:
        if self.model.is_moving:
            return  # the selection's row is not the model's yet
        now = self.selected_entry
        if now != self._told:
            self._told = now
            self.selected.emit(now)

    def _obey(self, name: str, row: int) -> None:
        job, entry = self.model.job_at(row), self.model.entry_at(row)
        if job is not None and name == "discard":
            self.cancel_requested.emit(job.id)
        if entry is not None:
            signal = {
                "accept": self.accepted,
                "discard": self.discard_requested,
                "star": self.star_toggled,
                "compare": self.compare_requested,
                "restore": self.restore_values_requested,
            }[name]
            signal.emit(entry.id)

    def _show_menu(self, row: int) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, key, name, picture in self._choices(row):
            if not text:
                menu.addSeparator()
                continue
            # The tab puts the key where menus show them; the list itself listens to it.
            action = QAction(icon(picture), f"{text}\t{key}", menu)
            action.triggered.connect(lambda _=False, name=name: self._obey(name, row))
            menu.addAction(action)
        menu.popup(self.list.menu_point(row))

    def _choices(self, row: int) -> list[tuple[str, str, str, str]]:
        """A menu's lines as (text, key, command, icon); an empty text is a separator."""
        if self.model.job_at(row) is not None:
            return [("Cancel", "Del", "discard", "cancel")]
        entry = self.model.entry_at(row)
        star = ("Remove star", "star") if entry is not None and entry.starred else ("Star", "star-filled")
        return [
            ("Accept", "Enter", "accept", "accept"),
            ("Compare", "C", "compare", "compare"),
            (star[0], "S", "star", star[1]),
            ("Restore values", "V", "restore", "reset"),
            ("", "", "", ""),
            ("Discard", "Del", "discard", "trash"),
        ]

    def _draw_thumbnails(self, _: str) -> None:
        # All that is seen, once for as many as have come: finding each one's row would take longer than drawing.
        self.list.viewport().update()

    def _redraw(self, entry_id: str) -> None:
        self.list.redraw(self.model.row_of(entry_id))

    def _pulse(self, entry_id: str) -> None:
        if not self._may_move():
            return
        animation = QVariantAnimation(self, startValue=1.0, endValue=0.0, duration=PULSE_MS)
        animation.valueChanged.connect(lambda strength: self._set_pulse(entry_id, float(strength)))
        animation.finished.connect(lambda: self._set_pulse(entry_id, 0.0))
        animation.start(QVariantAnimation.DeletionPolicy.DeleteWhenStopped)

    def _set_pulse(self, entry_id: str, strength: float) -> None:
        self._delegate.pulses[entry_id] = strength
        if strength <= 0:
            del self._delegate.pulses[entry_id]
        self._redraw(entry_id)

    def _may_move(self) -> bool:
        """Whether the desktop wants animations at all."""
        return self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0

    def _watch_jobs(self) -> None:
        jobs = self.model.jobs
        if not jobs:
            self._ticks.stop()
            return
        self._delegate.moving = self._may_move()
        turning = self._delegate.moving and any(job.state == "running" and job.fraction is None for job in jobs)
        interval = TURNING_MS if turning else COUNTING_MS
        if not self._ticks.isActive() or self._ticks.interval() != interval:
            self._ticks.start(interval)

    def _tick(self) -> None:
        for row in range(len(self.model.jobs)):
            self.list.redraw(row)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)
