"""Which regions of the picture would be sent now: worked out again a moment after each step, beside the window."""

from concurrent.futures import Executor, Future

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.geometry import Box
from app.state.beside import beside
from app.state.document import Document
from app.state.parameters import Parameters
from app.state.planning import crop_boxes, sent_mask

DELAY_MS = 150
"""How long mask and values must rest before the regions are worked out."""


class CropPlan(QObject):
    """Watches document and parameters; ``boxes_changed`` carries the new regions, a tuple of Box, none without a mask.

    It reads the mask as the last finished step left it, without holding the document: strokes are never refused for it,
    and what was read while a step ended is read again.
    """

    boxes_changed = Signal(object)

    def __init__(self, document: Document, parameters: Parameters, executor: Executor) -> None:
        super().__init__()
        self._document, self._parameters, self._executor = document, parameters, executor
        self._boxes: tuple[Box, ...] = ()
        self._call = 0
        self._at_work = self._due = self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._work)
        document.opened.connect(self._opened)
        for signal in (
            document.opened,
            document.undo_changed,
            document.busy_changed,
            parameters.endpoint_changed,
            parameters.blend_changed,
            parameters.value_changed,
        ):
            signal.connect(self._later)
        self._later()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The regions, as far as they are known."""
        return self._boxes

    @property
    def crop_size(self) -> tuple[int, int] | None:
        """Width and height in pixels of the largest region; None without a mask."""
        largest = max(self._boxes, key=lambda box: box.area, default=None)
        return (largest.width, largest.height) if largest is not None else None

    def close(self) -> None:
        """Work nothing out any more: the executor is about to end."""
        self._closed = True
        self._timer.stop()

    def _later(self, *_: object) -> None:
        if not self._closed:
            self._timer.start()

    def _opened(self) -> None:
        """Another picture: what was known of the one before counts no longer."""
        self._call += 1
        self._show(())

    def _work(self) -> None:
        document, parameters = self._document, self._parameters
        if self._at_work or self._closed or document.busy:
            self._due = True  # the end of what is at work, or of being busy, starts it again
            return
        self._call += 1
        if document.mask is None:
            self._show(())
            return
        self._at_work, self._due = True, False
        call, position, mask, grow = self._call, document.position, document.committed, parameters.blend.grow
        endpoint, values = parameters.endpoint, parameters.values
        beside(
            self._executor,
            lambda: crop_boxes(sent_mask(mask, grow), endpoint, values),
            lambda done: self._worked(call, position, done),
        )

    def _worked(self, call: int, position: object, done: "Future[tuple[Box, ...]]") -> None:
        self._at_work = False
        current = call == self._call and position == self._document.position
        if current and not done.cancelled():
            self._show(done.result())
        if (self._due or not current) and not self._closed:
            self._later()

    def _show(self, boxes: tuple[Box, ...]) -> None:
        if boxes != self._boxes:
            self._boxes = boxes
            self.boxes_changed.emit(boxes)
