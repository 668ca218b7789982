"""The strip under a hand: real mouse and key events, and the pixels that come of them."""

import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QStyle, QToolButton
from pytestqt.qtbot import QtBot

from app.ui.strip.cell import CELL, square
from app.ui.strip.list import EMPTY_HINT
from app.ui.strip.strip import HEIGHT, HistoryStrip
from app.ui.theme import current_theme
from tests.ui.strip.sources import AHistory, AJob, AnEntry, SomeJobs


class Bench:
    """A window with a strip, and a record of what the strip said."""

    def __init__(self, qtbot: QtBot, count: int) -> None:
        self.qtbot = qtbot
        self.history, self.jobs = AHistory(count), SomeJobs()
        self.window = QMainWindow()
        self.strip = HistoryStrip(self.history, self.jobs)
        self.window.setCentralWidget(self.strip)
        self.window.resize(800, 200)
        self.said: list[tuple[str, object]] = []
        for name in (
            "selected",
            "accepted",
            "discard_requested",
            "star_toggled",
            "compare_requested",
            "restore_values_requested",
            "cancel_requested",
        ):
            getattr(self.strip, name).connect(lambda what, name=name: self.said.append((name, what)))
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()

    def cell(self, row: int) -> QRect:
        return self.strip.list.visualRect(self.strip.list.index_of(row))

    def click(self, row: int) -> None:
        QTest.mouseClick(
            self.strip.list.viewport(), Qt.MouseButton.LeftButton, pos=self.cell(row).topLeft() + QPoint(40, 60)
        )

    def key(self, key: Qt.Key) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)

    def pixels(self) -> QImage:
        return self.strip.list.viewport().grab().toImage()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot, 4)
    yield made
    made.strip.close_thumbnails()


def test_it_is_as_high_as_the_design_says(bench: Bench) -> None:
    assert bench.strip.height() == HEIGHT == 128
    assert bench.strip.list.viewport().height() >= CELL.height() + bench.strip.list.horizontalScrollBar().height()


def test_a_click_selects_and_a_double_click_accepts(bench: Bench) -> None:
    bench.click(1)
    assert bench.said == [("selected", "2")]
    bench.click(1)
    assert len(bench.said) == 1  # the same one is not told again
    place = bench.cell(3).topLeft() + QPoint(30, 30)
    viewport = bench.strip.list.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert bench.said[1:] == [("selected", "0"), ("accepted", "0")]


def test_a_click_beside_the_results_selects_nothing(bench: Bench) -> None:
    bench.click(0)
    QTest.mouseClick(bench.strip.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(700, 50))
    assert bench.said[-1] == ("selected", None)
    assert bench.strip.selected_entry is None


def test_keys_do_what_the_mouse_does(bench: Bench) -> None:
    bench.click(0)
    bench.said.clear()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home):
        bench.key(key)
    assert [what for _, what in bench.said] == ["2", "1", "2", "0", "3"]
    bench.said.clear()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_S, Qt.Key.Key_Delete, Qt.Key.Key_Escape):
        bench.key(key)
    assert bench.said == [
        ("accepted", "3"),
        ("accepted", "3"),
        ("star_toggled", "3"),
        ("discard_requested", "3"),
        ("selected", None),
    ]


def test_the_strip_keeps_keys_that_mean_something_else_in_the_window(bench: Bench) -> None:
    pressed: list[str] = []
    for key in ("Del", "S", "Return", "Left", "Esc"):
        action = QAction(bench.window)
        action.setShortcut(key)
        action.triggered.connect(lambda _=False, key=key: pressed.append(key))
        bench.window.addAction(action)
    bench.click(1)
    bench.said.clear()
    for code in (Qt.Key.Key_Delete, Qt.Key.Key_S, Qt.Key.Key_Return, Qt.Key.Key_Left):
        bench.key(code)
    assert pressed == []
    assert [name for name, _ in bench.said] == ["discard_requested", "star_toggled", "accepted", "selected"]
    QTest.keyClick(bench.strip.list, Qt.Key.Key_Z)  # letters do not search
    assert bench.strip.selected_entry == "3"


def test_discarding_moves_to_the_next(bench: Bench) -> None:
    bench.click(1)
    bench.history.remove("2")
    assert bench.said[-1] == ("selected", "1")


