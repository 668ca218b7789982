"""Keeps the drafts of each picture on disk a moment after they change, and brings them back with the picture."""

import threading
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import StoreError
from app.core.picture import Picture
from app.state.beside import beside
from app.state.document import Document
from app.state.parameters import Parameters
from app.store.blobs import digest_of
from app.store.picture_values import PictureValues

DELAY_MS: Final = 1500
"""How long the hand must rest before values are written."""


class KeepingValues(QObject):
    """Watches document and parameters; owns nothing. ``failed`` carries a sentence, once for each cause.

    ``rested`` follows each change when the hand has rested: what is kept elsewhere of the draft can be written now.
    """

    failed = Signal(str)
    rested = Signal()

    def __init__(self, document: Document, parameters: Parameters, store: PictureValues, executor: Executor) -> None:
        super().__init__()
        self._document, self._parameters = document, parameters
        self._store, self._executor = store, executor
        self._shown: Picture | None = None
        self._told: set[str] = set()
        self._dirty = self._closed = False
        self._waiting: dict[str, dict[str, Any]] = {}
        self._writing = threading.Lock()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.flush)
        document.opened.connect(self._opened)
        for signal in (
            parameters.value_changed,
            parameters.endpoint_changed,
            parameters.backend_changed,
            parameters.blend_changed,
            parameters.noted,
        ):
            signal.connect(self._changed)

    def close(self) -> None:
        """Write once more, then nothing: the executor is about to end."""
        self.flush()
        self._closed = True

    def flush(self) -> None:
        """Write the drafts as they are now under every name of the picture; the caller need not wait."""
        self._timer.stop()
        if self._closed:
            return
        before = self._parameters.picture_names
        self._parameters.name_picture(self._shown.source.digest if self._shown is not None else "")
        if not self._dirty and self._parameters.picture_names == before:
            return
        self._dirty = False
        self.rested.emit()
        names = self._parameters.picture_names
        if names:
            self._waiting |= dict.fromkeys(names, self._parameters.drafts())
            self._executor.submit(self._write)

    def saved(self, path: Path) -> None:
        """A file was written. When it is the picture's own the values are kept for the new file, too."""
        if path == self._document.path and self._shown is not None:
            beside(self._executor, partial(digest_of, path), partial(self._name, self._shown))

    def _opened(self) -> None:
        """Another picture: what stands is the old one's until its own values are shown."""
        self.flush()
        self._shown = self._document.picture
        digest = self._shown.source.digest if self._shown is not None else ""
        kept = self._load(digest) if digest and not self._parameters.remembers(digest) else None
        self._parameters.show_picture(digest, kept)
        self._timer.stop()
        self._dirty = kept is None and bool(digest)  # values that a new picture takes over are its own from now on
        if self._dirty:
            self._timer.start()

    def _changed(self) -> None:
        self._dirty = True
        self._timer.start()

    def _load(self, digest: str) -> dict[str, Any] | None:
        """One small file, read at once: a draft that came a moment later could overwrite what was typed meanwhile."""
        try:
            return self._store.load(digest)
        except StoreError as error:
            self._tell(str(error))
            return None

    def _write(self) -> None:
        """Write what waits, one thread at a time: the last one written is the last one set."""
        with self._writing:
            while self._waiting:
                name, drafts = self._waiting.popitem()
                try:
                    self._store.save(name, drafts)
                except StoreError as error:
                    self._tell(f"{error} Until then the values are kept for this session only.")

    def _name(self, picture: Picture, done: "Future[str]") -> None:
        """The picture's new file has this digest; one that is gone again already names nothing."""
        if picture is self._shown and done.exception() is None:
            self._parameters.name_picture(done.result())
            self._changed()

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self.failed.emit(text)
