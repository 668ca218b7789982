"""The program's own folders."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.errors import StoreError
from app.store.places import Places, made


def test_a_profile_keeps_everything_below_one_folder(tmp_path: Path) -> None:
    places = Places.below(tmp_path / "p")
    inside = (places.settings, places.history, places.endpoints, places.recent, places.cache)
    assert all(path.is_relative_to(tmp_path / "p") for path in inside)
    assert not (tmp_path / "p").exists()


def test_the_users_folders_honour_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    places = Places.for_user()
    assert places.config == tmp_path / "CONFIG" / "mendbrush"
    assert places.data == tmp_path / "DATA" / "mendbrush"
    assert places.state == tmp_path / "STATE" / "mendbrush"
    assert places.cache == tmp_path / "CACHE" / "mendbrush"


def test_a_relative_profile_does_not_follow_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    places = Places.below(Path("p"))
    monkeypatch.chdir("/")
    assert places.data == tmp_path / "p" / "data"


def test_folders_are_made_for_the_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "c"
    assert made(folder) == folder == made(folder)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3


@pytest.mark.parametrize("name", ["file", "file/below", "n" * 300, "a\0b"])
def test_an_unusable_folder_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="--profile"):
        made(tmp_path / name)


def test_a_folder_that_may_not_be_made_is_a_sentence() -> None:
    with pytest.raises(StoreError, match="--profile"):
        made(Path("/proc/none/here") if os.geteuid() == 0 else Path("/mendbrush-test"))


def test_the_programs_start_needs_no_pixels() -> None:
    code = (
        "import sys, app.store.places, app.store.atomic, app.store.settings_file, app.store.recent\n"
        "print(sorted({'numpy', 'cv2', 'PIL', 'sqlite3'} & sys.modules.keys()))"
    )
    root = Path(__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True).stdout
    assert said == "[]\n"
