"""From the drawn mask and the panel's values to a job: what will be sent, whether it can be, and sending it."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.arrays import Pixels
from app.core.endpoint import Endpoint
from app.core.errors import AppError, Refused
from app.core.picture import Picture
from app.core.price import picture_count
from app.core.request import BlendSettings, Request
from app.core.rules import TYPE, TYPE_TITLE
from app.state.document import Document
from app.state.history import Entry
from app.state.job import Sending
from app.state.jobs import Jobs
from app.state.parameters import Parameters
from app.state.planning import NO_MASK, fixed_seed, plan

Draft = tuple[Endpoint, str, Mapping[str, Any], BlendSettings]
"""Endpoint, backend, values and blend as they were at the click."""


@dataclass(frozen=True)
class Readiness:
    """What the Generate button says, and why it cannot be pressed: ``reason`` in words, ``field`` the path at fault."""

    text: str
    reason: str = ""
    field: str = ""


class Generation(QObject):
    """Owns nothing: reads the document and the parameters at the click and hands a frozen request to the jobs."""

    readiness_changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        executor: Executor,
        document: Document,
        parameters: Parameters,
        jobs: Jobs,
        dice: Callable[[], int] = lambda: random.SystemRandom().randrange(2**31),
    ) -> None:
        super().__init__()
        self._loop, self._executor = loop, executor
        self._document, self._parameters, self._jobs = document, parameters, jobs
        self._dice = dice
        self._planning: asyncio.Task[None] | None = None
        self._asked = False
        document.opened.connect(self._forget_click)
        jobs.refused.connect(self._note_refusal)
        jobs.finished.connect(self._note_seed)
        for signal in (
            document.opened,
            document.busy_changed,
            document.undo_changed,
            parameters.endpoint_changed,
            parameters.backend_changed,
            parameters.problems_changed,
            parameters.value_changed,
        ):
            signal.connect(self._tell)

    def readiness(self) -> Readiness:
        """Whether Generate can be pressed now."""
        parameters, document = self._parameters, self._document
        text = _button(parameters)
        if document.picture is None or document.mask is None:
            return Readiness(text, "Open a picture first.")
        if parameters.problems:
            field, problem = next(iter(parameters.problems.items()))
            return Readiness(text, f"{_title(parameters, field)}: {problem}", field)
        reason = self._jobs.backend(parameters.backend).unavailable(parameters.endpoint)
        if reason:
            return Readiness(text, reason)
        if document.mask.is_empty():
            return Readiness(text, NO_MASK)
        return Readiness(text)

    def generate(self, *, new_seed: bool = False) -> None:
        """Send what is drawn and set now, once per click; ``new_seed`` draws a fresh seed for this request only."""
        document, parameters = self._document, self._parameters
        if self._planning is not None or self._asked or self.readiness().reason:
            return
        if document.busy or document.painting:
            self._asked = True  # one click is one request, however long the command at work takes
            document.when_free(lambda: self._generate_later(new_seed))
            return
        if document.picture is None or document.mask is None:
            return
        values = dict(parameters.values)
        seed = parameters.endpoint.field_for("seed")
        if new_seed and seed is not None:
            values[seed.path] = str(self._dice()) if seed.kind == "string" else self._dice()
        draft = (parameters.endpoint, parameters.backend, values, parameters.blend)
        sending = (document.picture, document.mask.pixels, document.origin, document.base)
        parameters.note_sent(parameters.endpoint, values)
        document.hold(True)
        self._planning = self._loop.create_task(self._send(draft, *sending), name="plan a request")

    def _forget_click(self) -> None:
        """Another picture is there: what waited for the old one is gone with it."""
        self._asked = False

    def _generate_later(self, new_seed: bool) -> None:
        self._asked = False
        self.generate(new_seed=new_seed)

    async def close(self) -> None:
        """Give up a request that is still being cut; nothing of it was sent."""
        if self._planning is not None:
            self._planning.cancel()
            await asyncio.gather(self._planning, return_exceptions=True)

    async def _send(
        self, draft: Draft, picture: Picture, drawn: Pixels, origin: Path | None, base: tuple[str, ...]
    ) -> None:
        try:
            mask, request = await self._loop.run_in_executor(self._executor, _frozen_plan, picture, drawn, draft)
        except AppError as error:
            self.failed.emit(error)
            return
        finally:
            self._planning = None
            self._document.hold(False)
        self._jobs.start(Sending(request, picture, origin, mask, base))

    def _note_refusal(self, request: Request, error: Refused) -> None:
        self._parameters.refused(request.endpoint.key, request.values, error.fields)

    def _note_seed(self, _: str, entries: Sequence[Entry]) -> None:
        """The seed that made the first result: as the answer told it, else as it was asked for."""
        first, known = entries[0], (self._parameters.endpoint, *self._parameters.endpoints)
        asked = next((fixed_seed(one, first.values) for one in known if one.id == first.endpoint), None)
        self._parameters.note_seed(asked if first.seed is None else first.seed)

    def _tell(self, *_: object) -> None:
        self.readiness_changed.emit(self.readiness())


def _frozen_plan(picture: Picture, drawn: Pixels, draft: Draft) -> tuple[Pixels, Request]:
    """A copy of the mask as drawn, and the request made from it; the document is held meanwhile."""
    mask = drawn.copy()
    return mask, plan(picture, mask, *draft)


def _title(parameters: Parameters, path: str) -> str:
    return TYPE_TITLE if path == TYPE else parameters.endpoint.title_of(path)


def _button(parameters: Parameters) -> str:
    count = picture_count(parameters.endpoint, parameters.values)
    several = f" {count}" if count > 1 else ""
    match parameters.backend:
        case "local":
            return f"Fill locally{several and f' ·{several}'}"
        case "practice":
            return f"Generate{several} (practice)"
        case _:
            return f"Generate{several}"
