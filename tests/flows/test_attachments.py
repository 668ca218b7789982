"""A picture of one's own among the values: from a drop on the panel to the history and back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.compose import Program
from app.core.attachments import attachments_in
from app.ui.form.file import FileEditor
from tests.flows.conftest import Hand, Run, end

ENDPOINT = "fal-ai/fooocus/inpaint"


def drop(target: QWidget, path: Path) -> None:
    """Let a file go over ``target``."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path))])
    place, copy = QPoint(8, 8), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(place, copy, carried, left, none))
    QApplication.sendEvent(target, QDropEvent(place.toPointF(), copy, carried, left, none))


def named(panel: QWidget, words: str) -> QAbstractButton:
    """The panel's button whose accessible name starts with ``words``."""
    return next(one for one in panel.findChildren(QAbstractButton) if one.accessibleName().startswith(words))


def test_a_picture_dropped_into_a_group_is_sent_kept_and_recalled(
    hand: Hand, make_program: Callable[[], Program], run: Run, qtbot: QtBot, tmp_path: Path
) -> None:
    program, parameters = hand.program, hand.program.parameters
    parameters.choose(ENDPOINT)
    parameters.choose_backend("practice")
    program.practice.options = replace(program.practice.options, delay=0, queue=0, failure="none")
    parameters.set_value("prompt", "a door")
    program.panel.focus_field("image_prompt_1")
    assert program.panel.form is not None
    group = program.panel.form.rows["image_prompt_1"]
    hand.key(Qt.Key.Key_Space)
    picture = tmp_path / "reference.png"
    Image.new("RGB", (50, 40), (1, 2, 3)).save(picture)
    editor = group.findChild(FileEditor)
    assert editor is not None
    drop(editor, picture)
    hand.until(lambda: "image_prompt_1" in parameters.values)
    (kept,) = attachments_in(parameters.values["image_prompt_1"])
    assert program.store.blobs.get(kept.digest) == picture.read_bytes()
    program.panel.focus_field("loras")
    QTest.mouseClick(named(program.panel.form.rows["loras"], "Remove LoRA 1"), Qt.MouseButton.LeftButton)
    assert parameters.values["loras"] == []
    hand.stroke((100, 80), (120, 90))
    program.canvas.setFocus()
    entry = program.history.entry(hand.fill())
    assert entry is not None and kept.digest in entry.digests
    assert entry.values["image_prompt_1"] == parameters.values["image_prompt_1"] and entry.values["loras"] == []
    sent = dict(parameters.values)
    end(program, run)
    again = make_program()
    assert dict(again.parameters.values) == sent
