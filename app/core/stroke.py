"""Painting a stroke: every pixel whose centre lies within the radius of a segment, decided in whole numbers.

A row of a capsule (a segment with a round end on each side) is one run of pixels, so a segment is painted as one span
per row. The limits of a span come from integer divisions and integer square roots only: no rounding can add or lose a
pixel, however long the segment is.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.core.arrays import Pixels
from app.core.geometry import Box

MAX_RADIUS = 2000
"""Pixels."""
FARTHEST = 1 << 29
"""No coordinate may be farther from 0 than this: products of two differences then stay within 64 bits."""

_NOWHERE = 1 << 40  # the low end of an empty span (its high end is the negative), beyond any coordinate

Column = NDArray[np.int64]


def paint_segment(pixels: Pixels, start: tuple[int, int], end: tuple[int, int], radius: int, value: int) -> Box | None:
    """Set the pixels within ``radius`` of the segment from ``start`` to ``end``, in place.

    ``pixels`` is a C-contiguous (height, width) uint8 mask; ``start`` and ``end`` are pixel centres (x, y), in it
    or outside, up to ``FARTHEST``; ``radius`` is 0 to ``MAX_RADIUS`` pixels, the limit included; ``value`` is 0 or 255.
    Other arguments raise ValueError. Returns the smallest box around the pixels that were set, or None when the segment
    misses the mask. (Radius 0 sets only centres that lie on the segment: a slanted one has gaps.)
    """
    _check(start, end, radius, value)
    if not pixels.flags.c_contiguous:
        raise ValueError("A stroke is painted on a whole mask, not on a view of a part of one.")
    height, width = pixels.shape
    top = max(0, min(start[1], end[1]) - radius)
    bottom = min(height, max(start[1], end[1]) + radius + 1)
    if top >= bottom:
        return None
    low, high = spans(start, end, radius, np.arange(top, bottom, dtype=np.int64))
    np.maximum(low, 0, out=low)
    np.minimum(high + 1, width, out=high)
    rows = np.flatnonzero(low < high)
    if rows.size == 0:
        return None
    _fill(pixels, rows + top, low[rows], high[rows], value)
    return Box(int(low[rows].min()), top + int(rows[0]), int(high[rows].max()), top + int(rows[-1]) + 1)


def spans(start: tuple[int, int], end: tuple[int, int], radius: int, rows: Column) -> tuple[Column, Column]:
    """The first and last column within ``radius`` of the segment, for each of ``rows``; low > high where there is none.

    The capsule is convex, so its pixels in a row are those from the lowest to the highest column of its three parts: a
    disc at each end, and the band between them.
    """
    low, high = _disc(start, radius, rows)
    if start != end:
        for part_low, part_high in (_disc(end, radius, rows), _band(start, end, radius, rows)):
            np.minimum(low, part_low, out=low)
            np.maximum(high, part_high, out=high)
    return low, high


def _check(start: tuple[int, int], end: tuple[int, int], radius: int, value: int) -> None:
    if not 0 <= radius <= MAX_RADIUS:
        raise ValueError(f"A stroke's radius is 0 to {MAX_RADIUS} pixels, not {radius}.")
    if value not in (0, 255):
        raise ValueError(f"A mask holds 0 and 255, not {value}.")
    if max(map(abs, (*start, *end))) > FARTHEST:
        raise ValueError(f"A stroke from {start} to {end} is too far outside the picture.")


def _fill(pixels: Pixels, rows: Column, low: Column, high: Column, value: int) -> None:
    """Set columns low <= x < high of each of ``rows``."""
    # Slices of a memoryview are copied twice as fast as slices of an array are filled: measured, at every radius.
    flat = pixels.reshape(-1).data
    run = memoryview(bytes([value]) * int((high - low).max()))
    starts = rows * pixels.shape[1]
    for first, last in zip((starts + low).tolist(), (starts + high).tolist(), strict=True):
        flat[first:last] = run[: last - first]


@lru_cache(maxsize=64)
def _half_widths(radius: int) -> Column:
    """Half the chord of the disc at each vertical distance 0..radius, and an empty chord one beyond."""
    halves = [math.isqrt(radius * radius - distance * distance) for distance in range(radius + 1)]
    return np.array([*halves, -_NOWHERE], dtype=np.int64)


def _disc(centre: tuple[int, int], radius: int, rows: Column) -> tuple[Column, Column]:
    distance = np.minimum(np.abs(rows - centre[1]), radius + 1)
    half = _half_widths(radius)[distance]
    return centre[0] - half, centre[0] + half


def _band(start: tuple[int, int], end: tuple[int, int], radius: int, rows: Column) -> tuple[Column, Column]:
    """The rectangle of the points whose nearest point of the segment is not one of its ends."""
    if start[1] > end[1]:
        start, end = end, start
    dx, dy = end[0] - start[0], end[1] - start[1]
    y = rows - start[1]
    low, high = _beside(y, dx, dy, radius)
    low_along, high_along = _along(y, dx, dy)
    np.maximum(low, low_along, out=low)
    np.minimum(high, high_along, out=high)
    empty = low > high
    low += start[0]
    high += start[0]
    low[empty], high[empty] = _NOWHERE, -_NOWHERE
    return low, high


def _beside(y: Column, dx: int, dy: int, radius: int) -> tuple[Column, Column]:
    """Columns within ``radius`` of the endless line: |x dy - y dx| <= radius * length, both sides whole numbers."""
    limit = math.isqrt(radius * radius * (dx * dx + dy * dy))
    if dy == 0:
        inside = np.abs(y * dx) <= limit
        return np.where(inside, -_NOWHERE, _NOWHERE), np.where(inside, _NOWHERE, -_NOWHERE)
    return _ceil_divide(y * dx - limit, dy), (y * dx + limit) // dy


def _along(y: Column, dx: int, dy: int) -> tuple[Column, Column]:
    """Columns that project onto the segment: 0 <= x dx + y dy <= length squared."""
    length_squared = dx * dx + dy * dy
    if dx == 0:
        inside = (y >= 0) & (y <= dy)
        return np.where(inside, -_NOWHERE, _NOWHERE), np.where(inside, _NOWHERE, -_NOWHERE)
    if dx > 0:
        return _ceil_divide(-y * dy, dx), (length_squared - y * dy) // dx
    return _ceil_divide(y * dy - length_squared, -dx), (y * dy) // -dx


def _ceil_divide(dividend: Column, divisor: int) -> Column:
    return -(-dividend // divisor)
