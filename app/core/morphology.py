"""Growing and shrinking a mask by an exact disc (x² + y² <= r²), at a cost that hardly depends on the radius.

A mask pixel at a vertical distance d from some row covers half the disc's chord there, sqrt(r² - d²), to both sides of
its column. So: per column the distance to the nearest mask pixel (a running maximum of row numbers, from above and from
below); from a table half the chord; and per row the farthest column that any of these reaches from the left and from
the right (running extremes by doubling). All of it is whole numbers and extremes of neighbouring rows, done in bands
that stay in the cache: besides the result it takes a few megabytes. To split the distance by columns and rows is Saito
and Toriwaki's idea (Pattern Recognition 27, 1994); their search along the row becomes a running extreme because the
only question is "within r?".

Pixels outside the picture are neither mask nor background: they add nothing to a grown mask and take nothing from a
shrunk one.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.arrays import Pixels
from app.core.geometry import Box

MAX_RADIUS = 4000
"""Pixels."""

_BAND_PIXELS = 1 << 19  # of a band: enough work per step for two threads, little enough memory for the cache
_MOST_ROWS = 255  # of a band, because they are counted in a byte
_THREADS = 2  # measured: the steps are long enough to leave Python's lock free

Counts = NDArray[np.unsignedinteger[Any]]


def grow(pixels: Pixels, radius: int) -> Pixels:
    """The pixels within ``radius`` of the mask, the limit included, as a new array.

    ``pixels`` is (height, width) uint8 of 0 and 255, as the result is; ``radius`` is 0 to ``MAX_RADIUS`` pixels, or
    ValueError is raised.
    """
    return _Spread(pixels, _checked(radius), of_background=False).result()


def shrink(pixels: Pixels, radius: int) -> Pixels:
    """The mask's pixels farther than ``radius`` from every pixel of its background: as ``grow`` in all else."""
    return _Spread(pixels, _checked(radius), of_background=True).result()


def grown(pixels: Pixels, radius: int) -> tuple[Box, Pixels] | None:
    """The box that ``grow`` may change and what it holds afterwards; None for an empty mask or radius 0."""
    mask = bounding_box(pixels)
    if mask is None or _checked(radius) == 0:
        return None
    box = mask.padded(radius, _whole(pixels))
    return box, grow(pixels[box.slices], radius)


def shrunk(pixels: Pixels, radius: int) -> tuple[Box, Pixels] | None:
    """The box that ``shrink`` may change and what it holds afterwards; None for an empty mask or radius 0."""
    mask = bounding_box(pixels)
    if mask is None or _checked(radius) == 0:
        return None
    # One ring of background is enough: from inside, the nearest pixel outside the mask's box is on it.
    ring = mask.padded(1, _whole(pixels))
    rows, columns = mask.shifted(-ring.x0, -ring.y0).slices
    return mask, shrink(pixels[ring.slices], radius)[rows, columns]


def bounding_box(pixels: Pixels) -> Box | None:
    """The smallest box that holds every pixel of a (height, width) mask that is not 0; None when there is none."""
    rows = np.flatnonzero(pixels.any(axis=1))
    if rows.size == 0:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(np.bitwise_or.reduce(pixels[top:bottom], axis=0))
    return Box(int(columns[0]), top, int(columns[-1]) + 1, bottom)


def _whole(pixels: Pixels) -> Box:
    return Box.of_size(pixels.shape[1], pixels.shape[0])


def _checked(radius: int) -> int:
    if not 0 <= radius <= MAX_RADIUS:
        raise ValueError(f"Growing and shrinking take a radius of 0 to {MAX_RADIUS} pixels, not {radius}.")
    return radius


