"""The engines: what they must never touch, that they repeat themselves, and how odd pictures fare."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.core.arrays import Pixels
from app.engines import quick, texture
from app.engines.fill import NO_LIBRARY, NO_SOURCE, Classic, choose, is_thin
from app.engines.task import Cancelled, Task

ENGINES = ("texture", "quick")


def _ground(height: int, width: int, seed: int = 0) -> Pixels:
    """Stripes with grain: something to continue, and no two places alike."""
    y, x = np.mgrid[0:height, 0:width]
    stripes = 128 + 90 * np.sin(x / 5 + y / 17)
    grain = np.random.default_rng(seed).normal(0, 6, (height, width, 3))
    return np.asarray(np.clip(stripes[..., None] + grain, 0, 255), np.uint8)


def _hole(height: int, width: int, rows: slice, columns: slice) -> Pixels:
    mask = np.zeros((height, width), np.uint8)
    mask[rows, columns] = 255
    return mask


def _fill(picture: Pixels, mask: Pixels, engine: str, seed: int = 0, detail: int = 3) -> Pixels:
    return Classic().fill(picture, mask, {"engine": engine, "detail": detail}, seed, lambda fraction: None)


HOSTILE = {
    "one pixel": ((1, 1), slice(0, 1), slice(0, 1)),
    "one pixel kept": ((1, 2), slice(0, 1), slice(0, 1)),
    "all": ((40, 40), slice(None), slice(None)),
    "flat": ((5, 400), slice(0, 5), slice(150, 200)),
    "column": ((300, 3), slice(100, 150), slice(0, 3)),
    "corner": ((60, 70), slice(0, 20), slice(0, 25)),
    "border": ((60, 70), slice(20, 60), slice(0, 70)),
    "nearly all": ((64, 64), slice(1, 63), slice(1, 63)),
}


@pytest.mark.parametrize("engine", ["auto", *ENGINES])
@pytest.mark.parametrize("case", HOSTILE)
def test_odd_pictures_are_filled_and_the_rest_keeps_its_bytes(engine: str, case: str) -> None:
    (height, width), rows, columns = HOSTILE[case]
    picture, mask = _ground(height, width), _hole(height, width, rows, columns)
    chosen, _ = choose({"engine": engine}, [mask])
    result = _fill(picture, mask, chosen)
    assert result.shape == picture.shape and result.dtype == np.uint8
    assert (result[mask == 0] == picture[mask == 0]).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", ["corner", "border", "all", "flat", "column"])
def test_what_lies_under_the_mask_has_no_influence(engine: str, case: str) -> None:
    (height, width), rows, columns = HOSTILE[case]
    mask = _hole(height, width, rows, columns)
    engine, _ = choose({"engine": engine}, [mask])
    results = []
    for colour in ((255, 0, 255), (0, 0, 0)):
        picture = _ground(height, width)
        picture[mask > 0] = colour
        results.append(_fill(picture, mask, engine))
    assert (results[0] == results[1]).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_seed_gives_the_same_bytes_whatever_ran_before(engine: str) -> None:
    picture, mask = _ground(90, 100), _hole(90, 100, slice(30, 60), slice(35, 70))
    first = _fill(picture, mask, engine, seed=5)
    _fill(picture[:50, :50].copy(), mask[:50, :50].copy(), engine, seed=2**32 - 1)
    assert (_fill(picture, mask, engine, seed=5) == first).all()
    assert (picture == _ground(90, 100)).all()


def test_texture_continues_a_pattern_where_quick_only_smears() -> None:
    picture, mask = _ground(120, 160), _hole(120, 160, slice(45, 75), slice(60, 100))
    truth = picture.astype(float)[mask > 0]
    error = {engine: np.abs(_fill(picture, mask, engine)[mask > 0] - truth).mean() for engine in ENGINES}
    assert error["texture"] < 0.5 * error["quick"]


def test_quick_joins_a_smooth_ground() -> None:
    picture = np.repeat(np.repeat(np.arange(100, dtype=np.uint8)[None, :, None] * 2, 40, axis=0), 3, axis=2)
    mask = _hole(40, 100, slice(18, 22), slice(10, 90))
    error = np.abs(quick.fill(picture, mask).astype(int) - picture)
    assert error.max() <= 6


@pytest.mark.parametrize(("width", "thin"), [(1, True), (3, True), (4, True), (6, False), (12, False)])
def test_a_mask_is_thin_when_no_disc_of_six_pixels_fits(width: int, thin: bool) -> None:
    mask = _hole(100, 100, slice(10, 90), slice(20, 20 + width))
    assert is_thin(mask) is thin
    assert choose({"engine": "auto"}, [mask])[0] == ("quick" if thin else "texture")


def test_one_thick_island_makes_the_whole_mask_thick() -> None:
    thin = _hole(100, 100, slice(10, 90), slice(20, 22))
    thick = _hole(100, 100, slice(10, 60), slice(20, 60))
    assert choose({"engine": "auto"}, [thin, thick])[0] == "texture"
    assert choose({}, [thin])[0] == "quick"


def test_texture_gives_way_to_quick_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = np.full((40, 40), 255, np.uint8)
    assert choose({"engine": "texture"}, [everything]) == ("quick", (NO_SOURCE,))
    frame = _hole(64, 64, slice(2, 62), slice(2, 62))
    assert choose({"engine": "auto", "detail": 3}, [frame]) == ("quick", (NO_SOURCE,))
    monkeypatch.setattr(texture, "available", lambda: False)
    assert choose({"engine": "texture"}, [_hole(90, 90, slice(20, 40), slice(20, 40))]) == ("quick", (NO_LIBRARY,))


def test_a_patch_too_large_for_what_is_left_is_made_smaller() -> None:
    mask = _hole(64, 64, slice(5, 59), slice(5, 59))
    assert [texture.usable_radius(mask, radius) for radius in (1, 2, 3, 7)] == [1, 2, 2, 2]
    picture = _ground(64, 64)
    assert (_fill(picture, mask, "texture", detail=7) == _fill(picture, mask, "texture", detail=2)).all()


def test_a_large_work_is_done_on_a_reduced_copy_or_a_closer_crop(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, mask = _ground(400, 500), _hole(400, 500, slice(150, 180), slice(200, 240))
    monkeypatch.setattr(texture, "MOST", 20_000)
    closer = texture.fill(picture, mask, radius=3, seed=1)
    inner = (slice(129, 201), slice(179, 261))
    alone = texture.fill(picture[inner].copy(), mask[inner].copy(), radius=3, seed=1)
    assert (closer[inner] == alone).all(), "a small hole is filled at full size, from a closer crop"
    wide = _hole(400, 500, slice(50, 350), slice(100, 400))
    reduced = texture.fill(picture, wide, radius=3, seed=1)
    assert (reduced[wide == 0] == picture[wide == 0]).all()
    assert (reduced == texture.fill(picture, wide, radius=3, seed=1)).all()
    assert reduced[wide > 0].std() > 20


def _task(crops: Sequence[tuple[Pixels, Pixels]], stop_after: int = 1000, **message: Any) -> tuple[Task, list[float]]:
    told: list[float] = []
    count = int(message.get("count", 1))
    task = Task(
        {"values": {"engine": "texture"}, "seed": 0, "count": 1, **message},
        [pixels for crop in crops for pixels in crop],
        [np.zeros_like(picture) for picture, _ in crops] * 1
        + [np.zeros_like(p) for _ in range(count - 1) for p, _ in crops],
        lambda fraction, stage: told.append(fraction),
        lambda: len(told) >= stop_after,
    )
    return task, told


def test_several_pictures_differ_and_the_first_is_the_one_alone() -> None:
    picture, mask = _ground(90, 110), _hole(90, 110, slice(30, 60), slice(35, 70))
    task, told = _task([(picture, mask)], count=4, seed=9)
    assert Classic().run(task) == {"engine": "texture", "notes": []}
    assert (task.outputs[0] == _fill(picture, mask, "texture", seed=9)).all()
    assert len({output.tobytes() for output in task.outputs}) == 4
    assert told == sorted(told) and told[0] >= 0 and told[-1] < 1


def test_a_task_stops_between_two_crops() -> None:
    crop = (_ground(60, 60), _hole(60, 60, slice(20, 40), slice(20, 40)))
    task, _ = _task([crop, crop, crop], stop_after=1)
    with pytest.raises(Cancelled):
        Classic().run(task)
    assert task.outputs[0].any() and not task.outputs[2].any()
