"""Half-size copies of a picture or mask, so that drawing it small touches only as many pixels as the screen has."""

import math
from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.core.geometry import Box

SMALLEST = 16
"""The last level's longest side is at most this many pixels: smaller than any picture that can still be looked at."""

_BAND = 256  # rows of a level made at once: what is needed besides the levels stays small and in the cache

Reduce = Callable[[Pixels], Pixels]
"""Halves an array of even height and width, each pixel made from the 2 x 2 it stands for."""


class Pyramid:
    """``levels[0]`` is the array itself, never a copy; ``levels[k]`` is half of ``levels[k - 1]``, odd sides round up.

    Every level from 1 up is C-contiguous uint8 and always the same array. Its bytes per line are ``strides[0]``, width
    x channels without padding: an image of the toolkit that shares the memory must be told so. Whoever changes the
    base calls ``update`` with the box.
    """

    def __init__(self, base: Pixels, reduce: Reduce) -> None:
        self.levels: list[Pixels] = [base]
        self._reduce = reduce
        while max(self.levels[-1].shape[:2]) > SMALLEST:
            height, width, *channels = self.levels[-1].shape
            self.levels.append(np.empty(((height + 1) // 2, (width + 1) // 2, *channels), np.uint8))
        self.update(Box.of_size(base.shape[1], base.shape[0]))

    def update(self, box: Box) -> None:
        """Make what stands for ``box`` (picture coordinates, clipped to the picture) again in every level."""
        found = box.intersection(Box.of_size(self.levels[0].shape[1], self.levels[0].shape[0]))
        if found is None:
            return
        for finer, coarser in pairwise(self.levels):
            found = Box(found.x0 // 2, found.y0 // 2, (found.x1 + 1) // 2, (found.y1 + 1) // 2)
            for top in range(found.y0, found.y1, _BAND):
                band = Box(found.x0, top, found.x1, min(top + _BAND, found.y1))
                coarser[band.slices] = self._reduce(_even(finer, band))

    def level_for(self, scale: float) -> int:
        """The smallest level with a pixel for every screen pixel at ``scale`` screen pixels per picture pixel."""
        if scale >= 1:
            return 0
        return min(len(self.levels) - 1, math.floor(-math.log2(scale) + 1e-6))


def mask_pyramid(pixels: Pixels) -> Pyramid:
    """Levels of a (height, width) mask of 0 and 255: a pixel is set where any of its 2 x 2 is (thin strokes stay)."""
    return Pyramid(pixels, _any_of_four)


def picture_pyramid(pixels: Pixels) -> Pyramid:
    """Levels of a (height, width, 4) BGRA picture: the mean of each 2 x 2."""
    return Pyramid(pixels, _mean_of_four)


def _even(finer: Pixels, band: Box) -> Pixels:
    """The pixels that ``band`` of the next level stands for; where they end half way, the last row or column twice."""
    part = finer[2 * band.y0 : 2 * band.y1, 2 * band.x0 : 2 * band.x1]
    missing_rows, missing_columns = 2 * band.height - part.shape[0], 2 * band.width - part.shape[1]
    if not (missing_rows or missing_columns):
        return part
    return np.asarray(cv2.copyMakeBorder(part, 0, missing_rows, 0, missing_columns, cv2.BORDER_REPLICATE), np.uint8)


def _mean_of_four(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _any_of_four(pixels: Pixels) -> Pixels:
    # The mean of four is 0 only where all four are: a single 255 gives 64.
    return np.asarray(cv2.threshold(_mean_of_four(pixels), 0, 255, cv2.THRESH_BINARY)[1], np.uint8)
