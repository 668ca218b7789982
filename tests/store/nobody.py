"""Permissions hold for everyone but root: tests of them run as nobody."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_NOBODY = 65534


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """While it lasts ``folder`` may be read, not written."""
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that nobody, too, may enter (pytest's own are for their owner alone)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
