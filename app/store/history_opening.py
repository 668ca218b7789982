"""Opening a history whatever has become of it: repaired, made again, or read only, with a sentence that says so."""

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.core.errors import StoreError
from app.store.history_rows import replace_all
from app.store.history_tables import (
    Damaged,
    Locked,
    Migration,
    Newer,
    Unwritable,
    close_quietly,
    connect,
    create_tables,
    move_aside,
    open_checked,
    transaction,
    verify,
)
from app.store.places import made
from app.store.sidecars import Sidecars

NAME: Final = "history.db"

_NEWER = "The history is of a newer version of the program: it can be read, not added to. Update the program."
_LOCKED = "Another program holds the history: it can be read, not added to. Close the other program and start again."
_UNWRITABLE = "The history's folder cannot be written: it can be read, not added to. Use --profile DIR."
_REPAIRED = "The history's index was damaged. It was kept as “{name}” and made again from {count} stored results."
_MISSING = "The history's index was missing and was made again from {count} stored results."


@dataclass(frozen=True)
class OpenHistory:
    """An index to work with. ``notice``: what the user should know, "" when all was well."""

    connection: sqlite3.Connection
    notice: str = ""
    read_only: bool = False


def open_history(
    folder: Path, sidecars: Sidecars, now: float, wait: float, migrations: Sequence[Migration]
) -> OpenHistory:
    """The index in ``folder``. Never raises: at the worst it is one in memory, made from the sidecars.

    ``now`` (seconds since 1970) names a damaged file; ``wait`` is how many seconds to wait for another program's lock.
    """
    path = folder / NAME
    try:
        made(folder)
        return _filled_if_new(open_checked(path, wait, migrations), sidecars)
    except Damaged:
        return _repaired(path, sidecars, now, wait, migrations)
    except Newer:
        return _read_only(path, sidecars, wait, _NEWER)
    except Locked:
        return _read_only(path, sidecars, 0, _LOCKED)
    except (Unwritable, StoreError, sqlite3.Error):
        return _read_only(path, sidecars, wait, _UNWRITABLE)


def fill(connection: sqlite3.Connection, sidecars: Sidecars, notices: list[str]) -> int:
    """Make the index anew from the sidecars; the number of results. Adds to ``notices`` what was damaged."""
    count = 0

    def work(inside: sqlite3.Connection) -> None:
        # Read inside the transaction: what another program begins meanwhile is written after it.
        nonlocal count
        entries = list(sidecars.entries(notices))
        replace_all(inside, list(sidecars.jobs(notices)), entries)
        count = len(entries)

    transaction(connection, work)
    return count


def _filled_if_new(connection: sqlite3.Connection, sidecars: Sidecars) -> OpenHistory:
    """An empty index beside sidecars is one whose file was deleted, or cut off at nothing."""
    notices: list[str] = []
    if connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,) and (
        count := fill(connection, sidecars, notices)
    ):
        return OpenHistory(connection, " ".join([_MISSING.format(count=count), *notices]))
    return OpenHistory(connection)


def _repaired(path: Path, sidecars: Sidecars, now: float, wait: float, migrations: Sequence[Migration]) -> OpenHistory:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    try:
        aside = move_aside(path, stamp)
        connection = open_checked(path, wait, migrations)
    except (OSError, Damaged, Newer, Locked, Unwritable):
        return _read_only(path, sidecars, 0, _UNWRITABLE)
    notices: list[str] = []
    count = fill(connection, sidecars, notices)
    return OpenHistory(connection, " ".join([_REPAIRED.format(name=aside.name, count=count), *notices]))


def _read_only(path: Path, sidecars: Sidecars, wait: float, notice: str) -> OpenHistory:
    """The file itself when it can be read, else an index in memory."""
    with contextlib.suppress(sqlite3.Error):
        connection = connect(path, wait, read_only=True)
        try:
            if not verify(connection):
                return OpenHistory(connection, notice, read_only=True)
        except (sqlite3.Error, ValueError):
            pass
        close_quietly(connection)
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    create_tables(memory)
    fill(memory, sidecars, [])
    return OpenHistory(memory, notice, read_only=True)
