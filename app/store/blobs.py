"""Files named by what they hold: each picture, mask and result is stored once, and an altered one is noticed."""

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from app.core.errors import StoreError
from app.store.atomic import DISK, PRIVATE, Disk, write_atomic
from app.store.places import made
from app.store.wording import read_reason, shown

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_CHUNK = 1 << 20


class Blobs:
    """A folder of files named by the sha256 (64 hexadecimal digits) of their bytes. Several programs may share it."""

    def __init__(self, folder: Path, *, disk: Disk = DISK) -> None:
        self.folder = folder
        self._disk = disk

    def put(self, data: bytes, suffix: str) -> str:
        """Store ``data`` and return its digest; ``suffix`` (".png") is for people who look. Raises StoreError."""
        digest = hashlib.sha256(data).hexdigest()
        if not self._whole(digest):
            self._write(digest, suffix, data)
        return digest

    def put_file(self, path: Path) -> str:
        """Store a copy of the file at ``path``, piece by piece, and return its digest. Raises StoreError."""
        digest = digest_of(path)
        if not self._whole(digest):
            self._write(digest, path.suffix.lower(), lambda file: _copy(path, file, digest))
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises StoreError when they are missing or were altered."""
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise _unreadable(path, error) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise _altered(path)
        return data

    def path(self, digest: str) -> Path:
        """The file. Raises StoreError when it is missing."""
        found = self._find(digest)
        if found is None:
            raise StoreError(f"A stored file of the history is missing ({digest[:12]}…). Its entry cannot be shown.")
        return found

    def exists(self, digest: str) -> bool:
        """Whether there is a file of that name (``verify`` looks inside)."""
        return self._find(digest) is not None

    def verify(self, digest: str) -> None:
        """Raise StoreError unless the file is there and holds what its name says."""
        path = self.path(digest)
        if digest_of(path) != digest:
            raise _altered(path)

    def digests(self) -> Iterator[str]:
        """Every stored file's digest, in no order."""
        with contextlib.suppress(OSError):  # a folder that may not be entered holds nothing for us
            for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
                digest = path.name[:64]
                if _DIGEST.fullmatch(digest):
                    yield digest

    def _find(self, digest: str) -> Path | None:
        if not _DIGEST.fullmatch(digest):
            return None
        with contextlib.suppress(OSError):
            return next((self.folder / digest[:2]).glob(f"{digest}*"), None)
        return None

    def _whole(self, digest: str) -> bool:
        """Whether it is stored already, unaltered; an altered file is written again, under its own name."""
        found = self._find(digest)
        return found is not None and digest_of(found) == digest

    def _write(self, digest: str, suffix: str, data: bytes | Callable[[BinaryIO], object]) -> None:
        folder = made(self.folder / digest[:2])
        found = self._find(digest)
        path = found or folder / (digest + (suffix if _SUFFIX.fullmatch(suffix) else ""))
        write_atomic(path, data, mode=PRIVATE, disk=self._disk)


def digest_of(path: Path) -> str:
    """The sha256 (hexadecimal) of the file at ``path``. Raises StoreError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _copy(path: Path, file: BinaryIO, digest: str) -> None:
    copied = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            copied.update(chunk)
            file.write(chunk)
    if copied.hexdigest() != digest:
        raise StoreError(f"“{shown(path)}” changed while it was being copied. Try again.")


def _unreadable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"“{shown(path)}” cannot be read: {read_reason(error)}.")


def _altered(path: Path) -> StoreError:
    return StoreError(f"“{shown(path)}” was changed outside the program and is not used. Restore it from a backup.")
