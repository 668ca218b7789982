"""Files that values refer to: read, checked and kept in the history's store on a thread, and shown small."""

import os
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.core.arrays import Pixels
from app.core.attachments import Attachment, attachment_text, read_attachment
from app.core.endpoint import Media
from app.core.errors import AppError, PictureError
from app.state.beside import beside
from app.store.history import HistoryStore
from app.store.picture_formats import checked_size, opened, regular_file
from app.store.pictures import picture_from_rgba
from app.store.png import picture_png
from app.store.records import Entry
from app.store.wording import megabytes, shown

MOST_BYTES: Final = 64_000_000
MOST_PIXELS: Final = 100_000_000
"""What a kept picture may have: providers take far less, and it is decoded once to see that it is whole."""

_MOST_SMALL: Final = 128
"""Small pictures that are remembered: forms are made anew often, and large files are slow to read."""
_SUFFIXES: Final = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp", "TIFF": ".tif", "BMP": ".bmp"}
_PICTURES: Final = ("picture", "mask")


@dataclass(frozen=True)
class Facts:
    """What is known of a kept file: bytes, and width and height in pixels when it is a picture."""

    count: int
    size: tuple[int, int] | None = None
    missing: bool = False


@dataclass(frozen=True, eq=False)
class _Kept:
    text: str
    facts: Facts


@dataclass(frozen=True, eq=False)
class _Look:
    facts: Facts
    pixels: Pixels | None


class AttachmentShelf(QObject):
    """Keeps files beside the history. ``done`` is called on Qt's thread, and only when it went well."""

    failed = Signal(str)
    """A sentence about a file that could not be kept."""

    def __init__(self, store: HistoryStore, executor: Executor) -> None:
        super().__init__()
        self._store = store
        self._executor = executor
        self._facts: dict[str, Facts] = {}
        self._small: OrderedDict[tuple[str, int], Pixels] = OrderedDict()

    def keep_file(self, path: Path, media: Media, done: Callable[[str], None]) -> None:
        """Keep a copy of the file at ``path``; ``done`` gets the value that stands for it.

        Where a picture is wanted it must be one, whole and of at most ``MOST_PIXELS``; at most ``MOST_BYTES`` always.
        """
        self._keep(lambda: kept_file(self._store, path, media), done)

    def keep_pixels(self, pixels: Pixels, name: str, done: Callable[[str], None]) -> None:
        """Keep (height, width, 4) uint8 RGBA pixels, such as the clipboard's, as a PNG called ``name``."""
        self._keep(lambda: kept_pixels(self._store, pixels, name), done)

    def keep_entry(self, entry: Entry, done: Callable[[str], None]) -> None:
        """Refer to an entry's picture: its largest crop as it came back, which the history holds already."""
        self._keep(lambda: kept_entry(self._store, entry), done)

    def facts(self, value: str) -> Facts | None:
        """What is known by now of a kept file; ``look`` finds out."""
        attachment = read_attachment(value)
        return self._facts.get(attachment.digest) if attachment is not None else None

    def look(self, value: str, side: int, done: Callable[[Pixels | None], None]) -> None:
        """Find out what a kept file is: ``done`` gets (h, w, 4) RGBA pixels, ``side`` at most, None for no picture."""
        attachment = read_attachment(value)
        if attachment is None:
            return
        known = self._small.get((attachment.digest, side))
        if known is not None and self._store.blobs.exists(attachment.digest):
            done(known)
            return

        def then(future: Future[_Look]) -> None:
            seen = future.result()
            self._facts[attachment.digest] = seen.facts
            if seen.pixels is not None:
                self._remember((attachment.digest, side), seen.pixels)
            done(seen.pixels)

        beside(self._executor, lambda: looked_at(self._store, attachment, side), then)

    def _remember(self, key: tuple[str, int], pixels: Pixels) -> None:
        self._small[key] = pixels
        while len(self._small) > _MOST_SMALL:
            self._small.popitem(last=False)

    def _keep(self, work: Callable[[], _Kept], done: Callable[[str], None]) -> None:
        def then(future: Future[_Kept]) -> None:
            try:
                kept = future.result()
            except AppError as error:
                self.failed.emit(str(error))
                return
            attachment = read_attachment(kept.text)
            if attachment is not None:
                self._facts[attachment.digest] = kept.facts
            done(kept.text)

        beside(self._executor, work, then)


def kept_file(store: HistoryStore, path: Path, media: Media) -> _Kept:
    """Check and keep the file at ``path``. Raises PictureError, StoreError."""
    content, suffix, size = _read_picture(path) if media in _PICTURES else (*_read_any(path), None)
    digest = store.blobs.put(content, suffix)
    return _Kept(attachment_text(Attachment(digest, suffix, shown(path))), Facts(len(content), size))


def kept_pixels(store: HistoryStore, pixels: Pixels, name: str) -> _Kept:
    """Keep pixels as a PNG. Raises PictureError, StoreError."""
    size = (pixels.shape[1], pixels.shape[0])
    checked_size(size, MOST_PIXELS, Path(name))
    content = picture_png(picture_from_rgba(pixels))
    _check_length(len(content), Path(name))
    return _Kept(attachment_text(Attachment(store.blobs.put(content, ".png"), ".png", name)), Facts(len(content), size))


def kept_entry(store: HistoryStore, entry: Entry) -> _Kept:
    """Refer to the raw patch of an entry's largest crop. Raises StoreError when it is missing or altered."""
    box, digest = max(entry.patches, key=lambda patch: patch[0].area)
    store.blobs.verify(digest)
    count = store.blobs.path(digest).stat().st_size
    attachment = Attachment(digest, ".png", f"result {entry.id[:8]}.png")
    return _Kept(attachment_text(attachment), Facts(count, (box.width, box.height)))


def looked_at(store: HistoryStore, attachment: Attachment, side: int) -> _Look:
    """What a kept file is, and a small form of it if it is a picture. Never raises for what is damaged or gone."""
    try:
        path = store.blobs.path(attachment.digest)
        count = path.stat().st_size
    except (AppError, OSError):
        return _Look(Facts(0, missing=True), None)
    try:
        with opened(path, MOST_PIXELS) as (image, _):
            size = image.size
            image.draft("RGB", (2 * side, 2 * side))
            image.thumbnail((side, side))
            return _Look(Facts(count, size), np.asarray(image.convert("RGBA"), np.uint8))
    except PictureError:
        return _Look(Facts(count), None)


def _read_picture(path: Path) -> tuple[bytes, str, tuple[int, int]]:
    with opened(path, MOST_PIXELS) as (image, file):
        _check_length(os.fstat(file.fileno()).st_size, path)
        size, suffix = image.size, _SUFFIXES[image.format or "PNG"]
        image.load()  # a picture that breaks off is found here, not by the provider
        file.seek(0)
        content = file.read(MOST_BYTES + 1)
    _check_length(len(content), path)
    return content, suffix, size


def _read_any(path: Path) -> tuple[bytes, str]:
    with regular_file(path) as file:
        _check_length(os.fstat(file.fileno()).st_size, path)
        content = file.read(MOST_BYTES + 1)
    _check_length(len(content), path)
    suffix = path.suffix.lower()
    return content, suffix if len(suffix) <= 9 and suffix[1:].isascii() and suffix[1:].isalnum() else ""


def _check_length(count: int, path: Path) -> None:
    if count > MOST_BYTES:
        raise PictureError(
            f"“{shown(path)}” is too large to send: {megabytes(count)}, and at most {megabytes(MOST_BYTES)} can be."
            " Choose a smaller file, or put it online and give its link."
        )
