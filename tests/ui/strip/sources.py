"""A history and jobs in memory, with real thumbnails, for the strip's tests."""

import time
from dataclasses import dataclass, replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QColor, QImage, QImageWriter

NOON = 1_780_000_000.0


@dataclass(frozen=True)
class AnEntry:
    id: str
    endpoint: str = "local/fill"
    backend: str = "local"
    seed: int | None = 5
    created: float = NOON
    seconds: float = 1.25
    thumbnail: str = "red"
    cost: float | None = None
    flags: tuple[str, ...] = ()
    starred: bool = False


@dataclass(frozen=True)
class AJob:
    id: str
    title: str = "Local fill"
    backend: str = "local"
    state: str = "running"
    position: int | None = None
    fraction: float | None = 0.5
    stage: str = "filling"
    elapsed: float = 12.4


class AHistory(QObject):
    """``thumbnail`` names a colour; "broken" gives bytes that are no picture, "missing" none at all."""

    reset = Signal()
    added = Signal(object)
    removed = Signal(str)
    changed = Signal(str)

    def __init__(self, count: int = 0) -> None:
        super().__init__()
        self.kept = [AnEntry(str(number)) for number in reversed(range(count))]
        self.reads: list[str] = []
        self.pictures = {colour: png(colour, 192, 96) for colour in ("red", "lime", "blue")}

    def entries(self) -> list[AnEntry]:
        return self.kept

    def thumbnail(self, entry: AnEntry) -> bytes | None:
        self.reads.append(entry.id)
        if entry.thumbnail in ("broken", "missing"):
            return b"no picture" if entry.thumbnail == "broken" else None
        return self.pictures[entry.thumbnail]

    def add(self, entry: AnEntry) -> None:
        self.kept.insert(0, entry)
        self.added.emit(entry)

    def remove(self, entry_id: str) -> None:
        self.kept = [entry for entry in self.kept if entry.id != entry_id]
        self.removed.emit(entry_id)

    def star(self, entry_id: str) -> None:
        self.kept = [replace(entry, starred=True) if entry.id == entry_id else entry for entry in self.kept]
        self.changed.emit(entry_id)


class SomeJobs(QObject):
    started = Signal(str)
    changed = Signal(str)
    ended = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, AJob] = {}

    def running(self) -> list[AJob]:
        return list(self.kept.values())

    def start(self, job: AJob) -> None:
        self.kept[job.id] = job
        self.started.emit(job.id)

    def change(self, job: AJob) -> None:
        self.kept[job.id] = job
        self.changed.emit(job.id)

    def end(self, job_id: str) -> None:
        del self.kept[job_id]
        self.ended.emit(job_id)


def png(colour: str, width: int, height: int) -> bytes:
    """A picture of one colour as PNG bytes."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def today_at(hour: int, minute: int) -> float:
    """Today's local time in seconds since 1970."""
    now = time.localtime()
    return time.mktime((now.tm_year, now.tm_mon, now.tm_mday, hour, minute, 0, 0, 0, -1))
