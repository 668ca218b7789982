"""Choices stand in the provider's words; what is sent is the value behind them."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, Field
from app.ui.form.choose import editor_for
from app.ui.form.face import labels_of

Json = Any


def test_segments_show_labels_and_send_whole_numbers(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    field = Field("x", "integer", "X", enum=(1, 2, 4), labels=("One", "Two", "Four"), default=2)
    editor = editor_for(field, holder)
    buttons = editor.findChildren(QAbstractButton)
    assert [button.text() for button in buttons] == ["One", "Two", "Four"]
    assert editor.value() is MISSING and buttons[1].isChecked()
    QTest.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert editor.value() == 4 and type(editor.value()) is int


@pytest.mark.parametrize("count", [6, 40])
def test_lists_show_labels(count: int, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    names = tuple(f"Name {place}" for place in range(count))
    field = Field("x", "integer", "X", enum=tuple(range(count)), labels=names, default=3)
    editor = editor_for(field, holder)
    box = editor.findChild(QComboBox)
    assert isinstance(box, QComboBox) and box.itemText(5) == "Name 5"
    line = editor.findChild(QLineEdit)
    assert (line or box).placeholderText() == "Name 3"
    for value in range(count):
        editor.set_value(value)
        assert editor.value() == value and box.currentText() == f"Name {value}"
    editor.clear()
    assert editor.value() is MISSING


def test_toggles_show_labels(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    editor = editor_for(Field("x", "array", "X", enum=("l", "r"), labels=("Left", "Right")), holder)
    buttons = editor.findChildren(QAbstractButton)
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert [button.text() for button in buttons] == ["Left", "Right"] and editor.value() == ["r"]


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (("A", "A", "B"), ["A (1)", "A (2)", "B"]),
        (("A", "", "B"), ["A", "2", "B"]),
        (("A",), ["1", "2", "3"]),
        ((), ["1", "2", "3"]),
    ],
)
def test_a_label_stands_for_one_value(labels: tuple[str, ...], shown: list[str]) -> None:
    assert labels_of(Field("x", "integer", "X", enum=(1, 2, 3), labels=labels)) == shown


def test_thousands_of_chosen_ones_are_counted_not_drawn(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    names = tuple(f"name {place}" for place in range(3000))
    editor = editor_for(Field("x", "array", "X", enum=names, default=list(names)), holder)
    chips = [one for one in editor.findChildren(QAbstractButton) if one.property("chip")]
    assert len(chips) == 60
    assert "and 2940 more: the list has them all" in [label.text() for label in editor.findChildren(QLabel)]
    editor.set_value(list(names[:100]))
    assert editor.value() == list(names[:100])
