"""Work beside the loop: its result comes back on the asking thread, whatever became of who asked."""

import gc
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.core.pyramid import picture_pyramid
from app.state.beside import beside
from app.ui.canvas import levels as levels_module
from app.ui.canvas.levels import Levels


def test_the_result_arrives_on_the_asking_thread(qtbot: QtBot) -> None:
    heard: list[tuple[int, int, int]] = []

    def take(done: "Future[int]") -> None:
        heard.append((done.result(), threading.get_ident(), 0))

    with ThreadPoolExecutor(2) as executor:
        for number in range(50):
            beside(executor, lambda number=number: number * number, take)  # type: ignore[misc]  # a default is its type
        qtbot.waitUntil(lambda: len(heard) == 50)
    assert sorted(value for value, _, _ in heard) == [number * number for number in range(50)]
    assert {thread for _, thread, _ in heard} == {threading.get_ident()}


def test_an_error_on_the_thread_reaches_who_takes_the_result(qtbot: QtBot) -> None:
    errors: list[BaseException | None] = []

    def fail() -> int:
        raise ValueError("on the thread")

    with ThreadPoolExecutor(1) as executor:
        beside(executor, fail, lambda done: errors.append(done.exception()))
        qtbot.waitUntil(lambda: len(errors) == 1)
    assert str(errors[0]) == "on the thread"


def test_letting_go_of_levels_while_they_are_made_is_harmless(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels_module, "AT_ONCE", 1)
    made = []
    with ThreadPoolExecutor(2) as executor:
        for number in range(200):
            pixels = np.full((64, 64, 4), number % 256, np.uint8)
            made.append(Levels(pixels, picture_pyramid, QImage.Format.Format_RGB32, executor))
            if number % 3:
                made.clear()
            if number % 20 == 0:
                gc.collect()
                qtbot.wait(1)
        made.clear()
    qtbot.wait(20)
