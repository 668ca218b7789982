"""What is sent: crops with their surroundings, by what the endpoint's binding says."""

from dataclasses import replace

import numpy as np
import pytest

from app.core.endpoint import Binding, Endpoint, Field
from app.core.errors import MaskError
from app.core.geometry import Box
from app.core.picture import Picture
from app.core.request import BlendSettings
from app.state.planning import context_factor, fixed_seed, plan, sent_mask

LOCAL = Endpoint("local/x", "X", "local", (), Binding(crop="islands", context="context"))


def picture(width: int = 900, height: int = 700) -> Picture:
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 4), dtype=np.uint8)
    return Picture(pixels)


def mask_with(*boxes: Box) -> np.ndarray:
    mask = np.zeros((700, 900), np.uint8)
    for box in boxes:
        mask[box.slices] = 255
    return mask


def test_an_empty_mask_is_told_before_anything_is_cut() -> None:
    with pytest.raises(MaskError, match="Paint a mask first"):
        plan(picture(), mask_with(), LOCAL, "local", {}, BlendSettings())


def test_far_islands_are_crops_of_their_own_and_one_crop_where_the_endpoint_wants_one() -> None:
    mask = mask_with(Box(20, 20, 40, 40), Box(800, 600, 820, 620))
    several = plan(picture(), mask, LOCAL, "local", {}, BlendSettings())
    assert len(several.crops) == 2
    one = plan(picture(), mask, replace(LOCAL, binding=Binding(crop="one")), "practice", {}, BlendSettings())
    assert len(one.crops) == 1
    for request in (several, one):
        covered = np.zeros_like(mask)
        for crop in request.crops:
            covered[crop.box.slices] = crop.mask
        assert (covered == mask).all()


def test_crops_are_copies_that_nobody_can_change() -> None:
    photo, mask = picture(), mask_with(Box(100, 100, 130, 130))
    request = plan(photo, mask, LOCAL, "local", {}, BlendSettings())
    [crop] = request.crops
    before = crop.picture.copy(), crop.mask.copy()
    photo.pixels[...] = 0
    mask[...] = 0
    assert (crop.picture == before[0]).all() and (crop.mask == before[1]).all()
    with pytest.raises(ValueError, match="read-only"):
        crop.picture[...] = 1


def test_the_grown_mask_is_what_is_sent() -> None:
    mask = mask_with(Box(300, 300, 301, 301))
    [crop] = plan(picture(), mask, LOCAL, "local", {}, BlendSettings(grow=5)).crops
    y, x = np.mgrid[-5:6, -5:6]
    assert int((crop.mask > 0).sum()) == int((x * x + y * y <= 25).sum())
    assert sent_mask(mask, 0) is mask


def test_context_is_the_bound_field_and_nothing_else() -> None:
    assert context_factor(LOCAL, {"context": 2.5}) == 2.5
    assert context_factor(LOCAL, {}) == 1.0
    unbound = replace(LOCAL, binding=Binding())
    assert context_factor(unbound, {"context": "a sunny day"}) == 1.0
    wide = plan(picture(), mask_with(Box(400, 300, 500, 400)), LOCAL, "local", {"context": 2.0}, BlendSettings())
    tight = plan(picture(), mask_with(Box(400, 300, 500, 400)), LOCAL, "local", {"context": 0.5}, BlendSettings())
    assert wide.crops[0].box.area > tight.crops[0].box.area


@pytest.mark.parametrize(("value", "seed"), [(7, 7), ("12", 12), ("", None), (None, None), ("x", None)])
def test_a_seed_counts_whether_it_is_a_number_or_text(value: object, seed: int | None) -> None:
    endpoint = Endpoint("x", "X", "fal", (Field("seed", "integer", "Seed", role="seed"),), Binding({"seed": "seed"}))
    assert fixed_seed(endpoint, {"seed": value}) == seed
    assert fixed_seed(LOCAL, {"seed": 3}) is None
