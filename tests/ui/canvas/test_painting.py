"""Strokes by real events: the pixels under the pointer are painted, whatever the zoom, and nothing is done by half."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest

from app.core.arrays import Pixels
from tests.ui.canvas.desk import LEFT, MIDDLE, RIGHT, Desk, address_of, addressed, capsule, noise

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def under(desk: Desk, at: tuple[int, int]) -> tuple[int, int]:
    place = desk.canvas.view.to_picture(QPointF(*at))
    return int(place.x() // 1), int(place.y() // 1)


def strokes(desk: Desk, points: list[tuple[int, int]], radius: int) -> Pixels:
    pixels = [under(desk, point) for point in points]
    painted = np.zeros(desk.mask.shape, np.uint8)
    for start, end in zip([pixels[0], *pixels], pixels, strict=False):
        painted |= capsule(desk.mask.shape, start, end, radius)
    return painted


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.0, 6.0, 16.0, 64.0])
def test_the_pixel_that_is_seen_under_the_pointer_is_the_one_that_is_painted(desk: Desk, scale: float) -> None:
    desk.open(addressed(500, 400))
    desk.look_at(scale, QPointF(251.3, 203.6))
    desk.display.overlay = False
    desk.brush.radius = 1
    seen = desk.shot()
    for at in ((200, 150), (133, 71), (290, 211)):
        x, y = address_of(seen[at[1], at[0]])
        desk.drag([at])
        assert np.array_equal(desk.mask, capsule(desk.mask.shape, (x, y), (x, y), 1))
        desk.document.undo()
        assert not desk.mask.any()


@pytest.mark.parametrize("scale", [1 / 32, 1 / 12, 0.37, 2 / 3, 1.0, 2.5, 8.0, 64.0])
def test_strokes_are_exact_at_every_zoom(desk: Desk, scale: float) -> None:
    desk.open(np.full((300, 420, 4), 255, np.uint8))
    desk.look_at(scale)
    points = [(190, 140), (205, 150), (213, 143), (196, 162)]
    desk.brush.radius = 7
    expected = strokes(desk, points, 7)
    desk.drag(points)
    assert expected.any()
    assert np.array_equal(desk.mask, expected)


def test_every_move_is_used(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    points = [(60 + 3 * step, 100 + (step * 7919) % 41) for step in range(60)]
    expected = strokes(desk, points, 5)
    desk.drag(points)
    assert np.array_equal(desk.mask, expected)


def test_a_stroke_leaves_the_widget_and_comes_back(desk: Desk) -> None:
    desk.open(noise(2000, 1500))
    desk.look_at(1.0)
    points = [(380, 150), (460, 190), (455, 290), (390, 280), (-40, 250), (30, -25)]
    expected = strokes(desk, points, 5)
    desk.drag(points)
    assert np.array_equal(desk.mask, expected)
    assert desk.document.undo_name == "Brush stroke"


def test_a_stroke_may_start_beside_the_picture(desk: Desk) -> None:
    desk.open(noise(100, 80))
    desk.look_at(1.0)
    points = [(20, 150), (220, 160)]
    expected = strokes(desk, points, 5)
    desk.drag(points)
    assert expected.any() and np.array_equal(desk.mask, expected)


def test_the_right_button_erases_with_the_brush(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.document.fill_all()
    desk.look_at(1.0)
    points = [(150, 100), (250, 180)]
    expected = 255 - strokes(desk, points, 5)
    desk.drag(points, RIGHT)
    assert np.array_equal(desk.mask, expected)
    assert desk.document.undo_name == "Erase"


def test_the_eraser_erases_with_either_button(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.toolbox.select("eraser")
    for button in (LEFT, RIGHT):
        desk.document.fill_all()
        expected = 255 - strokes(desk, [(150, 100), (250, 180)], 5)
        desk.drag([(150, 100), (250, 180)], button)
        assert np.array_equal(desk.mask, expected)


def test_a_second_button_does_not_disturb_a_stroke(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    expected = strokes(desk, [(150, 100), (200, 100), (250, 180)], 5)
    desk.press((150, 100))
    desk.move((200, 100))
    desk.press((200, 100), RIGHT)
    desk.release((200, 100), RIGHT)
    desk.move((250, 180))
    desk.release((250, 180))
    assert np.array_equal(desk.mask, expected)


def test_shift_click_draws_a_line_from_where_the_last_stroke_ended(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.drag([(100, 90), (120, 110)])
    desk.drag([(290, 190)], LEFT, SHIFT)
    expected = strokes(desk, [(100, 90), (120, 110), (290, 190)], 5)
    assert np.array_equal(desk.mask, expected)
    desk.document.undo()
    assert np.array_equal(desk.mask, strokes(desk, [(100, 90), (120, 110)], 5))


def test_shift_click_without_a_stroke_before_is_a_dab(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.drag([(200, 150)], LEFT, SHIFT)
    assert np.array_equal(desk.mask, strokes(desk, [(200, 150)], 5))


def test_shift_does_not_reach_into_another_picture(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.drag([(100, 90)])
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.drag([(200, 150)], LEFT, SHIFT)
    assert np.array_equal(desk.mask, strokes(desk, [(200, 150)], 5))


# -- nothing by half -----------------------------------------------------------------------------------------------


def half_a_stroke(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.press((150, 100))
    desk.move((200, 140))
    assert desk.mask.any() and desk.document.painting


def nothing_was_done(desk: Desk) -> bool:
    desk.move((220, 160))
    desk.release((220, 160))
    return not desk.mask.any() and not desk.document.painting and desk.document.undo_name == ""


def test_escape_abandons_a_stroke(desk: Desk) -> None:
    half_a_stroke(desk)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert nothing_was_done(desk)


def test_losing_the_focus_abandons_a_stroke(desk: Desk) -> None:
    half_a_stroke(desk)
    desk.canvas.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert nothing_was_done(desk)


@pytest.mark.parametrize("kind", [QEvent.Type.WindowBlocked, QEvent.Type.WindowDeactivate, QEvent.Type.UngrabMouse])
def test_losing_the_mouse_abandons_a_stroke(desk: Desk, kind: QEvent.Type) -> None:
    half_a_stroke(desk)
    desk.canvas.event(QEvent(kind))
    assert nothing_was_done(desk)


def test_hiding_the_canvas_abandons_a_stroke(desk: Desk) -> None:
    half_a_stroke(desk)
    desk.canvas.hide()
    assert not desk.mask.any() and not desk.document.painting


def test_choosing_another_tool_abandons_a_stroke(desk: Desk) -> None:
    half_a_stroke(desk)
    desk.toolbox.swap()
    assert nothing_was_done(desk)


def test_opening_a_picture_in_the_middle_of_a_stroke_paints_nothing_on_it(desk: Desk) -> None:
    half_a_stroke(desk)
    desk.open(noise(300, 200, seed=2))
    assert nothing_was_done(desk)


def test_without_a_picture_nothing_happens(desk: Desk) -> None:
    desk.drag([(100, 100), (150, 150)])
    desk.wheel((100, 100), 120)
    assert desk.document.mask is None


# -- pen -----------------------------------------------------------------------------------------------------------

DOWN, MOVE, UP = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease


def test_a_pen_paints(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    expected = strokes(desk, [(150, 100), (200, 140), (240, 100)], 5)
    desk.pen(DOWN, (150, 100), 0.3)
    desk.pen(MOVE, (200, 140), 0.9)
    desk.pen(UP, (240, 100), 0.0)
    assert np.array_equal(desk.mask, expected)


def test_a_pens_other_end_erases(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.document.fill_all()
    desk.look_at(1.0)
    expected = 255 - strokes(desk, [(150, 100), (200, 140)], 5)
    desk.pen(DOWN, (150, 100), 0.5, eraser=True)
    desk.pen(UP, (200, 140), 0.0, eraser=True)
    assert np.array_equal(desk.mask, expected)


def test_pressure_sets_the_radius_when_it_is_asked_to(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.brush.radius = 20
    desk.brush.pressure_size = True
    desk.pen(DOWN, (150, 100), 0.5)
    desk.pen(UP, (150, 100), 0.0)
    assert np.array_equal(desk.mask, strokes(desk, [(150, 100)], 10))


def test_mouse_events_during_a_pens_stroke_are_ignored(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    expected = strokes(desk, [(150, 100), (200, 140)], 5)
    desk.pen(DOWN, (150, 100), 0.5)
    desk.press((30, 30))
    desk.move((90, 90))
    desk.release((90, 90))
    desk.pen(MOVE, (200, 140), 0.5)
    desk.pen(UP, (200, 140), 0.0)
    assert np.array_equal(desk.mask, expected)


def test_a_hovering_pen_paints_nothing_and_moves_the_cursor(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.pen(MOVE, (150, 100), 0.0)
    assert not desk.mask.any()
    assert desk.canvas.pointer == QPointF(150, 100)


# -- size ----------------------------------------------------------------------------------------------------------


def test_control_and_the_wheel_change_the_size(desk: Desk) -> None:
    desk.open(noise(300, 200))
    before = desk.canvas.view
    desk.wheel((100, 100), 120, CONTROL)
    assert desk.brush.radius == 6
    desk.wheel((100, 100), -240, CONTROL)
    assert desk.brush.radius == 4
    assert desk.canvas.view == before


def test_alt_and_a_right_drag_change_the_size_and_paint_nothing(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.look_at(2.0)
    desk.drag([(150, 100), (170, 100), (190, 140)], RIGHT, ALT)
    assert desk.brush.radius == 25
    assert not desk.mask.any()


def test_escape_puts_the_dragged_size_back(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.press((150, 100), RIGHT, ALT)
    desk.move((190, 100))
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert desk.brush.radius == 5


# -- moving the picture --------------------------------------------------------------------------------------------


@pytest.fixture
def zoomed(make_desk: Callable[..., Desk]) -> Desk:
    desk = make_desk()
    desk.open(noise(2000, 1500))
    desk.look_at(1.0)
    return desk


def test_the_middle_button_pans_with_every_tool(zoomed: Desk) -> None:
    place = zoomed.canvas.view.to_picture(QPointF(150, 100))
    zoomed.drag([(150, 100), (180, 60)], MIDDLE)
    assert zoomed.canvas.view.to_picture(QPointF(180, 60)) == place
    assert not zoomed.mask.any()


def test_space_and_a_drag_pan(zoomed: Desk) -> None:
    place = zoomed.canvas.view.to_picture(QPointF(150, 100))
    QTest.keyPress(zoomed.canvas, Qt.Key.Key_Space)
    assert zoomed.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    zoomed.drag([(150, 100), (180, 60)])
    QTest.keyRelease(zoomed.canvas, Qt.Key.Key_Space)
    assert zoomed.canvas.view.to_picture(QPointF(180, 60)) == place
    assert not zoomed.mask.any()
    assert zoomed.canvas.cursor().shape() == Qt.CursorShape.BlankCursor


def test_the_wheel_zooms_about_the_pointer(zoomed: Desk) -> None:
    for angle in (120, 120, 120, -120, -120, -120, -120, -120, 120):
        place = zoomed.canvas.view.to_picture(QPointF(140, 110))
        zoomed.wheel((140, 110), angle)
        again = zoomed.canvas.view.to_widget(place)
        assert abs(again.x() - 140) <= 1 and abs(again.y() - 110) <= 1


def test_a_fine_wheel_adds_up_to_a_step(zoomed: Desk) -> None:
    for _ in range(7):
        zoomed.wheel((140, 110), 15)
    assert zoomed.canvas.view.scale == 1.0
    zoomed.wheel((140, 110), 15)
    assert zoomed.canvas.view.scale == 2.0


def test_two_fingers_pan_and_do_not_zoom(zoomed: Desk) -> None:
    place = zoomed.canvas.view.to_picture(QPointF(150, 100))
    zoomed.wheel((150, 100), 30, pixels=(12, -7), phase=Qt.ScrollPhase.ScrollUpdate)
    assert zoomed.canvas.view.to_picture(QPointF(162, 93)) == place
    still = zoomed.canvas.view
    zoomed.wheel((150, 100), 30, pixels=(12, -7), phase=Qt.ScrollPhase.ScrollMomentum)
    assert zoomed.canvas.view == still


def test_the_hand_drags_the_picture(zoomed: Desk) -> None:
    zoomed.toolbox.select("hand")
    place = zoomed.canvas.view.to_picture(QPointF(150, 100))
    zoomed.press((150, 100))
    assert zoomed.canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    zoomed.move((170, 90))
    zoomed.move((180, 60))
    zoomed.release((180, 60))
    assert zoomed.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    assert zoomed.canvas.view.to_picture(QPointF(180, 60)) == place


def test_the_zoom_tool_steps_and_frames(zoomed: Desk) -> None:
    zoomed.toolbox.select("zoom")
    zoomed.drag([(150, 100)])
    assert zoomed.canvas.view.scale == 2.0
    zoomed.drag([(150, 100)], LEFT, ALT)
    zoomed.drag([(150, 100)], RIGHT)
    assert zoomed.canvas.view.scale == pytest.approx(2 / 3)
    zoomed.look_at(1.0)
    start, end = (zoomed.canvas.view.to_picture(QPointF(*at)) for at in ((100, 100), (160, 140)))
    zoomed.drag([(100, 100), (130, 120), (160, 140)])
    view = zoomed.canvas.view
    assert view.scale > 3
    middle = view.to_picture(QPointF(200, 150))
    assert abs(middle.x() - (start.x() + end.x()) / 2) < 1.5 and abs(middle.y() - (start.y() + end.y()) / 2) < 1.5


def test_zoom_to_the_mask(zoomed: Desk) -> None:
    zoomed.brush.radius = 30
    zoomed.drag([(150, 100)])
    zoomed.canvas.zoom_to_mask()
    bounds = zoomed.document.mask.bounds() if zoomed.document.mask else None
    assert bounds is not None
    assert zoomed.canvas.rect().contains(zoomed.canvas.view.widget_rect(bounds))
    assert zoomed.canvas.view.scale > 2
