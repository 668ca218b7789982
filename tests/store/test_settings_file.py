"""The settings file through damage, other programs and full disks."""

import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import StoreError
from app.store.settings_file import SettingsFile
from tests.store.failing_disk import FailingDisk


def test_what_is_saved_is_loaded_with_its_type(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "new" / "settings.json")
    assert file.load() == {} and file.notice == ""
    values = {"theme": "dark", "size": 12, "ratio": 0.5, "on": True, "list": [1, "ü\udc80"], "none": None}
    file.save(values)
    assert SettingsFile(file.path).load() == values
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert json.loads(file.path.read_text())["format"] == 1


def test_unknown_keys_and_a_newer_format_survive(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"format": 3, "of_tomorrow": {"a": [1]}, "theme": "dark"}')
    SettingsFile(path).save({"theme": "light"})
    assert json.loads(path.read_text()) == {"format": 3, "of_tomorrow": {"a": [1]}, "theme": "light"}


def test_two_programs_change_their_own_keys(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    one, two = SettingsFile(path), SettingsFile(path)
    one.save({"a": 1, "b": 1})
    two.load()
    one.save({"b": 2}, frozenset({"a"}))
    two.save({"c": 3})
    assert one.load() == {"b": 2, "c": 3}


def test_programs_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"

    def work(name: str) -> None:
        for number in range(10):
            SettingsFile(path).save({f"{name}{number}": number})

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(SettingsFile(path).load()) == 30


DAMAGED = [b"", b"{", b"[]", b"null", b"{}", b'{"format": "1"}', b"\xff\xfe\0", b"[" * 100_000, b'{"format": 1} x']


@pytest.mark.parametrize("data", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_kept_and_said_once(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(data)
    file = SettingsFile(path)
    assert file.load() == {}
    assert "settings.json.bak" in file.notice
    assert (tmp_path / "settings.json.bak").read_bytes() == data
    assert file.load() == {} and file.notice == ""
    file.save({"a": 1})
    assert file.load() == {"a": 1} and (tmp_path / "settings.json.bak").read_bytes() == data


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_no_bytes_upset_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.json"
    for content in (data, b'{"format": 1, "a": ' + data + b"}"):
        path.write_bytes(content)
        file = SettingsFile(path)
        assert isinstance(file.load(), dict)
        file.save({"kept": 1})
        assert file.load()["kept"] == 1


def test_a_folder_in_its_place_is_no_obstacle_to_starting(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    file = SettingsFile(tmp_path / "settings.json")
    assert file.load() == {} and "cannot be read" in file.notice
    with pytest.raises(StoreError):
        file.save({"a": 1})


def test_no_failure_harms_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).save({"a": 1})
    for fail_at in range(1, 20):
        try:
            SettingsFile(path, disk=FailingDisk(fail_at)).save({"a": 2})
        except StoreError:
            assert SettingsFile(path).load()["a"] in (1, 2)
            assert [left.name for left in tmp_path.iterdir()] == ["settings.json"]
            continue
        return
    pytest.fail("it never came through")


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_json_cannot_hold_is_a_sentence(tmp_path: Path, value: Any) -> None:
    with pytest.raises(StoreError, match="cannot be written down"):
        SettingsFile(tmp_path / "settings.json").save({"a": value})
