"""Boxes against sets of pixels."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.geometry import Box, union_of


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, y0 = draw(st.integers(-6, 6)), draw(st.integers(-6, 6))
    return Box(x0, y0, x0 + draw(st.integers(1, 7)), y0 + draw(st.integers(1, 7)))


def pixels(box: Box | None) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x0, box.x1) for y in range(box.y0, box.y1)} if box else set()


def smallest(found: set[tuple[int, int]]) -> Box:
    columns, rows = [x for x, _ in found], [y for _, y in found]
    return Box(min(columns), min(rows), max(columns) + 1, max(rows) + 1)


@given(boxes())
def test_width_height_and_area_count_pixels(box: Box) -> None:
    assert box.area == box.width * box.height == len(pixels(box))


@given(boxes(), boxes())
def test_intersection_holds_the_pixels_of_both(one: Box, other: Box) -> None:
    assert pixels(one.intersection(other)) == pixels(one) & pixels(other)


@given(boxes(), boxes())
def test_union_is_the_smallest_box_around_both(one: Box, other: Box) -> None:
    assert one.union(other) == smallest(pixels(one) | pixels(other))
    assert one.union(None) == one


@given(st.lists(st.none() | boxes(), max_size=5))
def test_union_of_leaves_out_what_is_empty(some: list[Box | None]) -> None:
    found: set[tuple[int, int]] = set().union(*map(pixels, some))
    assert union_of(some) == (smallest(found) if found else None)


@given(boxes(), st.integers(0, 5), st.integers(-5, 5), st.integers(-5, 5))
def test_padded_and_shifted(box: Box, padding: int, dx: int, dy: int) -> None:
    within = Box(-8, -8, 16, 16)
    wider = {(x + i, y + j) for x, y in pixels(box) for i in (-padding, padding) for j in (-padding, padding)}
    assert box.padded(padding, within) == smallest(wider | pixels(box)).intersection(within)
    assert pixels(box.shifted(dx, dy)) == {(x + dx, y + dy) for x, y in pixels(box)}


def test_slices_are_rows_then_columns() -> None:
    assert Box(1, 2, 5, 9).slices == (slice(2, 9), slice(1, 5))
    assert Box.of_size(30, 20) == Box(0, 0, 30, 20)
