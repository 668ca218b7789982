"""The options bar: what the active tool offers, and what is said of a number that does not fit."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QColorDialog, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.state.brush import BrushSettings
from app.state.document import Document
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.display import Display
from app.ui.form.slider import ValueSlider
from app.ui.options_bar import HEIGHT, OptionsBar
from app.ui.tools.toolbox import Toolbox


class Setup:
    """A bar with a toolbox behind it."""

    def __init__(self) -> None:
        self.brush, self.display = BrushSettings(25), Display()
        self.canvas = Canvas(Document(), self.brush, self.display)
        self.toolbox = Toolbox(self.canvas)
        self.bar = OptionsBar(self.display)
        self.toolbox.changed.connect(lambda: self.bar.show_tool(self.toolbox.active))
        self.bar.show_tool(self.toolbox.active)

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        """The visible control of that accessible name."""
        return next(w for w in self.bar.findChildren(kind) if w.accessibleName() == name and w.isVisibleTo(self.bar))

    def type_into(self, name: str, text: str) -> QWidget:
        """Replace a box's text as a user does."""
        box = self.find(QLineEdit, name)
        assert isinstance(box, QLineEdit)
        box.selectAll()
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)
        return box


@pytest.fixture
def setup(qtbot: QtBot) -> Iterator[Setup]:
    made = Setup()
    qtbot.addWidget(made.bar)
    qtbot.addWidget(made.canvas)
    made.bar.resize(1000, HEIGHT)
    made.bar.show()
    yield made
    made.bar.close()


def test_the_size_goes_both_ways(setup: Setup) -> None:
    box = setup.type_into("Radius", "12*4")
    assert setup.brush.radius == 48
    setup.brush.radius = 7
    assert isinstance(box, QLineEdit) and box.text() == "7"


def test_a_size_out_of_range_is_said_and_not_clipped(setup: Setup) -> None:
    for text in ("0", "2001", "x", "2.5"):
        box = setup.type_into("Radius", text)
        assert box.property("invalid") is True
        assert setup.brush.radius in (25, 200, 2)  # what was typed as far as it fitted
    assert not setup.type_into("Radius", "2000").property("invalid")
    assert setup.brush.radius == 2000


def test_the_slider_reaches_both_ends_and_moves_by_proportion(setup: Setup) -> None:
    slider = setup.find(ValueSlider, "Radius, slider")
    assert isinstance(slider, ValueSlider)
    slider.setValue(slider.maximum())
    assert setup.brush.radius == 2000
    slider.setValue(slider.maximum() // 2)
    assert 40 <= setup.brush.radius <= 50
    slider.setValue(0)
    assert setup.brush.radius == 1


def test_the_bar_follows_the_tool(setup: Setup) -> None:
    def titles() -> list[str]:
        return [label.text() for label in setup.bar.findChildren(QLabel) if label.isVisibleTo(setup.bar)]

    assert "Brush" in titles() and "Radius" in titles()
    setup.toolbox.select("hand")
    assert "Pan" in titles() and "Radius" not in titles()
    setup.toolbox.select("eraser")
    setup.type_into("Radius", "9")
    assert setup.brush.radius == 9
    assert setup.bar.height() == HEIGHT


def test_pressure_is_a_switch(setup: Setup) -> None:
    box = setup.find(QCheckBox, "Pen pressure")
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert setup.brush.pressure_size is True


def test_the_amount_of_grow_and_shrink(setup: Setup) -> None:
    told: list[int] = []
    setup.bar.amount_changed.connect(told.append)
    assert setup.bar.amount == 4
    setup.type_into("Grow and shrink by, pixels", "17")
    assert setup.bar.amount == 17 and told[-1] == 17
    box = setup.type_into("Grow and shrink by, pixels", "1001")
    assert box.property("invalid") is True and max(told) == 100
    setup.bar.set_amount(3)
    assert setup.bar.amount == 3


def test_overlay_on_and_off_and_opacity(setup: Setup) -> None:
    button = setup.find(QToolButton, "Mask overlay")
    assert isinstance(button, QToolButton) and button.isChecked()
    button.click()
    assert setup.display.overlay is False
    setup.display.overlay = True
    assert button.isChecked()
    setup.type_into("Overlay opacity", "30")
    assert setup.display.opacity == 0.3
    box = setup.type_into("Overlay opacity", "130")
    assert box.property("invalid") is True and setup.display.opacity == 0.13


def test_the_overlays_colour_is_tried_at_once_and_put_back_on_cancel(setup: Setup) -> None:
    before = setup.display.colour
    button = setup.find(QToolButton, "Overlay colour")
    assert isinstance(button, QToolButton)
    button.click()
    (dialog,) = setup.bar.findChildren(QColorDialog)
    dialog.setCurrentColor(QColor("#00ff00"))
    assert setup.display.colour == QColor("#00ff00")
    dialog.reject()
    assert setup.display.colour == before


def test_every_control_has_a_name(setup: Setup) -> None:
    for kind in (QLineEdit, QToolButton, QCheckBox, ValueSlider):
        assert all(control.accessibleName() for control in setup.bar.findChildren(kind))


def test_at_its_narrowest_nothing_overlaps_or_is_cut(setup: Setup) -> None:
    setup.bar.resize(setup.bar.minimumSizeHint().width(), HEIGHT)
    setup.bar.show()
    box, number = setup.find(QCheckBox, "Pen pressure"), setup.find(QLineEdit, "Radius")

    def left(widget: QWidget) -> int:
        return widget.mapTo(setup.bar, QPoint()).x()

    assert box.width() >= box.minimumSizeHint().width()
    assert left(number) + number.width() <= left(box)
    assert left(box) + box.width() <= left(setup.find(QLineEdit, "Grow and shrink by, pixels"))
    assert setup.bar.minimumSizeHint().width() <= 860
