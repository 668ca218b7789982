"""The record of a stroke at 8192 x 8192 against the copy of the mask that it replaces."""

import statistics
import time
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.mask import Mask
from app.core.undo import MaskChange, mask_change
from tests.bench.framework import Counted, Seconds, Timed, row
from tests.bench.material import blobs

SIDE = 8192


def strokes(count: int) -> Iterator[tuple[int, int, list[list[int]]]]:
    """Radius, value and points of strokes like those of a hand."""
    random = np.random.default_rng(2)
    for _ in range(count):
        turns = np.cumsum(random.normal(0, 0.25, int(random.integers(20, 120))))
        steps = random.uniform(2, 18, turns.size)
        x, y = (np.cumsum(steps * wave(turns)) for wave in (np.cos, np.sin))
        points = np.stack([x, y], axis=1) + random.uniform(600, SIDE - 600, 2)
        radius, value = int(random.choice([5, 20, 50, 120])), 255 if random.random() < 0.75 else 0
        yield radius, value, np.clip(points, 0, SIDE - 1).astype(int).tolist()


@cache
def records() -> tuple[list[MaskChange], list[float]]:
    """The records of 60 strokes, and the seconds that each took."""
    mask = Mask(blobs(SIDE, SIDE))
    before = mask.pixels.copy()
    changes, times = [], []
    for radius, value, points in strokes(60):
        box: Box | None = None
        for start, end in pairwise(points):
            touched = mask.paint((start[0], start[1]), (end[0], end[1]), radius, value)
            box = touched.union(box) if touched else box
        assert box is not None
        begin = time.perf_counter()
        change = mask_change(before, mask.pixels, box)
        times.append(time.perf_counter() - begin)
        before[box.slices] = mask.pixels[box.slices]
        changes += [change] if change else []
    return changes, times


@row("undo record of a stroke, 8192 x 8192", against="full copy", budget=1 / 1000)
def size() -> Counted:
    """Bytes, mean of 60 strokes."""
    changes, _ = records()
    return Counted(statistics.mean(change.nbytes for change in changes), SIDE * SIDE, "bytes")


@row("undo record of a stroke, 8192 x 8192", against="full copy as bytes", budget=1 / 100)
def record() -> Timed:
    """Seconds, median of 60 strokes."""
    mask = blobs(SIDE, SIDE)
    steps: list[bytes] = []  # kept, as a stack keeps them: each copy takes fresh memory
    return Timed(median_record, lambda: steps.append(mask.tobytes()))


@row("undo record of a stroke, 8192 x 8192", against="full copy as an array in huge pages")
def record_against_array() -> Timed:
    """The same against the quickest copy there is: NumPy asks the system for huge pages, where it has them."""
    mask = blobs(SIDE, SIDE)
    steps: list[Pixels] = []
    return Timed(median_record, lambda: steps.append(mask.copy()))


def median_record() -> Seconds:
    """Seconds of one of the 60 records."""
    return Seconds(statistics.median(records()[1]))
