"""Reading what anybody may have put there: never more than expected, and never waiting for a pipe."""

import errno
import os
import stat
from pathlib import Path

from app.store.wording import read_reason, shown


def read_bounded(path: Path, limit: int) -> bytes:
    """The first ``limit`` + 1 bytes of a file at most, so that a longer one is seen to be longer.

    Raises OSError, also for what is no ordinary file, and ValueError for a name that no file can have.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file")
        return file.read(limit + 1)


def json_files(folder: Path, most: int, kind: str, problems: list[str]) -> list[Path]:
    """At most ``most`` JSON files of ``folder`` in the order of their names; none where there is no folder.

    ``problems`` gets a sentence, in which the files hold ``kind`` ("presets"), for a folder that cannot be read or is
    too full.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        problems.append(f"The folder “{shown(folder)}” cannot be read: {read_reason(error)}. Its {kind} are missing.")
        return []
    if len(found) > most:
        problems.append(f"“{shown(folder)}” holds {len(found)} files; the first {most} are read. Move some away.")
    return found[:most]
