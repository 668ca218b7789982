"""The two pictures on the screen: which pixel is where, asserted on what is painted."""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.geometry import Box
from app.ui.compare.panes import Mode
from app.ui.compare.picture import ComparePicture
from app.ui.compare.stage import CompareStage
from app.ui.compare.stage_input import KEY_PAN
from app.ui.theme import current_theme
from tests.ui.compare.pictures import Seen, flattened, noise, pair, patch, seen, turn_wheel

WIDTH, HEIGHT = 602, 400


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[CompareStage]:
    made = CompareStage()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.close()


def expected(stage: CompareStage, side: int) -> Seen:
    """Brute force: each device pixel of a pane shows the picture's pixel that its centre falls on."""
    assert stage.pictures is not None
    picture, view = stage.pictures[side], stage.view
    ground = current_theme().surround
    shown = np.empty((view.port[1], view.port[0], 3), np.uint8)
    shown[:] = (ground.red(), ground.green(), ground.blue())
    rgb, (left, top) = flattened(picture), view.offset
    for y in range(view.port[1]):
        row = int(np.floor((y + 0.5 - top) / view.scale))
        if not 0 <= row < rgb.shape[0]:
            continue
        columns = np.floor((np.arange(view.port[0]) + 0.5 - left) / view.scale).astype(int)
        inside = (columns >= 0) & (columns < rgb.shape[1])
        shown[y, inside] = rgb[row, columns[inside]]
    return shown


def without_labels(shown: Seen) -> Seen:
    """The titles (and the ring of the focus) lie over the pictures."""
    return shown[34:-34, 2:-2]


def test_both_panes_show_the_same_place_at_the_same_scale(stage: CompareStage) -> None:
    stage.show_pictures(*pair())
    stage.actual_size()
    stage.zoom(5, QPointF(100, 150))
    shown = seen(stage)
    panes = shown[:, :300], shown[:, 302:]
    for side, pane in enumerate(panes):
        assert np.array_equal(without_labels(pane), without_labels(expected(stage, side)))
    assert not np.array_equal(panes[0], panes[1])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.integers(0, 12),
    at=st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)),
    by=st.tuples(st.floats(-400, 400), st.floats(-300, 300)),
    mode=st.sampled_from(Mode),
    divider=st.floats(0, 1),
)
def test_any_zoom_and_pan_is_exact_in_both_pictures(
    stage: CompareStage, steps: int, at: tuple[int, int], by: tuple[float, float], mode: Mode, divider: float
) -> None:
    stage.set_mode(mode)
    stage.set_divider(divider)
    stage.show_pictures(*pair())
    stage.actual_size()
    stage.zoom(steps, QPointF(*at))
    stage._move(stage.view.panned(QPointF(*by)))
    shown = seen(stage)
    first, second = expected(stage, 0), expected(stage, 1)
    if mode is Mode.SIDE_BY_SIDE:
        wanted = np.concatenate([first, shown[:, 300:302], second], axis=1)
    elif mode is Mode.DIVIDER:
        at_column = round(stage.divider * WIDTH)
        wanted = np.concatenate([first[:, :at_column], second[:, at_column:]], axis=1)
    else:
        at_row = round(stage.divider * HEIGHT)
        wanted = np.concatenate([first[:at_row], second[at_row:]], axis=0)
    assert np.array_equal(without_labels(shown), without_labels(wanted))


def test_dragging_the_divider_moves_the_border_between_the_pictures(stage: CompareStage) -> None:
    stage.set_mode(Mode.DIVIDER)
    stage.show_pictures(*pair(box=Box(0, 0, 64, 48)))
    handle = stage.handle
    start = QPoint(handle.width() // 2, 60)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    for x in (200, 150, 117):
        QTest.mouseMove(handle, QPoint(x, 60) - handle.pos())
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(117, 60) - handle.pos())
    assert round(stage.divider * WIDTH) == 117
    first, second, shown = expected(stage, 0), expected(stage, 1), seen(stage)
    assert np.array_equal(without_labels(shown[:, :117]), without_labels(first[:, :117]))
    assert np.array_equal(without_labels(shown[:, 117:]), without_labels(second[:, 117:]))


