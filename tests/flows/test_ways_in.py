"""Every way in: dialog, drop, clipboard, a name that is not there; and what each says when there is nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget

from app.compose import Program
from tests.flows.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier


def drop(target: QWidget, mime: QMimeData) -> bool:
    """Drag ``mime`` onto the middle of a widget and let go; whether it was taken."""
    middle, copy, none = target.rect().center(), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle, copy, mime, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        QApplication.sendEvent(target, QDropEvent(QPointF(middle), copy, mime, Qt.MouseButton.LeftButton, none))
    return enter.isAccepted()


def urls(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def blue(width: int = 30, height: int = 20) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    return image


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / ("a name that goes on and on " * 8 + "&.png")
    Image.new("RGB", (64, 48), (9, 99, 199)).save(path)
    return path


def test_files_are_dropped_anywhere_on_the_window(hand: Hand, other: Path, photo: Path) -> None:
    program = hand.program
    assert drop(program.canvas, urls(other, photo))
    hand.until(lambda: program.document.path == other)
    assert hand.said() == ["Several files were dropped; the first was opened."]
    assert program.window.windowTitle().startswith(other.name)
    assert drop(program.window, urls(photo)), "beside the canvas too"
    hand.until(lambda: program.document.path == photo)


def test_pixels_are_dropped(hand: Hand) -> None:
    mime = QMimeData()
    mime.setImageData(blue())
    assert drop(hand.program.canvas, mime)
    hand.until(lambda: hand.program.document.path is None)
    picture = hand.program.document.picture
    assert picture is not None and (picture.width, picture.height) == (30, 20)
    assert (picture.pixels[..., :3] == (255, 0, 0)).all() and hand.program.document.path is None
    assert hand.program.window.windowTitle().startswith("Untitled")


def test_words_are_not_taken(hand: Hand) -> None:
    mime = QMimeData()
    mime.setText("hello")
    assert not drop(hand.program.canvas, mime)


def test_the_clipboard(hand: Hand, other: Path) -> None:
    program, clipboard = hand.program, QGuiApplication.clipboard()
    clipboard.clear()
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.said() == ["There is no picture on the clipboard; copy one and paste again."]
    clipboard.setMimeData(urls(other))
    hand.key(Qt.Key.Key_V, CTRL)
    hand.until(lambda: program.document.path == other)
    clipboard.setImage(blue(12, 34))
    hand.key(Qt.Key.Key_V, CTRL)
    hand.until(lambda: program.document.path is None)
    assert program.document.picture is not None
    assert (program.document.picture.width, program.document.picture.height) == (12, 34)
    clipboard.clear()


def dialog(hand: Hand) -> QFileDialog:
    hand.until(lambda: any(found.isVisible() for found in hand.program.window.findChildren(QFileDialog)))
    return next(found for found in hand.program.window.findChildren(QFileDialog) if found.isVisible())


def choose(hand: Hand, path: Path) -> None:
    """Type a file's name into the dialog that is open, and press Enter."""
    asking = dialog(hand)
    [name] = [box for box in asking.findChildren(QLineEdit) if box.isVisible()]
    name.setText(str(path))
    QTest.keyClick(name, Qt.Key.Key_Return)
    hand.until(lambda: not asking.isVisible())
    hand.program.window.activateWindow()
    hand.program.canvas.setFocus()
    hand.until(hand.program.canvas.hasFocus)


def test_the_dialogs_open_save_and_do_not_block(hand: Hand, other: Path, tmp_path: Path) -> None:
    program = hand.program
    hand.key(Qt.Key.Key_O, CTRL)
    choose(hand, other)
    hand.until(lambda: program.document.path == other)
    hand.stroke((10, 10), (30, 30))
    hand.key(Qt.Key.Key_S, CTRL | Qt.KeyboardModifier.AltModifier)
    assert dialog(hand).windowTitle() == "Save mask"
    choose(hand, tmp_path / "m.png")
    hand.until(lambda: "Saved m.png." in hand.said())
    with Image.open(tmp_path / "m.png") as saved:
        assert program.document.mask is not None
        assert (np.asarray(saved.convert("L")) == program.document.mask.pixels).all()
    hand.do("clear")
    hand.key(Qt.Key.Key_O, CTRL | Qt.KeyboardModifier.ShiftModifier)
    choose(hand, tmp_path / "m.png")
    hand.until(lambda: bool(program.document.mask and not program.document.mask.is_empty()))
    assert program.document.undo_name == "Open mask"


def test_a_picture_that_is_not_there_is_one_message_over_the_empty_window(
    make_program: Callable[[], Program], hand: Hand, tmp_path: Path
) -> None:
    program = make_program()
    program.settings.set("seen_hints", False)
    other = Hand(program, hand.qtbot)
    program.start(tmp_path / "nowhere.png")
    other.until(lambda: bool(other.said()))
    assert len(other.said()) == 1 and "nowhere.png" in other.said()[0]
    assert program.window.windowTitle() == "Mendbrush" and program.document.picture is None
    assert program.canvas.isVisible()
    program.window.activateWindow()
    program.canvas.setFocus()
    ways = []
    for _ in range(3):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QPushButton)
        ways.append(focused.text())
        other.key(Qt.Key.Key_Tab)
    assert ways == ["Open…", "Paste", "Try the sample photo"] and program.panel.isVisible()
    for command in ("save", "save-as", "save-mask", "invert", "undo", "compare", "fit", "generate"):
        program.window.action(command).trigger()
    assert not program.window.findChildren(QFileDialog)
    program.files.open(tmp_path / "photo.png")
    other.until(lambda: program.document.picture is not None)
    assert any("Ctrl+Return fills it" in text for text in other.said()), "the hints come with the first picture"
