"""The mask's commands against plain arrays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.arrays import Pixels
from app.core.errors import MaskError
from app.core.geometry import Box
from app.core.mask import Mask
from app.core.morphology import bounding_box, grow, shrink
from app.core.stroke import paint_segment


def blob(seed: int = 0, height: int = 48, width: int = 64) -> Pixels:
    random = np.random.default_rng(seed)
    pixels = np.zeros((height, width), np.uint8)
    for _ in range(int(random.integers(0, 4))):
        x, y = int(random.integers(-5, width + 5)), int(random.integers(-5, height + 5))
        paint_segment(pixels, (x, y), (x + 9, y + 4), int(random.integers(0, 9)), 255)
    return pixels


def test_a_blank_mask_keeps_everything() -> None:
    mask = Mask.blank(30, 20)
    assert (mask.width, mask.height, mask.box) == (30, 20, Box(0, 0, 30, 20))
    assert mask.pixels.shape == (20, 30) and not mask.pixels.any()
    assert mask.is_empty() and mask.count() == 0 and mask.bounds() is None


def test_a_mask_takes_pixels_over_without_a_copy() -> None:
    pixels = blob(3)
    mask = Mask(pixels)
    assert mask.pixels is pixels
    assert mask.bounds() == bounding_box(pixels)
    assert mask.count() == np.count_nonzero(pixels)


def test_what_cannot_be_painted_in_place_is_copied() -> None:
    pixels = blob(3)
    frozen = pixels.copy()
    frozen.flags.writeable = False
    for given_pixels in (frozen, pixels[:, ::-1], pixels.T):
        mask = Mask(given_pixels)
        assert mask.pixels.flags.c_contiguous and mask.pixels.flags.writeable
        assert np.array_equal(mask.pixels, given_pixels)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4, 3), np.uint8),
        np.zeros((0, 4), np.uint8),
        np.zeros((4, 4), np.uint16),
        np.full((4, 4), 1, np.uint8),
        np.array([[0, 255], [255, 254]], np.uint8),
    ],
)
def test_other_arrays_are_refused_in_words(pixels: Pixels) -> None:
    with pytest.raises(MaskError, match=r"open it again\.$"):
        Mask(pixels)


def test_grey_becomes_black_and_white_at_128() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    before = grey.copy()
    mask, was_binary = Mask.from_grey(grey)
    assert not was_binary
    assert np.array_equal(mask.pixels, np.where(before >= 128, 255, 0))
    assert np.array_equal(grey, before)
    again, was_binary = Mask.from_grey(mask.pixels)
    assert was_binary and np.array_equal(again.pixels, mask.pixels) and again.pixels is not mask.pixels
    with pytest.raises(MaskError):
        Mask.from_grey(np.zeros((4, 4, 4), np.uint8))


def test_paint_sets_and_erases() -> None:
    mask = Mask.blank(64, 48)
    expected = np.zeros((48, 64), np.uint8)
    assert mask.paint((10, 10), (50, 30), 6, 255) == paint_segment(expected, (10, 10), (50, 30), 6, 255)
    assert mask.paint((40, 30), (60, 40), 4, 0) == paint_segment(expected, (40, 30), (60, 40), 4, 0)
    assert np.array_equal(mask.pixels, expected)
    assert mask.bounds() == bounding_box(expected)
    assert mask.paint((400, 10), (500, 10), 6, 255) is None


def test_invert_twice_is_nothing() -> None:
    pixels = blob(5)
    mask = Mask(pixels.copy())
    assert mask.invert() == mask.box
    assert np.array_equal(mask.pixels, 255 - pixels)
    mask.invert()
    assert np.array_equal(mask.pixels, pixels)
    assert mask.bounds() == bounding_box(pixels)


def test_fill_and_clear() -> None:
    mask = Mask(blob(3))
    before = mask.bounds()
    assert mask.clear() == before
    assert mask.is_empty() and mask.clear() is None
    assert mask.fill() == mask.box
    assert mask.count() == mask.box.area and mask.bounds() == mask.box


def test_grow_and_shrink_in_place() -> None:
    pixels = blob(3)
    mask = Mask(pixels.copy())
    array = mask.pixels
    changed = mask.grow(5)
    assert changed == mask.bounds() == bounding_box(grow(pixels, 5))
    assert np.array_equal(array, grow(pixels, 5))
    mask.shrink(5)
    assert np.array_equal(array, shrink(grow(pixels, 5), 5))
    assert mask.pixels is array
    assert Mask.blank(5, 5).grow(3) is None and Mask.blank(5, 5).shrink(3) is None
    assert mask.grow(0) is None


def test_a_mask_can_be_shrunk_away() -> None:
    mask = Mask.blank(40, 40)
    mask.paint((20, 20), (20, 20), 5, 255)
    box = mask.bounds()
    assert mask.shrink(6) == box
    assert mask.is_empty() and mask.bounds() is None and mask.count() == 0


def test_replace_puts_a_part_and_clips_it() -> None:
    mask = Mask.blank(30, 20)
    part = np.full((6, 8), 200, np.uint8)
    part[0] = 127
    assert mask.replace(Box(-3, -2, 5, 4), part) == Box(0, 0, 5, 4)
    expected = np.zeros((20, 30), np.uint8)
    expected[:4, :5] = 255
    assert np.array_equal(mask.pixels, expected)
    assert mask.replace(Box(40, 0, 48, 6), part) is None
    with pytest.raises(MaskError, match="size"):
        mask.replace(Box(0, 0, 9, 6), part)


commands = st.sampled_from(["paint", "erase", "invert", "grow", "shrink", "clear", "fill", "replace", "touch", "look"])


@settings(max_examples=120, deadline=None)
@given(st.lists(commands, min_size=1, max_size=12), st.integers(0, 2**32))
def test_after_every_command_bounds_and_count_are_right(names: list[str], seed: int) -> None:
    random = np.random.default_rng(seed)
    mask = Mask(blob(seed))
    for name in names:
        before = mask.pixels.copy()
        box = obey(mask, name, random)
        untouched = np.ones(before.shape, bool)
        if box is not None:
            untouched[box.slices] = False
        assert np.array_equal(before[untouched], mask.pixels[untouched])
        assert set(np.unique(mask.pixels)) <= {0, 255}
        if random.random() < 0.5:  # asking between commands must not change the answer
            assert mask.bounds() == bounding_box(mask.pixels)
    assert mask.bounds() == bounding_box(mask.pixels)
    assert mask.count() == np.count_nonzero(mask.pixels)
    assert mask.is_empty() == (not mask.pixels.any())


def obey(mask: Mask, name: str, random: np.random.Generator) -> Box | None:
    """Do the command of that name with random arguments."""
    x, y = int(random.integers(-9, mask.width + 9)), int(random.integers(-9, mask.height + 9))
    radius = int(random.integers(0, 12))
    match name:
        case "paint" | "erase":
            end = x + int(random.integers(-20, 20)), y + int(random.integers(-20, 20))
            return mask.paint((x, y), end, radius, 255 if name == "paint" else 0)
        case "grow" | "shrink":
            return mask.grow(radius) if name == "grow" else mask.shrink(radius)
        case "replace":
            box = Box(x, y, x + radius + 1, y + 5)
            return mask.replace(box, random.integers(0, 256, (box.height, box.width), dtype=np.uint8))
        case "touch":
            part = Box(x, y, x + radius + 1, y + 5).intersection(mask.box)
            if part is not None:
                mask.pixels[part.slices] ^= np.uint8(255)
                mask.touched(part)
            return part
        case "look":
            mask.bounds()
            return None
        case _:
            simple = {"invert": mask.invert, "clear": mask.clear, "fill": mask.fill}
            return simple[name]()
