"""Settings, alive."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.state.settings import Settings

pytestmark = pytest.mark.usefixtures("qapp")  # timers need one


def on_disk(path: Path) -> Any:
    return json.loads(path.read_text())


def test_a_change_is_told_and_written_after_a_while(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "settings.json"
    settings = Settings(path)
    with qtbot.waitSignal(settings.changed) as told:
        settings.set("theme", "dark")
    assert told.args == ["theme"] and settings.get("theme", "light") == "dark"
    assert not path.exists(), "not at once"
    qtbot.waitUntil(path.exists, timeout=3000)
    assert on_disk(path) == {"format": 1, "theme": "dark"}
    assert Settings(path).get("theme", "light") == "dark"


def test_many_changes_are_one_write(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "settings.json"
    settings = Settings(path)
    for size in range(100):
        settings.set("size", size)
    settings.flush()
    first = path.stat().st_ino
    settings.flush()
    assert on_disk(path)["size"] == 99 and path.stat().st_ino == first, "nothing new, nothing written"


def test_the_same_value_is_no_change(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("on", True)
    with qtbot.assertNotEmitted(settings.changed):
        settings.set("on", True)
    with qtbot.waitSignal(settings.changed):
        settings.set("on", 1)


def test_none_takes_a_setting_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"format": 1, "theme": "dark", "other": 1}')
    settings = Settings(path)
    settings.set("theme", None)
    settings.flush()
    assert settings.get("theme", "light") == "light" and on_disk(path) == {"format": 1, "other": 1}


@pytest.mark.parametrize(
    ("stored", "default", "expected"),
    [
        ("12", 5, 5),
        (12, 5, 12),
        (12, 0.5, 12),
        (1.5, 5, 5),
        (True, 5, 5),
        (1, True, True),
        (False, True, False),
        ("dark", "light", "dark"),
        (3, "light", "light"),
        ([1], [], [1]),
        ({}, [], []),
        ({"a": 1}, {}, {"a": 1}),
        ("anything", None, "anything"),
        (None, "light", "light"),
    ],
)
def test_a_value_of_another_type_is_not_used(tmp_path: Path, stored: Any, default: Any, expected: Any) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"format": 1, "x": stored}))
    found = Settings(path).get("x", default)
    assert found == expected and type(found) is type(expected)


def test_two_windows_of_two_programs(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    one, two = Settings(path), Settings(path)
    one.set("a", 1)
    two.set("b", 2)
    one.flush()
    two.flush()
    assert on_disk(path) == {"format": 1, "a": 1, "b": 2}


def test_damage_is_noticed_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{")
    settings = Settings(path)
    assert "settings.json.bak" in settings.notice and settings.get("theme", "light") == "light"
    assert (tmp_path / "settings.json.bak").read_text() == "{"


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file" / "settings.json")
    said: list[str] = []
    settings.noticed.connect(said.append)
    for size in range(3):
        settings.set("size", size)
        settings.flush()
    assert len(said) == 1 and "this session only" in said[0]
    assert settings.get("size", 0) == 2
    (tmp_path / "file").unlink()
    settings.set("other", 1)
    settings.flush()
    assert on_disk(tmp_path / "file" / "settings.json") == {"format": 1, "size": 2, "other": 1}


def test_a_slow_disk_does_not_stop_the_hand(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    settings = Settings(path)
    release, sync = threading.Event(), os.fsync

    def slow_sync(descriptor: int) -> None:
        assert release.wait(10)
        sync(descriptor)

    monkeypatch.setattr("os.fsync", slow_sync)
    settings.set("size", 1)
    qtbot.waitUntil(lambda: any(thread.name == "settings" for thread in threading.enumerate()), timeout=3000)
    settings.set("size", 2)
    settings.set("theme", "dark")
    qtbot.wait(400)
    assert settings.get("size", 0) == 2 and not path.exists()
    release.set()
    qtbot.waitUntil(lambda: path.exists() and on_disk(path).get("theme") == "dark", timeout=3000)
    assert on_disk(path) == {"format": 1, "size": 2, "theme": "dark"}
    settings.flush()


def test_what_fails_aside_is_tried_again(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file" / "settings.json")
    with qtbot.waitSignal(settings.noticed, timeout=3000):
        settings.set("size", 1)
    (tmp_path / "file").unlink()
    settings.flush()
    assert on_disk(tmp_path / "file" / "settings.json") == {"format": 1, "size": 1}
