"""The regions that are sent: they hold the whole mask, do not overlap, and cost nothing for the rest of the picture."""

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import crop
from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.picture import Picture

Rectangle = tuple[int, int, int, int]

rectangles = st.lists(
    st.tuples(st.integers(0, 290), st.integers(0, 190), st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=8
)


def _mask(width: int, height: int, painted: list[Rectangle]) -> Pixels:
    mask = np.zeros((height, width), np.uint8)
    for x, y, w, h in painted:
        mask[y : y + h, x : x + w] = 255
    return mask


def _bounds(mask: Pixels) -> Box:
    ys, xs = np.nonzero(mask)
    return Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)


@settings(max_examples=60, deadline=None)
@given(painted=rectangles, factor=st.sampled_from([0.5, 1.0, 4.0]), minimum=st.sampled_from([0, 8, 30, 64]))
def test_boxes_hold_the_mask_and_its_surroundings_and_are_disjoint(
    painted: list[Rectangle], factor: float, minimum: int
) -> None:
    mask = _mask(300, 200, painted)
    boxes = crop.context_boxes(mask, _bounds(mask), factor=factor, minimum=minimum, maximum=80)
    covered = np.zeros_like(mask)
    for box in boxes:
        assert Box.of_size(300, 200).intersection(box) == box
        covered[box.slices] += 1
    assert covered.max() == 1
    for x, y, w, h in painted:
        inner = Box(x, y, min(x + w, 300), min(y + h, 200))
        pad = int(np.clip(max(inner.width, inner.height) * factor, minimum, 80))
        wanted = inner.padded(pad, Box.of_size(300, 200))
        assert (covered[wanted.slices] == 1).all()
        assert any(box.intersection(wanted) == wanted for box in boxes)


@settings(max_examples=40, deadline=None)
@given(painted=rectangles)
def test_windows_are_those_of_the_slow_recipe(painted: list[Rectangle]) -> None:
    """Islands on the reduced mask, each padded, and any two that overlap united until none do."""
    mask = _mask(300, 200, painted)
    bounds = _bounds(mask)
    assert set(crop.context_boxes(mask, bounds, minimum=16, maximum=64)) == _slow(mask, bounds, 16, 64)


def _slow(mask: Pixels, bounds: Box, minimum: int, maximum: int) -> set[Box]:
    rows, columns = -(-bounds.height // 8), -(-bounds.width // 8)
    part = mask[bounds.slices]
    cells = {(r, c) for r in range(rows) for c in range(columns) if part[r * 8 : r * 8 + 8, c * 8 : c * 8 + 8].any()}
    windows = []
    while cells:
        island, queue = [], [cells.pop()]
        while queue:
            r, c = queue.pop()
            island.append((r, c))
            near = {(r + i, c + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & cells
            cells -= near
            queue.extend(near)
        y0, x0 = min(r for r, _ in island) * 8, min(c for _, c in island) * 8
        y1, x1 = max(r for r, _ in island) * 8 + 8, max(c for _, c in island) * 8 + 8
        box = Box(x0, y0, min(x1, bounds.width), min(y1, bounds.height)).shifted(bounds.x0, bounds.y0)
        pad = min(max(max(box.width, box.height), minimum), maximum)
        windows.append(box.padded(pad, Box.of_size(mask.shape[1], mask.shape[0])))
    while pair := next(((a, b) for a in windows for b in windows if a is not b and a.intersection(b)), None):
        windows = [w for w in windows if w not in pair] + [pair[0].union(pair[1])]
    whole = Box.of_size(mask.shape[1], mask.shape[0])
    return {whole} if sum(w.area for w in windows) >= 0.8 * whole.area else set(windows)


def test_far_islands_get_crops_of_their_own_and_near_ones_share_one() -> None:
    mask = _mask(2000, 1000, [(100, 100, 20, 20), (130, 100, 20, 20), (1500, 700, 20, 20)])
    boxes = crop.context_boxes(mask, _bounds(mask))
    assert len(boxes) == 2
    assert boxes[0].intersection(Box(100, 100, 150, 120)) == Box(100, 100, 150, 120)
    assert boxes[1].intersection(Box(1436, 636, 1584, 784)) == Box(1436, 636, 1584, 784)
    assert boxes[1].area < 160 * 160


def test_an_empty_mask_has_no_regions() -> None:
    mask = np.zeros((50, 60), np.uint8)
    assert crop.context_boxes(mask, Box(0, 0, 60, 50)) == ()
    assert crop.context_boxes(mask, Box(70, 70, 80, 80)) == ()


def test_a_full_mask_is_one_region() -> None:
    assert crop.context_boxes(np.full((1, 1), 255, np.uint8), Box(0, 0, 1, 1)) == (Box(0, 0, 1, 1),)
    assert crop.context_boxes(np.full((90, 70), 255, np.uint8), Box(0, 0, 70, 90)) == (Box(0, 0, 70, 90),)


def test_one_box_pads_the_bounds_within_the_picture() -> None:
    picture = Box.of_size(4000, 3000)
    assert crop.one_box(Box(10, 1000, 110, 1050), picture) == Box(0, 900, 210, 1150)
    assert crop.one_box(Box(500, 500, 510, 510), picture) == Box(436, 436, 574, 574)
    assert crop.one_box(Box(0, 0, 3000, 100), picture, 4.0, maximum=200) == Box(0, 0, 3200, 300)


def test_a_cut_is_frozen_and_independent_of_the_picture() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (40, 50, 4), dtype=np.uint8)
    picture, mask = Picture(pixels.copy()), _mask(50, 40, [(10, 10, 5, 5)])
    (region,) = crop.cut(picture, mask, [Box(5, 6, 30, 36)])
    picture.pixels[:] = 0
    mask[:] = 0
    assert (region.picture == pixels[6:36, 5:30, 2::-1]).all()
    assert int((region.mask == 255).sum()) == 25
    assert not region.picture.flags.writeable and not region.mask.flags.writeable
    assert region.picture.flags.c_contiguous and region.mask.flags.c_contiguous


def test_a_spray_of_single_pixels_is_settled_quickly() -> None:
    mask = np.zeros((4000, 4000), np.uint8)
    mask[::24, ::24] = 255
    started = time.perf_counter()
    assert crop.context_boxes(mask, Box(0, 0, 4000, 4000)) == (Box(0, 0, 4000, 4000),)
    assert time.perf_counter() - started < 1.0


def test_many_far_spots_stay_apart() -> None:
    mask = np.zeros((3000, 6000), np.uint8)
    mask[100::200, 100::200] = 255
    boxes = crop.context_boxes(mask, Box(100, 100, 6000, 3000))
    assert len(boxes) == 15 * 30
    assert list(boxes) == sorted(boxes, key=lambda box: (box.y0, box.x0))
