"""Measuring against a reference in the same process, because only ratios survive a change of machine or of load.

A row is one function, registered with ``row``, that prepares what it needs and returns either ``Timed`` (two callables
that are run in turn, round after round; their medians are compared) or ``Counted`` (two numbers: bytes, pixels). It has
a budget for the ratio, a limit for our own figure, both or neither. To add rows, write a module ``<subject>_rows.py``
beside this one: it is found by its name.

    @row("invert in place, 108 MP", against="np.copyto", budget=0.8)
    def invert() -> Timed:
        pixels = large_mask().copy()
        other = np.empty_like(pixels)
        return Timed(lambda: np.bitwise_not(pixels, out=pixels), lambda: np.copyto(other, pixels))
"""

import gc
import importlib
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], object]
"""Something to time. Where only a part of it counts, it returns the ``Seconds`` of that part."""


class Seconds(float):
    """What a ``Work`` returns when it has measured itself."""


@dataclass(frozen=True)
class Timed:
    """Our way and the reference's, doing the same; ``times`` is how often one call does it."""

    ours: Work
    reference: Work | None = None
    rounds: int = 5
    times: int = 1


@dataclass(frozen=True)
class Counted:
    """Two numbers of one ``unit``."""

    ours: float
    reference: float | None
    unit: str


@dataclass(frozen=True)
class Row:
    """What is measured, against what; at most ``budget`` of the reference, at most ``limit`` seconds (or units)."""

    name: str
    against: str
    budget: float | None
    limit: float | None
    prepare: Callable[[], Timed | Counted]


@dataclass(frozen=True)
class Outcome:
    """A row's figures, in seconds or in ``unit``."""

    row: Row
    ours: float
    reference: float | None
    unit: str

    @property
    def ratio(self) -> float | None:
        """Ours over the reference's."""
        return self.ours / self.reference if self.reference else None

    def within(self, slack: float = 1.0) -> bool:
        """Whether budget and limit are kept, each multiplied by ``slack``."""
        budget, limit = self.row.budget, self.row.limit
        too_slow = budget is not None and self.ratio is not None and self.ratio > budget * slack
        return not too_slow and (limit is None or self.ours <= limit * slack)


ROWS: list[Row] = []


def row(
    name: str, *, against: str = "", budget: float | None = None, limit: float | None = None
) -> Callable[[Callable[[], Timed | Counted]], Callable[[], Timed | Counted]]:
    """Register a function as a row: see the module's text."""

    def register(prepare: Callable[[], Timed | Counted]) -> Callable[[], Timed | Counted]:
        ROWS.append(Row(name, against, budget, limit, prepare))
        return prepare

    return register


def load_rows() -> list[Row]:
    """All rows of all ``*_rows`` modules beside this one, by module name."""
    for path in sorted(Path(__file__).parent.glob("*_rows.py")):
        importlib.import_module(f"tests.bench.{path.stem}")
    return ROWS


def measure(one: Row) -> Outcome:
    """Prepare a row and run it."""
    case = one.prepare()
    if isinstance(case, Counted):
        return Outcome(one, case.ours, case.reference, case.unit)
    ours, reference = interleaved(case)
    gc.collect()
    return Outcome(one, ours, reference, "s")


def interleaved(case: Timed) -> tuple[float, float | None]:
    """Medians of one operation of ours and of the reference's, after one unmeasured round of both."""
    works = [work for work in (case.ours, case.reference) if work is not None]
    samples = [[seconds(work) for work in works] for _ in range(case.rounds + 1)][1:]
    medians = [statistics.median(column) / case.times for column in zip(*samples, strict=True)]
    return medians[0], medians[1] if len(medians) > 1 else None


def seconds(work: Work) -> float:
    """How long one call takes, or says that it took."""
    start = time.perf_counter()
    result = work()
    took = time.perf_counter() - start
    return result if isinstance(result, Seconds) else took


HEADINGS = ("row", "ours", "reference", "ratio", "budget", "ok")
_WIDTHS = (41, 11, 50, 8, 9, 3)


def heading() -> str:
    """The first two lines of the table."""
    return "\n".join([_line(HEADINGS), _line(["-" * width for width in _WIDTHS])])


def line(outcome: Outcome) -> str:
    """One row of the table."""
    against = outcome.row.against
    if outcome.reference is not None:
        against = f"{figure(outcome.reference, outcome.unit)} {against}"
    ratio = "" if outcome.ratio is None else f"{outcome.ratio:.3g}"
    return _line(
        [outcome.row.name, figure(outcome.ours, outcome.unit), against, ratio, _promise(outcome), _verdict(outcome)]
    )


def figure(number: float, unit: str) -> str:
    """A number with its unit, three digits."""
    if unit != "s":
        return f"{number:,.0f} {unit}"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if number * factor >= 1:
            return f"{number * factor:.3g} {name}"
    return f"{number * 1e9:.3g} ns"


def _promise(outcome: Outcome) -> str:
    parts = [] if outcome.row.budget is None else [f"<= {outcome.row.budget:g}"]
    if outcome.row.limit is not None:
        parts.append(f"<= {figure(outcome.row.limit, outcome.unit)}")
    return ", ".join(parts)


def _verdict(outcome: Outcome) -> str:
    if outcome.row.budget is None and outcome.row.limit is None:
        return ""
    return "yes" if outcome.within() else "NO"


def _line(cells: Iterable[str]) -> str:
    return " | ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
