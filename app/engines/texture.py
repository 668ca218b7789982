"""Texture fill: patches found elsewhere in the picture are pieced together over the hole, by PyPatchMatch.

Barnes, Shechtman, Finkelstein, Goldman: PatchMatch (SIGGRAPH 2009), voted from coarse to fine after Wexler, Shechtman,
Irani: Space-time completion of video (PAMI 2007).
"""

import cv2
import numpy as np
import patchmatch
from numpy.typing import NDArray

from app.core.arrays import Pixels
from app.core.geometry import Box

MOST = 4_000_000
"""Pixels worked on at full size: about ten seconds. More is filled on a reduced copy."""
CLOSEST = 0.5
"""Surroundings, in sides of the hole, below which the fill picks up the hole's own rim."""


def available() -> bool:
    """Whether the library's native part could be loaded here."""
    return bool(patchmatch.patchmatch_available)


def has_source(mask: Pixels, radius: int) -> bool:
    """Whether one whole patch of ``radius`` lies outside ``mask``, to copy from."""
    side = 2 * radius + 1
    if min(mask.shape) < side:
        return False
    known = (mask == 0).astype(np.uint8)
    free = cv2.erode(known, np.ones((side, side), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return bool(free.any())


def usable_radius(mask: Pixels, radius: int) -> int:
    """The largest patch radius up to ``radius`` that the mask leaves a source for; 0 when there is none."""
    return next((smaller for smaller in range(radius, 0, -1) if has_source(mask, smaller)), 0)


def fill(picture: Pixels, mask: Pixels, *, radius: int, seed: int) -> Pixels:
    """``picture`` (h, w, 3) uint8 RGB with the pixels under ``mask`` (h, w; 255 = fill) replaced; a new array.

    ``radius`` of the compared patches in pixels, 1 to 7; ``seed`` 0 to 2**32 - 1: the same gives the same bytes. The
    library must be ``available`` and the mask leave a source for that radius (``usable_radius``).
    """
    window = _window(mask)
    result = picture.copy()
    part, hole = picture[window.slices], mask[window.slices] != 0
    scale = (MOST / window.area) ** 0.5
    patch = _run(part, hole, radius, seed) if scale >= 1 else _reduced(part, hole, radius, seed, scale)
    result[window.slices][hole] = patch[hole]
    return result


def effort(mask: Pixels, radius: int) -> float:
    """What ``fill`` costs, in units that take equally long: pixels looked at, and ten for each that is filled."""
    reduced = min(1.0, MOST / mask.size)
    pixels = (np.count_nonzero(mask) * 10 + mask.size) * reduced
    return float(pixels * max(1.0, radius / 3) ** 1.5 + 1000)


def _window(mask: Pixels) -> Box:
    """The part to work on: all of it, or less where that keeps the work at full size."""
    whole = Box.of_size(int(mask.shape[1]), int(mask.shape[0]))
    if whole.area <= MOST:
        return whole
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    hole = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    closer = hole.padded(int(CLOSEST * max(hole.width, hole.height)) + 1, whole)
    return closer if closer.area <= MOST else whole


def _reduced(part: Pixels, hole: NDArray[np.bool_], radius: int, seed: int, scale: float) -> Pixels:
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    # The reduced hole holds every touched pixel: an average of the rim and what is hidden must not become a source.
    small_hole = cv2.resize(hole.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 0
    small_part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    small = _run(small_part, small_hole, radius, seed)
    return np.asarray(cv2.resize(small, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_CUBIC), np.uint8)


def _run(part: Pixels, hole: NDArray[np.bool_], radius: int, seed: int) -> Pixels:
    patchmatch.set_random_seed(seed)
    filled = patchmatch.inpaint(np.ascontiguousarray(part), np.ascontiguousarray(hole), patch_size=radius)
    return np.asarray(filled, np.uint8)
