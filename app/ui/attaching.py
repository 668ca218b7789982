"""Files for the form's fields: asked for in a dialog, taken from the clipboard, from a drop or from the history."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.core.arrays import Pixels
from app.core.attachments import read_attachment
from app.core.endpoint import Media
from app.state.attachments import AttachmentShelf
from app.state.beside import beside
from app.state.history import History
from app.ui.dialogs import EVERYTHING, PICTURES, ask_open
from app.ui.filing import rgba_of
from app.ui.plain_text import one_line
from app.ui.strip.thumbnails import decoded
from app.ui.strip.words import clock, short_name

NEWEST: Final = 60
"""Entries offered."""
THUMBNAIL: Final = 96
"""The longest side of an entry's thumbnail in pixels: twice what is shown, for fine screens."""

_ASK: Final[dict[str, tuple[str, str]]] = {
    "picture": ("Choose a picture", PICTURES),
    "mask": ("Choose a mask", PICTURES),
    "audio": ("Choose a sound", "Sounds (*.wav *.mp3 *.ogg *.flac *.m4a *.aac)"),
    "video": ("Choose a video", "Videos (*.mp4 *.webm *.mov *.mkv *.avi *.gif)"),
    "document": ("Choose a document", "Documents (*.pdf *.txt *.md *.json)"),
}


class Attaching:
    """Implements ``app.ui.form.context.Attachments``. ``said`` tells the user what could not be done."""

    def __init__(
        self, shelf: AttachmentShelf, history: History, executor: Executor, said: Callable[[str], object]
    ) -> None:
        self._shelf = shelf
        self._history = history
        self._executor = executor
        self._said = said
        self._folder: Path | None = None
        shelf.failed.connect(said)

    def ask_file(self, parent: QWidget, done: Callable[[str], None], media: Media = "picture") -> None:
        title, filters = _ASK.get(media, ("Choose a file", EVERYTHING))

        def chosen(path: Path) -> None:
            self._folder = path.parent
            self.take_file(path, done, media)

        ask_open(parent.window(), title, self._folder, filters, chosen)

    def take_file(self, path: Path, done: Callable[[str], None], media: Media = "picture") -> None:
        self._shelf.keep_file(path, media, done)

    def take_picture(self, image: QImage, done: Callable[[str], None]) -> None:
        if image.isNull():
            self._said("What was dropped is no picture. Save it as a file and choose that.")
        else:
            self._shelf.keep_pixels(rgba_of(image), "dropped.png", done)

    def take_clipboard(self, done: Callable[[str], None]) -> None:
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._said("There is no picture on the clipboard. Copy one in another program first.")
        else:
            self._shelf.keep_pixels(rgba_of(image), "pasted.png", done)

    def entries(self) -> Sequence[tuple[str, str]]:
        newest = self._history.entries()[:NEWEST]
        return [(entry.id, one_line(f"{short_name(entry.endpoint)}, {clock(entry.created)}")) for entry in newest]

    def take_entry(self, entry_id: str, done: Callable[[str], None]) -> None:
        entry = self._history.entry(entry_id)
        if entry is None or not entry.patches:
            self._said("This result is not in the history any more. Choose another one.")
        else:
            self._shelf.keep_entry(entry, done)

    def entry_thumbnail(self, entry_id: str, done: Callable[[QImage], None]) -> None:
        entry = self._history.entry(entry_id)
        if entry is None:
            return
        history = self._history

        def then(future: Future[QImage]) -> None:
            image = future.result()
            if not image.isNull():
                done(image)

        beside(self._executor, lambda: decoded(history.thumbnail(entry), THUMBNAIL), then)

    def words(self, value: str) -> str:
        attachment = read_attachment(value)
        if attachment is None:
            return ""
        name = one_line(attachment.name or f"file{attachment.suffix}", 80)
        facts = self._shelf.facts(value)
        if facts is None:
            return name
        if facts.missing:
            return f"{name}: the file is gone. Choose it again."
        size = f"{facts.size[0]} × {facts.size[1]}" if facts.size else ""
        return ", ".join(part for part in (name, size, _length(facts.count)) if part)

    def thumbnail(self, value: str, side: int, done: Callable[[QImage], None]) -> None:
        self._shelf.look(value, side, lambda pixels: done(_image(pixels)))


def _image(pixels: Pixels | None) -> QImage:
    if pixels is None:
        return QImage()
    height, width = pixels.shape[:2]
    kept = np.ascontiguousarray(pixels)  # the image borrows its bytes until it is copied
    image = QImage(kept.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _length(count: int) -> str:
    return f"{count} bytes" if count < 1000 else f"{count / 1e3:.0f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"
