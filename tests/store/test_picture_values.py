"""Values kept between two runs, per picture: whole, private, few, and never in the way."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import StoreError
from app.store.picture_values import LARGEST, MOST, PictureValues
from tests.store.nobody import open_folder, read_only

DIGEST = "ab" * 32
VALUES = {"endpoint": "far/b", "values": {"far/b": {"prompt": "ä ≠ \x00", "steps": 2**80}}}


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    store = PictureValues(tmp_path / "values")
    assert store.load(DIGEST) is None
    store.save(DIGEST, {"old": True})
    store.save(DIGEST, VALUES)
    assert PictureValues(tmp_path / "values").load(DIGEST) == VALUES
    assert [path.name for path in (tmp_path / "values").iterdir()] == [f"{DIGEST}.json"]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=30)
@given(values=st.dictionaries(st.text(max_size=9), plain, max_size=4))
def test_any_json_comes_back(values: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = PictureValues(tmp_path_factory.getbasetemp() / "any")
    store.save(DIGEST, values)
    assert store.load(DIGEST) == values


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"no json",
        b"[]",
        b'{"format": 2, "values": {}}',
        b'{"format": 1}',
        b'{"format": 1, "values": []}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 1, "values": {"x": "' + b"y" * LARGEST + b'"}}',
    ],
)
def test_a_damaged_file_is_one_sentence_and_is_written_over(tmp_path: Path, damaged: bytes) -> None:
    store = PictureValues(tmp_path)
    (tmp_path / f"{DIGEST}.json").write_bytes(damaged)
    with pytest.raises(StoreError, match="damaged"):
        store.load(DIGEST)
    store.save(DIGEST, VALUES)
    assert store.load(DIGEST) == VALUES


@pytest.mark.parametrize("what", ["pipe", "folder", "device"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, what: str) -> None:
    path = tmp_path / f"{DIGEST}.json"
    match what:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to("/dev/zero")
    with pytest.raises(StoreError):
        PictureValues(tmp_path).load(DIGEST)


def test_what_cannot_be_written_down_is_said(tmp_path: Path) -> None:
    store = PictureValues(tmp_path)
    store.save(DIGEST, VALUES)
    for values in ({"x": "y" * LARGEST}, {"x": object()}):
        with pytest.raises(StoreError):
            store.save(DIGEST, values)
    assert store.load(DIGEST) == VALUES


def test_they_are_their_owners_alone(tmp_path: Path) -> None:
    PictureValues(tmp_path / "values").save(DIGEST, VALUES)
    assert (tmp_path / "values").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "values" / f"{DIGEST}.json").stat().st_mode & 0o777 == 0o600


def test_the_ones_changed_longest_ago_go(tmp_path: Path) -> None:
    for number in range(MOST + 3):
        path = tmp_path / f"{number:064x}.json"
        path.write_text(json.dumps({"format": 1, "values": {}}))
        os.utime(path, (number, number))
    (tmp_path / "note.txt").write_text("not ours")
    PictureValues(tmp_path).save(DIGEST, VALUES)
    left = {path.name for path in tmp_path.glob("*.json")}
    assert len(left) == MOST and f"{DIGEST}.json" in left and f"{MOST + 2:064x}.json" in left
    assert f"{3:064x}.json" not in left and (tmp_path / "note.txt").exists()


def test_a_folder_that_cannot_be_written_is_told_and_keeps_the_old_values() -> None:
    with open_folder() as folder:
        store = PictureValues(folder)
        store.save(DIGEST, {})
        (folder / f"{DIGEST}.json").chmod(0o644)
        with read_only(folder):
            with pytest.raises(StoreError):
                store.save(DIGEST, VALUES)
            assert store.load(DIGEST) == {}
