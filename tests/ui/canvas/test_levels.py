"""Levels made beside the thread that paints: nothing that changed meanwhile is missing in them."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.pyramid import mask_pyramid, picture_pyramid
from app.ui.canvas.levels import AT_ONCE, Levels
from tests.ui.canvas.desk import noise

WIDTH, HEIGHT = 2501, 1803  # more than may be done at once


class Held(Executor):
    """Does nothing until it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future, object]] = []  # type: ignore[type-arg]  # of whatever is submitted

    def submit(self, work, /, *arguments, **named):  # type: ignore[no-untyped-def]  # Executor's own signature
        future: Future = Future()  # type: ignore[type-arg]
        self.waiting.append((future, lambda: work(*arguments, **named)))
        return future

    def go(self) -> None:
        """Do what was asked for so far."""
        waiting, self.waiting = self.waiting, []
        for future, work in waiting:
            assert callable(work)
            future.set_result(work())


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def assert_complete(levels: Levels, pixels: Pixels) -> None:
    expected = mask_pyramid(pixels.copy()).levels
    assert all(np.array_equal(levels.level(index), level) for index, level in enumerate(expected))


def test_small_arrays_are_reduced_at_once(qtbot: QtBot) -> None:
    levels = Levels(noise(100, 80), picture_pyramid, QImage.Format.Format_RGB32, Held())
    assert levels.complete and levels.level_for(0.25) == 2
    assert (levels.image(2).width(), levels.image(2).height()) == (25, 20)


def test_images_share_the_arrays_memory(qtbot: QtBot) -> None:
    pixels = noise(64, 48)
    levels = Levels(pixels, picture_pyramid, QImage.Format.Format_RGB32)
    pixels[7, 9] = (1, 2, 3, 255)
    assert levels.image(0).pixelColor(9, 7).getRgb() == (3, 2, 1, 255)
    levels.update(Box(9, 7, 10, 8))
    assert levels.image(1).pixelColor(4, 3).blue() == int(levels.level(1)[3, 4, 0])


def test_until_the_levels_exist_the_pixels_themselves_are_given(qtbot: QtBot) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    assert pixels.nbytes > AT_ONCE
    held = Held()
    levels = Levels(pixels, mask_pyramid, executor=held)
    assert not levels.complete and levels.level_for(0.01) == 0 and levels.level(0) is pixels
    held.go()
    qtbot.waitUntil(lambda: levels.complete)
    assert levels.level_for(0.25) == 2


def test_a_change_while_the_levels_are_made_is_made_again(qtbot: QtBot) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    held = Held()
    levels = Levels(pixels, mask_pyramid, executor=held)
    held.go()  # the thread is done, and has not been heard of yet
    pixels[100:140, 200:260] = 255
    levels.update(Box(200, 100, 260, 140))
    qtbot.waitUntil(lambda: levels.complete)
    assert_complete(levels, pixels)


def test_small_changes_are_reduced_at_once_and_large_ones_on_the_thread(qtbot: QtBot) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    held = Held()
    levels = Levels(pixels, mask_pyramid, executor=held)
    held.go()
    qtbot.waitUntil(lambda: levels.complete)
    pixels[5, 6] = 255
    levels.update(Box(6, 5, 7, 6))
    assert levels.level(1)[2, 3] == 255 and not held.waiting
    pixels[:] = 255
    levels.update(Box(0, 0, WIDTH, HEIGHT))
    assert levels.level(1)[100, 100] == 0 and held.waiting
    pixels[300:310, 300:310] = 0
    levels.update(Box(300, 300, 310, 310))
    told: list[Box] = []
    levels.changed.connect(told.append)
    held.go()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0] == Box(0, 0, WIDTH, HEIGHT)
    assert_complete(levels, pixels)


def test_a_real_thread_does_the_same(qtbot: QtBot, pool: ThreadPoolExecutor) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    levels = Levels(pixels, mask_pyramid, executor=pool)
    for at in range(0, 1500, 37):
        pixels[at : at + 9, at : at + 9] = 255
        levels.update(Box(at, at, at + 9, at + 9))
    qtbot.waitUntil(lambda: levels.complete)
    assert_complete(levels, pixels)


def test_work_that_was_called_off_changes_nothing(qtbot: QtBot) -> None:
    held = Held()
    levels = Levels(np.zeros((HEIGHT, WIDTH), np.uint8), mask_pyramid, executor=held)
    ((future, _),) = held.waiting
    future.cancel()
    future.set_running_or_notify_cancel()
    qtbot.wait(1)
    assert not levels.complete
