"""Presets in the program: saved from the draft, applied to it, shared, taken; all work on a thread, told on Qt's."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.core.endpoint import Endpoint
from app.core.errors import AppError, InputError
from app.core.preset import Preset
from app.core.request import BlendSettings
from app.core.schema import read_endpoint
from app.state.parameters import Parameters
from app.state.presets import Presets
from app.store.presets import PresetStore

Json = Any


def endpoint(name: str, steps: str = "steps", most: int = 50) -> Endpoint:
    properties = {
        "prompt": {"type": "string"},
        "image_url": {"type": "string"},
        steps: {"type": "integer", "default": 3, "maximum": most},
        "sharp": {"type": "boolean"},
    }
    return read_endpoint({"id": name, "provider": "far", "input": {"properties": properties}})


class Room:
    """One program's presets, with everything that is told."""

    def __init__(self, folder: Path, qtbot: QtBot, executor: ThreadPoolExecutor) -> None:
        self._qtbot = qtbot
        self.store = PresetStore(folder / "bundled", folder / "own")
        self.parameters = Parameters([endpoint("far/a"), endpoint("far/b", "num_inference_steps", 8)])
        self.errors: list[AppError] = []
        self.taken: list[Preset] = []
        self.threads: set[int] = set()
        self.presets = Presets(self.store, self.parameters, executor)
        self.presets.failed.connect(self.errors.append)
        self.presets.taken.connect(self.taken.append)
        self.presets.changed.connect(lambda: self.threads.add(threading.get_ident()))

    def names(self) -> list[str]:
        return [preset.name for preset in self.presets.for_endpoint(self.parameters.endpoint)]

    def wait_for(self, *names: str) -> None:
        self._qtbot.waitUntil(lambda: self.names() == list(names))

    def wait_for_error(self) -> AppError:
        self._qtbot.waitUntil(lambda: bool(self.errors))
        return self.errors.pop(0)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as made:
        yield made


@pytest.fixture
def room(tmp_path: Path, qtbot: QtBot, executor: ThreadPoolExecutor) -> Room:
    bundled = PresetStore(tmp_path / "none", tmp_path / "bundled")
    bundled.save(Preset("Fast", "far/a", {"steps": 2}, note="Quick."))
    made = Room(tmp_path, qtbot, executor)
    made.wait_for("Fast")
    return made


def test_presets_are_told_on_the_thread_of_the_window(room: Room) -> None:
    room.presets.save("Mine")
    room.wait_for("Fast", "Mine")
    assert room.threads == {threading.get_ident()}


def test_what_is_set_is_saved_and_comes_back(room: Room) -> None:
    room.parameters.set_value("steps", 7)
    room.parameters.set_value("prompt", "sky")
    room.parameters.set_blend(BlendSettings(3, 1.5))
    room.presets.save("  Mine ", "For skies")
    room.wait_for("Fast", "Mine")
    mine = room.presets.for_endpoint(room.parameters.endpoint)[1]
    assert mine == Preset("Mine", "far/a", {"steps": 7, "prompt": "sky"}, BlendSettings(3, 1.5), "For skies")
    room.parameters.reset_all()
    room.parameters.set_value("sharp", True)
    room.parameters.set_blend(BlendSettings())
    room.presets.apply(mine)
    assert room.parameters.values == {"steps": 7, "prompt": "sky"}
    assert room.parameters.blend == BlendSettings(3, 1.5)


def test_a_preset_without_a_blend_leaves_the_blend(room: Room) -> None:
    room.parameters.set_blend(BlendSettings(3, 1.5))
    room.parameters.set_value("prompt", "sky")
    room.presets.apply(room.presets.for_endpoint(room.parameters.endpoint)[0])
    assert room.parameters.blend == BlendSettings(3, 1.5)
    assert room.parameters.values == {"steps": 2, "prompt": "sky"}


def test_a_preset_of_another_endpoint_is_mapped_and_said(room: Room) -> None:
    room.parameters.set_value("steps", 30)
    room.presets.save("Slow")
    room.wait_for("Fast", "Slow")
    room.parameters.choose("far/b")
    room.parameters.reset_all()
    told: list[Any] = []
    room.parameters.carried.connect(told.append)
    assert [preset.name for preset in room.presets.others(room.parameters.endpoint)] == ["Fast", "Slow"]
    room.presets.apply(room.presets.others(room.parameters.endpoint)[1])
    assert room.parameters.values == {"num_inference_steps": 8}
    assert [move.kind for move in told[-1].moves] == ["clamped"]


def test_a_preset_of_an_endpoint_that_is_not_here_is_understood_by_its_names(room: Room) -> None:
    room.presets.apply(Preset("Odd", "gone/z", {"num_inference_steps": 9, "other": 1}))
    assert room.parameters.values == {"steps": 9}


