"""Writing a file so that a crash, a full disk or a kill leaves the old file or the new one, never a mix.

The new bytes go to a temporary file in the same folder, are flushed and synced, renamed over the old name, and the
folder is synced. (The order is SQLite's and PostgreSQL's; see "Files are hard", and `man 2 fsync` on directories.)
"""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.core.errors import StoreError
from app.store.wording import shown, write_error

PRIVATE = 0o600
SHARED = 0o666
"""Before the user's umask."""

_UNSYNCABLE = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EBADF}
"""What file systems answer that cannot sync a folder (FUSE, some network shares): nothing more can be done there."""


class Disk:
    """The few operations a careful write is made of. Tests pass one that fails at its n-th operation."""

    def create(self, path: Path, mode: int) -> BinaryIO:
        """A new file, open for reading and writing (some picture encoders go back to fill in a length)."""
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "w+b")

    def adopt(self, file: BinaryIO, old: os.stat_result) -> None:
        """Give the new file the mode of the old one, and its owner where we are allowed to."""
        with contextlib.suppress(OSError):
            os.fchown(file.fileno(), old.st_uid, old.st_gid)
        os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode) & 0o777)

    def sync(self, file: BinaryIO) -> None:
        """Return when the file's bytes are on the disk."""
        file.flush()
        os.fsync(file.fileno())

    def replace(self, new: Path, path: Path) -> None:
        """Put ``new`` in the place of ``path`` in one step."""
        new.replace(path)

    def sync_folder(self, folder: Path) -> None:
        """Return when the folder's names are on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _UNSYNCABLE:
                raise
        finally:
            os.close(descriptor)


DISK = Disk()


def write_atomic(
    path: Path, data: bytes | Callable[[BinaryIO], object], *, mode: int = SHARED, disk: Disk = DISK
) -> None:
    """Write ``data`` (the bytes, or what writes them to an open file) to ``path``, all of it or nothing.

    A link is followed. An existing file keeps its mode, and its owner where allowed; a new one gets ``mode`` under the
    user's umask. Raises StoreError in words when that fails; whatever ``data`` raises besides OSError passes through.
    In both cases the temporary file is gone and the old file is as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        old = _existing(target)
        _write_and_rename(target, data, mode, old, disk)
        disk.sync_folder(target.parent)
    except OSError as error:
        raise write_error(error, path) from error
    except ValueError as error:
        if "null" not in str(error):
            raise
        raise StoreError("A file's name cannot hold a null character. Choose another name.") from error


def check_writable(path: Path) -> None:
    """Raise the StoreError that ``write_atomic`` would, where it can be known without writing. (A full disk cannot.)"""
    try:
        target = Path(os.path.realpath(path))
        _existing(target)
        if not stat.S_ISDIR(target.parent.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(target.parent, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            read_only = os.statvfs(target.parent).f_flag & os.ST_RDONLY
            raise PermissionError(errno.EROFS if read_only else errno.EACCES, "not writable")
    except OSError as error:
        raise write_error(error, path) from error


def _existing(target: Path) -> os.stat_result | None:
    """The old file's state, or None. A device, pipe or folder is refused: renaming would destroy it."""
    try:
        old = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(old.st_mode):
        raise StoreError(f"“{shown(target)}” is not an ordinary file and was not overwritten. Choose another name.")
    return old


def _write_and_rename(
    target: Path, data: bytes | Callable[[BinaryIO], object], mode: int, old: os.stat_result | None, disk: Disk
) -> None:
    # A name of its own, not the target's with an ending: a name of 255 bytes has no room for one.
    temporary = target.parent / f".mendbrush-{secrets.token_hex(8)}.part"
    try:
        with disk.create(temporary, mode) as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                data(file)
            if old is not None:
                disk.adopt(file, old)
            disk.sync(file)
        disk.replace(temporary, target)
    finally:
        # After the rename there is nothing left under this name.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
