"""The pictures opened last, newest first."""

from pathlib import Path
from typing import Final

from app.core.errors import StoreError
from app.store.settings_file import SettingsFile

MOST: Final = 12
_KEY: Final = "pictures"


class RecentFiles:
    """A short list of files in a file of its own, so that several programs share it.

    A list that cannot be written is kept for this session only: nobody is told, for nothing of theirs is lost.
    """

    def __init__(self, path: Path) -> None:
        self._file = SettingsFile(path)
        self._unsaved: list[str] | None = None

    def paths(self) -> list[Path]:
        """At most 12 absolute paths, newest first. They need not exist any more."""
        return [Path(name) for name in self._names()]

    def add(self, path: Path) -> None:
        """Put ``path`` at the top."""
        name = str(path.absolute())
        self._save([name, *(other for other in self._names() if other != name)][:MOST])

    def remove(self, path: Path) -> None:
        """Forget ``path``."""
        name = str(path.absolute())
        self._save([other for other in self._names() if other != name])

    def clear(self) -> None:
        """Forget all."""
        self._save([])

    def _names(self) -> list[str]:
        if self._unsaved is not None:
            return self._unsaved
        names = self._file.load().get(_KEY, [])
        if not isinstance(names, list):
            return []
        return [name for name in names if isinstance(name, str) and name and "\0" not in name][:MOST]

    def _save(self, names: list[str]) -> None:
        try:
            self._file.save({_KEY: names})
            self._unsaved = None
        except StoreError:
            self._unsaved = names
