"""How a result goes back into the picture: under the mask only, to the byte."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.arrays import Pixels
from app.core.request import BlendSettings

BAND = 256
"""Rows worked on at once: what lies between the picture's 3 bytes and the arithmetic's 24 stays small."""


def compose(base_rgb: Pixels, patch_rgb: Pixels, mask: Pixels, settings: BlendSettings) -> Pixels:
    """``base_rgb`` with ``patch_rgb`` under ``mask``; a new (h, w, 3) uint8 array.

    ``mask`` is (h, w) uint8 0/255, already grown: the mask that was sent. With ``settings.feather`` f > 0 the patch
    fades in over f pixels from the mask's edge inwards. The edge runs between pixels, half a pixel from the centres on
    both its sides; the array's own borders are no edges. Outside the mask every byte is the base's. Inside, the value
    is ``base + alpha * (patch - base)`` in float64, rounded to the nearest, halves up.
    """
    inside = mask != 0
    result = base_rgb.copy()
    result[inside] = patch_rgb[inside]
    if settings.feather > 0 and not inside.all():
        _feather(result, base_rgb, inside, settings.feather)
    return result


def changed_outside(before: Pixels, after: Pixels, mask: Pixels) -> int:
    """How many pixels outside ``mask`` differ between two (h, w, channels) arrays. What we save must give 0."""
    return int(((before != after).any(axis=2) & (mask == 0)).sum())


def _feather(result: Pixels, base: Pixels, inside: NDArray[np.bool_], feather: float) -> None:
    distance: NDArray[Any] = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    for top in range(0, len(result), BAND):
        rows = slice(top, top + BAND)
        ramp = inside[rows] & (distance[rows] < feather + 0.5)
        alpha = _alpha(distance[rows][ramp], feather)[:, None]
        below = base[rows][ramp].astype(np.float64)
        above = result[rows][ramp].astype(np.float64)
        result[rows][ramp] = np.floor(below + alpha * (above - below) + 0.5).astype(np.uint8)


def _alpha(distance: NDArray[np.floating[Any]], feather: float) -> NDArray[np.float64]:
    # The squares are whole numbers, so rounding them undoes float32 and the ramp is exact.
    exact = np.sqrt(np.rint(distance.astype(np.float64) ** 2))
    alpha: NDArray[np.float64] = np.clip((exact - 0.5) / feather, 0.0, 1.0)
    return alpha
