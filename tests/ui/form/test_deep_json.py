"""JSON that is nested beyond all use, typed or pasted into a field."""

import json

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.endpoint import Field
from app.core.sentences import TOO_DEEP
from app.ui.form.text import JsonEditor


@pytest.mark.parametrize("levels", [70, 500, 100_000])
def test_it_stays_text_and_is_said_so(qtbot: QtBot, levels: int) -> None:
    editor = JsonEditor(Field("points", "array", "Points"))
    qtbot.addWidget(editor)
    box = editor.findChild(QPlainTextEdit)
    assert box is not None
    text = "[" * levels + "]" * levels
    box.setPlainText(text)
    assert editor.value() == text and editor.complaint() == TOO_DEEP
    box.setPlainText(json.dumps([[[1]]]))
    assert editor.value() == [[[1]]] and editor.complaint() == ""
