"""Garbage is collected on Qt's thread, whoever makes it."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.state.collecting import Collector, collect_due


class Knot:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def often() -> Iterator[None]:
    """Python would collect after every few allocations."""
    before = gc.get_threshold()
    gc.set_threshold(20, 2, 2)
    yield
    gc.set_threshold(*before)


def test_a_thread_that_allocates_never_collects(often: None, qtbot: QtBot) -> None:
    collector = Collector()
    collector.start()
    collected_on: list[int] = []

    def litter() -> None:
        for _ in range(400):
            weakref.finalize(Knot(), lambda: collected_on.append(threading.get_ident()))

    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert collected_on == []
    qtbot.waitUntil(lambda: len(collected_on) == 400, timeout=10_000)
    assert set(collected_on) == {threading.get_ident()}
    assert not gc.isenabled()


def test_what_is_not_due_is_left_alone(often: None) -> None:
    gc.collect()
    before = gc.get_stats()[2]["collections"]
    collect_due()
    assert gc.get_stats()[2]["collections"] == before