def test_reading_the_history_anew_keeps_the_selection(bench: Bench) -> None:
    bench.click(1)
    bench.history.kept.insert(0, AnEntry("back"))
    bench.history.reset.emit()
    assert bench.strip.selected_entry == "2"
    assert bench.said == [("selected", "2")]
    bench.history.kept = []
    bench.history.reset.emit()
    assert bench.said[-1] == ("selected", None)


def test_a_program_may_select(bench: Bench) -> None:
    bench.strip.select("1")
    bench.strip.select("not there")
    assert bench.said == [("selected", "1"), ("selected", None)]


def test_the_menu_offers_all_by_mouse_and_by_key(bench: Bench) -> None:
    bench.click(2)
    bench.said.clear()
    wanted = {
        "Accept": "accepted",
        "Compare": "compare_requested",
        "Star": "star_toggled",
        "Restore values": "restore_values_requested",
        "Discard": "discard_requested",
    }
    for text, name in wanted.items():
        bench.strip.list.menu_requested.emit(2)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(action for action in menu.actions() if action.text().split("\t")[0] == text)
        menu.setActiveAction(action)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert bench.said.pop() == (name, "1")
        menu.close()


def test_a_starred_one_offers_to_remove_its_star(bench: Bench) -> None:
    bench.history.star("3")
    bench.strip.list.menu_requested.emit(0)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Remove star\tS" in [action.text() for action in menu.actions()]
    menu.close()


def test_a_job_holds_the_place_of_its_result_and_can_be_cancelled(bench: Bench) -> None:
    bench.jobs.start(AJob("j", title="Local fill"))
    place = bench.cell(0)
    button = bench.strip.list.viewport().findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert square(place).contains(button.geometry())
    assert button.accessibleName() == "Cancel Local fill"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert bench.said == [("cancel_requested", "j"), ("cancel_requested", "j")]
    bench.jobs.end("j")
    bench.history.add(AnEntry("new"))
    assert bench.cell(0) == place
    bench.qtbot.waitUntil(lambda: bench.strip.list.viewport().findChild(QToolButton) is None)


def test_a_history_read_anew_leaves_jobs_their_buttons(bench: Bench) -> None:
    bench.jobs.start(AJob("j"))
    bench.history.reset.emit()
    QTest.qWait(1)
    buttons = [found for found in bench.strip.list.viewport().findChildren(QToolButton) if found.isVisible()]
    assert [found.accessibleName() for found in buttons] == ["Cancel Local fill"]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert bench.said == [("cancel_requested", "j")]


def test_screen_readers_hear_each_result(bench: Bench) -> None:
    bench.jobs.start(AJob("j"))
    strip = QAccessible.queryAccessibleInterface(bench.strip.list)
    names = [strip.child(at).text(QAccessible.Text.Name) for at in range(strip.childCount())]
    heard = [name for name in names if name]
    assert any(name.startswith("Running, Local fill") for name in heard)
    assert any(name.startswith("Result 4, local fill, seed 5") for name in heard)
    assert strip.text(QAccessible.Text.Name) == "History"


def test_the_cancel_button_is_reached_by_the_tab_key(bench: Bench) -> None:
    bench.jobs.start(AJob("j"))
    bench.strip.list.setFocus()
    bench.key(Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QToolButton) and focused.accessibleName() == "Cancel Local fill"


def test_delete_cancels_a_selected_job(bench: Bench) -> None:
    bench.jobs.start(AJob("j"))
    bench.click(0)
    assert bench.said == []  # there is nothing to preview
    bench.key(Qt.Key.Key_Delete)
    bench.key(Qt.Key.Key_Return)
    assert bench.said == [("cancel_requested", "j")]


def test_thumbnails_are_drawn_in_their_square(bench: Bench) -> None:
    middle = square(bench.cell(0)).center()
    bench.qtbot.waitUntil(lambda: bench.pixels().pixelColor(middle) == QColor("red"))
    above = square(bench.cell(0)).center() - QPoint(0, 40)
    assert bench.pixels().pixelColor(above) == current_theme().surround  # a wide picture is not cropped


