"""Masks kept between two runs: exact, private, few, and never in the way."""

import os
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import StoreError
from app.store.drafts import MOST, Drafts
from app.store.png import mask_png
from tests.store.nobody import open_folder, read_only

DIGEST = "ab" * 32


def a_mask(width: int = 37, height: int = 21) -> np.ndarray:
    return np.where(np.random.default_rng(2).random((height, width)) < 0.4, 255, 0).astype(np.uint8)


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    Drafts(tmp_path / "drafts").save(DIGEST, mask_png(a_mask()))
    kept = Drafts(tmp_path / "drafts").load(DIGEST, (37, 21))
    assert kept is not None and kept.dtype == np.uint8 and np.array_equal(kept, a_mask())
    kept[:] = 0  # it is the caller's to paint on


def test_the_last_draft_counts(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    drafts.save(DIGEST, mask_png(a_mask()))
    drafts.save(DIGEST, mask_png(255 - a_mask()))
    assert np.array_equal(drafts.load(DIGEST, (37, 21)), 255 - a_mask())  # type: ignore[arg-type]  # it is there
    assert [path.name for path in tmp_path.iterdir()] == [f"{DIGEST}.png"]


@pytest.mark.parametrize("size", [(21, 37), (37, 22), (1, 1)])
def test_a_draft_of_another_size_is_none(tmp_path: Path, size: tuple[int, int]) -> None:
    drafts = Drafts(tmp_path)
    drafts.save(DIGEST, mask_png(a_mask()))
    assert drafts.load(DIGEST, size) is None


def test_without_bytes_the_draft_is_forgotten(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    drafts.save(DIGEST, b"")
    assert not (tmp_path / "drafts").exists()
    drafts.save(DIGEST, mask_png(a_mask()))
    drafts.save(DIGEST, b"")
    assert drafts.load(DIGEST, (37, 21)) is None
    drafts.forget(DIGEST)  # once more is no fault


@pytest.mark.parametrize("keep", [0, 8, 30, -1])
def test_a_damaged_draft_is_none(tmp_path: Path, keep: int) -> None:
    drafts = Drafts(tmp_path)
    drafts.save(DIGEST, mask_png(a_mask()))
    path = tmp_path / f"{DIGEST}.png"
    path.write_bytes(path.read_bytes()[:keep] if keep >= 0 else b"no picture at all" * 9)
    assert drafts.load(DIGEST, (37, 21)) is None
    assert drafts.load("cd" * 32, (37, 21)) is None


def test_a_draft_is_its_owners_alone(tmp_path: Path) -> None:
    Drafts(tmp_path / "drafts").save(DIGEST, mask_png(a_mask()))
    assert (tmp_path / "drafts").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "drafts" / f"{DIGEST}.png").stat().st_mode & 0o777 == 0o600


def test_the_ones_used_longest_ago_go(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    for number in range(MOST + 3):
        path = tmp_path / f"{number:064x}.png"
        path.write_bytes(b"x")
        os.utime(path, (number, number))
    (tmp_path / "note.txt").write_text("not ours")
    drafts.save(DIGEST, mask_png(a_mask()))
    left = {path.name for path in tmp_path.glob("*.png")}
    assert len(left) == MOST and f"{DIGEST}.png" in left and f"{MOST + 2:064x}.png" in left
    assert f"{3:064x}.png" not in left and (tmp_path / "note.txt").exists()


def test_a_folder_that_cannot_be_written_is_told_and_keeps_the_old_draft() -> None:
    with open_folder() as folder:
        drafts = Drafts(folder)
        drafts.save(DIGEST, mask_png(a_mask()))
        (folder / f"{DIGEST}.png").chmod(0o644)
        with read_only(folder):
            with pytest.raises(StoreError):
                drafts.save(DIGEST, mask_png(255 - a_mask()))
            drafts.forget(DIGEST)
            kept = drafts.load(DIGEST, (37, 21))
        assert kept is not None and np.array_equal(kept, a_mask())
