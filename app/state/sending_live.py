"""The sheet of what will be sent, made anew a moment after each change for as long as somebody looks at it."""

from concurrent.futures import Executor, Future
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import AppError
from app.core.picture import Picture
from app.state.beside import beside
from app.state.document import Document
from app.state.history import History
from app.state.parameters import Parameters
from app.state.sending import CropSheet, Draft, SendingSheet, make_sheet, spent
from app.store.blobs import Blobs

DELAY_MS = 150
"""How long mask and values must rest before the sheet is made."""


class LiveSheet(QObject):
    """``changed`` carries each new ``SendingSheet``, ``failed`` an AppError.

    Like ``CropPlan`` it reads the mask as the last finished step left it and never holds the document. One sheet is
    made at a time: crops may be large.
    """

    changed = Signal(object)
    failed = Signal(object)
    working = Signal(bool)
    """Whether a sheet is being made, or made anew."""

    def __init__(
        self,
        document: Document,
        parameters: Parameters,
        history: History,
        executor: Executor,
        kept: Blobs | None = None,
        keys: tuple[str, ...] = (),
    ) -> None:
        """``kept`` holds the files that values refer to; ``keys`` are hidden wherever they stand."""
        super().__init__()
        self._kept, self._keys = kept, keys
        self._document, self._parameters, self._history = document, parameters, history
        self._executor = executor
        self._watching = self._at_work = self._due = False
        self._packed: tuple[_Pixels, tuple[CropSheet, ...]] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._work)
        for signal in (
            document.opened,
            document.closed,
            document.undo_changed,
            document.busy_changed,
            parameters.endpoint_changed,
            parameters.backend_changed,
            parameters.blend_changed,
            parameters.value_changed,
            parameters.problems_changed,
            history.added,
        ):
            signal.connect(self._later)

    def watch(self, on: bool) -> None:
        """Begin, with a sheet at once, or stop."""
        self._watching = on
        if on:
            self._work()
        else:
            self._timer.stop()
            self._packed = None

    def _later(self, *_: object) -> None:
        if self._watching:
            self._timer.start()

    def _work(self) -> None:
        document, parameters = self._document, self._parameters
        if self._at_work or document.busy:
            self._due = True  # begun again when that has ended
            return
        self._at_work, self._due = True, False
        self.working.emit(True)
        draft = Draft(parameters.endpoint, parameters.backend, parameters.values, parameters.blend, keys=self._keys)
        picture, mask = document.picture, document.committed if document.mask is not None else None
        position, faults = document.position, parameters.problems
        earlier, kept = spent(self._history.entries(), draft.endpoint), self._kept
        pixels = _Pixels(picture, position, draft.blend.grow)
        packed = self._packed[1] if self._packed is not None and self._packed[0] == pixels else ()

        def made() -> SendingSheet:
            return make_sheet(draft, picture, mask, faults=faults, earlier=earlier, kept=kept, packed=packed)

        beside(self._executor, made, lambda done: self._made(pixels, done))

    def _made(self, pixels: "_Pixels", done: "Future[SendingSheet]") -> None:
        self._at_work = False
        self.working.emit(False)
        current = pixels.picture is self._document.picture and pixels.position == self._document.position
        if self._watching and current and not done.cancelled():
            self._tell(done, pixels)
        if self._due or not current:
            self._later()

    def _tell(self, done: "Future[SendingSheet]", pixels: "_Pixels") -> None:
        error = done.exception()
        if isinstance(error, AppError):
            self.failed.emit(error)
        else:
            self._packed = pixels, done.result().crops
            self.changed.emit(done.result())


@dataclass(frozen=True)
class _Pixels:
    """What decides which pixels are sent, besides the endpoint."""

    picture: Picture | None
    position: object
    grow: int
