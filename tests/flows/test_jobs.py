"""A running job in the window: seen with its progress, stopped by mouse or keys, and nobody waits for it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QToolBar, QToolButton

from tests.flows.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def running(hand: Hand) -> str:
    """A practice job that takes its time; its id."""
    program = hand.program
    hand.stroke((80, 90), (120, 90))
    program.parameters.choose_backend("practice")
    program.practice.options = type(program.practice.options)(delay=30, queue=0)
    hand.key(Qt.Key.Key_Return, CTRL)
    hand.until(lambda: bool(program.jobs.running()))
    return program.jobs.running()[0].id


def state_of(hand: Hand, job: str) -> str:
    record = hand.program.store.job(job)
    return record.state if record is not None else ""


@pytest.mark.parametrize("how", ["the button in its cell", "Del in the strip", "Ctrl+.", "the menu"])
def test_it_is_stopped(hand: Hand, running: str, how: str) -> None:
    program, strip = hand.program, hand.program.strip
    if how == "the button in its cell":
        hand.until(lambda: any(found.isVisible() for found in strip.list.findChildren(QAbstractButton)))
        button = next(found for found in strip.list.findChildren(QAbstractButton) if found.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    elif how == "Del in the strip":
        strip.setFocus()
        hand.key(Qt.Key.Key_Right)
        hand.key(Qt.Key.Key_Delete)
    elif how == "Ctrl+.":
        hand.key(Qt.Key.Key_Period, CTRL)
    else:
        hand.do("cancel")
    hand.until(lambda: not program.jobs.running(), timeout=2000)
    hand.until(lambda: state_of(hand, running) == "cancelled")
    assert program.window.windowTitle().startswith("photo.png"), "the title tells of it no more"
    assert not program.document.busy and hand.said() == []


def test_the_title_and_the_line_below_tell_of_it(hand: Hand, running: str) -> None:
    hand.until(lambda: not hand.program.window.windowTitle().startswith("photo.png"))
    assert "photo.png" in hand.program.window.windowTitle()
    hand.program.parameters.choose("fal-ai/fooocus/inpaint")
    assert [job.id for job in hand.program.jobs.running()] == [running], "another endpoint changes nothing about it"
    hand.do("cancel")
    hand.until(lambda: not hand.program.jobs.running())


def test_every_button_beside_the_canvas_names_its_key(hand: Hand) -> None:
    bar = hand.program.window.findChild(QToolBar)
    assert bar is not None
    for button in (found for found in bar.findChildren(QToolButton) if found.objectName() != "qt_toolbar_ext_button"):
        key = button.defaultAction().shortcut().toString()
        assert button.toolTip() and (not key or f"({key})" in button.toolTip()), button.toolTip()
    hand.do("fill-all")
    assert "Ctrl+Z" in hand.program.window.action("undo").toolTip()


def test_a_job_that_is_cancelled_before_it_began_is_gone(hand: Hand) -> None:
    program = hand.program
    hand.stroke((80, 90), (120, 90))
    program.jobs.started.connect(program.jobs.cancel)
    program.generating.generate()
    hand.until(lambda: not program.document.busy)
    hand.until(lambda: not program.jobs.running(), timeout=2000)
    assert not program.window.action("cancel").isEnabled() and not program.history.entries()
