"""Presets on disk: kept under any name, replaced under the same, removed, shared; damaged and hostile files told of."""

import json
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.attachments import Attachment, attachment_text
from app.core.endpoint import Endpoint
from app.core.errors import AppError, InputError, StoreError
from app.core.preset import Preset
from app.core.request import BlendSettings
from app.core.sentences import NEEDED
from app.core.values import check
from app.resources import resource
from app.store.presets import MOST, PresetStore, file_name
from tests.bundled import bundled_endpoints
from tests.store.failing_disk import FailingDisk

Json = Any
BUNDLED = resource("presets")


@pytest.fixture
def store(tmp_path: Path) -> PresetStore:
    return PresetStore(tmp_path / "bundled", tmp_path / "own")


def preset(name: str = "Warm", endpoint: str = "far/a", **values: Json) -> Preset:
    return Preset(name, endpoint, values, BlendSettings(4, 2.5), "Note")


def endpoints_by_id() -> dict[str, Endpoint]:
    return {endpoint.id: endpoint for endpoint in bundled_endpoints()}


# -- ours ---------------------------------------------------------------


def test_our_presets_are_all_readable_and_every_endpoint_has_some(tmp_path: Path) -> None:
    found, problems = PresetStore(BUNDLED, tmp_path).read()
    assert problems == []
    assert len(found) == len(list(BUNDLED.iterdir()))
    assert {one.endpoint for one in found} == set(endpoints_by_id())
    assert all(one.built_in and one.note.endswith(".") and len(one.name) < 40 for one in found)


@pytest.mark.parametrize("path", sorted(BUNDLED.iterdir()), ids=lambda path: path.stem)
def test_our_presets_fit_their_endpoints(path: Path, tmp_path: Path) -> None:
    """All but what only the user can say: the prompt, and a checkpoint where none is meant."""
    one = PresetStore(tmp_path, tmp_path).read_file(path)
    endpoint = endpoints_by_id()[one.endpoint]
    problems = check(endpoint, one.values)
    prompt = endpoint.binding.roles.get("prompt")
    assert {name: text for name, text in problems.items() if (name, text) != (prompt, NEEDED)} == {}
    assert one.values
    for name, value in one.values.items():
        field = next(field for field in endpoint.fields if field.path == name)
        assert field.role not in ("picture", "mask", "prompt", "seed"), "a preset says how, not what"
        assert not isinstance(value, str) or "://" not in value


# -- the user's own ---------------------------------------------------------------


def test_a_preset_comes_back_as_it_was_saved(store: PresetStore, tmp_path: Path) -> None:
    kept = preset(steps=7, styles=["a", {"b": None}], ratio=0.1)
    store.save(kept)
    assert PresetStore(tmp_path / "bundled", tmp_path / "own").read() == ([kept], [])
    [path] = (tmp_path / "own").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_name_replaces_whatever_its_case_is(store: PresetStore, tmp_path: Path) -> None:
    store.save(preset("Warm light", steps=1))
    store.save(preset("WARM LIGHT", steps=2))
    store.save(preset("Warm light", endpoint="far/b", steps=3))
    found = store.read()[0]
    assert [(one.name, one.endpoint, one.values["steps"]) for one in found] == [
        ("WARM LIGHT", "far/a", 2),
        ("Warm light", "far/b", 3),
    ]
    assert len(list((tmp_path / "own").iterdir())) == 2


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), min_size=1, max_size=80).filter(str.strip)


