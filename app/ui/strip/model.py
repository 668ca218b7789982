"""The strip's rows: running jobs first (newest first), then the results, newest first."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.ui.plain_text import tip
from app.ui.strip.sources import HistorySource, JobsSource, RunningJob, StripEntry
from app.ui.strip.words import entry_name, entry_tip, job_name

_NO_PARENT = QModelIndex()


class StripModel(QAbstractListModel):
    """Follows a history and its jobs. ``arrived`` carries the id of an entry that came just now."""

    arrived = Signal(str)
    settled = Signal()
    """Rows came or went, and whatever shows them knows it by now."""

    def __init__(self, history: HistorySource, jobs: JobsSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._source = jobs
        self._jobs: list[RunningJob] = list(reversed(jobs.running()))
        self._entries: list[StripEntry] = list(history.entries())
        self._numbers: dict[str, int] = {}
        self.is_moving = False
        self._count()
        history.reset.connect(self._read_again)
        history.added.connect(self._add)
        history.removed.connect(self._remove)
        history.changed.connect(self._change)
        for signal in (jobs.started, jobs.changed, jobs.ended):
            signal.connect(self._follow_jobs)

    @property
    def jobs(self) -> Sequence[RunningJob]:
        """The running jobs in the order of their rows, as last heard of."""
        return self._jobs

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._jobs) + len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job = self.job_at(index.row())
        if job is not None:
            return self._job_words(job, role)
        entry = self.entry_at(index.row())
        return None if entry is None else self._entry_words(entry, self.number_at(index.row()), role)

    def job_at(self, row: int) -> RunningJob | None:
        """The running job in that row."""
        return self._jobs[row] if 0 <= row < len(self._jobs) else None

    def entry_at(self, row: int) -> StripEntry | None:
        """The result in that row."""
        at = row - len(self._jobs)
        return self._entries[at] if 0 <= at < len(self._entries) else None

    def number_at(self, row: int) -> int:
        """A result's number, counted from the oldest; it keeps it while the program runs, whatever is discarded."""
        entry = self.entry_at(row)
        return self._numbers[entry.id] if entry is not None else 0

    def row_of(self, entry_id: str | None) -> int:
        """The row of a result, -1 when it is not there."""
        at = next((at for at, entry in enumerate(self._entries) if entry.id == entry_id), None)
        return -1 if at is None else len(self._jobs) + at

    # -- inside ------------------------------------------------------------------------------------------------------

    @staticmethod
    def _job_words(job: RunningJob, role: int) -> str | None:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return job_name(job)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(f"{job_name(job)}\n{job.backend} backend")
        return None

    @staticmethod
    def _entry_words(entry: StripEntry, number: int, role: int) -> str | None:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return entry_name(entry, number)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(entry_tip(entry, number))
        return None

    def _read_again(self) -> None:
        self.beginResetModel()
        self._entries = list(self._history.entries())
        self._count()
        self.endResetModel()

    def _count(self) -> None:
        for entry in reversed(self._entries):
            self._numbers.setdefault(entry.id, len(self._numbers) + 1)

    def _add(self, entry: StripEntry) -> None:
        row = len(self._jobs)
        with self._moving(self.endInsertRows):
            self.beginInsertRows(QModelIndex(), row, row)
            self._entries.insert(0, entry)
            self._numbers.setdefault(entry.id, len(self._numbers) + 1)
        self.arrived.emit(entry.id)

    def _remove(self, entry_id: str) -> None:
        row = self.row_of(entry_id)
        if row < 0:
            return
        with self._moving(self.endRemoveRows):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._entries[row - len(self._jobs)]

    def _change(self, entry_id: str) -> None:
        row = self.row_of(entry_id)
        changed = next((entry for entry in self._history.entries() if entry.id == entry_id), None)
        if row >= 0 and changed is not None:
            self._entries[row - len(self._jobs)] = changed
            self.dataChanged.emit(self.index(row), self.index(row))

    def _follow_jobs(self, _: str = "") -> None:
        now = list(reversed(self._source.running()))
        kept = {job.id for job in now}
        for row in reversed(range(len(self._jobs))):
            if self._jobs[row].id not in kept:
                with self._moving(self.endRemoveRows):
                    self.beginRemoveRows(QModelIndex(), row, row)
                    del self._jobs[row]
        for row, job in enumerate(now):
            self._put_job(row, job)

    def _put_job(self, row: int, job: RunningJob) -> None:
        if row < len(self._jobs) and self._jobs[row].id == job.id:
            if self._jobs[row] != job:
                self._jobs[row] = job
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        with self._moving(self.endInsertRows):
            self.beginInsertRows(QModelIndex(), row, row)
            self._jobs.insert(row, job)

    @contextmanager
    def _moving(self, end: Callable[[], None]) -> Iterator[None]:
        """Rows come or go: until a view has followed, its rows and ours are not the same."""
        self.is_moving = True
        yield
        end()
        self.is_moving = False
        self.settled.emit()
