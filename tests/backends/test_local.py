"""The local backend with its real worker: pixels in, pixels out, and every promise of the contract."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.backends.local import LocalBackend
from app.backends.worker_host import WorkerHost
from app.core import blend, crop
from app.core.arrays import Pixels
from app.core.endpoint import Endpoint
from app.core.errors import WorkerLost
from app.core.geometry import Box
from app.core.picture import Picture
from app.core.request import BlendSettings, Crop, Done, Event, Failure, Queued, Request, Running

LOCAL = Endpoint("local/fill", "Local fill", "local", ())


def _picture(width: int, height: int) -> Picture:
    y, x = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(4).normal(0, 8, (height, width, 4))
    pixels = np.clip((128 + 90 * np.sin(x / 4 + y / 15))[..., None] + grain, 0, 255).astype(np.uint8)
    return Picture(pixels)


def _request(
    picture: Picture, holes: list[Box], values: Mapping[str, Any], seed: int | None = 0
) -> tuple[Request, Pixels]:
    mask = np.zeros((picture.height, picture.width), np.uint8)
    for hole in holes:
        mask[hole.slices] = 255
    crops = crop.cut(picture, mask, crop.context_boxes(mask, picture.box))
    return Request("1", LOCAL, "local", (picture.width, picture.height), crops, values, seed), mask


async def _events(backend: LocalBackend, request: Request) -> list[Event]:
    return [event async for event in backend.run(request)]


def _done(events: list[Event]) -> Done:
    last = events[-1]
    assert isinstance(last, Done), last
    return last


@pytest.mark.parametrize("engine", ["auto", "texture", "quick"])
def test_islands_are_filled_and_nothing_else_changes(
    classic: WorkerHost, apart: Callable[..., Any], engine: str
) -> None:
    picture = _picture(900, 400)
    before = picture.pixels.copy()
    request, mask = _request(picture, [Box(40, 50, 70, 90), Box(800, 300, 840, 330)], {"engine": engine})
    assert len(request.crops) == 2
    events = apart(_events(LocalBackend(classic), request))
    done = _done(events)
    assert done.answer["engine"] == ("quick" if engine == "quick" else "texture")
    assert done.answer["seconds"] > 0
    (result,) = done.results
    assert result.seed == 0 and [patch.box for patch in result.patches] == [one.box for one in request.crops]
    for one, patch in zip(request.crops, result.patches, strict=True):
        picture.put_rgb(one.box, blend.compose(one.picture, patch.pixels, one.mask, BlendSettings()))
    assert (picture.pixels[mask == 0] == before[mask == 0]).all()
    assert (picture.pixels[..., 3] == before[..., 3]).all()
    assert (picture.pixels[mask > 0] != before[mask > 0]).mean() > 0.5


def test_progress_is_steady_named_and_below_one_until_done(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    request, _ = _request(_picture(900, 400), [Box(40, 50, 140, 150), Box(700, 200, 790, 290)], {"engine": "texture"})
    running = [event for event in apart(_events(LocalBackend(classic), request)) if isinstance(event, Running)]
    fractions = [event.fraction for event in running if event.fraction is not None]
    assert fractions == sorted(fractions) and fractions[0] >= 0 and fractions[-1] < 1
    assert list(dict.fromkeys(event.stage for event in running)) == ["Filling 1 of 2", "Filling 2 of 2"]
    assert len(fractions) >= 3


def test_several_results_count_their_seeds_up_and_repeat(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    request, _ = _request(_picture(150, 120), [Box(50, 40, 80, 70)], {"engine": "texture", "num_images": 3}, 2**32 - 2)
    first, second = (_done(apart(_events(LocalBackend(classic), request))) for _ in range(2))
    assert [result.seed for result in first.results] == [2**32 - 2, 2**32 - 1, 0]
    pixels = [[patch.pixels.tobytes() for patch in result.patches] for result in first.results]
    assert pixels == [[patch.pixels.tobytes() for patch in result.patches] for result in second.results]
    assert len({one[0] for one in pixels}) == 3


def test_without_a_seed_each_request_has_a_new_one(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    backend = LocalBackend(classic)
    request, _ = _request(_picture(60, 50), [Box(20, 20, 24, 24)], {"num_images": 2}, None)
    seeds = [[result.seed for result in _done(apart(_events(backend, request))).results] for _ in range(2)]
    assert seeds == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("size", "hole"),
    [
        ((1, 1), Box(0, 0, 1, 1)),
        ((400, 5), Box(100, 0, 160, 5)),
        ((30, 30), Box(0, 0, 30, 30)),
        ((9, 60), Box(0, 50, 9, 60)),
    ],
)
def test_odd_pictures_end_with_a_result(
    classic: WorkerHost, apart: Callable[..., Any], size: tuple[int, int], hole: Box
) -> None:
    request, _ = _request(_picture(*size), [hole], {})
    (result,) = _done(apart(_events(LocalBackend(classic), request))).results
    for one, patch in zip(request.crops, result.patches, strict=True):
        assert patch.pixels.shape == (one.box.height, one.box.width, 3)
        assert (patch.pixels[one.mask == 0] == one.picture[one.mask == 0]).all()


@pytest.mark.parametrize("crops", [0, 1])
def test_an_empty_mask_is_declined_in_words(classic: WorkerHost, apart: Callable[..., Any], crops: int) -> None:
    request, mask = _request(_picture(60, 50), [Box(20, 20, 24, 24)], {})
    empty = Crop(Box(0, 0, 60, 50), _picture(60, 50).rgb(Box(0, 0, 60, 50)), np.zeros_like(mask))
    (*_, last) = apart(_events(LocalBackend(classic), replace(request, crops=(empty,) * crops)))
    assert isinstance(last, Failure) and str(last.error) == "There is nothing to fill; paint a mask first."


def test_a_fallback_is_told(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    request, _ = _request(_picture(40, 40), [Box(0, 0, 40, 40)], {"engine": "texture"})
    done = _done(apart(_events(LocalBackend(classic), request)))
    assert done.answer["engine"] == "quick"
    assert "nothing to copy from" in done.results[0].flags[0]


def test_a_waiting_request_says_its_place(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    backend = LocalBackend(classic)
    request, _ = _request(_picture(200, 200), [Box(60, 60, 120, 120)], {})

    async def both() -> tuple[list[Event], list[Event]]:
        return await asyncio.gather(_events(backend, request), _events(backend, request))

    first, second = apart(both())
    assert Queued(1) in second and not any(isinstance(event, Queued) for event in first)
    assert _done(first).results[0].patches[0].pixels.shape == _done(second).results[0].patches[0].pixels.shape


def test_a_killed_worker_is_one_failure_and_the_next_request_works(
    classic: WorkerHost, apart: Callable[..., Any]
) -> None:
    backend = LocalBackend(classic)
    large, _ = _request(_picture(900, 700), [Box(200, 150, 600, 500)], {"engine": "texture"})
    small, _ = _request(_picture(60, 50), [Box(20, 20, 24, 24)], {})

    async def kill() -> list[Event]:
        events = []
        async for event in backend.run(large):
            events.append(event)
            if isinstance(event, Running) and event.fraction and classic.pid:
                os.kill(classic.pid, signal.SIGKILL)
        return events

    last = apart(kill())[-1]
    assert isinstance(last, Failure) and isinstance(last.error, WorkerLost)
    assert "memory or was killed" in str(last.error)
    _done(apart(_events(backend, small)))


def test_cancelling_ends_the_fill_within_half_a_second(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    backend = LocalBackend(classic)
    large, _ = _request(_picture(1200, 900), [Box(200, 150, 900, 700)], {"engine": "texture"})
    small, _ = _request(_picture(60, 50), [Box(20, 20, 24, 24)], {})

    async def cancel() -> tuple[float, float]:
        task = asyncio.create_task(_events(backend, large))
        await asyncio.sleep(0.4)
        started = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        idle = time.perf_counter() - started
        _done(await _events(backend, small))
        return idle, time.perf_counter() - started

    idle, ready = apart(cancel())
    assert idle < 0.5 and ready < 3.0


def test_only_local_endpoints_are_available(classic: WorkerHost) -> None:
    backend = LocalBackend(classic)
    assert backend.name == "local" and backend.unavailable(LOCAL) is None
    refusal = backend.unavailable(Endpoint("fal-ai/inpaint", "Inpaint", "fal", ()))
    assert refusal is not None and "fal" in refusal