def test_the_divider_keeps_to_the_widget_and_a_double_click_centres_it(stage: CompareStage) -> None:
    stage.set_mode(Mode.DIVIDER)
    stage.show_pictures(*pair())
    handle = stage.handle
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(16, 60))
    QTest.mouseMove(handle, QPoint(-5000, 60))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(-5000, 60))
    assert stage.divider == 0
    QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(16, 60))
    assert stage.divider == 0.5


@pytest.mark.parametrize(
    ("mode", "less", "more"),
    [
        (Mode.DIVIDER, Qt.Key.Key_Left, Qt.Key.Key_Right),
        (Mode.DIVIDER_ACROSS, Qt.Key.Key_Up, Qt.Key.Key_Down),
    ],
)
def test_keys_move_the_divider(stage: CompareStage, mode: Mode, less: Qt.Key, more: Qt.Key) -> None:
    stage.set_mode(mode)
    stage.show_pictures(*pair())
    QTest.keyClick(stage, Qt.Key.Key_Tab)
    assert stage.handle.hasFocus()
    QTest.keyClick(stage.handle, more)
    assert stage.divider == pytest.approx(0.505)
    for _ in range(3):
        QTest.keyClick(stage.handle, less)
    assert stage.divider == pytest.approx(0.49)


def test_the_focus_is_seen_on_the_divider(stage: CompareStage) -> None:
    stage.set_mode(Mode.DIVIDER)
    stage.show_pictures(*pair())
    before = stage.grab().toImage()
    stage.handle.setFocus()
    after = stage.grab().toImage()
    middle = stage.handle.geometry().center() + QPoint(0, 13)
    assert after.pixelColor(middle) == current_theme().accent != before.pixelColor(middle)


def test_a_drag_pans_both_by_as_much(stage: CompareStage) -> None:
    stage.show_pictures(*pair())
    stage.actual_size()
    stage.zoom(4)
    before = stage.view.offset
    for button, by in ((Qt.MouseButton.LeftButton, QPoint(-31, 17)), (Qt.MouseButton.MiddleButton, QPoint(10, 5))):
        start = QPoint(420, 200)
        QTest.mousePress(stage, button, pos=start)
        QTest.mouseMove(stage, start + by)
        QTest.mouseRelease(stage, button, pos=start + by)
    assert stage.view.offset == (before[0] - 21, before[1] + 22)


def test_a_drag_beside_the_line_pans_though_the_handle_is_there(stage: CompareStage) -> None:
    stage.set_mode(Mode.DIVIDER)
    stage.show_pictures(*pair())
    before, handle = stage.view.offset, stage.handle
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(1, 60))
    QTest.mouseMove(handle, QPoint(21, 60))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(21, 60))
    assert stage.divider == 0.5
    assert stage.view.offset == (before[0] + 20, before[1])


@pytest.mark.parametrize("x", [120, 480])
def test_the_wheel_zooms_about_the_pointer_in_either_pane(stage: CompareStage, x: int) -> None:
    stage.show_pictures(*pair())
    point = QPoint(x, 210)
    before = stage.pixel_at(QPointF(point))
    scale = stage.view.scale
    turn_wheel(stage, point, 3)
    assert stage.view.scale > scale
    assert stage.pixel_at(QPointF(point)) == before
    turn_wheel(stage, point, -3)
    assert stage.pixel_at(QPointF(point)) == before


