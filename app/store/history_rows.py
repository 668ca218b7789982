"""Jobs and results as rows of the history's index."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from app.store.history_tables import crc_of
from app.store.records import (
    ENDED,
    Entry,
    JobRecord,
    entry_from_json,
    entry_to_json,
    job_from_json,
    job_to_json,
)
from app.store.sidecars import KeptEntry

_NEWEST = "ORDER BY created DESC, job DESC, place"


def put_job(connection: sqlite3.Connection, record: JobRecord) -> None:
    """Add ``record``, or put it in the place of the row of its id."""
    row = (record.id, float(record.created), record.state, record.picture, json.dumps(job_to_json(record)))
    connection.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?)", (*row, crc_of(row)))


def put_entry(connection: sqlite3.Connection, kept: KeptEntry) -> None:
    """Add a result, or put it in the place of the row of its id."""
    entry = kept.entry
    removed = None if kept.removed is None else float(kept.removed)
    record = json.dumps(entry_to_json(entry))
    row = (entry.id, entry.job, entry.index, float(entry.created), entry.picture, removed, record)
    connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, crc_of(row)))


def job_of(connection: sqlite3.Connection, job_id: str) -> JobRecord | None:
    """The job of that id."""
    row = connection.execute("SELECT record FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return job_from_json(json.loads(row[0])) if row else None


def entry_of(connection: sqlite3.Connection, entry_id: str) -> KeptEntry | None:
    """The result of that id, removed or not."""
    row = connection.execute("SELECT record, removed FROM entries WHERE id = ?", (entry_id,)).fetchone()
    return KeptEntry(entry_from_json(json.loads(row[0])), row[1]) if row else None


def open_jobs(connection: sqlite3.Connection) -> list[JobRecord]:
    """The jobs that have not ended, oldest first."""
    marks = ", ".join("?" * len(ENDED))
    query = f"SELECT record FROM jobs WHERE state NOT IN ({marks}) ORDER BY created, id"
    return [job_from_json(json.loads(record)) for (record,) in connection.execute(query, sorted(ENDED))]


def newest_entries(
    connection: sqlite3.Connection, limit: int | None, before: str | None, picture: str | None
) -> list[Entry]:
    """Results that were not removed, newest first; the rest as ``HistoryStore.entries`` says."""
    where = ["removed IS NULL"]
    values: list[float | str] = []
    if picture is not None:
        where.append("picture = ?")
        values.append(picture)
    place = connection.execute("SELECT created, job, place FROM entries WHERE id = ?", (before,)).fetchone()
    if place is not None:
        where.append("created <= ? AND (created < ? OR job < ? OR (job = ? AND place > ?))")
        values += [place[0], place[0], place[1], place[1], place[2]]
    query = f"SELECT record FROM entries WHERE {' AND '.join(where)} {_NEWEST} LIMIT ?"
    rows = connection.execute(query, [*values, -1 if limit is None else limit])
    return [entry_from_json(json.loads(record)) for (record,) in rows]


def everything(connection: sqlite3.Connection) -> tuple[list[JobRecord], list[Entry]]:
    """All jobs and all results, removed ones too."""
    jobs = [job_from_json(json.loads(record)) for (record,) in connection.execute("SELECT record FROM jobs")]
    entries = [entry_from_json(json.loads(record)) for (record,) in connection.execute("SELECT record FROM entries")]
    return jobs, entries


def replace_all(connection: sqlite3.Connection, jobs: Sequence[JobRecord], entries: Sequence[KeptEntry]) -> None:
    """Make the index anew of what the sidecars hold."""
    connection.execute("DELETE FROM entries")
    connection.execute("DELETE FROM jobs")
    for job in jobs:
        put_job(connection, job)
    for kept in entries:
        put_entry(connection, kept)


def loose_ends(jobs: Sequence[JobRecord], entries: Sequence[Entry]) -> list[str]:
    """A sentence for each reference that leads nowhere."""
    known_jobs: Mapping[str, JobRecord] = {job.id: job for job in jobs}
    known_entries = {entry.id for entry in entries}
    problems = [
        f"Result {entry.id} belongs to a job that is not there." for entry in entries if entry.job not in known_jobs
    ]
    for entry in entries:
        lost = [base for base in entry.base if base not in known_entries]
        problems += [f"Result {entry.id} lies on result {base}, which is not there." for base in lost]
    return problems
