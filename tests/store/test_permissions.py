"""Folders that may be read and not written, for real."""

import os
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import PictureError, StoreError
from app.core.picture import Picture
from app.state.settings import Settings
from app.store.history import HistoryStore
from app.store.pictures import open_picture, save_picture
from app.store.places import made
from tests.store.nobody import open_folder, read_only
from tests.store.samples import entry, job


def readable(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_picture_asks_for_save_as() -> None:
    with open_folder() as folder:
        path = folder / "a.png"
        save_picture(path, Picture(np.full((4, 4, 4), 255, np.uint8)))
        old = path.read_bytes()
        with read_only(folder):
            picture = open_picture(path)
            with pytest.raises(StoreError, match="Save As"):
                save_picture(path, picture)
        assert path.read_bytes() == old and list(folder.iterdir()) == [path]


def test_a_picture_that_may_not_be_read_says_so() -> None:
    with open_folder() as folder:
        path = folder / "a.png"
        path.write_bytes(b"x")
        path.chmod(0)
        with read_only(folder), pytest.raises(PictureError, match="no permission"):
            open_picture(path)


def test_a_history_is_read_from_its_sidecars_or_its_index() -> None:
    with open_folder() as folder:
        store = HistoryStore(folder, wait=0.2)
        store.begin(job("a"))
        store.finish("a", [entry("e", "a")])
        store.close()
        readable(folder)
        with read_only(folder):
            store = HistoryStore(folder, wait=0.2)
            assert store.read_only and "cannot be written" in store.notice
            assert [one.id for one in store.entries()] == ["e"]
            with pytest.raises(StoreError, match="cannot be written"):
                store.begin(job("b"))
            store.close()


def test_a_damaged_history_that_may_not_be_moved_is_read_from_its_sidecars() -> None:
    with open_folder() as folder:
        store = HistoryStore(folder, wait=0.2)
        store.begin(job("a"))
        store.finish("a", [entry("e", "a")])
        store.close()
        (folder / "history.db").write_bytes(b"garbage" * 999)
        readable(folder)
        with read_only(folder):
            store = HistoryStore(folder, wait=0.2)
            assert store.read_only and [one.id for one in store.entries()] == ["e"]
            store.close()


@pytest.mark.usefixtures("qapp")
def test_settings_last_for_the_session() -> None:
    with open_folder() as folder:
        (folder / "settings.json").write_text('{"format": 1, "theme": "dark"}')
        with read_only(folder):
            settings = Settings(folder / "settings.json")
            said: list[str] = []
            settings.noticed.connect(said.append)
            assert settings.get("theme", "light") == "dark"
            settings.set("theme", "light")
            settings.flush()
            assert settings.get("theme", "") == "light" and len(said) == 1
        assert "dark" in (folder / "settings.json").read_text()


def test_a_profile_that_may_not_be_made() -> None:
    with open_folder() as folder, read_only(folder), pytest.raises(StoreError, match="--profile"):
        made(folder / "profile" / "data")
    assert os.geteuid() == os.getuid()
