"""The family of engines without learned weights: which of them fills a request, and how."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.engines import quick, texture
from app.engines.pace import Pace
from app.engines.task import Cancelled, Declined, Task

THIN = 6
"""Pixels: a mask is thin when no disc of this diameter fits into it anywhere."""
USUAL = 3
"""The patch radius that fills best on the whole, in pixels."""
RADII = (2, USUAL, 5, 7)
"""What several pictures of one request differ in, the seed besides: alone it changes little in a texture fill."""

NO_LIBRARY = "The texture fill is not installed here, so the quick fill was used."
NO_SOURCE = "The mask leaves nothing to copy from, so the quick fill was used. Paint a smaller mask."

Progress = Callable[[float], None]
"""Takes the part done, 0 to 1."""


@dataclass
class Classic:
    """Runs the requests of one worker; ``pace`` remembers how fast this machine is."""

    pace: Pace = field(default_factory=Pace)

    def run(self, task: Task) -> dict[str, Any]:
        """Fill every crop of ``task`` as often as it asks for.

        ``task.message`` holds "values" (the endpoint's fields), "seed" and "count"; ``task.arrays`` are picture and
        mask of each crop in turn; ``task.outputs`` take the crops of the first picture, then of the second. Returns
        "engine" and "notes" (sentences for the user). Raises Cancelled between crops when asked to stop, Declined when
        no mask is painted.
        """
        values, seed = task.message.get("values", {}), int(task.message["seed"])
        crops = list(zip(task.arrays[::2], task.arrays[1::2], strict=True))
        masks = [mask for _, mask in crops]
        if not any(mask.any() for mask in masks):
            raise Declined("There is nothing to fill; paint a mask first.")
        engine, notes = choose(values, masks)
        weights = np.array(
            [float(np.count_nonzero(mask)) + mask.size * 0.05 for mask in masks] * int(task.message["count"])
        )
        ends = np.cumsum(weights) / weights.sum()
        for step, output in enumerate(task.outputs):
            if task.cancelled():
                raise Cancelled
            turn, place = divmod(step, len(crops))
            report = _Part(task, step, float(ends[step - 1]) if step else 0.0, float(ends[step]), len(task.outputs))
            chosen = {"engine": engine, "detail": _radius(values if engine == "texture" else {}, turn)}
            output[:] = self.fill(*crops[place], chosen, (seed + turn) % 2**32, report)
        return {"engine": engine, "notes": list(notes)}

    def fill(self, picture: Pixels, mask: Pixels, values: Mapping[str, Any], seed: int, progress: Progress) -> Pixels:
        """``picture`` (h, w, 3) uint8 RGB with the pixels under ``mask`` replaced; all others keep their bytes.

        ``values["engine"]`` is "texture" or "quick", ``values["detail"]`` the patch radius, which is reduced where the
        mask leaves no patch so large. What the picture shows under the mask has no influence.
        """
        hidden = _without_hidden(picture, mask)
        radius = int(values["detail"])
        progress(0.0)
        if values["engine"] == "quick":
            return quick.fill(hidden, mask, radius=radius + quick.RADIUS - USUAL)
        radius = texture.usable_radius(mask, radius)
        with self.pace.measured(texture.effort(mask, radius), progress):
            return texture.fill(hidden, mask, radius=radius, seed=seed)


@dataclass
class _Part:
    """Turns the part done of one crop into the part done of the whole task."""

    task: Task
    step: int
    start: float
    end: float
    steps: int

    def __call__(self, fraction: float) -> None:
        stage = f"Filling {self.step + 1} of {self.steps}" if self.steps > 1 else "Filling"
        self.task.progress(self.start + (self.end - self.start) * fraction, stage)


def choose(values: Mapping[str, Any], masks: Sequence[Pixels]) -> tuple[str, tuple[str, ...]]:
    """The engine that fills ``masks``, and sentences about why it is not the one asked for.

    "auto" is quick for a mask that is thin all over, since nothing of a pattern is lost in it, and texture otherwise.
    """
    asked = str(values.get("engine", "auto"))
    if asked == "auto":
        asked = "quick" if all(is_thin(mask) for mask in masks) else "texture"
    if asked != "texture":
        return "quick", ()
    if not texture.available():
        return "quick", (NO_LIBRARY,)
    if not all(texture.usable_radius(mask, USUAL) for mask in masks):
        return "quick", (NO_SOURCE,)
    return "texture", ()


def is_thin(mask: Pixels) -> bool:
    """Whether no disc of ``THIN`` pixels fits into ``mask``: none of its pixels is a radius away from its outside."""
    if (mask != 0).all():
        return False
    distance = cv2.distanceTransform((mask != 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return bool(distance.max() < THIN / 2)


def _radius(values: Mapping[str, Any], turn: int) -> int:
    """The patch radius of the picture number ``turn``: first the one asked for, then the other usual ones."""
    asked = int(values.get("detail", USUAL))
    return (asked, *(radius for radius in RADII if radius != asked))[turn % len({*RADII, asked})]


def _without_hidden(picture: Pixels, mask: Pixels) -> Pixels:
    """A copy with the mean of the known pixels under the mask: no engine can see what was there."""
    hole = mask != 0
    copy = picture.copy()
    if not hole.all():
        copy[hole] = np.rint(cv2.mean(picture, (~hole).astype(np.uint8))[:3]).astype(np.uint8)
    return copy
