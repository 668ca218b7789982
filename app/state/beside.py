"""Work on a thread, and what came of it back on the thread that asked: the one way that objects of Qt's do it.

Emitting an object's own signal from the thread is not enough: the object may be let go of meanwhile (another picture is
opened, a preview is put aside), and Qt's half of it would die under the thread. The messenger belongs to the program
instead, keeps the receiver alive until it has delivered, and is deleted on the thread that it was made on.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

T = TypeVar("T")


def beside(executor: Executor, work: Callable[[], T], then: "Callable[[Future[T]], object]") -> None:
    """Run ``work`` on ``executor``; when it has ended, ``then`` gets its future on the calling thread, Qt's."""
    executor.submit(work).add_done_callback(_Messenger(then).carry)


class _Messenger(QObject, Generic[T]):
    _arrived = Signal(object)

    def __init__(self, then: "Callable[[Future[T]], object]") -> None:
        super().__init__(QCoreApplication.instance())
        self._then = then
        # Queued always: work that has ended already would be delivered before ``beside`` returns.
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def carry(self, done: "Future[T]") -> None:
        """On the worker's thread, mostly."""
        self._arrived.emit(done)

    def _deliver(self, done: "Future[T]") -> None:
        then, self._then = self._then, _nothing
        self.deleteLater()
        then(done)


def _nothing(_: "Future[T]") -> None:
    """What a messenger that has delivered still has to say."""
