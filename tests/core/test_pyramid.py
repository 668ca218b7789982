"""Pyramids against levels made pixel by pixel, and updates against a full rebuild."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core import pyramid
from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.pyramid import Pyramid, mask_pyramid, picture_pyramid

sides = st.tuples(st.integers(1, 70), st.integers(1, 70))
seeds = st.integers(0, 2**32)


@pytest.fixture
def small_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levels down to 3 pixels, made in bands of 5 rows."""
    monkeypatch.setattr(pyramid, "SMALLEST", 3)
    monkeypatch.setattr(pyramid, "_BAND", 5)


def fours(pixels: Pixels) -> Pixels:
    """(4, height / 2, width / 2, ...): the four pixels below each pixel of the next level, odd sides continued."""
    padding = [(0, pixels.shape[0] % 2), (0, pixels.shape[1] % 2), *[(0, 0)] * (pixels.ndim - 2)]
    padded = np.pad(pixels, padding, mode="edge")
    return np.stack([padded[row::2, column::2] for row in (0, 1) for column in (0, 1)])


def check_mask(levels: list[Pixels]) -> None:
    for finer, coarser in pairwise(levels):
        assert np.array_equal(coarser, fours(finer).max(axis=0))


def check_picture(levels: list[Pixels]) -> None:
    for finer, coarser in pairwise(levels):
        assert np.array_equal(coarser, (fours(finer).astype(int).sum(axis=0) + 2) // 4)


def noise(random: np.random.Generator, *shape: int) -> Pixels:
    """Grey noise for a picture's four channels, mostly empty black and white for a mask."""
    if len(shape) == 3:
        return random.integers(0, 256, shape, dtype=np.uint8)
    return ((random.random(shape) < 0.03) * 255).astype(np.uint8)


@pytest.mark.usefixtures("small_levels")
@pytest.mark.parametrize(
    ("make", "channels", "check_levels"), [(mask_pyramid, (), check_mask), (picture_pyramid, (4,), check_picture)]
)
def test_levels_are_right_when_made_and_after_updates(
    make: Callable[[Pixels], Pyramid], channels: tuple[int, ...], check_levels: Callable[[list[Pixels]], None]
) -> None:
    @settings(max_examples=60, deadline=None)
    @given(sides, seeds)
    @example((1, 1), 0)
    @example((1, 70), 0)
    def check(shape: tuple[int, int], seed: int) -> None:
        random = np.random.default_rng(seed)
        base = noise(random, *shape, *channels)
        made = make(base)
        check_levels(made.levels)
        for _ in range(4):
            x0, y0 = int(random.integers(0, shape[1])), int(random.integers(0, shape[0]))
            box = Box(x0, y0, int(random.integers(x0, shape[1])) + 1, int(random.integers(y0, shape[0])) + 1)
            base[box.slices] = noise(random, box.height, box.width, *channels)
            made.update(box)
        check_levels(made.levels)
        rebuilt = make(base.copy())
        assert all(np.array_equal(*pair) for pair in zip(made.levels, rebuilt.levels, strict=True))

    check()


def test_level_0_is_the_array_itself_and_the_others_stay_the_same_arrays() -> None:
    base = np.zeros((1500, 2001), np.uint8)
    made = mask_pyramid(base)
    before = [level.ctypes.data for level in made.levels]
    assert made.levels[0] is base
    assert [level.shape for level in made.levels][:4] == [(1500, 2001), (750, 1001), (375, 501), (188, 251)]
    assert made.levels[-1].shape == (12, 16)
    base[700, 900] = 255
    made.update(Box(900, 700, 901, 701))
    assert [level.ctypes.data for level in made.levels] == before
    assert [level[700 >> power, 900 >> power] for power, level in enumerate(made.levels)] == [255] * 8
    assert all(level.strides[0] == level.shape[1] and level.flags.c_contiguous for level in made.levels)


def test_a_small_picture_has_one_level() -> None:
    assert len(picture_pyramid(np.zeros((16, 16, 4), np.uint8)).levels) == 1
    assert len(picture_pyramid(np.zeros((16, 17, 4), np.uint8)).levels) == 2


def test_an_update_reaches_only_what_the_box_touches() -> None:
    base = np.zeros((1100, 1100), np.uint8)
    made = mask_pyramid(base)
    base[:] = 255
    made.update(Box(-50, -50, 100, 60))  # clipped to the picture
    made.update(Box(2000, 0, 2100, 10))  # outside it
    expected = np.zeros_like(made.levels[1])
    expected[:30, :50] = 255
    assert np.array_equal(made.levels[1], expected)


@pytest.mark.parametrize(
    ("scale", "level"),
    [
        (8, 0),
        (1, 0),
        (0.99, 0),
        (0.51, 0),
        (0.5, 1),
        (0.3, 1),
        (0.25, 2),
        (0.126, 2),
        (0.125, 3),
        (1 / 32, 5),
        (1e-9, 8),
    ],
)
def test_a_level_has_a_pixel_for_every_screen_pixel(scale: float, level: int) -> None:
    assert mask_pyramid(np.zeros((10, 4096), np.uint8)).level_for(scale) == level
