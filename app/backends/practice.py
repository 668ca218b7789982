"""Stands in for any provider, without key or network: takes what the endpoint takes, answers in the shape it documents.

The pictures come from the local fill, and go through the answer and out of it again as a provider's would. It can be
told to fail in each way that a provider does.
"""

import asyncio
import base64
import io
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from PIL import Image

from app.backends.local import LocalBackend
from app.backends.validation import Validation
from app.core.answer import files_in, flags_in, seed_in, shape_answer
from app.core.arrays import Pixels
from app.core.endpoint import FROM_CANVAS, Endpoint
from app.core.errors import AppError, Failed, Refused, TimedOut, WorkerLost
from app.core.geometry import Box
from app.core.price import picture_count
from app.core.refusals import read_refusal, refused
from app.core.request import Done, Event, Failure, Json, Patch, Queued, Request, Result, Running

End = Literal["none", "refused", "failed", "lost", "nsfw", "timeout"]

STEPS = 10
"""Events that the delay is cut into."""
FILLED = 0.7
"""The part of the progress bar that the fill itself takes, after the delay's."""
SEEDS = 2**31
"""Seeds stay below this: what every endpoint's integer can hold."""
FLAGGED = "The provider's safety filter objected to this picture and blacked it out."


@dataclass(frozen=True)
class PracticeOptions:
    """``delay`` in seconds before the fill begins, ``queue`` jobs that seem to be ahead, ``failure`` how it ends."""

    delay: float = 1.5
    queue: int = 2
    failure: End = "none"

    @classmethod
    def of(cls, choice: Mapping[str, object]) -> "PracticeOptions":
        """Options from plain data: "delay" and "queue" as numbers or text, "failure" by name or "" for none.

        Raises ValueError for anything else.
        """
        named = choice.get("failure") or "none"
        end = next((end for end in get_args(End) if end == named), None)
        delay, queue = float(str(choice.get("delay", 1.5))), int(str(choice.get("queue", 2)))
        if (
            choice.keys() - {"delay", "queue", "failure"}
            or end is None
            or not (0 <= delay <= 3600 and 0 <= queue <= 1000)
        ):
            raise ValueError(f"no options for practice: {choice}")
        return cls(delay, queue, end)


class PracticeBackend:
    """Runs any endpoint with ``fill``, which is closed by its owner."""

    name = "practice"

    def __init__(
        self, fill: LocalBackend, options: PracticeOptions | None = None, validation: Validation | None = None
    ) -> None:
        self._fill = fill
        self._validation = validation or Validation()
        self.options = options or PracticeOptions()

    def unavailable(self, endpoint: Endpoint) -> str | None:
        """None, unless the endpoint's description does not say where its pictures are."""
        if endpoint.binding.results:
            return None
        return f"{endpoint.title} answers with no pictures, as far as its document says: choose another endpoint."

    async def run(self, request: Request) -> AsyncGenerator[Event, None]:
        """The events of a job at a provider: queue, progress with log lines, then Done or Failure."""
        try:
            async with aclosing(self._play(request, self.options)) as events:
                async for event in events:
                    yield event
        except AppError as error:
            yield Failure(error)

    async def close(self) -> None:
        """Nothing of its own is open."""

    async def _play(self, request: Request, options: PracticeOptions) -> AsyncGenerator[Event, None]:
        faults = await asyncio.to_thread(self._validation.faults, request.endpoint, _body(request))
        if faults:
            raise refused(request.endpoint, 422, faults)
        async with aclosing(_wait(options, request.endpoint)) as waiting:
            async for event in waiting:
                yield event
        answer = None
        async with aclosing(self._fill.run(_for_the_fill(request))) as events:
            async for event in events:
                match event:
                    case Done(results):
                        answer = await asyncio.to_thread(_answered, request, results, options.failure == "nsfw")
                    case Running(fraction, stage, log):
                        yield Running(1 - FILLED + FILLED * (fraction or 0.0), stage, log)
                    case _:
                        yield event
        if answer is not None:
            yield Running(1.0, "Done", "practice: answer ready")
            yield answer


async def _wait(options: PracticeOptions, endpoint: Endpoint) -> AsyncGenerator[Event, None]:
    """The queue, then the first part of the work; ends early when a failure is to be played."""
    pause = options.delay / (options.queue + STEPS)
    for position in range(options.queue, 0, -1):
        yield Queued(position - 1)
        await asyncio.sleep(pause)
    if options.failure == "refused":
        raise _refusal_of(endpoint)
    for step in range(STEPS):
        yield Running((1 - FILLED) * step / STEPS, "Preparing", f"practice: step {step + 1} of {STEPS}")
        await asyncio.sleep(pause)
    _end_badly(options.failure)


def _end_badly(failure: End) -> None:
    if failure == "failed":
        raise Failed("The provider took the request and could not finish it (500: internal error); try again later.")
    if failure == "lost":
        raise WorkerLost("The provider's worker ended in the middle of the job; nothing was charged, try again.")
    if failure == "timeout":
        raise TimedOut("The provider gave no answer in time; whether it was charged is unknown, look at its job list.")


