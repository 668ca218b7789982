"""The history as the window shows it: entries newest first, read and changed through the store on a thread."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.core.endpoint import Endpoint
from app.core.errors import SchemaError, StoreError
from app.state.beside import beside
from app.state.recorded import read_recorded
from app.state.results import LoadedResult, load_result
from app.store.history import HistoryStore
from app.store.records import Entry as Entry  # the window names it from here: it knows nothing of the store

NOT_RECORDED: Final = "This entry’s record of its endpoint is damaged or missing; the endpoint as it is now is used."


class History(QObject):
    """Everything that came back. ``reset``: the list was read anew; ``notice``: a sentence for the user."""

    reset = Signal()
    added = Signal(object)
    removed = Signal(str)
    changed = Signal(str)
    notice = Signal(str)

    def __init__(self, store: HistoryStore, executor: Executor) -> None:
        super().__init__()
        self._store = store
        self._executor = executor
        self._entries: list[Entry] = []
        self._discarded: dict[str, Entry] = {}

    async def read(self) -> None:
        """Read the list from disk, off the thread that paints."""
        loop = asyncio.get_running_loop()
        self._entries = list(await loop.run_in_executor(self._executor, self._store.entries))
        self.reset.emit()
        if self._store.notice:
            self.notice.emit(self._store.notice)

    def entries(self) -> Sequence[Entry]:
        """Newest first."""
        return self._entries

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of that id, if it is in the list."""
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    def add(self, entries: Iterable[Entry]) -> None:
        """Entries that a job has stored just now."""
        for entry in entries:
            self._entries.insert(0, entry)
            self.added.emit(entry)

    def discard(self, entry_id: str) -> None:
        """Take an entry out of the list; ``bring_back`` undoes it."""
        entry = self.entry(entry_id)
        if entry is not None:
            self._write(partial(self._store.remove, entry_id))
            self._discarded[entry_id] = entry
            self._entries.remove(entry)
            self.removed.emit(entry_id)

    def bring_back(self, entry_id: str) -> None:
        """Undo ``discard``."""
        entry = self._discarded.pop(entry_id, None)
        if entry is None:
            return
        self._write(partial(self._store.restore, entry_id))
        at = next((i for i, other in enumerate(self._entries) if other.created <= entry.created), len(self._entries))
        self._entries.insert(at, entry)
        self.reset.emit()

    def toggle_star(self, entry_id: str) -> None:
        """Star an entry, or take its star away."""
        for at, entry in enumerate(self._entries):
            if entry.id == entry_id:
                self._entries[at] = replace(entry, starred=not entry.starred)
                self._write(partial(self._store.star, entry_id, not entry.starred))
                self.changed.emit(entry_id)

    def thumbnail(self, entry: Entry) -> bytes | None:
        """The entry's thumbnail as PNG bytes, None when it is damaged. Reads a file: call it on a thread."""
        try:
            return self._store.blobs.get(entry.thumbnail)
        except StoreError:
            return None

    def load_endpoint(self, entry: Entry) -> Endpoint | None:
        """The endpoint as it was when the entry was made (``version`` says which); None when that was not recorded.

        A document that is damaged is told of and counts as not recorded. Reads a file: call it on a thread.
        """
        if not entry.schema:
            return None
        try:
            return read_recorded(self._store.blobs.get(entry.schema), entry.schema)
        except (StoreError, SchemaError):
            self.notice.emit(NOT_RECORDED)
            return None

    def with_endpoint(self, entry: Entry, then: Callable[[Endpoint | None], object]) -> None:
        """Call ``then`` with ``load_endpoint``'s answer on this thread, at once when there is nothing to read."""
        if entry.schema:
            beside(self._executor, partial(self.load_endpoint, entry), lambda done: then(done.result()))
        else:
            then(None)

    async def load(self, entry: Entry) -> LoadedResult:
        """The entry's pixels. Raises StoreError when a file is missing or altered."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, load_result, self._store, entry)

    def _write(self, change: Callable[[], object]) -> None:
        """Change the store on a thread; what goes wrong there is told."""

        def attempt() -> None:
            try:
                change()
            except StoreError as error:
                self.notice.emit(str(error))

        self._executor.submit(attempt)
