"""Strokes against the definition: a pixel is set when its centre is within the radius of the segment."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.stroke import FARTHEST, MAX_RADIUS, paint_segment

Point = tuple[int, int]


def exact_capsule(shape: tuple[int, int], start: Point, end: Point, radius: int) -> NDArray[np.bool_]:
    """The definition, pixel by pixel, in Python's whole numbers of any size."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy

    def inside(x: int, y: int) -> bool:
        px, py = x - start[0], y - start[1]
        along, across = px * dx + py * dy, px * dy - py * dx
        near_an_end = min(px * px + py * py, (x - end[0]) ** 2 + (y - end[1]) ** 2) <= radius * radius
        return near_an_end or (0 <= along <= length and across * across <= radius * radius * length and length > 0)

    return np.array([[inside(x, y) for x in range(shape[1])] for y in range(shape[0])])


def box_of(found: NDArray[np.bool_]) -> Box | None:
    rows, columns = np.nonzero(found)
    if rows.size == 0:
        return None
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def check(shape: tuple[int, int], start: Point, end: Point, radius: int, value: int) -> None:
    pixels = np.full(shape, 255 - value, np.uint8)
    box = paint_segment(pixels, start, end, radius, value)
    expected = exact_capsule(shape, start, end, radius)
    assert np.array_equal(pixels == value, expected)
    assert set(np.unique(pixels)) <= {0, 255}
    assert box == box_of(expected)


sides = st.integers(1, 64)
near = st.integers(-40, 100)
values = st.sampled_from([0, 255])


@settings(max_examples=150, deadline=None)
@given(st.tuples(sides, sides), st.tuples(near, near), st.tuples(near, near), st.integers(0, 80), values)
@example((9, 9), (4, 4), (4, 4), 0, 255)
@example((9, 9), (1, 1), (7, 3), 0, 255)
@example((9, 9), (1, 6), (7, 6), 1, 255)
@example((9, 9), (6, 1), (6, 7), 1, 0)
@example((20, 20), (3, 4), (9, 12), 5, 255)  # 3-4-5: pixels exactly on the limit
def test_a_segment_near_the_mask(shape: tuple[int, int], start: Point, end: Point, radius: int, value: int) -> None:
    check(shape, start, end, radius, value)


far = st.integers(-FARTHEST, FARTHEST)


@settings(max_examples=100, deadline=None)
@given(st.tuples(far, far), st.tuples(far, far), st.integers(0, MAX_RADIUS))
@example((-FARTHEST, -FARTHEST), (FARTHEST, FARTHEST), MAX_RADIUS)
@example((-FARTHEST, FARTHEST), (FARTHEST, -FARTHEST + 40), 1)
@example((-FARTHEST, 3), (FARTHEST, 4), 2)
def test_coordinates_far_outside_are_exact_as_well(start: Point, end: Point, radius: int) -> None:
    check((12, 12), start, end, radius, 255)


@settings(max_examples=60, deadline=None)
@given(st.tuples(near, near), st.tuples(far, far), st.sampled_from([1, 7, 300, MAX_RADIUS]))
def test_a_segment_that_leaves_for_far_away(start: Point, end: Point, radius: int) -> None:
    check((30, 30), start, end, radius, 255)


@pytest.mark.parametrize("radius", [1, 2, 5, 50, 250])
def test_a_dab_is_the_disc_and_symmetric(radius: int) -> None:
    side = 2 * radius + 5
    pixels = np.zeros((side, side), np.uint8)
    centre = radius + 2
    box = paint_segment(pixels, (centre, centre), (centre, centre), radius, 255)
    rows, columns = np.ogrid[:side, :side]
    assert np.array_equal(pixels > 0, (columns - centre) ** 2 + (rows - centre) ** 2 <= radius * radius)
    assert np.array_equal(pixels, pixels[::-1]) and np.array_equal(pixels, pixels.T)
    assert box == Box(2, 2, side - 2, side - 2)


def test_both_directions_paint_the_same() -> None:
    one, other = np.zeros((90, 120), np.uint8), np.zeros((90, 120), np.uint8)
    paint_segment(one, (11, 13), (101, 59), 7, 255)
    paint_segment(other, (101, 59), (11, 13), 7, 255)
    assert np.array_equal(one, other)


def test_a_segment_beside_the_mask_touches_nothing() -> None:
    pixels = np.zeros((50, 50), np.uint8)
    assert paint_segment(pixels, (-100, 25), (-20, 25), 19, 255) is None
    assert paint_segment(pixels, (25, 90), (30, 70), 20, 255) is None
    assert paint_segment(pixels, (-10, 70), (-70, 10), 5, 255) is None
    assert not pixels.any()


@pytest.mark.parametrize(
    ("end", "radius", "value"),
    [((5, 5), -1, 255), ((5, 5), MAX_RADIUS + 1, 255), ((5, 5), 3, 1), ((FARTHEST + 1, 0), 3, 255)],
)
def test_what_no_stroke_can_be_is_refused(end: Point, radius: int, value: int) -> None:
    pixels = np.zeros((10, 10), np.uint8)
    with pytest.raises(ValueError, match=r"\w"):
        paint_segment(pixels, (5, 5), end, radius, value)
    assert not pixels.any()


def test_a_view_is_refused_because_it_could_not_be_painted_in_place() -> None:
    pixels: Pixels = np.zeros((10, 10), np.uint8)
    with pytest.raises(ValueError, match="whole mask"):
        paint_segment(pixels[:, 2:7], (2, 2), (3, 3), 1, 255)