def test_the_same_name_replaces_and_a_built_in_one_is_refused_at_once(room: Room) -> None:
    room.presets.save("Mine")
    room.wait_for("Fast", "Mine")
    room.parameters.set_value("steps", 9)
    room.presets.save("MINE")
    room.wait_for("Fast", "MINE")
    for name in ("fast", " FAST"):
        with pytest.raises(InputError, match="comes with the program"):
            room.presets.save(name)
    with pytest.raises(InputError, match="needs a name"):
        room.presets.save(" ")
    with pytest.raises(InputError, match="too long"):
        room.presets.save("n" * 500)
    with pytest.raises(InputError, match="note"):
        room.presets.save("Noted", "n" * 5000)


def test_a_preset_is_removed_and_brought_back(room: Room) -> None:
    room.parameters.set_value("steps", 9)
    room.presets.save("Mine")
    room.wait_for("Fast", "Mine")
    mine = room.presets.for_endpoint(room.parameters.endpoint)[1]
    room.presets.remove(mine)
    room.wait_for("Fast")
    room.presets.keep(mine)
    room.wait_for("Fast", "Mine")
    assert room.presets.for_endpoint(room.parameters.endpoint)[1] == mine


def test_a_built_in_preset_stays(room: Room) -> None:
    room.presets.remove(room.presets.for_endpoint(room.parameters.endpoint)[0])
    assert "comes with the program" in str(room.wait_for_error())
    assert room.names() == ["Fast"]


def test_a_preset_travels_as_a_file(room: Room, tmp_path: Path, qtbot: QtBot, executor: ThreadPoolExecutor) -> None:
    room.parameters.set_value("steps", 7)
    room.presets.save("Mine", "For skies")
    room.wait_for("Fast", "Mine")
    path = tmp_path / "mine.json"
    room.presets.share(room.presets.for_endpoint(room.parameters.endpoint)[1], path)
    qtbot.waitUntil(path.exists)
    other = Room(tmp_path / "elsewhere", qtbot, executor)
    other.presets.take(path)
    other.wait_for("Mine")
    assert [(one.name, one.values, one.note) for one in other.taken] == [("Mine", {"steps": 7}, "For skies")]


def test_a_taken_preset_never_takes_another_ones_place(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    def send(name: str, steps: int) -> None:
        document = {"format": 1, "preset": name, "endpoint": "far/a", "values": {"steps": steps}}
        (tmp_path / "sent.json").write_text(json.dumps(document))
        count = len(room.taken)
        room.presets.take(tmp_path / "sent.json")
        qtbot.waitUntil(lambda: len(room.taken) == count + 1)

    send("Fast", 40)
    room.wait_for("Fast", "Fast 2")
    send("Fast", 41)
    room.wait_for("Fast", "Fast 2", "Fast 3")
    send("fast 2", 42)
    room.wait_for("Fast", "Fast 2", "Fast 3", "fast 4")
    send("Fast 3", 41)  # the same again
    room.wait_for("Fast", "Fast 2", "Fast 3", "fast 4")
    found = {one.name: one.values["steps"] for one in room.presets.for_endpoint(room.parameters.endpoint)}
    assert found == {"Fast": 2, "Fast 2": 40, "Fast 3": 41, "fast 4": 42}
    send("n" * 80, 1)
    send("n" * 80, 2)
    assert [len(one.name) for one in room.taken[-2:]] == [80, 80]


def test_trouble_is_told_in_words(room: Room, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("<html>")
    room.presets.take(tmp_path / "bad.json")
    assert "“bad.json” is not JSON" in str(room.wait_for_error())
    room.presets.share(Preset("Fast", "far/a", {}), tmp_path / "no folder" / "x.json")
    assert "no folder" in str(room.wait_for_error())
    assert room.names() == ["Fast"]


def test_a_damaged_preset_is_told_once(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "own").mkdir(exist_ok=True)
    for name in ("a", "b", "c"):
        (tmp_path / "own" / f"{name}.json").write_text("{")
    room.presets.save("Mine")
    room.wait_for("Fast", "Mine")
    error = room.wait_for_error()
    assert "“a.json”" in str(error) and "2 more" in str(error) and "“c.json”" in error.details
    room.presets.save("Other")
    room.wait_for("Fast", "Mine", "Other")
    assert room.errors == []


def test_what_another_program_saved_is_seen_after_reading(room: Room, tmp_path: Path) -> None:
    room.store.save(Preset("From elsewhere", "far/a", {"steps": 5}))
    assert room.names() == ["Fast"]
    room.presets.read()
    room.wait_for("Fast", "From elsewhere")


def test_many_saves_at_once_all_arrive(room: Room) -> None:
    names = [f"P{number}" for number in range(10, 30)]
    for name in names:
        room.presets.save(name)
    room.wait_for("Fast", *names)
