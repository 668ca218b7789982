"""What the user prefers, alive: every part of the program reads and changes it here."""

import contextlib
import copy
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import StoreError
from app.store.settings_file import Json, SettingsFile

_DELAY: Final = 300
"""Milliseconds of quiet after which changes are written: a dragged slider is one write."""

T = TypeVar("T")


@dataclass
class _Write:
    """One writing of what changed: filled in by the thread that does it."""

    changes: dict[str, Json]
    removed: frozenset[str]
    error: str = ""
    notice: str = ""


class Settings(QObject):
    """Settings by name, kept in the JSON file at ``path``.

    ``changed(name)`` follows every change. ``noticed(sentence)`` is for the user: damaged settings, or ones that can
    only be kept for this session; ``notice`` holds the sentence of the start, when nobody listened yet.
    """

    changed = Signal(str)
    noticed = Signal(str)
    _written = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = SettingsFile(path)
        self._members = self._file.load()
        self._dirty: set[str] = set()
        self._session_only = False
        self._writing: tuple[threading.Thread, _Write] | None = None
        self.notice = self._file.notice
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self._write_aside)
        self._written.connect(self._settle)

    def get(self, name: str, default: T) -> T:
        """The setting, or ``default`` when there is none or it is of another type (a file may be edited by hand)."""
        value = self._members.get(name, default)
        return value if _is_like(value, default) else default

    def set(self, name: str, value: Json) -> None:
        """Change a setting; ``value`` is anything JSON can hold. None takes it out."""
        if name in self._members and _same(self._members[name], value):
            return
        if value is None:
            self._members.pop(name, None)
        else:
            self._members[name] = value
        self._dirty.add(name)
        self._timer.start()
        self.changed.emit(name)

    def flush(self) -> None:
        """Write what was changed, and return when it is on the disk.

        When that fails the settings last for this session, and the user is told once.
        """
        self._timer.stop()
        self._settle()
        if self._dirty:
            self._write_aside()
            self._settle()

    def _write_aside(self) -> None:
        """Write in a thread: a disk may take longer to sync than a hand that paints may wait."""
        if self._writing is not None:
            self._timer.start()
            return
        changes = {name: self._members[name] for name in self._dirty if name in self._members}
        write = _Write(copy.deepcopy(changes), frozenset(self._dirty - changes.keys()))
        self._dirty.clear()
        thread = threading.Thread(target=self._run, args=(write,), name="settings")
        self._writing = thread, write
        thread.start()

    def _run(self, write: _Write) -> None:
        try:
            self._file.save(write.changes, write.removed)
            write.notice = self._file.notice
        except StoreError as error:
            write.error = str(error)
        # At the end of the program nobody may be left to tell.
        with contextlib.suppress(RuntimeError):
            self._written.emit()

    def _settle(self) -> None:
        """Take note of what became of the last writing, waiting for its end."""
        if self._writing is None:
            return
        thread, write = self._writing
        thread.join()
        self._writing = None
        if write.error:
            self._dirty |= write.changes.keys() | write.removed
            if not self._session_only:
                self.noticed.emit(f"{write.error} Until then the settings are kept for this session only.")
        elif write.notice:
            self.noticed.emit(write.notice)
        self._session_only = bool(write.error)


def _is_like(value: object, default: object) -> bool:
    """Whether ``value`` can stand for ``default``; a whole number can for a fraction, true and false for no number."""
    if default is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    if isinstance(default, list | tuple):
        return isinstance(value, list | tuple)
    return isinstance(value, type(default))


def _same(old: Json, new: Json) -> bool:
    # 1 == True == 1.0, but they are three settings.
    return type(old) is type(new) and bool(old == new)
