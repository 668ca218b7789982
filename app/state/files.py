"""Opening and saving: the files are read and written on a thread, and the document changes when all of it is there."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from app.core.arrays import Pixels
from app.core.errors import AppError
from app.core.mask import Mask
from app.core.picture import Picture
from app.state.document import Document
from app.store.drafts import Drafts
from app.store.masks import open_mask, save_mask
from app.store.pictures import open_picture, picture_from_rgba, quick_preview, save_picture

T = TypeVar("T")
LARGE_FILE = 3 << 20
"""Bytes from which a picture is shown in a quick small form first."""
QUICK_SIZE = (1600, 1000)
"""Pixels that such a form fits in."""


class Files(QObject):
    """What passes between the document and the disk. ``working`` says what is being done, "" when it is over."""

    opened = Signal(object)
    """The Path that was opened, or None for what has no file."""
    saved = Signal(object)
    coming = Signal(object)
    """(height, width, 4) BGRA pixels of a large picture that is being opened, small; None when it is there, or not."""
    notice = Signal(str)
    failed = Signal(object)
    not_saved = Signal(object)
    """Why the picture could not be saved; comes after ``failed``."""
    working = Signal(str)

    def __init__(self, loop: asyncio.AbstractEventLoop, executor: Executor, document: Document, drafts: Drafts) -> None:
        super().__init__()
        self._loop, self._executor, self._document = loop, executor, document
        self._drafts = drafts
        self._task: asyncio.Task[None] | None = None

    def open(self, path: Path) -> None:
        """Open a picture file as the new document."""
        self._start(self._open(path, path, None), f"Opening {path.name}")

    def open_sample(self, path: Path, mask: Path | None) -> None:
        """Open a picture that came with the program: saving it asks for a name."""
        self._start(self._open(path, None, mask), "Opening the sample")

    def paste(self, rgba: Pixels) -> None:
        """Make (height, width, 4) uint8 RGBA pixels from the clipboard the new document."""
        self._start(self._paste(rgba), "Opening what was pasted")

    def save(self, path: Path) -> None:
        """Write the picture, with all that its source held beside the pixels."""
        if self._document.picture is not None:
            self._start(self._save(path, self._document.picture), f"Saving {path.name}", is_saving=True)

    def save_mask(self, path: Path) -> None:
        """Write the mask as drawn."""
        if self._document.mask is not None:
            self._start(self._save_mask(path, self._document.mask.pixels.copy()), f"Saving {path.name}")

    def open_mask(self, path: Path) -> None:
        """Take a mask file of the picture's size in place of the drawn mask, undoably."""
        if self._document.picture is not None:
            self._start(self._open_mask(path, self._document.picture), f"Opening {path.name}")

    async def close(self) -> None:
        """Wait for what is being written; nothing is cut off in the middle."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None], what: str, *, is_saving: bool = False) -> None:
        if self._task is not None:
            work.close()
            self.notice.emit("A file is still being read or written; try again in a moment.")
            return
        self._task = self._loop.create_task(self._guarded(work, what, is_saving), name=what)

    async def _guarded(self, work: Coroutine[Any, Any, None], what: str, is_saving: bool) -> None:
        self.working.emit(what)
        try:
            await work
        except AppError as error:
            self.failed.emit(error)
            if is_saving:
                self.not_saved.emit(error)
        finally:
            self._task = None
            self.coming.emit(None)
            self.working.emit("")

    async def _threaded(self, work: Callable[..., T], *arguments: object) -> T:
        return await self._loop.run_in_executor(self._executor, work, *arguments)

    async def _open(self, path: Path, owner: Path | None, mask_path: Path | None) -> None:
        await self._show_coming(path)
        picture: Picture = await self._threaded(open_picture, path)
        size = (picture.width, picture.height)
        drawn = await self._threaded(self._drafts.load, picture.source.digest, size) if picture.source.digest else None
        mask = Mask(drawn) if drawn is not None else None
        if mask is None and mask_path is not None:
            mask, _ = await self._threaded(open_mask, mask_path, size)
        await self._free()
        self._document.open(picture, owner, mask, path)
        if drawn is not None:
            self.notice.emit("The mask that you drew here last time is back; Del clears it.")
        for note in picture.source.notes:
            self.notice.emit(note)
        self.opened.emit(owner)

    async def _paste(self, rgba: Pixels) -> None:
        picture = await self._threaded(picture_from_rgba, rgba)
        await self._free()
        self._document.open(picture)
        self.opened.emit(None)

    async def _free(self) -> None:
        """Wait for a command that is at work on the old picture: what it does must not fall on the new one."""
        while self._document.working:
            await asyncio.sleep(0.005)

    async def _show_coming(self, path: Path) -> None:
        """Show a large picture at once, from a fraction of its file, while the whole of it is read."""
        quick = await self._threaded(_quick, path)
        if quick is not None:
            self.coming.emit(quick)

    async def _save(self, path: Path, picture: Picture) -> None:
        self._document.hold(True, may_paint=True)
        try:
            notes = await self._threaded(save_picture, path, picture)
            self._document.saved_as(path)  # before any command that waited: what is on disk is what is here now
        finally:
            self._document.hold(False, may_paint=True)
        for note in notes:
            self.notice.emit(note)
        self.saved.emit(path)

    async def _save_mask(self, path: Path, pixels: Pixels) -> None:
        await self._threaded(save_mask, path, Mask(pixels))
        self.saved.emit(path)

    async def _open_mask(self, path: Path, picture: Picture) -> None:
        mask, notes = await self._threaded(open_mask, path, (picture.width, picture.height))
        self._document.replace_mask("Open mask", mask.pixels)
        for note in notes:
            self.notice.emit(note)


def _quick(path: Path) -> Pixels | None:
    try:
        return quick_preview(path, QUICK_SIZE) if path.stat().st_size >= LARGE_FILE else None
    except OSError:
        return None  # opening it will say why
