"""The comparison's bar, keys, choices and read-out."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.geometry import Box
from app.ui.compare.panes import Mode
from app.ui.compare.picture import ComparePicture
from app.ui.compare.readout import rgb_words, size_words
from app.ui.compare.view import CompareView
from tests.ui.compare.pictures import PATCHED, flattened, noise, pair, patch


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CompareView]:
    made = CompareView()
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.set_pictures(*pair())
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.stage.setFocus()
    yield made
    made.close()


def button(view: CompareView, name: str) -> QAbstractButton:
    """The button that a screen reader calls ``name``."""
    return next(
        found for found in view.findChildren(QAbstractButton) if (found.accessibleName() or found.text()) == name
    )


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_everything_can_be_named_and_reached(view: CompareView) -> None:
    for widget in view.findChildren(QAbstractButton):
        assert widget.accessibleName() or widget.text()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert view.bar.left.accessibleName() == "Compare with"
    assert view.stage.accessibleName() == "Comparison: Original and Result 3, local/fill"


def test_the_mode_is_chosen_by_button(view: CompareView) -> None:
    for name, mode in (
        ("Sliding divider", Mode.DIVIDER),
        ("Sliding divider, horizontal", Mode.DIVIDER_ACROSS),
        ("Side by side", Mode.SIDE_BY_SIDE),
    ):
        press(button(view, name))
        assert view.stage.mode is mode
        assert button(view, name).isChecked()
        assert view.stage.handle.isVisible() == mode.has_divider


def test_swapping_changes_sides_and_back(view: CompareView) -> None:
    titles = [["Result 3", "Original"], ["Original", "Result 3"]]
    for wanted in titles:
        press(button(view, "Swap sides"))
        assert view.stage.pictures is not None
        assert [picture.title for picture in view.stage.pictures] == wanted


def test_the_original_is_shown_while_the_key_is_held(view: CompareView) -> None:
    left, right = pair()
    other = ComparePicture("Result 1", "", left.pixels, (patch(Box(0, 0, 5, 5)),))
    view.set_pictures(other, right, left)

    def titles() -> list[str]:
        assert view.stage.pictures is not None
        return [picture.title for picture in view.stage.pictures]

    QTest.keyPress(view.stage, Qt.Key.Key_O)
    assert titles() == ["Result 1", "Original"]
    QTest.keyRelease(view.stage, Qt.Key.Key_O)
    assert titles() == ["Result 1", "Result 3"]
    press(button(view, "Show the original (O)"))
    assert titles() == ["Result 1", "Original"]


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_Escape, "closed"),
        (Qt.Key.Key_C, "closed"),
        (Qt.Key.Key_Return, "accepted"),
        (Qt.Key.Key_Enter, "accepted"),
    ],
)
def test_keys_accept_and_close(view: CompareView, qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    with qtbot.waitSignal(getattr(view, signal)):
        QTest.keyClick(view.stage, key)


@pytest.mark.parametrize(("name", "signal"), [("Accept", "accepted"), ("Close the comparison (C)", "closed")])
def test_buttons_accept_and_close(view: CompareView, qtbot: QtBot, name: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(view, signal)):
        press(button(view, name))


def test_enter_on_a_button_means_that_button(view: CompareView) -> None:
    accepted: list[bool] = []
    view.accepted.connect(lambda: accepted.append(True))
    swap = button(view, "Swap sides")
    swap.setFocus()
    QTest.keyClick(swap, Qt.Key.Key_Return)
    assert not accepted and view.stage.pictures is not None
    assert view.stage.pictures[0].title == "Result 3"


def test_what_cannot_be_accepted_is_not(view: CompareView) -> None:
    accepted: list[bool] = []
    view.accepted.connect(lambda: accepted.append(True))
    view.set_acceptable(False)
    QTest.keyClick(view.stage, Qt.Key.Key_Return)
    assert not accepted and not button(view, "Accept").isEnabled()


def test_another_result_can_be_chosen_to_compare_with(view: CompareView) -> None:
    chosen: list[str] = []
    view.left_chosen.connect(chosen.append)
    view.set_choices([("", "Original"), ("a", "Result 1"), ("b", "Result\n2")], "a")
    assert chosen == []
    assert view.bar.left.currentText() == "Result 1"
    view.bar.left.setFocus()
    QTest.keyClick(view.bar.left, Qt.Key.Key_Down)
    assert chosen == ["b"]
    assert view.bar.left.currentText() == "Result 2"


def test_the_values_of_both_are_read_at_the_pointer(view: CompareView) -> None:
    view.actual_size()
    left, top = view.stage.view.offset
    x, y = PATCHED.x0 + 3, PATCHED.y0 + 4
    QTest.mouseMove(view.stage, QPoint(left + x, top + y))
    assert view.stage.pictures is not None
    values = [tuple(int(v) for v in flattened(picture)[y, x]) for picture in view.stage.pictures]
    assert values[0] != values[1]
    shown = [part.accessibleName() for part in view.readout.values]
    for said, name, value in zip(shown, ("Left", "Right"), values, strict=True):
        assert said.split()[1:] == [name, *map(str, value)]
    assert view.readout.position.accessibleName() == f"Position: {x}, {y}"
    QTest.mouseMove(view.stage, QPoint(1, 1))
    assert view.readout.position.accessibleName() == "Position: none"


def test_values_are_as_wide_as_each_other() -> None:
    assert len(rgb_words((0, 10, 255))) == len(rgb_words((255, 255, 255)))
    assert rgb_words(None) == "outside"


def test_sizes_that_differ_are_said(view: CompareView) -> None:
    big, small = ComparePicture("a", "", noise(64, 48)), ComparePicture("b", "", noise(30, 20))
    assert size_words(big, big) == ""
    view.set_pictures(big, small)
    assert "64 × 48 and 30 × 20" in view.readout.hint.accessibleName()
    view.actual_size()
    left, top = view.stage.view.offset
    QTest.mouseMove(view.stage, QPoint(left + 40, top + 30))
    assert "outside" in view.readout.values[1].accessibleName()


def test_zoom_is_said_and_can_be_asked_for(view: CompareView) -> None:
    view.actual_size()
    assert view.readout.zoom.accessibleName() == "Zoom: 100 %"
    view.zoom_steps(1)
    assert view.readout.zoom.accessibleName() == "Zoom: 200 %"
    view.focus(Box(10, 10, 12, 12))
    zoomed = view.stage.view.scale
    view.fit()
    assert view.stage.view.scale < zoomed
    view.zoom_to_mask()
    assert view.stage.view.scale == zoomed
    view.clear()
    view.set_pictures(*pair())
    view.zoom_to_mask()
    assert view.stage.view.scale < zoomed


def test_titles_from_elsewhere_are_plain(view: CompareView) -> None:
    picture = ComparePicture("<b>x</b>\x1b[0m", "a\nb", noise(8, 8))
    view.set_pictures(picture, picture)
    assert view.stage.accessibleName() == "Comparison: <b>x</b>\\x1b[0m, a b and <b>x</b>\\x1b[0m, a b"
    view.grab()


def test_it_can_be_cleared_and_filled_again(view: CompareView) -> None:
    view.clear()
    assert view.stage.pictures is None
    image = view.stage.grab().toImage()
    assert len({image.pixelColor(x, 150).name() for x in range(10, 700, 10)}) == 1
    QTest.mouseMove(view.stage, QPoint(200, 200))
    view.show_original(True)
    view.swap()
    view.set_pictures(*pair())
    assert view.stage.pictures is not None


def test_an_empty_comparison_is_only_ground(qtbot: QtBot) -> None:
    view = CompareView()
    qtbot.addWidget(view)
    view.resize(700, 300)
    image = view.grab().toImage()
    assert len({image.pixelColor(x, 150).name() for x in range(0, 700, 10)}) == 1
    QTest.keyClick(view.stage, Qt.Key.Key_O)
    QTest.keyClick(view.stage, Qt.Key.Key_Plus)