class _Spread:
    """One growing of the mask, or of its background, by one radius.

    Row and column numbers start at radius + 1, so that 0 can stand for "no mask pixel on this side": such a pixel is
    then farther than the radius from every row, and no number is ever negative.
    """

    def __init__(self, pixels: Pixels, radius: int, *, of_background: bool) -> None:
        self._pixels = pixels
        self._radius = radius
        self._of_background = of_background
        height, width = pixels.shape
        largest = max(height, width) + 2 * radius + 2
        self._dtype: np.dtype[np.unsignedinteger[Any]] = np.dtype(np.uint16 if largest < 1 << 16 else np.uint32)
        self._rows = min(_MOST_ROWS, max(1, _BAND_PIXELS // width))
        self._tops = range(0, height, self._rows)
        self._columns: Counts = np.arange(radius + 1, radius + 1 + width).astype(self._dtype)
        self._reach = self._chords()
        # After steps of 1, 2, 4, ... a pixel has seen as many pixels to one side as the radius, or the whole row.
        self._steps = [1 << power for power in range(min(radius, width - 1).bit_length())]
        self._result = np.empty((height, width), np.uint8)

    def result(self) -> Pixels:
        """The grown pixels (of the background: what it leaves), 0 or 255."""
        above, below = self._nearest_outside()

        def work(first: int) -> None:
            space = _Space(self._rows, self._pixels.shape[1], self._dtype)
            for band in range(first, len(self._tops), _THREADS):
                self._finish(band, above[band], below[band], space)

        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(work, range(_THREADS)))
        return self._result

    def _chords(self) -> Counts:
        """Half the disc's chord by vertical distance; beyond the radius -1 (all bits set), which reaches nothing."""
        radius = self._radius
        # OpenCV's table for 16 bits has an entry for every value.
        table = np.full(1 << 16 if self._dtype == np.uint16 else radius + 2, -1, np.int64)
        table[: radius + 1] = [math.isqrt(radius * radius - distance * distance) for distance in range(radius + 1)]
        return table.astype(self._dtype)

    def _seeds(self, band: int, spare: Pixels) -> Pixels:
        top = self._tops[band]
        part = self._pixels[top : top + self._rows]
        return np.bitwise_not(part, out=spare[: len(part)]) if self._of_background else part

    def _nearest_outside(self) -> tuple[Counts, Counts]:
        """For each band and column the nearest seed row above it, and below it (counted from the last row)."""
        height, width = self._pixels.shape
        above = np.zeros((len(self._tops) + 1, width), self._dtype)
        below = np.zeros((len(self._tops) + 1, width), self._dtype)
        spare = np.empty((self._rows, width), np.uint8)
        for band, top in enumerate(self._tops):
            seeds = self._seeds(band, spare)
            order = np.arange(1, len(seeds) + 1, dtype=np.uint8)[:, None]
            last = (seeds & order).max(axis=0).astype(self._dtype)
            first = (seeds & order[::-1]).max(axis=0).astype(self._dtype)
            after = height - top - len(seeds)
            above[band + 1] = np.where(last, last + (top + self._radius), 0)
            below[band] = np.where(first, first + (after + self._radius), 0)
        np.maximum.accumulate(above, axis=0, out=above)
        np.maximum.accumulate(below[::-1], axis=0, out=below[::-1])
        return above[:-1], below[1:]

    def _finish(self, band: int, above: Counts, below: Counts, space: "_Space") -> None:
        """Everything for one band, from its pixels and the nearest seeds outside it to its part of the result."""
        top = self._tops[band]
        part = self._result[top : top + self._rows]
        here = space.of_height(len(part))
        distance = self._distance(self._seeds(band, here.bytes[0]), top, above, below, here)
        reach = self._look_up(distance, here.counts[0])
        covered, also = (plane.view(np.bool_) for plane in here.bytes)
        farthest = np.add(self._columns, reach, out=here.counts[1])
        np.greater_equal(self._from_the_left(farthest, here.counts[2]), self._columns, out=covered)
        farthest = np.subtract(self._columns, reach, out=here.counts[1])
        np.less_equal(self._from_the_right(farthest, here.counts[2]), self._columns, out=also)
        np.logical_or(covered, also, out=covered)
        if self._of_background:
            np.logical_not(covered, out=covered)
        np.multiply(here.bytes[0], 255, out=part)

    def _distance(self, seeds: Pixels, top: int, above: Counts, below: Counts, space: "_Space") -> Counts:
        """Rows from each pixel to the nearest seed of its column."""
        up, down, _ = space.counts
        signed = np.dtype(f"i{self._dtype.itemsize}")
        np.copyto(up.view(signed), seeds.view(np.int8))  # 255 is -1, which has all bits set in any width
        after = self._pixels.shape[0] - top
        from_top = np.arange(top + 1, top + 1 + len(seeds))[:, None] + self._radius
        from_bottom = np.arange(after, after - len(seeds), -1)[:, None] + self._radius
        self._rows_since(up, from_top.astype(self._dtype), above, down)
        self._rows_since(up[::-1], from_bottom[::-1].astype(self._dtype), below, up[::-1])
        return np.minimum(down, up, out=down)

    @staticmethod
    def _rows_since(seeds: Counts, numbers: Counts, before: Counts, result: Counts) -> None:
        """How many rows ago, going down, each column's last seed was; ``before`` numbers the last one outside."""
        np.bitwise_and(seeds, numbers, out=result)
        for row in result:
            before = np.maximum(row, before, out=row)
        np.subtract(numbers, result, out=result)

    def _look_up(self, distance: Counts, result: Counts) -> Counts:
        if self._dtype == np.uint16:
            cv2.LUT(distance, self._reach, dst=result)
        else:
            np.take(self._reach, distance, mode="clip", out=result)
        return result

    def _from_the_left(self, farthest: Counts, spare: Counts) -> Counts:
        """The largest of each pixel's number and those of the pixels up to the radius to its left."""
        for step in self._steps:
            np.maximum(farthest[:, step:], farthest[:, :-step], out=spare[:, step:])
            spare[:, :step] = farthest[:, :step]
            farthest, spare = spare, farthest
        return farthest

    def _from_the_right(self, farthest: Counts, spare: Counts) -> Counts:
        """The smallest of each pixel's number and those of the pixels up to the radius to its right."""
        for step in self._steps:
            np.minimum(farthest[:, :-step], farthest[:, step:], out=spare[:, :-step])
            spare[:, -step:] = farthest[:, -step:]
            farthest, spare = spare, farthest
        return farthest


class _Space:
    """What one thread works in, made once: fresh memory costs more than all the arithmetic."""

    def __init__(self, height: int, width: int, dtype: np.dtype[np.unsignedinteger[Any]]) -> None:
        self.counts: list[Counts] = [np.empty((height, width), dtype) for _ in range(3)]
        self.bytes: list[Pixels] = [np.empty((height, width), np.uint8) for _ in range(2)]

    def of_height(self, height: int) -> "_Space":
        """The first rows of it, for the last band, which may be lower."""
        part = _Space.__new__(_Space)
        part.counts = [plane[:height] for plane in self.counts]
        part.bytes = [plane[:height] for plane in self.bytes]
        return part
