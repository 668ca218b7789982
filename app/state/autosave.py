"""Keeps the drawn mask on disk a moment after each step, so that a crash loses nothing that was drawn."""

from concurrent.futures import Executor

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.arrays import Pixels
from app.core.errors import StoreError
from app.state.document import Document
from app.store.drafts import Drafts
from app.store.png import mask_png

DELAY_MS = 1500
"""How long the hand must rest before the mask is written."""


class Autosave(QObject):
    """Watches the document. ``failed`` carries a sentence, once, when drafts cannot be written."""

    failed = Signal(str)

    def __init__(self, document: Document, drafts: Drafts, executor: Executor) -> None:
        super().__init__()
        self._document, self._drafts, self._executor = document, drafts, executor
        self._told = self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.flush)
        document.undo_changed.connect(self._timer.start)
        document.opened.connect(self._opened)
        self._kept = document.position

    def _opened(self) -> None:
        self._timer.stop()
        self._kept = self._document.position

    def close(self) -> None:
        """Write once more, then nothing: the executor is about to end."""
        self.flush()
        self._closed = True

    def flush(self) -> None:
        """Write the mask as it is now; the caller need not wait."""
        self._timer.stop()
        picture, mask = self._document.picture, self._document.mask
        if self._closed or self._document.position == self._kept:
            return
        if picture is None or mask is None or not picture.source.digest:
            return
        self._kept = self._document.position
        self._executor.submit(self._write, picture.source.digest, self._document.committed, self._kept)

    def _write(self, digest: str, pixels: Pixels, position: object) -> None:
        """Encode the committed mask as it stands; when a step ended meanwhile, the timer it started does it anew."""
        try:
            data = mask_png(pixels) if pixels.any() else b""
            if self._document.position == position:
                self._drafts.save(digest, data)
        except StoreError as error:
            if not self._told:
                self._told = True
                self.failed.emit(f"{error} Your mask is not kept in case of a crash; save it yourself.")
