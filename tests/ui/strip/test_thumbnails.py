"""Thumbnails are read and decoded on a thread, newest request first, and a damaged one says so."""

import threading

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.ui.strip.sources import StripEntry
from app.ui.strip.thumbnails import WAITING, Thumbnails, decoded
from tests.ui.strip.sources import AHistory, AnEntry, png


def test_a_picture_is_scaled_to_its_longest_side() -> None:
    image = decoded(png("lime", 192, 96), 96)
    assert (image.width(), image.height()) == (96, 48)
    assert image.pixelColor(50, 20) == QColor("lime")


@pytest.mark.parametrize("data", [None, b"", b"no picture", png("red", 8, 8)[:40]])
def test_what_is_no_picture_becomes_a_null_image(data: bytes | None) -> None:
    assert decoded(data, 96).isNull()


def test_painting_asks_and_is_told_later(qtbot: QtBot) -> None:
    history = AHistory()
    threads: list[threading.Thread] = []

    def read(entry: StripEntry) -> bytes | None:
        threads.append(threading.current_thread())
        return history.thumbnail(AnEntry(entry.id, thumbnail=entry.thumbnail))

    thumbnails = Thumbnails(read)
    entry = AnEntry("a", thumbnail="blue")
    with qtbot.waitSignal(thumbnails.ready) as told:
        assert thumbnails.image(entry, 96) is None
    assert told.args == ["a"]
    image = thumbnails.image(entry, 96)
    assert image is not None and image.pixelColor(5, 5) == QColor("blue")
    assert threads[0] is not threading.main_thread()
    thumbnails.close()


def test_a_damaged_one_is_null_and_not_read_again(qtbot: QtBot) -> None:
    history = AHistory()
    thumbnails = Thumbnails(history.thumbnail)
    for word in ("broken", "missing"):
        entry = AnEntry(word, thumbnail=word)
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.image(entry, 96)
        image = thumbnails.image(entry, 96)
        assert image is not None and image.isNull()
    assert history.reads == ["broken", "missing"]
    thumbnails.close()


def test_the_newest_requests_come_first_and_old_ones_are_dropped(qtbot: QtBot) -> None:
    history, gate = AHistory(), threading.Event()

    def read(entry: StripEntry) -> bytes | None:
        gate.wait(5)
        return history.thumbnail(AnEntry(entry.id))

    thumbnails = Thumbnails(read)
    told: list[str] = []
    thumbnails.ready.connect(told.append)
    for number in range(WAITING + 40):
        thumbnails.image(AnEntry(str(number)), 96)
    gate.set()
    qtbot.waitUntil(lambda: len(told) >= WAITING)
    assert told[1:4] == [str(WAITING + 39 - step) for step in range(3)] or told[:3] == [
        str(WAITING + 39 - step) for step in range(3)
    ]
    assert "5" not in told
    thumbnails.close()


def test_only_so_many_bytes_are_kept(qtbot: QtBot) -> None:
    history = AHistory()
    one = QImage(96, 48, QImage.Format.Format_ARGB32_Premultiplied).sizeInBytes()
    thumbnails = Thumbnails(history.thumbnail, cache_bytes=2 * one)
    for name in ("a", "b", "a", "c"):
        if thumbnails.image(AnEntry(name), 96) is None:
            with qtbot.waitSignal(thumbnails.ready):
                pass
    assert thumbnails.image(AnEntry("a"), 96) is not None
    assert thumbnails.image(AnEntry("c"), 96) is not None
    assert thumbnails.image(AnEntry("b"), 96) is None  # the one not looked at for longest went
    thumbnails.close()
