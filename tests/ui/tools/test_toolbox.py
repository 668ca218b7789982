"""Tools as data: each says all that the window needs, and one is in the hand."""

import re

import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.state.brush import MIN_RADIUS, BrushSettings
from app.ui.commands import COMMANDS
from app.ui.icons import icon_names
from app.ui.tools import TOOLS
from app.ui.tools.tool import StrokePoint, Tool
from app.ui.tools.toolbox import brush_actions
from tests.ui.canvas.desk import Desk, noise


@pytest.mark.parametrize("kind", TOOLS, ids=lambda kind: kind.name)
def test_a_tool_says_what_it_is(kind: type[Tool]) -> None:
    assert re.fullmatch("[a-z-]+", kind.name)
    assert kind.title and kind.hint.endswith(".") and kind.icon in icon_names()
    assert all(not QKeySequence(key).isEmpty() for key in kind.keys) and kind.keys


def test_names_and_keys_are_each_taken_once() -> None:
    keys = [QKeySequence(key) for kind in TOOLS for key in kind.keys]
    keys += [QKeySequence(key) for command in COMMANDS for key in command.keys]
    keys += [QKeySequence(key) for key in ("X", "[", "]")]
    assert len({key.toString() for key in keys}) == len(keys)
    assert len({kind.name for kind in TOOLS}) == len(TOOLS)


def test_every_option_is_an_attribute_of_the_tools_settings(desk: Desk) -> None:
    for tool in desk.toolbox.tools.values():
        for field in tool.options:
            assert hasattr(tool.settings, field.path)


def test_swap_goes_between_brush_and_eraser(desk: Desk) -> None:
    names = []
    desk.toolbox.changed.connect(lambda: names.append(desk.toolbox.active.name))
    desk.toolbox.swap()
    desk.toolbox.swap()
    desk.toolbox.select("hand")
    desk.toolbox.swap()
    desk.toolbox.select("brush")
    assert names == ["eraser", "brush", "hand", "brush"]


def test_the_keys_change_the_brush(desk: Desk, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    actions = {action.objectName(): action for action in brush_actions(desk.toolbox, desk.brush, parent)}
    actions["brush.larger"].trigger()
    actions["brush.larger"].trigger()
    actions["brush.smaller"].trigger()
    assert desk.brush.radius == 6
    actions["brush.swap"].trigger()
    assert desk.toolbox.active.name == "eraser"


def test_one_size_serves_brush_and_eraser(desk: Desk) -> None:
    assert desk.toolbox.tools["brush"].settings is desk.toolbox.tools["eraser"].settings is desk.brush


def test_sizes_step_by_one_below_ten_and_by_a_tenth_above() -> None:
    brush = BrushSettings(8)
    sizes = []
    for _ in range(6):
        brush.step(1)
        sizes.append(brush.radius)
    assert sizes == [9, 10, 11, 12, 13, 14]
    brush.radius = 100
    brush.step(1)
    assert brush.radius == 110
    brush.step(-1)
    assert brush.radius == 100
    brush.radius = 1
    brush.step(-3)
    assert brush.radius == MIN_RADIUS
    brush.step(500)
    assert brush.radius == 2000


def test_every_size_can_be_left_in_both_directions() -> None:
    brush = BrushSettings()
    for radius in range(2, 2000):
        brush.radius = radius
        brush.step(1)
        assert brush.radius > radius
        brush.radius = radius
        brush.step(-1)
        assert brush.radius < radius


def test_the_size_tells_of_changes_only() -> None:
    brush = BrushSettings(5)
    told = []
    brush.changed.connect(lambda: told.append(brush.radius))
    brush.radius = 5
    brush.radius = 7
    brush.pressure_size = True
    brush.pressure_size = True
    assert told == [7, 7]
    assert [brush.radius_at(pressure) for pressure in (0.0, 0.5, 1.0)] == [1, 4, 7]


def test_a_stroke_point_far_out_is_still_a_stroke(desk: Desk) -> None:
    desk.open(noise(60, 50))
    tool = desk.toolbox.tools["brush"]
    tool.press(StrokePoint(30.5, 20.5, QPointF()))
    tool.drag(StrokePoint(1e12, 20.5, QPointF()))
    tool.release(StrokePoint(1e12, 20.5, QPointF()))
    assert desk.mask[20, 30:].all() and not desk.mask[20, :25].any()


def test_the_zoom_tools_frame_is_seen_while_it_is_dragged(desk: Desk) -> None:
    desk.open(noise(2000, 1500))
    desk.look_at(1.0)
    desk.toolbox.select("zoom")
    clean = desk.shot()
    desk.press((100, 90))
    desk.move((160, 140))
    dragged = (desk.shot() != clean).any(axis=2)
    assert dragged[90, 100:160].mean() > 0.9 and dragged[91:139, 100].mean() > 0.9
    assert not dragged[100:130, 110:150].any()
    desk.toolbox.select("brush")
    desk.leave()
    assert not (desk.shot() != clean).any()


def test_a_plain_tool_does_nothing(desk: Desk) -> None:
    tool = Tool(desk.canvas)
    point = StrokePoint(1, 2, QPointF(), modifiers=Qt.KeyboardModifier.AltModifier)
    assert point.pixel == (1, 2) and point.has(Qt.KeyboardModifier.AltModifier)
    for gesture in (tool.press, tool.drag, tool.release):
        gesture(point)
    tool.abandon()
    pixmap = QPixmap(4, 4)
    painter = QPainter(pixmap)
    tool.paint_cursor(painter, desk.canvas.view, (0, 0))
    painter.end()
    assert tool.settings is None and tool.cursor_rect(desk.canvas.view, (0, 0)) == QRect()
