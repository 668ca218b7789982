"""Opening a history whatever has become of it: repaired, made again, or read only, with a sentence that says so."""

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.core.errors import StoreError
from app.store.history_rows import open_jobs, put_entry, put_job, replace_all
from app.store.history_tables import (
    Damaged,
    Locked,
    Migration,
    Newer,
    Unwritable,
    close_quietly,
    connect,
    create_tables,
    is_busy,
    move_aside,
    open_checked,
    transaction,
    verify,
)
from app.store.places import made
from app.store.records import JobRecord
from app.store.sidecars import KeptEntry, Sidecars

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
        return _reconciled(open_checked(path, wait, migrations), sidecars)
    except Damaged:
        return _repaired(path, sidecars, now, wait, migrations)
    except Newer:
        return _read_only(path, sidecars, wait, _NEWER)
    except Locked:
        return _read_only(path, sidecars, 0, _LOCKED)
    except sqlite3.Error as error:
        return _read_only(path, sidecars, 0, _LOCKED if is_busy(error) else _UNWRITABLE)
    except (Unwritable, StoreError):
        return _read_only(path, sidecars, wait, _UNWRITABLE)


def fill(connection: sqlite3.Connection, sidecars: Sidecars, notices: list[str]) -> int:
    """Make the index anew from the sidecars; the number of results. Adds to ``notices`` what was damaged."""
    count = 0

    def work(inside: sqlite3.Connection) -> None:
        # Read inside the transaction: what another program begins meanwhile is written after it.
        nonlocal count
        jobs = list(sidecars.jobs(sidecars.job_ids(), notices))
        entries = _finished(jobs, sidecars.entries(sidecars.entry_ids(), notices))
        replace_all(inside, jobs, entries)
        count = len(entries)

    transaction(connection, work)
    return count


def _reconciled(connection: sqlite3.Connection, sidecars: Sidecars) -> OpenHistory:
    """Give the index back what only the sidecars know.

    SQLite drops the end of a damaged or missing log without a word, and a program may be killed between a sidecar and
    its row; the sidecar, written first, is never behind. The user is told when the whole index was gone.
    """
    was_empty = connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,)
    jobs, entries = _lacking(connection, sidecars)
    if not jobs and not entries:
        return OpenHistory(connection)

    def restore(inside: sqlite3.Connection) -> None:
        # Asked again inside the transaction: another program may have been in the middle of writing.
        nonlocal jobs, entries
        jobs, entries = _lacking(inside, sidecars)
        for job in jobs:
            put_job(inside, job)
        for kept in entries:
            put_entry(inside, kept)

    transaction(connection, restore)
    # Jobs without results may be another program's first, just begun: nothing was missing then.
    return OpenHistory(connection, _MISSING.format(count=len(entries)) if was_empty and entries else "")


def _lacking(connection: sqlite3.Connection, sidecars: Sidecars) -> tuple[list[JobRecord], list[KeptEntry]]:
    known_jobs = {job_id for (job_id,) in connection.execute("SELECT id FROM jobs")}
    known_entries = {entry_id for (entry_id,) in connection.execute("SELECT id FROM entries")}
    waiting = {job.id: job for job in open_jobs(connection)}
    unreadable: list[str] = []  # ``check`` names them
    jobs = list(sidecars.jobs((sidecars.job_ids() - known_jobs) | waiting.keys(), unreadable))
    entries = _finished(jobs, sidecars.entries(sidecars.entry_ids() - known_entries, unreadable))
    return [job for job in jobs if job != waiting.get(job.id)], entries


def _finished(jobs: Sequence[JobRecord], entries: Iterable[KeptEntry]) -> list[KeptEntry]:
    """Without the first results of a job that was interrupted while they were written: all are asked for again."""
    interrupted = {job.id for job in jobs if job.state != "done"}
    return [kept for kept in entries if kept.entry.job not in interrupted]


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
