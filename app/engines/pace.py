"""A steady progress for an engine that tells none: from the size of the work and how fast the last ones went."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from app.core.arrays import Pixels

TICK = 0.1
"""Seconds between two reports."""
NEARLY = 0.97
"""What an estimate never passes: only the result itself is the end."""


class Pace:
    """Knows what a unit of work takes here. Starts from a two core machine's figures and learns from every run."""

    def __init__(self) -> None:
        self._seconds_per_unit = 4.0e-6

    @contextmanager
    def measured(self, mask: Pixels, radius: int, progress: Callable[[float], None]) -> Iterator[None]:
        """Report ``progress`` from another thread while the block works on ``mask``; rises, and stays below 1."""
        units = _units(mask, radius)
        started, stop = time.monotonic(), threading.Event()
        reporter = threading.Thread(
            target=_report, args=(max(0.05, units * self._seconds_per_unit), progress, stop), daemon=True
        )
        reporter.start()
        try:
            yield
        finally:
            stop.set()
            reporter.join()
        self._learn(units, time.monotonic() - started)

    def _learn(self, units: float, seconds: float) -> None:
        # Halfway to what was just seen: one run beside a busy program shall not spoil the next estimate.
        self._seconds_per_unit = (self._seconds_per_unit + seconds / units) / 2


def part_done(seconds: float, expected: float) -> float:
    """The part done after ``seconds`` of an ``expected`` number: nearly straight at first, never as much as 1."""
    return NEARLY * (1.0 - math.exp(-1.6 * seconds / expected))


def _units(mask: Pixels, radius: int) -> float:
    """Pixels to fill, and a share of those looked at, times what the radius costs beside the usual 3."""
    return (float(np.count_nonzero(mask)) * 10 + mask.size) * float(max(1.0, radius / 3) ** 1.5) + 1000.0


def _report(expected: float, progress: Callable[[float], None], stop: threading.Event) -> None:
    started = time.monotonic()
    while not stop.wait(TICK):
        progress(part_done(time.monotonic() - started, expected))
