"""How trouble with a file is put into words: one sentence, with what to do next."""

import errno
import os
import shutil
from pathlib import Path

from app.core.errors import StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_DENIED = {errno.EACCES, errno.EPERM}


def shown(path: Path) -> str:
    """The file's name, safe to print anywhere: undecodable bytes and control characters become a question mark."""
    name = os.fsencode(path.name or str(path)).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)


def megabytes(count: int) -> str:
    """``count`` bytes as "3.2 MB"."""
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"


def free_space(folder: Path) -> str:
    """What is free where ``folder`` lies, as "3.2 MB", or "unknown"."""
    try:
        return megabytes(shutil.disk_usage(folder).free)
    except OSError:
        return "unknown"


def write_error(error: OSError, path: Path) -> StoreError:
    """The sentence for a failed write of ``path``."""
    name, folder = shown(path), shown(path.parent)
    if error.errno in _FULL:
        free = free_space(path.parent)
        return StoreError(f"The disk is full: “{name}” was not saved ({free} free). Free some space or save elsewhere.")
    if error.errno == errno.EROFS:
        return StoreError(f"“{name}” was not saved because “{folder}” is read-only. Use Save As to save elsewhere.")
    if error.errno in _DENIED:
        return StoreError(f"“{name}” was not saved: “{folder}” may not be written to. Use Save As to save elsewhere.")
    if error.errno == errno.ENAMETOOLONG:
        return StoreError(f"“{name}” was not saved because its name is too long. Choose a shorter name.")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return StoreError(f"“{name}” was not saved because the folder “{folder}” is gone. Save elsewhere.")
    reason = error.strerror or "unknown reason"
    return StoreError(f"“{name}” was not saved ({reason}). Try again or save elsewhere.")


def read_reason(error: OSError | ValueError) -> str:
    """Why a file cannot be read, as the end of a sentence; a ValueError is about its name."""
    if isinstance(error, ValueError):
        return "its name cannot be used"
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return "it is not there"
        case errno.EACCES | errno.EPERM:
            return "there is no permission to read it"
        case errno.ENAMETOOLONG:
            return "its name is too long"
        case errno.ELOOP:
            return "it is a link that leads back to itself"
    return error.strerror or "the disk reported an error"
