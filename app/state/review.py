"""Looking at results: one is previewed on the canvas, blended as it will be, and accepted as one undoable edit."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.errors import AppError, InputError
from app.core.request import Patch
from app.state.document import Document
from app.state.history import History
from app.state.results import blended
from app.store.records import Entry


@dataclass(frozen=True, eq=False)
class Preview:
    """An entry's patches (RGB), blended onto the picture as it is now."""

    entry: Entry
    patches: tuple[Patch, ...]
    base: tuple[str, ...] = ()
    """The accepted entries that were beneath when it was blended: with others it would bring their pixels back."""


class Review(QObject):
    """Which entry is previewed. ``preview_changed`` carries a Preview or None."""

    preview_changed = Signal(object)
    other_ready = Signal(object)
    """A Preview that was asked for by ``fetch``: another result to compare with."""
    accepted = Signal(str)
    failed = Signal(object)

    def __init__(
        self, loop: asyncio.AbstractEventLoop, executor: Executor, document: Document, history: History
    ) -> None:
        super().__init__()
        self._loop, self._executor = loop, executor
        self._document, self._history = document, history
        self._task: asyncio.Task[None] | None = None
        self.preview: Preview | None = None
        document.opened.connect(self.dismiss)
        document.picture_changed.connect(self._again)
        history.removed.connect(self._removed)

    def select(self, entry_id: str | None) -> None:
        """Preview an entry on the canvas; None shows the picture as it is."""
        entry = self._history.entry(entry_id) if entry_id else None
        if entry is None:
            self.dismiss()
        elif self.preview is None or self.preview.entry.id != entry.id:
            self._start(self._preview(entry))

    def accept(self, entry_id: str) -> None:
        """Make an entry part of the picture."""
        entry = self._history.entry(entry_id)
        if entry is not None:
            self._start(self._accept(entry))

    def fetch(self, entry_id: str) -> None:
        """Get another entry as it would look on the picture, for ``other_ready``; the preview stays."""
        entry = self._history.entry(entry_id)
        if entry is not None:
            self._start(self._fetch(entry))

    def dismiss(self) -> None:
        """Show the picture as it is."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._show(None)

    async def close(self) -> None:
        """End what is being loaded."""
        task = self._task
        self.dismiss()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = self._loop.create_task(work, name="review")

    async def _preview(self, entry: Entry) -> None:
        preview = await self._loaded(entry)
        if preview is not None:
            self._show(preview)

    async def _fetch(self, entry: Entry) -> None:
        other = await self._loaded(entry)
        if other is not None:
            self.other_ready.emit(other)

    async def _accept(self, entry: Entry) -> None:
        preview = self.preview
        if preview is None or preview.entry.id != entry.id or preview.base != self._document.base:
            preview = await self._loaded(entry)
        if preview is None:
            return
        self._show(None)
        if self._document.accept(entry.id, preview.patches):
            self.accepted.emit(entry.id)
        else:
            # Blended anew then: the command at work may change the picture.
            self._document.when_free(lambda: self.accept(entry.id))

    async def _loaded(self, entry: Entry) -> Preview | None:
        picture = self._document.picture
        if picture is None or entry.picture_size != (picture.width, picture.height):
            self.failed.emit(
                InputError("This result belongs to another picture; open that picture to see it in place.")
            )
            self._show(None)
            return None
        base = self._document.base
        try:
            loaded = await self._history.load(entry)
            patches = await self._loop.run_in_executor(self._executor, blended, picture, loaded, entry.blend)
        except AppError as error:
            self.failed.emit(error)
            return None
        return Preview(entry, patches, base)

    def _show(self, preview: Preview | None) -> None:
        if preview is not self.preview:
            self.preview = preview
            self.preview_changed.emit(preview)

    def _again(self, _: object) -> None:
        """The picture under the preview changed (undo, redo): blend it anew."""
        if self.preview is not None:
            self._start(self._preview(self.preview.entry))

    def _removed(self, entry_id: str) -> None:
        if self.preview is not None and self.preview.entry.id == entry_id:
            self.dismiss()