def test_marks_are_drawn_and_practice_is_a_word(bench: Bench) -> None:
    middle = square(bench.cell(0)).center()
    bench.qtbot.waitUntil(lambda: bench.pixels().pixelColor(middle) == QColor("red"))
    plain = bench.pixels().copy(bench.cell(0))
    bench.history.add(AnEntry("4", backend="practice", starred=True, flags=("NSFW",)))
    bench.qtbot.waitUntil(lambda: bench.pixels().pixelColor(middle) == QColor("red"))
    bench.qtbot.waitUntil(lambda: not bench.strip._delegate.pulses, timeout=3000)
    marked = bench.pixels().copy(bench.cell(0))
    corners = {"star": (80, 8, 20, 20), "flag": (6, 8, 20, 20), "practice": (7, 84, 50, 16)}
    for name, corner in corners.items():
        assert marked.copy(*corner) != plain.copy(*corner), name
    assert "practice" in bench.strip.model.data(bench.strip.model.index(0))


def test_a_new_result_pulses_once(bench: Bench) -> None:
    accent = current_theme().accent
    edge = square(bench.cell(0)).topLeft() + QPoint(1, 48)
    bench.history.add(AnEntry("new"))
    bench.qtbot.waitUntil(lambda: _near(bench.pixels().pixelColor(edge), accent, 60))
    bench.qtbot.waitUntil(lambda: _near(bench.pixels().pixelColor(edge), QColor("red"), 5), timeout=3000)


class Still:
    """The style of a desktop that asks for no animations (a real one of Python's own crashes under a style sheet)."""

    def styleHint(self, hint: QStyle.StyleHint) -> int:
        return 0 if hint == QStyle.StyleHint.SH_Widget_Animation_Duration else 1


def test_nothing_moves_where_animations_are_off(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.strip, "style", Still)
    bench.history.add(AnEntry("new"))
    assert bench.strip._delegate.pulses == {}


def test_what_is_seen_stays_when_results_come_while_scrolled(qtbot: QtBot) -> None:
    bench = Bench(qtbot, 60)
    bar = bench.strip.list.horizontalScrollBar()
    bar.setValue(1500)
    seen = bench.strip.list.indexAt(QPoint(300, 40)).row()
    before = bench.strip.model.entry_at(seen)
    bench.history.add(AnEntry("new"))
    bench.jobs.start(AJob("j"))
    after = bench.strip.model.entry_at(bench.strip.list.indexAt(QPoint(300, 40)).row())
    assert before is not None and after == before
    bench.jobs.end("j")
    assert bar.value() == 1500 + CELL.width()
    bar.setValue(0)
    bench.history.add(AnEntry("newer"))
    assert bar.value() == 0  # at the start, what is new is seen
    bench.strip.close_thumbnails()


def test_an_empty_strip_teaches(qtbot: QtBot) -> None:
    bench = Bench(qtbot, 0)
    assert EMPTY_HINT in bench.strip.list.accessibleDescription()
    image = bench.pixels()
    shades = {image.pixelColor(x, y).name() for x in range(300, 480) for y in range(40, 90)}
    assert current_theme().text.name() in shades and current_theme().secondary.name() in shades
    bench.history.add(AnEntry("1"))
    assert bench.strip.list.accessibleDescription() == ""
    bench.strip.close_thumbnails()


def test_ten_thousand_results_scroll_smoothly(qtbot: QtBot) -> None:
    bench = Bench(qtbot, 10_000)
    bench.window.resize(1440, 200)
    bar = bench.strip.list.horizontalScrollBar()
    bench.strip.list.viewport().repaint()
    assert bar.maximum() > 9_900 * CELL.width()
    frames: list[float] = []
    for step in range(40):
        started = time.perf_counter()
        bar.setValue(bar.value() + 1700 + 37 * step)
        bench.strip.list.viewport().repaint()
        frames.append(time.perf_counter() - started)
    assert statistics.median(frames) < 0.016
    slowest = 0.0
    changes: list[Callable[[], None]] = [
        lambda: bench.history.add(AnEntry("new")),
        lambda: bench.jobs.start(AJob("j")),
        lambda: bench.history.remove("5000"),
    ]
    for change in changes:
        started = time.perf_counter()
        change()
        bench.strip.list.executeDelayedItemsLayout()
        slowest = max(slowest, time.perf_counter() - started)
    assert slowest < 0.03
    bench.strip.close_thumbnails()


def _near(colour: QColor, other: QColor, by: int) -> bool:
    parts = ((colour.red(), other.red()), (colour.green(), other.green()), (colour.blue(), other.blue()))
    return all(abs(a - b) <= by for a, b in parts)
