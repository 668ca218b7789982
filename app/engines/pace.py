"""A steady progress for an engine that tells none: from the size of the work and how fast the last ones went."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICK = 0.1
"""Seconds between two reports."""
NEARLY = 0.97
"""What an estimate never passes: only the result itself is the end."""


class Pace:
    """Knows what a unit of work takes here. Starts from a two core machine's figures and learns from every run."""

    def __init__(self) -> None:
        self._seconds_per_unit = 1.6e-6

    @contextmanager
    def measured(self, units: float, progress: Callable[[float], None]) -> Iterator[None]:
        """Report ``progress`` from another thread while the block does ``units`` of work; rises, and stays below 1."""
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


def _report(expected: float, progress: Callable[[float], None], stop: threading.Event) -> None:
    started = time.monotonic()
    while not stop.wait(TICK):
        progress(part_done(time.monotonic() - started, expected))
