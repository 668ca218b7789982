"""Fills on this computer, in a worker process: no key, no network."""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from app.backends.worker_host import Finished, Progress, Waiting, WorkerHost
from app.core.arrays import Pixels
from app.core.endpoint import Endpoint
from app.core.errors import AppError
from app.core.request import Done, Event, Failure, Patch, Queued, Request, Result, Running

SEEDS = 2**32


class LocalBackend:
    """Runs requests of provider "local" in the worker of ``host``, which is closed with it."""

    name = "local"

    def __init__(self, host: WorkerHost) -> None:
        self._host = host
        self._next_seed = 0

    def unavailable(self, endpoint: Endpoint) -> str | None:
        """None for an endpoint of provider "local", else why not."""
        if endpoint.provider == "local":
            return None
        return f"{endpoint.title} runs at {endpoint.provider}, not on this computer; choose another backend for it."

    async def run(self, request: Request) -> AsyncGenerator[Event, None]:
        """Queued while other jobs come first, Running with the part done of all crops, then Done or Failure.

        The value "num_images" (1 if absent) says how many results there are; each has its own seed, counted up from the
        request's. Without one, seeds count up from 0 as long as the program runs: Generate again gives another result,
        and the same command the same bytes.
        """
        count = int(request.values.get("num_images", 1))
        seed = request.seed if request.seed is not None else self._fresh_seeds(count)
        try:
            async with aclosing(self._fill(request, seed % SEEDS, count)) as events:
                async for event in events:
                    yield event
        except AppError as error:
            yield Failure(error)

    async def close(self) -> None:
        """End the worker."""
        await self._host.close()

    def _fresh_seeds(self, count: int) -> int:
        """The first of ``count`` seeds that no request without one has had yet."""
        first = self._next_seed
        self._next_seed += count
        return first

    async def _fill(self, request: Request, seed: int, count: int) -> AsyncGenerator[Event, None]:
        started = time.monotonic()
        arrays = [pixels for crop in request.crops for pixels in (crop.picture, crop.mask)]
        shapes = [crop.picture.shape for crop in request.crops] * count
        message = {"values": dict(request.values), "seed": seed, "count": count}
        async with aclosing(self._host.job(message, arrays, shapes)) as reports:
            async for report in reports:
                match report:
                    case Waiting(position):
                        yield Queued(position)
                    case Progress(fraction, stage):
                        yield Running(fraction, stage)
                    case Finished(document, outputs):
                        answer = {**document, "seconds": round(time.monotonic() - started, 3)}
                        yield Done(_results(request, outputs, seed, document), answer)


def _results(
    request: Request, outputs: tuple[Pixels, ...], seed: int, document: Mapping[str, Any]
) -> tuple[Result, ...]:
    """The outputs, crop after crop of the first picture, then of the next, as results."""
    crops, notes = request.crops, tuple(map(str, document.get("notes", ())))
    turns = range(len(outputs) // len(crops))
    return tuple(
        Result(
            tuple(Patch(crop.box, outputs[turn * len(crops) + place]) for place, crop in enumerate(crops)),
            (seed + turn) % SEEDS,
            notes,
        )
        for turn in turns
    )