def test_a_fine_wheel_is_added_up_and_two_fingers_pan(stage: CompareStage) -> None:
    stage.show_pictures(*pair())
    before = stage.view
    window, at = stage.windowHandle(), QPointF(100, 200)
    for _ in range(3):
        QTest.wheelEvent(window, at, QPoint(0, 40))
    assert stage.view.scale == before.stepped(1).scale
    zoomed = stage.view
    QTest.wheelEvent(window, at, QPoint(0, 30), QPoint(7, -9), phase=Qt.ScrollPhase.ScrollUpdate)
    assert stage.view.scale == zoomed.scale
    assert stage.view.offset == (zoomed.offset[0] + 7, zoomed.offset[1] - 9)
    stage.zoom_by(1.1, at)
    assert stage.view.scale == pytest.approx(zoomed.scale * 1.1)


def test_the_wheel_over_the_divider_zooms_too(stage: CompareStage) -> None:
    stage.set_mode(Mode.DIVIDER)
    stage.show_pictures(*pair())
    scale = stage.view.scale
    turn_wheel(stage.handle, QPoint(16, 200), 1)
    assert stage.view.scale > scale and stage.divider == 0.5


def test_a_double_click_fits(stage: CompareStage) -> None:
    stage.show_pictures(*pair())
    fitted = stage.view
    stage.zoom(4)
    QTest.mouseDClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(400, 200))
    assert stage.view == fitted


def test_it_starts_at_the_masks_box(stage: CompareStage) -> None:
    pixels = noise(2000, 1500)
    stage.show_pictures(ComparePicture("a", "", pixels), ComparePicture("b", "", pixels))
    box = Box(1500, 1000, 1600, 1050)
    stage.focus_on(box)
    area = stage.view.device_area(box)
    assert area.left() >= 0 and area.right() <= 300 and area.width() >= 100
    assert abs(area.center().x() - 150) <= 2 and abs(area.center().y() - HEIGHT / 2) <= 2
    stage.resize(WIDTH + 200, HEIGHT)  # until the hand moves it, it keeps to the box
    assert abs(stage.view.device_area(box).center().x() - 200) <= 2


def test_showing_another_result_keeps_zoom_and_pan(stage: CompareStage) -> None:
    left, right = pair()
    stage.show_pictures(left, right)
    stage.zoom(3, QPointF(30, 30))
    view = stage.view
    stage.show_pictures(left, ComparePicture("Result 4", "", left.pixels, (patch(Box(0, 0, 9, 9)),)))
    assert stage.view == view


def test_keys_pan_and_zoom(stage: CompareStage) -> None:
    stage.show_pictures(*pair())
    stage.zoom(4)
    before = stage.view
    for key, by in ((Qt.Key.Key_Left, (KEY_PAN, 0)), (Qt.Key.Key_Down, (KEY_PAN, -KEY_PAN))):
        QTest.keyClick(stage, key)
        assert stage.view.offset == (before.offset[0] + by[0], before.offset[1] + by[1])
    QTest.keyClick(stage, Qt.Key.Key_Minus)
    assert stage.view.scale < before.scale
    QTest.keyClick(stage, Qt.Key.Key_Home)
    assert stage.view.scale == stage.view.fit().scale


def test_sizes_that_differ_are_shown_at_one_scale(stage: CompareStage) -> None:
    big, small = ComparePicture("a", "", noise(64, 48)), ComparePicture("b", "", noise(30, 20, 7))
    stage.show_pictures(big, small)
    shown = seen(stage)
    for side, pane in enumerate((shown[:, :300], shown[:, 302:])):
        assert np.array_equal(without_labels(pane), without_labels(expected(stage, side)))


def test_patches_that_reach_beyond_the_picture_are_cut(stage: CompareStage) -> None:
    pixels = noise(40, 30)
    over = ComparePicture("b", "", pixels, (patch(Box(30, 20, 50, 40)), patch(Box(100, 100, 110, 110))))
    stage.show_pictures(ComparePicture("a", "", pixels), over)
    assert [part.box for part in over.clipped()] == [Box(30, 20, 40, 30)]
    assert over.value_at(39, 29) == tuple(int(v) for v in over.patches[0].pixels[9, 9])
    assert over.value_at(40, 29) is None
    seen(stage)


