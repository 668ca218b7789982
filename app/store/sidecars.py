"""The history's second copy: one small JSON file per job and per result, from which the index can be made again."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import StoreError
from app.store.atomic import DISK, PRIVATE, Disk, write_atomic
from app.store.places import made
from app.store.records import Entry, JobRecord, entry_from_json, entry_to_json, job_from_json, job_to_json

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True)
class KeptEntry:
    """A result as its sidecar holds it; ``removed`` is when the user took it out of the history, or None."""

    entry: Entry
    removed: float | None = None


class Sidecars:
    """The folders ``jobs/`` and ``records/`` below the history's folder."""

    def __init__(self, folder: Path, *, disk: Disk = DISK) -> None:
        self._jobs = folder / "jobs"
        self._entries = folder / "records"
        self._disk = disk

    def write_job(self, record: JobRecord) -> None:
        """Keep ``record``, in place of what was kept of that job. Raises StoreError."""
        self._write(self._jobs, record.id, job_to_json(record))

    def write_entry(self, kept: KeptEntry) -> None:
        """Keep a result, in place of what was kept of it. Raises StoreError."""
        self._write(self._entries, kept.entry.id, {**entry_to_json(kept.entry), "removed": kept.removed})

    def forget_job(self, job_id: str) -> None:
        """Remove what was kept of a job that was never begun. Raises OSError."""
        (self._jobs / f"{job_id}.json").unlink(missing_ok=True)

    def job_ids(self) -> set[str]:
        """The jobs that were kept."""
        return _ids(self._jobs)

    def entry_ids(self) -> set[str]:
        """The results that were kept."""
        return _ids(self._entries)

    def jobs(self, ids: Iterable[str], notices: list[str]) -> Iterator[JobRecord]:
        """Each of these jobs that can be read; a sentence in ``notices`` for each that cannot."""
        for document in _documents(self._jobs, ids, notices):
            try:
                yield job_from_json(document)
            except StoreError as error:
                notices.append(str(error))

    def entries(self, ids: Iterable[str], notices: list[str]) -> Iterator[KeptEntry]:
        """Each of these results that can be read; a sentence in ``notices`` for each that cannot."""
        for document in _documents(self._entries, ids, notices):
            try:
                removed = document.get("removed") if isinstance(document, dict) else None
                yield KeptEntry(entry_from_json(document), removed if isinstance(removed, int | float) else None)
            except StoreError as error:
                notices.append(str(error))

    def _write(self, folder: Path, name: str, document: dict[str, Any]) -> None:
        if not _NAME.fullmatch(name):
            raise StoreError("A job's id has characters a file name cannot have; it was not stored. Try again.")
        data = json.dumps(document, indent=1).encode("ascii")
        write_atomic(made(folder) / f"{name}.json", data, mode=PRIVATE, disk=self._disk)


def _documents(folder: Path, ids: Iterable[str], notices: list[str]) -> Iterator[Any]:
    for name in sorted(ids):
        try:
            yield json.loads((folder / f"{name}.json").read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RecursionError):
            notices.append(f"The record “{name}.json” of the history is damaged and was left out.")


def _ids(folder: Path) -> set[str]:
    """What is kept there; nothing in a folder that is missing or may not be entered."""
    with contextlib.suppress(OSError):
        return {path.stem for path in folder.iterdir() if path.suffix == ".json"}
    return set()
