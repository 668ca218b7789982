"""The settings as one JSON file.

Unknown keys survive, a damaged file is kept beside the new one, and two programs do not overwrite each other's changes.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.core.errors import StoreError
from app.store.atomic import DISK, PRIVATE, Disk, write_atomic
from app.store.bounded import read_bounded
from app.store.places import made
from app.store.wording import read_reason, shown

Json = Any
"""What ``json.loads`` can give. (Not core's, which would bring NumPy to the start of the program.)"""

FORMAT: Final = 1
_FORMAT_KEY: Final = "format"
_LARGEST: Final = 16 << 20


class SettingsFile:
    """``path``: a JSON object with a format number and one member per setting.

    ``notice`` is a sentence about what was found on the last reading, "" when all was well.
    """

    def __init__(self, path: Path, *, disk: Disk = DISK) -> None:
        self.path = path
        self.notice = ""
        self._disk = disk

    def load(self) -> dict[str, Json]:
        """Every setting in the file; none when there is no file. Never raises: a damaged file is kept as ``.bak``."""
        members = self._members()
        members.pop(_FORMAT_KEY, None)
        return members

    def save(self, changes: Mapping[str, Json], removed: frozenset[str] = frozenset()) -> None:
        """Write ``changes`` and take out ``removed``; all other keys stay as the file has them. Raises StoreError."""
        made(self.path.parent)
        with _alone(self.path.parent):
            members = self._members()
            kept = {key: value for key, value in members.items() if key not in removed}
            merged = {_FORMAT_KEY: FORMAT, **kept, **changes}
            write_atomic(self.path, _text(merged), mode=PRIVATE, disk=self._disk)

    def _members(self) -> dict[str, Json]:
        self.notice = ""
        try:
            return _parsed(self.path)
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.notice = f"The settings cannot be read ({read_reason(error)}); the usual ones are used."
        except (ValueError, RecursionError):
            self._keep_damaged()
        return {}

    def _keep_damaged(self) -> None:
        backup = self.path.with_name(self.path.name + ".bak")
        try:
            self.path.replace(backup)
            self.notice = (
                f"The settings were damaged; the usual ones are used. The old file was kept as “{shown(backup)}”."
            )
        except OSError:
            self.notice = "The settings are damaged and cannot be moved away; the usual ones are used."


def _parsed(path: Path) -> dict[str, Json]:
    text = read_bounded(path, _LARGEST)
    if len(text) > _LARGEST:
        raise ValueError("too long")
    document = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get(_FORMAT_KEY), int):
        raise ValueError("not a settings file")
    return document


def _text(members: Mapping[str, Json]) -> bytes:
    try:
        return (json.dumps(members, indent=1) + "\n").encode("ascii")
    except (TypeError, ValueError) as error:
        raise StoreError(f"A setting cannot be written down ({error}). It was not saved.") from error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While it lasts no other program reads, merges and writes here. The folder itself is locked: no file remains."""
    descriptor = -1
    try:
        # Some network file systems know no locks; then two programs may, rarely, lose one change.
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)