def test_what_is_transparent_shows_the_checker(stage: CompareStage) -> None:
    pixels = noise(40, 30)
    pixels[:15, :, 3] = 0
    picture = ComparePicture("a", "", pixels, has_alpha=True)
    stage.show_pictures(picture, picture)
    stage.actual_size()
    left, top = stage.view.offset
    shown = seen(stage)[top : top + 30, left : left + 40]
    theme = current_theme()
    checker = {(c.red(), c.green(), c.blue()) for c in (theme.checker_light, theme.checker_dark)}
    assert {tuple(int(v) for v in pixel) for pixel in shown[:15].reshape(-1, 3)} == checker
    assert np.array_equal(shown[15:], pixels[15:, :, 2::-1])


def test_pixels_changed_in_place_are_shown(stage: CompareStage) -> None:
    pixels = noise(1400, 1000)
    stage.show_pictures(ComparePicture("a", "", pixels), ComparePicture("b", "", pixels))
    pixels[:, :, :3] = (0, 255, 0)
    stage.pixels_changed(Box(0, 0, 1400, 1000))
    middle = seen(stage)[HEIGHT // 2, 150]
    assert tuple(int(v) for v in middle) == (0, 255, 0)


def test_big_pictures_are_reduced_on_a_thread_and_seen_at_once(qtbot: QtBot) -> None:
    pixels = np.zeros((1600, 2400, 4), np.uint8)
    pixels[:] = (255, 0, 0, 255)  # blue
    with ThreadPoolExecutor(1) as executor:
        stage = CompareStage(executor)
        qtbot.addWidget(stage)
        stage.resize(WIDTH, HEIGHT)
        stage.show_pictures(ComparePicture("a", "", pixels), ComparePicture("b", "", pixels))
        assert tuple(int(v) for v in seen(stage)[HEIGHT // 2, 150]) == (0, 0, 255)
        layers = stage._layers.of(0)
        qtbot.waitUntil(lambda: layers[0].levels.complete)
        assert stage._layers.of(1)[0].levels is layers[0].levels  # reduced once for both sides
        assert tuple(int(v) for v in seen(stage)[HEIGHT // 2, 150]) == (0, 0, 255)


def test_the_surround_can_be_chosen(stage: CompareStage) -> None:
    stage.show_pictures(*pair())
    stage.actual_size()
    stage.set_surround(QColor("white"))
    assert tuple(int(v) for v in seen(stage)[HEIGHT // 2, 10]) == (255, 255, 255)


def test_the_pointer_is_told_where_it_is(stage: CompareStage, qtbot: QtBot) -> None:
    stage.show_pictures(*pair())
    stage.actual_size()
    left, top = stage.view.offset
    heard: list[object] = []
    stage.hovered.connect(heard.append)
    QTest.mouseMove(stage, QPoint(left + 5, top + 6))
    QTest.mouseMove(stage, QPoint(302 + left + 7, top + 8))
    QTest.mouseMove(stage, QPoint(1, 1))
    assert heard[-3:] == [(5, 6), (7, 8), None]


def test_dragging_the_divider_costs_little_on_a_big_picture(qtbot: QtBot) -> None:
    pixels = np.zeros((4000, 6000, 4), np.uint8)
    stage = CompareStage()
    qtbot.addWidget(stage)
    stage.resize(1600, 1000)
    stage.set_mode(Mode.DIVIDER)
    right = ComparePicture("b", "", pixels, (patch(Box(1000, 1000, 2000, 2000)),))
    stage.show_pictures(ComparePicture("a", "", pixels), right)
    stage.show()
    qtbot.waitExposed(stage)
    frames: list[float] = []
    for step in range(30):
        started = time.perf_counter()
        stage.set_divider(0.2 + 0.02 * step)
        stage.repaint()
        frames.append(time.perf_counter() - started)
    assert statistics.median(frames) < 0.008
    stage.close()
