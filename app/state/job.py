"""One job from the click to the stored results, without Qt: the window and the headless command run the same steps.

The order is the promise: the journal's row is committed before the backend sees the request, and results are on disk
before anybody is told of them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from app.core.arrays import Pixels
from app.core.blend import compose
from app.core.endpoint import Endpoint
from app.core.errors import AppError, Failed
from app.core.picture import Picture
from app.core.request import Backend, Done, Event, Failure, Queued, Request, Result, Running
from app.state.recorded import document_bytes
from app.store.history import HistoryStore
from app.store.png import mask_png, picture_png, rgb_png
from app.store.records import Entry, JobRecord, State

THUMBNAIL = 192
"""Longest side of a thumbnail in pixels."""


@dataclass(frozen=True, eq=False)
class Sending:
    """A request with what the history keeps beside it: the picture it was made from (and its file, if it has one), the
    whole mask as drawn (height, width), and the accepted entries beneath."""

    request: Request
    picture: Picture
    picture_file: Path | None
    mask: Pixels
    base: tuple[str, ...] = ()


async def run_job(
    sending: Sending, backend: Backend, store: HistoryStore, executor: Executor, report: Callable[[Event], None]
) -> list[Entry]:
    """Run the request to its end and store what comes back; every event goes to ``report``.

    Raises the AppError of a failed job; cancelling the task cancels the job. Either way the journal says how it ended.
    """
    loop = asyncio.get_running_loop()
    job_id = sending.request.id

    async def mark(state: State, note: str | None = None) -> None:
        await loop.run_in_executor(executor, lambda: store.set_state(job_id, state, note=note))

    recording = loop.run_in_executor(executor, _recorded, sending, store)
    try:
        record = await asyncio.shield(recording)
    except asyncio.CancelledError:
        await recording  # the row is on its way to the disk all the same, and must not look like a job that runs
        await mark("cancelled")
        raise
    try:
        started = time.monotonic()
        done = await _answered(sending.request, backend, mark, report)
        seconds = time.monotonic() - started
    except asyncio.CancelledError:
        await mark("cancelled")
        raise
    except AppError as error:
        await mark("failed", str(error))
        raise
    report(done)
    return await _kept(loop.run_in_executor(executor, _stored, sending, record, done, seconds, store))


async def _kept(storing: "asyncio.Future[list[Entry]]") -> list[Entry]:
    """What has come back is kept, even when somebody cancels at the last moment."""
    try:
        return await asyncio.shield(storing)
    except asyncio.CancelledError:
        return await storing


async def _answered(
    request: Request, backend: Backend, mark: Callable[[State], Awaitable[None]], report: Callable[[Event], None]
) -> Done:
    state: State = "sending"
    async with aclosing(backend.run(request)) as events:
        async for event in events:
            match event:
                case Done():
                    return event
                case Failure(error=error):
                    raise error
                case Queued() | Running():
                    now: State = "queued" if isinstance(event, Queued) else "running"
                    if now != state:
                        state = now
                        await mark(now)
                    report(event)
    raise Failed("The backend ended without an answer; try again.")


def _recorded(sending: Sending, store: HistoryStore) -> JobRecord:
    request = sending.request
    record = JobRecord(
        id=request.id,
        created=time.time(),
        endpoint=request.endpoint.id,
        backend=request.backend,
        values=dict(request.values),
        seed=request.seed,
        blend=request.blend,
        picture=_kept_picture(sending, store),
        picture_size=request.picture_size,
        base=sending.base,
        mask=store.blobs.put(mask_png(sending.mask), ".png"),
        boxes=tuple(crop.box for crop in request.crops),
        state="sending",
        schema=_kept_document(request.endpoint, store),
    )
    store.begin(record)
    return record


def _kept_document(endpoint: Endpoint, store: HistoryStore) -> str:
    """The digest of the endpoint's document, which the entry can be repeated by whatever becomes of the endpoint."""
    if endpoint.version and store.blobs.exists(endpoint.version):
        return endpoint.version  # it was recalled from there
    return store.blobs.put(document_bytes(endpoint), ".json")


def _kept_picture(sending: Sending, store: HistoryStore) -> str:
    """The digest of the picture's file, copied into the store the first time. What has no file is kept as PNG.

    From then on the picture goes by that digest, so that its results are known to be its own.
    """
    source = sending.picture.source
    if source.digest and store.blobs.exists(source.digest):
        return source.digest
    if sending.picture_file is not None and sending.picture_file.is_file():
        digest = store.blobs.put_file(sending.picture_file)
    else:
        digest = store.blobs.put(picture_png(sending.picture), ".png")
    if digest != source.digest:
        sending.picture.source = replace(source, digest=digest)
    return digest


def _stored(sending: Sending, record: JobRecord, done: Done, seconds: float, store: HistoryStore) -> list[Entry]:
    entries = [
        _entry(sending, record, index, result, replace(done, results=()), seconds, store)
        for index, result in enumerate(done.results)
    ]
    store.finish(record.id, entries)
    return entries


def _entry(
    sending: Sending, record: JobRecord, index: int, result: Result, done: Done, seconds: float, store: HistoryStore
) -> Entry:
    return Entry(
        id=f"{record.id}-{index}",
        job=record.id,
        index=index,
        created=time.time(),
        seconds=seconds,
        endpoint=record.endpoint,
        backend=record.backend,
        values=record.values,
        seed=result.seed,
        blend=record.blend,
        picture=record.picture,
        picture_size=record.picture_size,
        base=record.base,
        mask=record.mask,
        patches=tuple((patch.box, store.blobs.put(rgb_png(patch.pixels), ".png")) for patch in result.patches),
        thumbnail=store.blobs.put(rgb_png(thumbnail(sending.request, result)), ".png"),
        cost=done.cost,
        flags=result.flags,
        schema=record.schema,
    )


def thumbnail(request: Request, result: Result) -> Pixels:
    """The largest crop as it will look in the picture, (h, w, 3) RGB, longest side at most 192 pixels."""
    at = max(range(len(request.crops)), key=lambda index: request.crops[index].box.area)
    crop, patch = request.crops[at], result.patches[at]
    seen = compose(crop.picture, patch.pixels, crop.mask, request.blend)
    scale = THUMBNAIL / max(crop.box.width, crop.box.height)
    if scale >= 1:
        return seen
    size = max(1, round(crop.box.width * scale)), max(1, round(crop.box.height * scale))
    return cv2.resize(seen, size, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
