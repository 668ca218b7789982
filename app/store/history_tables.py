"""The history's SQLite file: how it is opened safely, and the steps that bring an old one up to date."""

import contextlib
import json
import os
import sqlite3
import stat
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from app.core.errors import StoreError

Migration = Callable[[sqlite3.Connection], None]


def create_tables(connection: sqlite3.Connection) -> None:
    """Version 1. ``record`` is the JSON of records.py; ``crc`` covers the rest of the row: SQLite does not."""
    connection.execute(
        "CREATE TABLE jobs (id TEXT PRIMARY KEY, created REAL NOT NULL, state TEXT NOT NULL, picture TEXT NOT NULL,"
        " record TEXT NOT NULL, crc INTEGER NOT NULL) STRICT"
    )
    connection.execute("CREATE INDEX jobs_by_state ON jobs (state, created)")
    connection.execute(
        "CREATE TABLE entries (id TEXT PRIMARY KEY, job TEXT NOT NULL, place INTEGER NOT NULL, created REAL NOT NULL,"
        " picture TEXT NOT NULL, removed REAL, record TEXT NOT NULL, crc INTEGER NOT NULL) STRICT"
    )
    connection.execute("CREATE INDEX entries_newest ON entries (created DESC, job DESC, place)")
    connection.execute("CREATE INDEX entries_of_picture ON entries (picture, created DESC, job DESC, place)")


MIGRATIONS: Final[tuple[Migration, ...]] = (create_tables,)
"""Step n brings version n to version n + 1. Never change one that was released; add one."""

_PLAUSIBLE = 1000
"""A version beyond this is a damaged header, not a newer program."""

_CANNOT_WRITE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
}


class Damaged(Exception):
    """The file is not a whole history: it is to be moved aside. Never leaves ``app.store``."""


class Newer(Exception):
    """A newer version of the program wrote the file."""


class Locked(Exception):
    """Another program holds the file."""


class Unwritable(Exception):
    """The file or its folder cannot be written."""


def crc_of(row: Sequence[Any]) -> int:
    """The checksum stored in a row's last column, of the other columns."""
    return zlib.crc32(json.dumps(row).encode("ascii"))


def connect(path: Path, wait: float, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection that leaves transactions to us, waits ``wait`` seconds for locks, and serves any thread.

    Raises sqlite3.Error for what is no ordinary file, too: SQLite would wait for ever at a pipe.
    """
    with contextlib.suppress(FileNotFoundError):
        if not _is_ordinary(path):
            raise sqlite3.DatabaseError("not an ordinary file")
    mode = "ro" if read_only else "rwc"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
    return connection


def _is_ordinary(path: Path) -> bool:
    """Raises FileNotFoundError when there is nothing."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        raise
    except OSError:  # a link that leads back to itself
        return False


def open_checked(path: Path, wait: float, migrations: Sequence[Migration]) -> sqlite3.Connection:
    """Open ``path`` (made when missing) for writing, checked and up to date.

    Raises Damaged, Newer, Locked or Unwritable; the connection is closed then.
    """
    connection: sqlite3.Connection | None = None
    try:
        connection = connect(path, wait)
        _prepare(connection, path, wait, migrations)
    except (sqlite3.Error, Damaged, Newer, UnicodeDecodeError) as error:
        if connection is not None:
            close_quietly(connection)
        raise _verdict(error, path) from error
    return connection


def close_quietly(connection: sqlite3.Connection) -> None:
    """Close; a damaged file may complain even then."""
    with contextlib.suppress(sqlite3.Error):
        connection.close()


def verify(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with the file, in SQLite's words and ours; empty when it is whole.

    ``integrity_check`` rather than ``quick_check``: the latter does not compare an index with its table, and a flipped
    byte in an index loses rows without a word. May raise sqlite3.DatabaseError, which means the same.
    """
    found = [str(text) for (text,) in connection.execute("PRAGMA integrity_check(10)") if text != "ok"]
    if found:
        return found
    for table in ("jobs", "entries"):
        for *row, crc in connection.execute(f"SELECT * FROM {table}"):
            if crc_of(row) != crc:
                found.append(f"row {row[0]} of {table} was altered")
    return found


def transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]) -> None:
    """Run ``work`` in one transaction: all of it is on disk when this returns, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        work(connection)
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def move_aside(path: Path, stamp: str) -> Path:
    """Rename a damaged file (and its log) to ``<name>.broken-<stamp>`` and return that. Raises OSError."""
    target = path.with_name(f"{path.name}.broken-{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.broken-{stamp}-{number}")
    path.rename(target)
    for ending in ("-wal", "-shm"):
        # Left behind, the old log would be read into the new file.
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(target.with_name(target.name + ending))
    return target


def _prepare(connection: sqlite3.Connection, path: Path, wait: float, migrations: Sequence[Migration]) -> None:
    version = _version(connection)
    if version > len(migrations):
        raise Newer
    _use_wal(connection, wait)
    connection.execute("PRAGMA synchronous = FULL")
    if 0 < version < len(migrations):
        _keep_copy(connection, path, version)
    transaction(connection, lambda inside: _migrate(inside, migrations))
    if problems := verify(connection):
        raise Damaged(problems[0])


def _version(connection: sqlite3.Connection) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if not 0 <= version <= _PLAUSIBLE:
        raise Damaged("the version is not plausible")
    return version


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    # Asked again inside the transaction: another program may have migrated in between.
    for number in range(_version(connection), len(migrations)):
        migrations[number](connection)
    # Written even when it is the same: two bytes of the header can forbid writing, and only a write shows it.
    connection.execute(f"PRAGMA user_version = {len(migrations)}")


def _use_wal(connection: sqlite3.Connection, wait: float) -> None:
    # Changing the mode does not wait for locks by itself (SQLite documentation, "WAL", section 8).
    deadline = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(0.02)


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    copy = sqlite3.connect(path.with_name(f"{path.name}.version-{version}"))
    try:
        connection.backup(copy)
    finally:
        copy.close()


def _verdict(error: Exception, path: Path) -> Exception:
    """What an error while opening means."""
    if not isinstance(error, sqlite3.Error):
        return error if isinstance(error, Damaged | Newer) else Damaged(str(error))
    if is_busy(error):
        return Locked()
    code = _code(error)
    if code == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        # Nothing forbids writing but two bytes in the file's own header.
        return Damaged("the header forbids writing")
    return Unwritable() if code in _CANNOT_WRITE else Damaged(str(error))


def is_busy(error: Exception) -> bool:
    """Whether another program holds what was wanted."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(error: Exception) -> int:
    """SQLite's plain code: extended ones keep it in the low byte."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


def read_error(error: Exception) -> StoreError:
    """The sentence for a history that does not answer."""
    if is_busy(error):
        return StoreError("The history is in use by another program. Close it and try again.")
    if _code(error) == sqlite3.SQLITE_FULL:
        return StoreError("The disk is full: the history was not written. Free some space and try again.")
    return StoreError(f"The history cannot be used ({error}). Restart the program: it repairs what it can.")
