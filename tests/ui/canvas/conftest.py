"""A desk for each test: shown, and gone afterwards."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.canvas.desk import Desk


@pytest.fixture
def make_desk(qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Make a desk of a size in device-independent pixels, shown."""
    desks: list[Desk] = []

    def make(width: int = 400, height: int = 300, executor: Executor | None = None) -> Desk:
        desk = Desk(width, height, executor)
        desks.append(desk)
        qtbot.addWidget(desk.canvas)
        desk.canvas.show()
        qtbot.waitExposed(desk.canvas)
        desk.canvas.setFocus()
        desk.settle()
        return desk

    yield make
    for desk in desks:
        desk.canvas.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A desk of 400 x 300."""
    return make_desk()
