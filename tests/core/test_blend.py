"""What goes back into the picture: the mask's bytes and no others, and a ramp that is exact to the byte."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import blend
from app.core.arrays import Pixels
from app.core.request import BlendSettings


def _pixels(seed: int, height: int, width: int) -> tuple[Pixels, Pixels]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, 3), np.uint8), rng.integers(0, 256, (height, width, 3), np.uint8)


def _reference(base: Pixels, patch: Pixels, mask: Pixels, feather: float) -> Pixels:
    """Pixel by pixel in float64, the distance to the nearest pixel outside by looking at all of them."""
    result = base.copy()
    outside = np.argwhere(mask == 0)
    for y, x in np.argwhere(mask):
        alpha = 1.0
        if feather and len(outside):
            nearest = math.sqrt(int(((outside - (y, x)) ** 2).sum(axis=1).min()))
            alpha = min(max((nearest - 0.5) / feather, 0.0), 1.0)
        for c in range(3):
            low, high = float(base[y, x, c]), float(patch[y, x, c])
            result[y, x, c] = math.floor(low + alpha * (high - low) + 0.5)
    return result


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.tuples(st.integers(1, 24), st.integers(1, 24)),
    density=st.sampled_from([0.02, 0.3, 0.9, 0.99, 1.0]),
    feather=st.one_of(st.just(0.0), st.floats(0.1, 30)),
)
def test_every_byte_is_the_reference(seed: int, size: tuple[int, int], density: float, feather: float) -> None:
    base, patch = _pixels(seed, *size)
    mask = np.where(np.random.default_rng(seed + 1).random(size) < density, 255, 0).astype(np.uint8)
    kept = base.copy()
    result = blend.compose(base, patch, mask, BlendSettings(feather=feather))
    assert (result == _reference(base, patch, mask, feather)).all()
    assert (base == kept).all()
    assert blend.changed_outside(base, result, mask) == 0


def test_without_feather_the_mask_is_the_patch_and_the_rest_the_base() -> None:
    base, patch = _pixels(3, 60, 80)
    mask = np.zeros((60, 80), np.uint8)
    mask[10:30, 20:60] = 255
    result = blend.compose(base, patch, mask, BlendSettings(grow=7))
    assert (result[10:30, 20:60] == patch[10:30, 20:60]).all()
    assert (result[mask == 0] == base[mask == 0]).all()


def test_the_ramp_is_half_a_step_in_at_the_first_pixel_and_full_after_its_width() -> None:
    base, patch = np.zeros((1, 40, 3), np.uint8), np.full((1, 40, 3), 200, np.uint8)
    mask = np.zeros((1, 40), np.uint8)
    mask[0, 10:] = 255
    row = blend.compose(base, patch, mask, BlendSettings(feather=4))[0, :, 0]
    assert row[8:16].tolist() == [0, 0, 25, 75, 125, 175, 200, 200]
    assert row[39] == 200, "the picture's border is no edge"


def test_a_large_region_is_the_same_in_bands() -> None:
    base, patch = _pixels(5, 700, 64)
    mask = np.zeros((700, 64), np.uint8)
    mask[20:690, 5:60] = 255
    result = blend.compose(base, patch, mask, BlendSettings(feather=9.5))
    part = blend.compose(base[:60], patch[:60], mask[:60], BlendSettings(feather=9.5))
    assert (result[:40] == part[:40]).all()
    assert blend.changed_outside(base, result, mask) == 0


def test_changed_outside_counts_pixels_not_channels() -> None:
    base, _ = _pixels(6, 9, 9)
    mask = np.zeros((9, 9), np.uint8)
    mask[4, 4] = 255
    after = base.copy()
    after[4, 4] ^= 255
    assert blend.changed_outside(base, after, mask) == 0
    after[0, 0] ^= 255
    after[8, 8, 1] ^= 1
    assert blend.changed_outside(base, after, mask) == 2
