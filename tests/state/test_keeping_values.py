"""Values come back with their picture: in another run, after a save, from a damaged file, beside another program."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.core.picture import Picture, Source
from app.state.document import Document
from app.state.keeping_values import DELAY_MS, KeepingValues
from app.state.parameters import Parameters
from app.store.picture_values import PictureValues
from app.store.pictures import open_picture, save_picture
from tests.state.endpoints_to_carry import narrow, wide

pytestmark = pytest.mark.usefixtures("qapp")


class Program:
    """As much of one as keeps values."""

    def __init__(self, folder: Path) -> None:
        self.executor = ThreadPoolExecutor(2)
        self.document = Document()
        self.parameters = Parameters([wide(), narrow()])
        self.keeping = KeepingValues(self.document, self.parameters, PictureValues(folder), self.executor)
        self.said: list[str] = []
        self.ended = False
        self.keeping.failed.connect(self.said.append)

    def show(self, digest: str) -> None:
        pixels = np.zeros((4, 5, 4), np.uint8)
        self.document.open(Picture(pixels, False, Source(format="PNG", mode="RGB", digest=digest)))

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            self.keeping.flush()
            self.executor.shutdown()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[], Program]]:
    made: list[Program] = []

    def program() -> Program:
        made.append(Program(tmp_path / "values"))
        return made[-1]

    yield program
    for one in made:
        one.end()


ONE, OTHER = "1" * 64, "2" * 64


def test_they_come_back_in_another_run(make: Callable[[], Program]) -> None:
    first = make()
    first.show(ONE)
    first.parameters.set_value("prompt", "a door")
    first.show(OTHER)
    first.parameters.choose("far/narrow")
    first.parameters.set_value("steps", 3)
    first.end()
    second = make()
    second.show(ONE)
    assert (second.parameters.endpoint.id, second.parameters.values) == ("far/wide", {"prompt": "a door"})
    second.show(OTHER)
    assert (second.parameters.endpoint.id, second.parameters.values) == ("far/narrow", {"prompt": "a door", "steps": 3})


def test_they_are_written_when_the_hand_rests(make: Callable[[], Program], tmp_path: Path, qtbot: QtBot) -> None:
    program = make()
    program.show(ONE)
    program.parameters.set_value("prompt", "a")
    file = tmp_path / "values" / f"{ONE}.json"
    start = time.monotonic()
    with qtbot.waitSignal(program.keeping.rested, timeout=4 * DELAY_MS):
        program.parameters.set_value("prompt", "a door")
    qtbot.waitUntil(file.exists)
    assert time.monotonic() - start < 3
    assert PictureValues(tmp_path / "values").load(ONE) == program.parameters.drafts()


def test_a_picture_without_a_file_gets_its_name_when_the_history_keeps_it(make: Callable[[], Program]) -> None:
    first = make()
    first.show("")
    first.parameters.set_value("prompt", "pasted")
    assert first.document.picture is not None
    first.document.picture.source = Source(format="PNG", mode="RGB", digest=ONE)
    first.show(OTHER)
    first.end()
    second = make()
    second.show(ONE)
    assert second.parameters.values == {"prompt": "pasted"}


def test_a_saved_picture_has_its_values_when_it_is_opened_again(
    make: Callable[[], Program], tmp_path: Path, qtbot: QtBot
) -> None:
    first, path = make(), tmp_path / "photo.png"
    first.show(ONE)
    first.parameters.set_value("prompt", "a door")
    assert first.document.picture is not None
    save_picture(path, first.document.picture)
    first.document.saved_as(path)
    first.keeping.saved(tmp_path / "mask.png")
    first.keeping.saved(path)
    qtbot.waitUntil(lambda: len(first.parameters.picture_names) == 2)
    first.end()
    second = make()
    second.document.open(open_picture(path), path)
    assert second.parameters.values == {"prompt": "a door"}


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format": 1, "values": {"values": 3, "endpoint": [], "blend": 1}}'])
def test_a_damaged_file_leaves_what_stands(make: Callable[[], Program], tmp_path: Path, damage: bytes) -> None:
    first = make()
    first.show(ONE)
    first.parameters.set_value("prompt", "a door")
    first.end()
    (tmp_path / "values" / f"{ONE}.json").write_bytes(damage)
    second = make()
    second.parameters.set_value("seed", 3)
    second.show(ONE)
    second.show(OTHER)
    second.show(ONE)
    assert len(second.said) == (0 if b"values" in damage else 1)
    second.parameters.set_value("prompt", "a window")
    second.end()
    third = make()
    third.show(ONE)
    assert third.parameters.values["prompt"] == "a window" and third.said == []


def test_two_programs_at_one_picture_do_not_disturb_each_other(make: Callable[[], Program]) -> None:
    first, second = make(), make()
    for program, prompt in ((first, "one"), (second, "two")):
        program.show(ONE)
        program.parameters.set_value("prompt", prompt)
    first.end()
    second.end()
    third = make()
    third.show(ONE)
    assert third.parameters.values == {"prompt": "two"}, "the one written last counts, and it is whole"


def test_a_folder_that_cannot_be_made_is_told_once(make: Callable[[], Program], tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "values").write_text("in the way")
    program = make()
    for number in range(4):
        program.show(f"{number}" * 64)
        program.parameters.set_value("prompt", f"{number}")
    qtbot.waitUntil(lambda: len(program.said) > 0)
    program.show("0" * 64)
    assert program.parameters.values == {"prompt": "0"}, "for this session they are kept"
    program.end()
    assert len(program.said) == len(set(program.said)) <= 2
