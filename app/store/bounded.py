"""Reading files that anybody may have written: never more than expected, and never waiting for a pipe."""

import errno
import os
import stat
from pathlib import Path


def read_bounded(path: Path, limit: int) -> bytes:
    """The first ``limit`` + 1 bytes of a file at most, so that a longer one is seen to be longer.

    Raises OSError, also for what is no ordinary file, and ValueError for a name that no file can have.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file")
        return file.read(limit + 1)
