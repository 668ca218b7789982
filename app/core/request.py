"""A request, the events of its job, and its results: frozen data that travels between layers.

A request carries all that its answer will need, so painting on, switching endpoint or closing the picture while its job
runs changes nothing about it.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from app.core.arrays import Pixels
from app.core.endpoint import Endpoint
from app.core.errors import AppError
from app.core.geometry import Box

Json = Any
"""What ``json.loads`` can give."""


MOST_GROW: Final = 1000
"""Pixels: the limit of both blend settings."""


@dataclass(frozen=True)
class BlendSettings:
    """How a result meets the picture; outside the grown mask nothing changes.

    ``grow``: pixels (0 to 1000) by which the mask is grown before it is sent and blended. ``feather``: width in pixels
    (0 to 1000) of a ramp inside the mask's edge; 0 is a hard edge.
    """

    grow: int = 0
    feather: float = 0.0

    def limited(self) -> "BlendSettings":
        """The same with both widths brought within 0 to ``MOST_GROW`` pixels."""
        return BlendSettings(min(max(self.grow, 0), MOST_GROW), min(max(self.feather, 0.0), float(MOST_GROW)))


@dataclass(frozen=True, eq=False)
class Crop:
    """One region that is sent, at ``box``: ``picture`` (h, w, 3) uint8 RGB, ``mask`` (h, w) uint8, 255 = repaint."""

    box: Box
    picture: Pixels
    mask: Pixels


@dataclass(frozen=True, eq=False)
class Patch:
    """One region that came back: RGB pixels (h, w, 3) uint8 of exactly ``box``'s size."""

    box: Box
    pixels: Pixels


@dataclass(frozen=True, eq=False)
class Request:
    """Everything about one click on Generate."""

    id: str
    endpoint: Endpoint
    backend: str
    picture_size: tuple[int, int]
    """Width and height of the whole picture in pixels."""
    crops: tuple[Crop, ...]
    values: Mapping[str, Json]
    """Only what the user set or the schema requires, by field name, without picture and mask."""
    seed: int | None = None
    """The seed the user fixed, or None for a new one each time."""
    blend: BlendSettings = field(default_factory=BlendSettings)


@dataclass(frozen=True, eq=False)
class Result:
    """One picture of an answer: a patch for each crop, the seed that made it if known, provider flags in words."""

    patches: tuple[Patch, ...]
    seed: int | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Queued:
    """Accepted; ``position`` jobs are ahead (0-based), None when unknown."""

    position: int | None = None


@dataclass(frozen=True)
class Running:
    """At work. ``fraction`` is 0 to 1, or None when unknown; ``stage`` and ``log`` are plain words."""

    fraction: float | None = None
    stage: str = ""
    log: str = ""


@dataclass(frozen=True, eq=False)
class Done:
    """Finished, with at least one result; ``answer`` is the backend's document without pixels; ``cost`` in dollars."""

    results: tuple[Result, ...]
    answer: Json = None
    cost: float | None = None


@dataclass(frozen=True)
class Failure:
    """Ended without a result."""

    error: AppError


Event = Queued | Running | Done | Failure


class Backend(Protocol):
    """Who answers requests. Cancelling the task that iterates ``run`` cancels the job, remotely too."""

    name: str

    def unavailable(self, endpoint: Endpoint) -> str | None:
        """None when this backend can run ``endpoint`` now, else one sentence that says why not and what to do."""

    def run(self, request: Request) -> AsyncGenerator[Event, None]:
        """The job's events; the last is Done or Failure. Never raises AppError: it yields Failure."""

    async def close(self) -> None:
        """End every process and connection."""
