"""The history: what was sent, what came back, and all that made it.

A SQLite index (``history.db``), the stored files (``blobs/``), and a sidecar per job and result from which the
index can be made again. A job is on disk before it is sent; a result is on disk before its job is called done.
"""

import contextlib
import dataclasses
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from app.core.errors import StoreError
from app.store.atomic import DISK, Disk
from app.store.blobs import Blobs
from app.store.history_opening import OpenHistory, fill, open_history
from app.store.history_rows import (
    entry_of,
    everything,
    job_of,
    loose_ends,
    newest_entries,
    open_jobs,
    put_entry,
    put_job,
)
from app.store.history_tables import MIGRATIONS, Migration, close_quietly, read_error, transaction, verify
from app.store.records import Entry, JobRecord, State
from app.store.sidecars import KeptEntry, Sidecars

WAIT: Final = 5.0
"""Seconds to wait for another program's lock."""


class HistoryStore:
    """One history folder. Every method may be called from any thread, and by several programs at once.

    It opens when it is first asked for something: that may take a while (a check, a repair, another program's lock), so
    ask from a thread that can wait. Methods raise StoreError and nothing else.
    """

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], float] = time.time,
        wait: float = WAIT,
        migrations: Sequence[Migration] = MIGRATIONS,
        disk: Disk = DISK,
    ) -> None:
        self.folder = folder
        self.blobs = Blobs(folder / "blobs", disk=disk)
        self._sidecars = Sidecars(folder, disk=disk)
        self._now = now
        self._lock = threading.Lock()
        self._wait = wait
        self._migrations = migrations
        self._history: OpenHistory | None = None
        self._closed = False

    @property
    def notice(self) -> str:
        """A sentence for the user about what was found on opening, "" when all was well."""
        with self._lock:
            return self._opened().notice

    @property
    def read_only(self) -> bool:
        """Whether nothing can be added: every method that writes then raises StoreError."""
        with self._lock:
            return self._opened().read_only

    def begin(self, record: JobRecord) -> None:
        """Put a job into the journal; it is on disk when this returns, and only then may it be sent."""
        with self._writing() as connection:
            if job_of(connection, record.id) is not None:
                raise StoreError("This job was begun already and is not sent a second time.")
            self._sidecars.write_job(record)
            try:
                transaction(connection, lambda inside: put_job(inside, record))
            except sqlite3.Error:
                # A job that is not sent must not come back when the index is made again.
                with contextlib.suppress(OSError):
                    self._sidecars.forget_job(record.id)
                raise

    def set_state(self, job_id: str, state: State, provider_id: str | None = None, note: str | None = None) -> None:
        """Note how far a job is, and what the provider calls it. A job that is done stays done."""
        with self._writing() as connection:
            old = self._known_job(connection, job_id)
            if old.state == "done":
                return
            new = dataclasses.replace(
                old,
                state=state,
                provider_id=old.provider_id if provider_id is None else provider_id,
                note=old.note if note is None else note,
            )
            if new != old:
                self._replace_job(connection, new)

    def finish(self, job_id: str, entries: Sequence[Entry]) -> None:
        """Add a job's results and call it done, in one step. May be repeated after a failure."""
        with self._writing() as connection:
            done = dataclasses.replace(self._known_job(connection, job_id), state="done")
            kept = [KeptEntry(entry) for entry in entries]
            for one in kept:
                self._sidecars.write_entry(one)
            # Only with all its results beside it may the job be called done: else what is missing is asked for again.
            self._sidecars.write_job(done)

            def add(inside: sqlite3.Connection) -> None:
                for one in kept:
                    put_entry(inside, one)
                put_job(inside, done)

            transaction(connection, add)

    def entries(self, limit: int | None = None, before: str | None = None, picture: str | None = None) -> list[Entry]:
        """Results, newest first, a job's own in their order; without removed ones.

        At most ``limit``; only those after the entry ``before`` in that order; only those made from the picture with
        digest ``picture``.
        """
        with self._reading() as connection:
            return newest_entries(connection, limit, before, picture)

    def entry(self, entry_id: str) -> Entry | None:
        """One result, removed or not; None when there is none of that id."""
        with self._reading() as connection:
            kept = entry_of(connection, entry_id)
            return kept.entry if kept else None

    def job(self, job_id: str) -> JobRecord | None:
        """One job; None when there is none of that id."""
        with self._reading() as connection:
            return job_of(connection, job_id)

    def unfinished(self) -> list[JobRecord]:
        """The jobs whose answer may still be waiting somewhere, oldest first."""
        with self._reading() as connection:
            return open_jobs(connection)

    def remove(self, entry_id: str) -> None:
        """Take a result out of the list; nothing is deleted, and ``restore`` brings it back."""
        self._change_entry(entry_id, lambda kept: dataclasses.replace(kept, removed=self._now()))

    def restore(self, entry_id: str) -> None:
        """Undo ``remove``."""
        self._change_entry(entry_id, lambda kept: dataclasses.replace(kept, removed=None))

    def star(self, entry_id: str, starred: bool) -> None:
        """Mark a result as a favourite, or not."""
        self._change_entry(
            entry_id, lambda kept: KeptEntry(dataclasses.replace(kept.entry, starred=starred), kept.removed)
        )

    def check(self) -> list[str]:
        """A sentence for everything that is wrong: in the index, in a stored file, or in what refers to one."""
        with self._reading() as connection:
            problems = [f"The history's index: {text}." for text in verify(connection)]
            jobs, entries = everything(connection)
            for _ in self._sidecars.jobs(self._sidecars.job_ids(), problems):
                pass
            for _ in self._sidecars.entries(self._sidecars.entry_ids(), problems):
                pass
        wanted = {digest for entry in entries for digest in entry.digests}
        wanted |= {digest for job in jobs for digest in job.digests}
        for digest in sorted(wanted | set(self.blobs.digests())):
            try:
                self.blobs.verify(digest)
            except StoreError as error:
                problems.append(str(error))
        return problems + loose_ends(jobs, entries)

    def rebuild(self) -> int:
        """Make the index again from the sidecars; the number of results found."""
        with self._writing() as connection:
            return fill(connection, self._sidecars, [])

    def close(self) -> None:
        """Give the file back; further calls raise StoreError."""
        with self._lock:
            self._closed = True
            if self._history is not None:
                close_quietly(self._history.connection)

    def _opened(self) -> OpenHistory:
        if self._closed:
            raise StoreError("The history is closed. Start the program again.")
        if self._history is None:
            self._history = open_history(self.folder, self._sidecars, self._now(), self._wait, self._migrations)
        return self._history

    def _change_entry(self, entry_id: str, change: Callable[[KeptEntry], KeptEntry]) -> None:
        with self._writing() as connection:
            kept = entry_of(connection, entry_id)
            if kept is None:
                raise StoreError("This result is not in the history any more.")
            changed = change(kept)
            self._sidecars.write_entry(changed)
            transaction(connection, lambda inside: put_entry(inside, changed))

    def _replace_job(self, connection: sqlite3.Connection, record: JobRecord) -> None:
        self._sidecars.write_job(record)
        transaction(connection, lambda inside: put_job(inside, record))

    def _known_job(self, connection: sqlite3.Connection, job_id: str) -> JobRecord:
        job = job_of(connection, job_id)
        if job is None:
            raise StoreError("This job is not in the journal; it was never begun.")
        return job

    @contextlib.contextmanager
    def _reading(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        with self._lock:
            history = self._opened()
            if writing and history.read_only:
                raise StoreError(history.notice)
            try:
                yield history.connection
            except (sqlite3.Error, ValueError) as error:
                raise read_error(error) from error

    def _writing(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return self._reading(writing=True)
