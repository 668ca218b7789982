"""What the user prefers, alive: every part of the program reads and changes it here."""

from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import StoreError
from app.store.settings_file import Json, SettingsFile

_DELAY: Final = 300
"""Milliseconds of quiet after which changes are written: a dragged slider is one write."""

T = TypeVar("T")


class Settings(QObject):
    """Settings by name, kept in the JSON file at ``path``.

    ``changed(name)`` follows every change. ``noticed(sentence)`` is for the user: damaged settings, or ones that can
    only be kept for this session; ``notice`` holds the sentence of the start, when nobody listened yet.
    """

    changed = Signal(str)
    noticed = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = SettingsFile(path)
        self._members = self._file.load()
        self._dirty: set[str] = set()
        self._session_only = False
        self.notice = self._file.notice
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self.flush)

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
        """Write what was changed now. When that fails the settings last for this session, and the user is told once."""
        self._timer.stop()
        if not self._dirty:
            return
        changes = {name: self._members[name] for name in self._dirty if name in self._members}
        try:
            self._file.save(changes, frozenset(self._dirty - changes.keys()))
        except StoreError as error:
            if not self._session_only:
                self._session_only = True
                self.noticed.emit(f"{error} Until then the settings are kept for this session only.")
            return
        self._dirty.clear()
        self._session_only = False
        if self._file.notice:
            self.noticed.emit(self._file.notice)


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
