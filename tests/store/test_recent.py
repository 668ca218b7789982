"""The pictures opened last."""

import json
from pathlib import Path

from app.store.recent import MOST, RecentFiles


def test_newest_first_each_once_and_no_more_than_twelve(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path / "recent.json")
    assert recent.paths() == []
    for number in range(20):
        recent.add(Path(f"/p/{number}.png"))
    recent.add(Path("/p/15.png"))
    assert recent.paths()[:3] == [Path("/p/15.png"), Path("/p/19.png"), Path("/p/18.png")]
    assert len(recent.paths()) == MOST == len(set(recent.paths()))
    recent.remove(Path("/p/19.png"))
    assert Path("/p/19.png") not in RecentFiles(tmp_path / "recent.json").paths()
    recent.clear()
    assert RecentFiles(tmp_path / "recent.json").paths() == []


def test_two_programs_share_the_list(tmp_path: Path) -> None:
    one, two = RecentFiles(tmp_path / "recent.json"), RecentFiles(tmp_path / "recent.json")
    one.add(Path("/a"))
    two.add(Path("/b"))
    assert one.paths() == two.paths() == [Path("/b"), Path("/a")]


def test_any_name_is_remembered(tmp_path: Path) -> None:
    for name in ("写真 🙂.png", "two\nlines.png", "n" * 255, "b\udcff.png"):
        RecentFiles(tmp_path / "recent.json").add(tmp_path / name)
        assert RecentFiles(tmp_path / "recent.json").paths()[0] == tmp_path / name


def test_a_damaged_list_is_an_empty_one(tmp_path: Path) -> None:
    for content in (
        "{",
        '{"format": 1, "pictures": 3}',
        '{"format": 1, "pictures": [1, null, "", "a\\u0000b", "/ok"]}',
    ):
        (tmp_path / "recent.json").write_text(content)
        assert RecentFiles(tmp_path / "recent.json").paths() in ([], [Path("/ok")])


def test_a_folder_that_cannot_be_written_keeps_the_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recent = RecentFiles(tmp_path / "file" / "recent.json")
    recent.add(Path("/a"))
    recent.add(Path("/b"))
    assert recent.paths() == [Path("/b"), Path("/a")]


def test_it_holds_names_only(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path / "recent.json")
    recent.add(Path("/a"))
    assert json.loads((tmp_path / "recent.json").read_text()) == {"format": 1, "pictures": ["/a"]}
