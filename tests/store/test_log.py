"""The log: what is said is in it, what libraries chatter is not, and it never becomes a fault of its own."""

import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.store.log import QUIET, start_log


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.captureWarnings(False)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def test_what_is_said_is_in_the_file(tmp_path: Path) -> None:
    start_log(tmp_path / "state")
    logging.getLogger("mendbrush").info("ein Stück %s", "Himmel")
    assert "INFO mendbrush: ein Stück Himmel" in (tmp_path / "state" / "mendbrush.log").read_text("utf-8")
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_there_is_no_file_until_something_is_said(tmp_path: Path) -> None:
    start_log(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", QUIET)
def test_addresses_that_libraries_print_are_left_out(tmp_path: Path, name: str) -> None:
    start_log(tmp_path)
    logging.getLogger(name).info("GET https://example.invalid/?key=secret")
    logging.getLogger(f"{name}.deeper").debug("the same")
    logging.getLogger(name).warning("kept")
    text = (tmp_path / "mendbrush.log").read_text("utf-8")
    assert "secret" not in text and "kept" in text


def test_warnings_go_to_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    start_log(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("an odd tag", UserWarning, stacklevel=1)
        logging.captureWarnings(False)
    assert "an odd tag" in (tmp_path / "mendbrush.log").read_text("utf-8") and capfd.readouterr().err == ""


def test_the_log_stays_small(tmp_path: Path) -> None:
    start_log(tmp_path)
    for _ in range(8):
        logging.getLogger("mendbrush").info("x" * 500_000)
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert 1 < len(sizes) <= 6 and max(sizes) <= 1 << 20


def in_the_way(folder: Path) -> Path:
    (folder / "state").write_text("a file")
    return folder / "state"


def a_folder_in_its_place(folder: Path) -> Path:
    (folder / "mendbrush.log").mkdir()
    return folder


@pytest.mark.parametrize("hinder", [in_the_way, a_folder_in_its_place, lambda _: Path("/proc/nowhere")])
def test_a_log_that_cannot_be_written_is_silent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], hinder: Callable[[Path], Path]
) -> None:
    start_log(hinder(tmp_path))
    logging.getLogger("mendbrush").error("nobody hears this", exc_info=ValueError("x"))
    assert capfd.readouterr() == ("", "")
