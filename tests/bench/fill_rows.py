"""The local fill of a spot in a 100 megapixel photo, from mask to patch, and what a long fill costs the loop."""

import asyncio
import time
from functools import cache

import cv2
import numpy as np

from app.backends.local import LocalBackend
from app.backends.worker_host import WorkerHost
from app.core.arrays import Pixels
from app.core.crop import context_boxes, cut
from app.core.endpoint import Endpoint
from app.core.geometry import Box
from app.core.picture import Picture
from app.core.request import Crop, Done, Request
from tests.bench.framework import Counted, Seconds, Timed, row

WIDTH, HEIGHT = 12_240, 8_168
ENDPOINT = Endpoint("local/fill", "Local fill", "local", ())
SPOT = Box(5_940, 3_940, 6_061, 4_061)
"""A disc of 120 pixels in the middle."""


@cache
def photo() -> Picture:
    """100 megapixels with structure at every size."""
    random = np.random.default_rng(0)
    pixels = cv2.resize(
        random.integers(0, 256, (1021, 1530, 4), np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    return Picture(np.asarray(pixels, np.uint8))


@cache
def spot() -> Pixels:
    """The photo's mask: one spot."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(mask, (6_000, 4_000), 60, 255, -1)
    return mask


@cache
def spots() -> Pixels:
    """A mask of twenty spots all over the photo."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x, y in np.random.default_rng(1).integers(100, 8_000, (20, 2)).tolist():
        cv2.circle(mask, (x * 3 // 2, y), 12, 255, -1)
    return mask


@cache
def backend() -> LocalBackend:
    """The engines in their worker, warm; it ends with this process."""
    host = WorkerHost("app.engines.worker", name="classic")
    host.start()
    return LocalBackend(host)


def crops(mask: Pixels, bounds: Box) -> tuple[Crop, ...]:
    """What is sent of the photo."""
    return cut(photo(), mask, context_boxes(mask, bounds))


async def fill(regions: tuple[Crop, ...]) -> Done:
    """The end of a request for ``regions``."""
    events = [
        event async for event in backend().run(Request("bench", ENDPOINT, "local", (WIDTH, HEIGHT), regions, {}, 0))
    ]
    assert isinstance(events[-1], Done)
    return events[-1]


@row("find the crop of a 120 px spot, 100 MP", limit=0.010)
def find_one() -> Timed:
    """The editor knows the mask's bounds."""
    photo(), spot()
    return Timed(lambda: crops(spot(), SPOT), rounds=9)


@row("find the crops of 20 far spots, 100 MP", against="cv2.connectedComponents", budget=0.5)
def find_many() -> Timed:
    """Against looking for the islands in the mask itself."""
    photo()
    return Timed(lambda: crops(spots(), photo().box), lambda: cv2.connectedComponents(spots()), rounds=3)


@row("fill a 120 px spot, 100 MP, to the patch", limit=0.8)
def fill_one() -> Timed:
    """From the mask through the worker and back, auto engine."""
    asyncio.run(fill(crops(spot(), SPOT)))
    return Timed(lambda: asyncio.run(fill(crops(spot(), SPOT))))


@row("loop's largest gap, 24 MP fill in the worker", limit=50)
def gap() -> Counted:
    """Milliseconds between two ticks of a 5 ms clock while the whole of 24 megapixels is at work."""
    box = Box.of_size(6_000, 4_000)
    mask = np.zeros((4_000, 6_000), np.uint8)
    mask[1_500:2_300, 2_500:3_500] = 255
    region = Crop(box, photo().rgb(box), mask)
    return Counted(asyncio.run(_largest_gap(region)) * 1e3, None, "ms")


async def _largest_gap(region: Crop) -> Seconds:
    task = asyncio.ensure_future(fill((region,)))
    largest, last = 0.0, time.perf_counter()
    while not task.done():
        await asyncio.sleep(0.005)
        now = time.perf_counter()
        largest, last = max(largest, now - last), now
    task.result()
    return Seconds(largest)
