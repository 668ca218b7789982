"""Leaving with something unsaved: asked once, and every answer does what it says."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from tests.flows.conftest import Hand, Run, end


def questions(hand: Hand) -> list[QMessageBox]:
    return [box for box in hand.program.window.findChildren(QMessageBox) if box.isVisible()]


def answer(hand: Hand, words: str) -> None:
    """Click the button of that text in the one question that is open."""
    hand.until(lambda: len(questions(hand)) == 1)
    [box] = questions(hand)
    button = next(found for found in box.buttons() if found.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    hand.until(lambda: not questions(hand))


def accept_one(hand: Hand) -> None:
    hand.stroke((80, 90), (150, 90))
    hand.fill()
    hand.until(lambda: hand.program.review.preview is not None)
    hand.do("accept")
    hand.until(lambda: hand.program.document.picture_modified)


@pytest.fixture
def left(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the end of the program, which would end the tests too; one entry for each time it is left."""
    times: list[str] = []
    hand.program.window.close_requested.disconnect()
    monkeypatch.setattr(hand.program, "leave", lambda: times.append("left"))
    hand.program.window.close_requested.connect(hand.program.ask_to_leave)
    return times


def test_save_then_leaves(hand: Hand, left: list[str], photo: Path) -> None:
    accept_one(hand)
    hand.program.window.close()
    answer(hand, "Save")
    hand.until(lambda: left == ["left"])
    assert hand.program.document.picture is not None
    with Image.open(photo) as saved:
        assert (np.asarray(saved) == hand.program.document.picture.pixels[..., 2::-1]).all()


def test_stay_and_leave_without_saving(hand: Hand, left: list[str], photo: Path) -> None:
    before = photo.read_bytes()
    accept_one(hand)
    hand.program.window.close()
    answer(hand, "Stay")
    assert left == [] and hand.program.window.isVisible()
    hand.program.window.close()
    answer(hand, "Leave without saving")
    assert left == ["left"] and photo.read_bytes() == before


def test_a_save_that_fails_does_not_leave(hand: Hand, left: list[str], tmp_path: Path) -> None:
    accept_one(hand)
    hand.program.document.path = tmp_path / "gone" / "photo.png"
    hand.program.window.close()
    answer(hand, "Save")
    hand.until(lambda: bool(hand.said()))
    hand.program.files.save(tmp_path / "later.png")
    hand.until(lambda: "Saved later.png." in hand.said())
    hand.qtbot.wait(20)
    assert left == [], "saving later on means saving, not leaving"


def test_cancelling_the_name_stays(hand: Hand, left: list[str], tmp_path: Path) -> None:
    accept_one(hand)
    hand.program.document.path = None
    hand.program.window.close()
    answer(hand, "Save")
    dialog = hand.program.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    hand.program.files.save(tmp_path / "later.png")
    hand.until(lambda: "Saved later.png." in hand.said())
    hand.qtbot.wait(20)
    assert left == []


def test_a_running_job_is_asked_about_once(hand: Hand, left: list[str]) -> None:
    hand.stroke((80, 90), (150, 90))
    hand.program.parameters.choose_backend("practice")
    hand.program.generating.generate()
    hand.until(lambda: bool(hand.program.jobs.running()))
    hand.program.window.close()
    [box] = questions(hand)
    assert "1 running job will be stopped" in box.text()
    answer(hand, "Leave")
    assert left == ["left"]


def test_with_nothing_to_lose_nothing_is_asked(hand: Hand, left: list[str]) -> None:
    hand.stroke((80, 90), (150, 90))
    hand.program.window.close()
    assert left == ["left"] and not questions(hand), "the mask is kept by itself"


def test_save_before_opening_another_picture(hand: Hand, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), (9, 99, 199)).save(tmp_path / "other.png")
    accept_one(hand)
    hand.program.filing.open_path(tmp_path / "other.png")
    answer(hand, "Save")
    hand.until(lambda: hand.program.document.path == tmp_path / "other.png")


def test_a_save_that_fails_offers_another_place(hand: Hand, tmp_path: Path) -> None:
    hand.program.files.save(tmp_path / "no" / "folder.png")
    hand.until(lambda: bool(hand.said()))
    assert [message.action for message in hand.program.messages.messages] == ["Save as…"]


def test_what_changes_after_the_end_is_nobodys_fault(hand: Hand, run: Run) -> None:
    program = hand.program
    end(program, run)
    program.parameters.choose("fal-ai/inpaint")
    program.parameters.set_value("prompt", "too late")
    program.document.fill_all()
    program.values.flush()
    program.autosave.flush()
    assert hand.said() == []