def _for_the_fill(request: Request) -> Request:
    """What the local fill is asked for instead: as many results as the endpoint would make, from the same seed."""
    seed = request.seed if request.seed is not None else secrets.randbelow(SEEDS)
    return replace(
        request, values={"engine": "auto", "num_images": picture_count(request.endpoint, request.values)}, seed=seed
    )


def _refusal_of(endpoint: Endpoint) -> Refused:
    """What a provider's 422 says that objects to the prompt, or to the first field where there is none."""
    settable = [field for field in endpoint.fields if field.role not in FROM_CANVAS]
    field = endpoint.field_for("prompt") or next(iter(settable), None)
    error = {
        "loc": ["body", field.path] if field else ["body"],
        "msg": "The content could not be processed because it was flagged by a content checker.",
        "type": "content_policy_violation",
    }
    return read_refusal(endpoint, 422, {"detail": [error]})


def _body(request: Request) -> dict[str, Json]:
    """What would be sent, without the pictures."""
    seed = request.endpoint.field_for("seed")
    if seed is None or request.seed is None:
        return dict(request.values)
    return {**request.values, seed.path: str(request.seed) if seed.kind == "string" else request.seed}


def _answered(request: Request, results: tuple[Result, ...], flagged: bool) -> Done:
    """The fill's results as the endpoint would answer, read back as from any provider.

    A request of several crops is answered once for each; ``Done.answer`` is then a list.
    """
    asked = request.seed if request.seed is not None else results[0].seed or 0
    answers = [
        _answer_for(request, [result.patches[place].pixels for result in results], asked, flagged)
        for place in range(len(request.crops))
    ]
    per_crop = [
        _patches(answer, request.endpoint, crop.box) for answer, crop in zip(answers, request.crops, strict=True)
    ]
    first = answers[0]
    seed = seed_in(first, request.endpoint.binding.seed_out) if request.endpoint.binding.seed_out else None
    objections = flags_in(first, request.endpoint.binding.flags) if request.endpoint.binding.flags else []
    read = tuple(
        Result(tuple(patches), None if seed is None else seed + turn, _notes(objections, turn, flagged))
        for turn, patches in enumerate(zip(*per_crop, strict=True))
    )
    told = [_without_pixels(answer) for answer in answers]
    return Done(read, told[0] if len(told) == 1 else told, cost=0.0)


def _answer_for(request: Request, pictures: list[Pixels], seed: int, flagged: bool) -> Json:
    if flagged:
        pictures = [np.zeros_like(picture) for picture in pictures]
    files = [_file(picture, turn) for turn, picture in enumerate(pictures)]
    answer = shape_answer(request.endpoint, files, seed=seed, values=request.values)
    flags = request.endpoint.binding.flags.removesuffix("[]")
    if flagged and isinstance(answer.get(flags), list):
        answer[flags] = [True] * len(files)
    return answer


def _notes(objections: list[bool], turn: int, flagged: bool) -> tuple[str, ...]:
    """An endpoint without flags gives only the black picture; then the practice itself says what it played."""
    marked = objections[turn] if turn < len(objections) else flagged
    return (FLAGGED,) if marked else ()


def _file(picture: Pixels, turn: int) -> dict[str, Json]:
    written = io.BytesIO()
    Image.fromarray(picture).save(written, "PNG", compress_level=1)
    coded = base64.b64encode(written.getvalue()).decode()
    return {
        "url": f"data:image/png;base64,{coded}",
        "content_type": "image/png",
        "file_name": f"practice-{turn + 1}.png",
        "file_size": len(written.getvalue()),
        "width": int(picture.shape[1]),
        "height": int(picture.shape[0]),
    }


def _patches(answer: Json, endpoint: Endpoint, box: Box) -> list[Patch]:
    found = files_in(answer, endpoint.binding.results)
    if not found:
        raise Failed("The provider finished without a picture; try again.")
    return [Patch(box, _decoded(uri, box)) for uri in found]


def _decoded(uri: str, box: Box) -> Pixels:
    head, _, coded = uri.partition(",")
    if head != "data:image/png;base64":
        raise Failed("The provider's answer names no picture that can be read; try again.")
    with Image.open(io.BytesIO(base64.b64decode(coded)), formats=["PNG"]) as image:
        pixels = np.asarray(image.convert("RGB"), np.uint8)
    if pixels.shape[:2] != (box.height, box.width):
        raise Failed(
            f"The provider's picture has {pixels.shape[1]} x {pixels.shape[0]} pixels instead of "
            f"{box.width} x {box.height}; try another size."
        )
    return pixels


def _without_pixels(answer: Json) -> Json:
    """``answer`` with pictures replaced by their length: what is kept beside a result."""
    if isinstance(answer, Mapping):
        return {key: _without_pixels(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [_without_pixels(value) for value in answer]
    if isinstance(answer, str) and answer.startswith("data:"):
        return f"{answer.partition(',')[0]},... ({len(answer)} characters)"
    return answer
