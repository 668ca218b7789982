"""A whole program on a folder of the test's own, with a real window, real workers and a photo to work on."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.compose import Program, fresh
from app.store.places import Places

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Hand:
    """What a user does with mouse and keys, and how a test waits for what follows."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program, self.qtbot = program, qtbot

    def until(self, true: Callable[[], bool], timeout: int = 20_000) -> None:
        self.qtbot.waitUntil(true, timeout=timeout)

    def open(self, path: Path) -> None:
        before = self.program.document.picture
        self.program.files.open(path)
        self.until(lambda: self.program.document.picture is not before)

    def stroke(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press, drag and release between two points (x, y) of the picture."""
        canvas = self.program.canvas
        points = [canvas.view.to_widget(QPointF(*point)).toPoint() for point in (start, end)]
        QTest.mousePress(canvas, button, modifiers, points[0])
        for step in range(1, 6):
            QTest.mouseMove(canvas, points[0] + (points[1] - points[0]) * step / 5)
        QTest.mouseRelease(canvas, button, modifiers, points[1])

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the widget that has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.program.window, key, modifiers)

    def do(self, command: str) -> None:
        """Trigger a command of the menus."""
        action = self.program.window.action(command)
        assert action.isEnabled(), command
        action.trigger()

    def fill(self) -> str:
        """Generate with Ctrl+Return and wait for the result; its id."""
        known = {entry.id for entry in self.program.history.entries()}
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: any(entry.id not in known for entry in self.program.history.entries()))
        return self.program.history.entries()[0].id

    def said(self) -> list[str]:
        """The messages that stand in the bar."""
        return [message.text for message in self.program.messages.messages]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    rng = np.random.default_rng(11)
    ramp = np.arange(240)[None, :, None] * 0.7 + np.arange(180)[:, None, None] * 0.3
    pixels = np.clip(ramp + rng.integers(0, 30, (180, 240, 3)), 0, 255).astype(np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def make_program(
    qapp: QApplication, loop: asyncio.AbstractEventLoop, qtbot: QtBot, tmp_path: Path, run: Run
) -> Iterator[Callable[[], Program]]:
    made: list[Program] = []

    def make() -> Program:
        program = fresh(qapp, loop, Places.below(tmp_path / "profile"))
        program.settings.set("seen_hints", True)
        made.append(program)
        return program

    yield make
    for program in made:
        end(program, run)


def end(program: Program, run: Run) -> None:
    """Close a program as quitting does, without ending the session's loop. Twice does no harm."""
    if not getattr(program, "ended", False):
        program.ended = True  # type: ignore[attr-defined]  # the test's own mark
        program.window.close_for_good()
        run(program.close())
        program.window.deleteLater()


def at_work(program: Program, qtbot: QtBot, photo: Path) -> Hand:
    """Start a program with the photo open, its window active and the canvas in focus."""
    hand = Hand(program, qtbot)
    program.start(photo)
    program.window.resize(1280, 720)
    hand.until(lambda: program.document.picture is not None)
    program.window.activateWindow()
    program.canvas.setFocus()
    qtbot.waitUntil(program.window.isActiveWindow)
    program.brush.radius = 8
    return hand


@pytest.fixture
def hand(make_program: Callable[[], Program], qtbot: QtBot, photo: Path) -> Hand:
    """A program at work on the photo."""
    return at_work(make_program(), qtbot, photo)
