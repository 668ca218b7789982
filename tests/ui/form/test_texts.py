"""Texts: earlier prompts by keys, and lengths counted."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, Field
from app.ui.form.context import NOTHING, Context
from app.ui.form.counter import Counter, length_fault
from app.ui.form.row import Row
from app.ui.form.text import GrowingBox

Shown = Callable[..., Row]
PROMPT = Field("prompt", "string", "Prompt", multiline=True, role="prompt")
EARLIER = replace(NOTHING, prompts=lambda role: ("newest", "older", "oldest") if role == "prompt" else ())
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def show(qtbot: QtBot) -> Shown:
    def shower(field: Field, context: Context = EARLIER) -> Row:
        row = Row(field, context=context)
        qtbot.addWidget(row)
        with qtbot.waitActive(row):
            row.show()
            row.activateWindow()
        return row

    return shower


def prose(row: Row) -> QPlainTextEdit:
    box = row.findChild(QPlainTextEdit)
    assert isinstance(box, QPlainTextEdit)
    box.setFocus()
    return box


def test_earlier_prompts_come_by_keys_and_the_draft_comes_back(show: Shown) -> None:
    row = show(PROMPT)
    box = prose(row)
    QTest.keyClicks(box, "new one")
    seen = []
    for key in (Qt.Key.Key_Up,) * 4 + (Qt.Key.Key_Down,) * 4:
        QTest.keyClick(box, key, CONTROL)
        seen.append(row.value())
    assert seen == ["newest", "older", "oldest", "oldest", "older", "newest", "new one", "new one"]


def test_what_was_just_sent_is_passed_over(show: Shown) -> None:
    row = show(PROMPT)
    row.set_value("newest")
    QTest.keyClick(prose(row), Qt.Key.Key_Up, CONTROL)
    assert row.value() == "older"


def test_a_text_changed_on_the_way_is_a_draft_again(show: Shown) -> None:
    row = show(PROMPT)
    box = prose(row)
    QTest.keyClick(box, Qt.Key.Key_Up, CONTROL)
    QTest.keyClicks(box, "!")
    QTest.keyClick(box, Qt.Key.Key_Up, CONTROL)
    assert row.value() == "newest"
    QTest.keyClick(box, Qt.Key.Key_Down, CONTROL)
    assert row.value() == "newest!"


def test_walking_is_told_and_can_be_undone(show: Shown, qtbot: QtBot) -> None:
    row = show(PROMPT)
    box = prose(row)
    QTest.keyClicks(box, "mine")
    with qtbot.waitSignal(row.changed):
        QTest.keyClick(box, Qt.Key.Key_Up, CONTROL)
    box.undo()
    assert row.value() == "mine"


def test_other_texts_have_no_earlier_ones(show: Shown) -> None:
    row = show(Field("note", "string", "Note", multiline=True))
    QTest.keyClick(prose(row), Qt.Key.Key_Up, CONTROL)
    assert row.value() is MISSING


@pytest.mark.parametrize("multiline", [True, False])
def test_letters_are_counted(show: Shown, multiline: bool) -> None:
    row = show(Field("p", "string", "P", multiline=multiline, max_length=5, min_length=2))
    counter = row.findChild(Counter)
    assert isinstance(counter, Counter) and counter.text() == "0 / 5"
    target = row.editor.focusProxy()
    assert target is not None
    QTest.keyClicks(target, "a")
    row.show_problem("")
    assert (counter.text(), shown(row)) == ("1 / 5", ["1 character: 1 more needed."])
    QTest.keyClicks(target, "bcdefg")
    row.show_problem("")
    assert (counter.text(), shown(row)) == ("7 / 5", ["7 characters: 2 too many."])
    assert counter.property("danger") is True
    row.set_value("abc")
    row.show_problem("")
    assert (counter.text(), shown(row), counter.property("danger")) == ("3 / 5", [], False)


def shown(row: Row) -> list[str]:
    labels = row.findChildren(QLabel)
    return [one.text() for one in labels if one.isVisible() and one.property("secondary") and type(one) is QLabel]


def test_letters_beyond_the_basic_plane_count_once(show: Shown) -> None:
    row = show(Field("p", "string", "P", multiline=True, max_length=5))
    row.set_value("😀😀")
    counter = row.findChild(Counter)
    assert isinstance(counter, Counter) and counter.text() == "2 / 5"


def test_a_text_without_limits_is_not_counted(show: Shown) -> None:
    assert show(PROMPT).findChild(Counter) is None
    assert length_fault(Field("p", "string", "P", min_length=3), 0) == ""


def test_a_box_is_as_tall_as_its_text_however_that_came(qtbot: QtBot) -> None:
    box = GrowingBox()
    qtbot.addWidget(box)
    box.resize(200, 60)
    box.show()
    heights: dict[int, int] = {}
    for words in (*range(0, 60, 3), *range(60, -1, -3)):
        box.show_text("words of some length " * words)
        wrapped = box.verticalScrollBar().isVisible()
        assert wrapped == (box.document().size().height() > 6), words
        assert heights.setdefault(words, box.height()) == box.height(), "on the way down as on the way up"
    assert len(set(heights.values())) > 2
    for letter in "words of some length " * 9:
        QTest.keyClicks(box, letter)
    assert box.height() == heights[9]
