"""Thumbnails decoded on a thread: painting asks, draws what is there, and is told when more has come."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.ui.strip.sources import StripEntry

CACHE_BYTES = 48 << 20
WAITING = 64
"""Requests that may wait. Scrolling past thousands of entries drops the old ones; what is seen is asked for again."""


class Thumbnails(QObject):
    """``read`` gives an entry's PNG bytes or None; it is called on one thread of this object's own.

    Keep it without a Qt parent: the thread may still hold it when the widget it serves is gone.
    """

    ready = Signal(str)
    """The id of an entry whose thumbnail can be drawn now."""
    _decoded = Signal(str, str, QImage)

    def __init__(self, read: Callable[[Any], bytes | None], cache_bytes: int = CACHE_BYTES) -> None:
        super().__init__()
        self._read = read
        self._cache_bytes = cache_bytes
        self._kept: OrderedDict[str, QImage] = OrderedDict()
        self._bytes = 0
        self._waiting: OrderedDict[str, tuple[StripEntry, int]] = OrderedDict()
        self._at_work = False
        self._closed = False
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, "thumbnails")
        self._decoded.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def image(self, entry: StripEntry, edge: int) -> QImage | None:
        """The thumbnail, longest side ``edge`` pixels; None while it is on its way, a null image when it is damaged."""
        key = f"{entry.id} {entry.thumbnail} {edge}"
        found = self._kept.get(key)
        if found is None:
            self._ask(key, entry, edge)
        else:
            self._kept.move_to_end(key)
        return found

    def close(self) -> None:
        """Ask for nothing more and wait for the one that is being decoded; it takes milliseconds."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        self._thread.shutdown(cancel_futures=True)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _ask(self, key: str, entry: StripEntry, edge: int) -> None:
        with self._lock:
            if self._closed:
                return
            self._waiting[key] = entry, edge
            self._waiting.move_to_end(key)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
            if self._at_work:
                return
            self._at_work = True
        self._thread.submit(self._work).add_done_callback(self._ended)

    def _work(self) -> None:
        while (asked := self._next()) is not None:
            key, entry, edge = asked
            self._decoded.emit(key, entry.id, decoded(self._read(entry), edge))

    def _next(self) -> tuple[str, StripEntry, int] | None:
        """The newest request: what was painted last is what is seen."""
        with self._lock:
            if not self._waiting:
                self._at_work = False
                return None
            key, (entry, edge) = self._waiting.popitem()
            return key, entry, edge

    def _ended(self, work: "Future[None]") -> None:
        if not work.cancelled() and work.exception() is not None:
            with self._lock:
                self._at_work = False
            work.result()  # a fault of ours on the thread must not pass unseen: the executor logs what is raised here

    def _keep(self, key: str, entry_id: str, image: QImage) -> None:
        old = self._kept.pop(key, None)
        self._bytes += image.sizeInBytes() - (old.sizeInBytes() if old else 0)
        self._kept[key] = image
        while self._bytes > self._cache_bytes and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.sizeInBytes()
        self.ready.emit(entry_id)


def decoded(png: bytes | None, edge: int) -> QImage:
    """The picture in ``png``, scaled so that its longest side is ``edge`` pixels; a null image when it is not a PNG."""
    image = QImage()
    if png:
        image.loadFromData(png, "PNG")
    if image.isNull():
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    fitted = image.scaled(QSize(edge, edge), Qt.AspectRatioMode.KeepAspectRatio, smooth)
    return fitted.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
