"""Growing and shrinking against discs put down one by one."""

import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core import morphology
from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.morphology import MAX_RADIUS, bounding_box, grow, grown, shrink, shrunk


def brute_grow(pixels: Pixels, radius: int) -> Pixels:
    rows, columns = np.ogrid[: pixels.shape[0], : pixels.shape[1]]
    result = np.zeros_like(pixels)
    for row, column in zip(*np.nonzero(pixels), strict=True):
        result[(rows - row) ** 2 + (columns - column) ** 2 <= radius * radius] = 255
    return result


def brute_shrink(pixels: Pixels, radius: int) -> Pixels:
    return np.bitwise_not(brute_grow(np.bitwise_not(pixels), radius))


@st.composite
def masks(draw: st.DrawFn) -> Pixels:
    """1 x 1 to 64 x 64: nothing, everything, single pixels, noise, and shapes that lie on the borders."""
    height, width = draw(st.integers(1, 64)), draw(st.integers(1, 64))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    share = draw(st.sampled_from([0.0, 0.002, 0.02, 0.5, 0.98, 1.0]))
    pixels = ((random.random((height, width)) < share) * 255).astype(np.uint8)
    for _ in range(draw(st.integers(0, 2))):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        cv2.circle(pixels, (x, y), int(random.integers(0, 20)), int(random.choice([0, 255])), -1)
    return pixels


@pytest.fixture(params=[1 << 20, 300, 1], ids=["one band", "several bands", "a band per row"])
def band(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphology, "_BAND_PIXELS", request.param)


@pytest.mark.usefixtures("band")
def test_grow_and_shrink_are_the_discs() -> None:
    @settings(max_examples=50, deadline=None)
    @given(masks(), st.integers(0, 80))
    @example(np.zeros((1, 1), np.uint8), 1)
    @example(np.full((1, 64), 255, np.uint8), 80)
    def check(pixels: Pixels, radius: int) -> None:
        before = pixels.copy()
        assert np.array_equal(grow(pixels, radius), brute_grow(pixels, radius))
        assert np.array_equal(shrink(pixels, radius), brute_shrink(pixels, radius))
        assert np.array_equal(pixels, before)

    check()


@settings(max_examples=60, deadline=None)
@given(masks(), st.integers(1, 80))
def test_the_part_that_changes_is_all_that_changes(pixels: Pixels, radius: int) -> None:
    for part_of, brute in ((grown, brute_grow), (shrunk, brute_shrink)):
        change = part_of(pixels, radius)
        whole = pixels.copy()
        if change is not None:
            whole[change[0].slices] = change[1]
        assert (change is None) == (not pixels.any())
        assert np.array_equal(whole, brute(pixels, radius))


@settings(max_examples=60, deadline=None)
@given(masks())
def test_bounding_box_is_the_smallest(pixels: Pixels) -> None:
    box = bounding_box(pixels)
    rows, columns = np.nonzero(pixels)
    if box is None:
        assert rows.size == 0
    else:
        assert box == Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


@pytest.mark.parametrize("shape", [(700, 900), (900, 310)])
def test_large_radii_agree_with_the_exact_distance(shape: tuple[int, int]) -> None:
    pixels = np.zeros(shape, np.uint8)
    pixels[40, 30] = pixels[600:640:3, 280:300:3] = 255
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    squared = np.full(shape, 1 << 30, np.int32)
    for row, column in zip(*np.nonzero(pixels), strict=True):
        np.minimum(squared, (rows - row) ** 2 + (columns - column) ** 2, out=squared)
    for radius in (16, 254, 255, 256, 300, 600, 1000, MAX_RADIUS):
        expected = np.where(squared <= radius * radius, 255, 0)
        assert np.array_equal(grow(pixels, radius), expected), radius
        assert np.array_equal(shrink(np.bitwise_not(pixels), radius), 255 - expected), radius


@pytest.mark.parametrize("shape", [(3, 66_000), (66_000, 3)])
def test_a_mask_longer_than_16_bits_count(shape: tuple[int, int]) -> None:
    pixels = np.zeros(shape, np.uint8)
    pixels[0, 0] = pixels[-1, -1] = pixels[shape[0] // 2, shape[1] // 2] = 255
    flat = pixels.T if shape[0] > shape[1] else pixels
    result = grow(pixels, 50)
    result = result.T if shape[0] > shape[1] else result
    for column in (0, 33_000, 65_999):
        near = slice(max(0, column - 60), column + 60)
        assert np.array_equal(result[:, near], brute_grow(flat[:, near], 50))
    assert np.count_nonzero(result[:, 51:32_949]) == 0


def test_a_large_mask_takes_little_memory_beside_the_result() -> None:
    pixels = np.zeros((6000, 8000), np.uint8)
    pixels[3000:3100, 2000:5000] = 255
    tracemalloc.start()
    try:
        grow(pixels, 300)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * pixels.nbytes


def test_the_pictures_edge_takes_nothing_away() -> None:
    pixels = np.full((40, 50), 255, np.uint8)
    assert np.array_equal(shrink(pixels, 10), pixels)
    pixels[20:, :] = 0
    assert bounding_box(shrink(pixels, 5)) == Box(0, 0, 50, 15)


def test_radius_0_changes_nothing() -> None:
    pixels = np.zeros((9, 9), np.uint8)
    pixels[4, 2:5] = 255
    assert np.array_equal(grow(pixels, 0), pixels)
    assert np.array_equal(shrink(pixels, 0), pixels)
    assert grown(pixels, 0) is None and shrunk(pixels, 0) is None


@pytest.mark.parametrize("radius", [-1, MAX_RADIUS + 1])
def test_other_radii_are_refused(radius: int) -> None:
    pixels = np.full((9, 9), 255, np.uint8)
    for function in (grow, shrink, grown, shrunk):
        with pytest.raises(ValueError, match="radius"):
            function(pixels, radius)