@given(NAMES, st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_name_makes_a_safe_file_name(name: str, endpoint: str) -> None:
    made = file_name(Preset(name, endpoint, {}))
    assert made.isascii() and made == Path(made).name and not made.startswith((".", "-")) and len(made) < 70
    assert made == file_name(Preset(name.casefold(), endpoint, {}, note="another"))


@pytest.mark.parametrize("name", ["../../escape", "/etc/passwd", ".", "..", "CON", "a" * 80, "😀", "名前", "a\\b:c*?"])
def test_odd_names_stay_in_the_folder(store: PresetStore, tmp_path: Path, name: str) -> None:
    store.save(preset(name))
    assert [one.name for one in store.read()[0]] == [name]
    assert {path.name for path in tmp_path.iterdir()} == {"own"}
    store.remove(preset(name))
    assert store.read() == ([], [])


def test_an_own_preset_takes_the_place_of_a_built_in_one_of_its_name(tmp_path: Path) -> None:
    bundled = PresetStore(tmp_path / "none", tmp_path / "bundled")
    bundled.save(preset("Fast", steps=1))
    bundled.save(preset("Best", steps=9))
    store = PresetStore(tmp_path / "bundled", tmp_path / "own")
    store.save(preset("fast", steps=2))
    assert [(one.name, one.built_in) for one in store.read()[0]] == [("Best", True), ("fast", False)]


def test_a_built_in_preset_is_not_removed(tmp_path: Path) -> None:
    store = PresetStore(BUNDLED, tmp_path)
    count = len(list(BUNDLED.iterdir()))
    with pytest.raises(InputError, match="comes with the program"):
        store.remove(store.read()[0][0])
    assert len(list(BUNDLED.iterdir())) == count


def test_a_preset_that_was_put_there_by_hand_can_be_removed_and_is_not_listed_twice(
    store: PresetStore, tmp_path: Path
) -> None:
    store.save(preset("Warm"))
    [path] = (tmp_path / "own").iterdir()
    (tmp_path / "own" / "copied.json").write_bytes(path.read_bytes())
    assert len(store.read()[0]) == 1
    store.remove(preset("Warm"))
    assert store.read() == ([], []) and not list((tmp_path / "own").iterdir())
    store.remove(preset("Warm"))


def test_a_failed_save_leaves_the_old_preset(tmp_path: Path) -> None:
    PresetStore(tmp_path, tmp_path / "own").save(preset(steps=1))
    for step in range(1, 5):
        disk = FailingDisk(step)
        with pytest.raises(StoreError):
            PresetStore(tmp_path, tmp_path / "own", disk=disk).save(preset(steps=2))
        [found] = PresetStore(tmp_path / "none", tmp_path / "own").read()[0]
        assert found.values["steps"] in (1, 2)
        assert len(list((tmp_path / "own").iterdir())) == 1


def test_two_programs_save_at_the_same_time(tmp_path: Path) -> None:
    def save(number: int) -> None:
        mine = PresetStore(tmp_path / "none", tmp_path / "own")
        for step in range(10):
            mine.save(preset(f"Of {number}", steps=step))
            mine.save(preset("Shared", steps=number))

    threads = [threading.Thread(target=save, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found, problems = PresetStore(tmp_path / "none", tmp_path / "own").read()
    assert problems == []
    assert [(one.name, one.values["steps"]) for one in found[:3]] == [("Of 0", 9), ("Of 1", 9), ("Of 2", 9)]
    assert found[3].name == "Shared" and len(found) == 4


def test_there_is_a_limit_and_replacing_still_works_at_it(store: PresetStore, tmp_path: Path) -> None:
    store.save(preset("First"))
    for number in range(MOST):
        (tmp_path / "own" / f"{number:05}.json").write_text("{}")
    with pytest.raises(StoreError, match="remove one first"):
        store.save(preset("Second"))
    store.save(preset("First", steps=2))


# -- shared and hostile files ---------------------------------------------------------------


def test_a_shared_file_is_read_elsewhere_without_the_files_of_this_computer(store: PresetStore, tmp_path: Path) -> None:
    file = attachment_text(Attachment("a" * 64, ".png", "private.png"))
    store.write_file(tmp_path / "for you.json", preset("Warm", steps=3, style_url=file))
    text = (tmp_path / "for you.json").read_text("ascii")
    assert "mendbrush-file" not in text and "private" not in text and str(tmp_path) not in text
    assert PresetStore(tmp_path, tmp_path).read_file(tmp_path / "for you.json") == preset("Warm", steps=3)


def test_a_shared_file_cannot_name_a_file_of_this_computer(store: PresetStore, tmp_path: Path) -> None:
    file = attachment_text(Attachment("a" * 64, ".png", "x"))
    document = {"format": 1, "preset": "P", "endpoint": "far/a", "values": {"style_url": file, "steps": 2}}
    (tmp_path / "p.json").write_text(json.dumps(document))
    assert store.read_file(tmp_path / "p.json").values == {"steps": 2}


def test_a_built_in_preset_that_is_shared_is_an_own_one_there(tmp_path: Path) -> None:
    store = PresetStore(BUNDLED, tmp_path / "own")
    store.write_file(tmp_path / "p.json", store.read()[0][0])
    assert not store.read_file(tmp_path / "p.json").built_in


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"<html>",
    "half": b'{"format": 1, "preset": "P", "endpoint"',
    "deep": b'{"format":1,"preset":"P","endpoint":"a","values":{"v":' + b"[" * 100 + b"]" * 100 + b"}}",
    "deeper": b"[" * 200_000,
    "huge": b'{"format":1,"preset":"P","endpoint":"a","values":{"v":"' + b"x" * (2 << 20) + b'"}}',
    "NaN": b'{"format":1,"preset":"P","endpoint":"a","values":{"v":NaN}}',
    "infinite": b'{"format":1,"preset":"P","endpoint":"a","values":{"v":1e999}}',
    "long number": b'{"format":1,"preset":"P","endpoint":"a","values":{"v":' + b"1" * 5000 + b"}}",
    "twice": b'{"format":1,"preset":"P","preset":"Q","endpoint":"a","values":{}}',
    "binary": bytes(range(256)) * 10,
    "utf-16": '{"format":1}'.encode("utf-16"),
    "half a pair": b'{"format":1,"preset":"\\ud800","endpoint":"a","values":{}}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence_that_names_it(store: PresetStore, tmp_path: Path, name: str) -> None:
    path = tmp_path / "sent.json"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(InputError) as refused:
        store.read_file(path)
    said = str(refused.value)
    assert said.startswith("“sent.json”") and len(said) < 300 and said.isprintable()


def test_what_is_no_file_is_refused_and_not_waited_for(store: PresetStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    for path in (tmp_path / "pipe.json", tmp_path / "loop.json", tmp_path, tmp_path / "none.json", Path("/dev/zero")):
        with pytest.raises(InputError):
            store.read_file(path)
    with pytest.raises(InputError):
        store.read_file(Path("a\0b"))
    with pytest.raises(AppError):
        store.write_file(tmp_path / "none" / "p.json", preset())


def test_damaged_files_among_the_own_ones_are_told_and_the_others_read(store: PresetStore, tmp_path: Path) -> None:
    store.save(preset("Warm"))
    (tmp_path / "own" / "broken.json").write_text("{")
    (tmp_path / "own" / "a folder.json").mkdir()
    (tmp_path / "own" / "notes.txt").write_text("mine")
    found, problems = store.read()
    assert [one.name for one in found] == ["Warm"]
    assert len(problems) == 2 and all(problem.endswith("It was left out.") for problem in problems)


def test_values_that_are_no_json_are_not_written(store: PresetStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        store.save(preset(steps=float("nan")))
    with pytest.raises(StoreError, match="larger than 1 MB"):
        store.save(preset(prompt="x" * (2 << 20)))
    assert store.read() == ([], [])


def test_numbered_names_stand_in_the_order_of_their_numbers(store: PresetStore) -> None:
    for name in ("steps 10", "steps 2", "Another", "steps", "10", "²"):
        store.save(Preset(name, "far/a", {"a": 1}))
    mine = [preset.name for preset in store.read()[0] if not preset.built_in]
    assert mine == ["²", "10", "Another", "steps", "steps 2", "steps 10"]
