"""A disk that fails at its n-th operation: run with n = 1, 2, ... until nothing fails, as SQLite's tests do."""

import errno
import os
from pathlib import Path
from typing import Any, BinaryIO, cast

from app.store.atomic import Disk


class FailingDisk(Disk):
    """Fails at its n-th operation, counting the writes to the file too."""

    def __init__(self, fail_at: int, code: int = errno.ENOSPC) -> None:
        self.fail_at, self.code, self.count = fail_at, code, 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.fail_at:
            raise OSError(self.code, os.strerror(self.code))

    def create(self, path: Path, mode: int) -> BinaryIO:
        self.step()
        return cast(BinaryIO, CountingFile(super().create(path, mode), self))

    def adopt(self, file: BinaryIO, old: os.stat_result) -> None:
        self.step()
        super().adopt(file, old)

    def sync(self, file: BinaryIO) -> None:
        self.step()
        super().sync(file)

    def replace(self, new: Path, path: Path) -> None:
        self.step()
        super().replace(new, path)

    def sync_folder(self, folder: Path) -> None:
        self.step()
        super().sync_folder(folder)


class CountingFile:
    """A file whose writes count as operations of its disk."""

    def __init__(self, file: BinaryIO, disk: FailingDisk) -> None:
        self._file, self._disk = file, disk

    def write(self, data: bytes) -> int:
        self._disk.step()
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "CountingFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
