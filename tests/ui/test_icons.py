"""The icons: one family, told apart at 20 px, crisp at every pixel ratio, in the theme's colours."""

import gc
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from app.resources import resource
from app.ui.icons import APP_ICON_SIZES, app_icon, icon, icon_names, pixmap, svg
from app.ui.theme import THEMES, apply_theme, current_theme, load_theme

SHEET = Path(__file__).parent / "snapshots" / "icons.png"
NEEDED = """
open save save-mask undo redo brush eraser swap rectangle ellipse lasso polygon wand colour-range magnetic-lasso
smart-select bucket pan zoom invert grow shrink clear fill-all overlay original fit actual-size zoom-mask generate
cancel accept dismiss compare side-by-side divider star star-filled trash settings more chevron-down chevron-right dice
lock unlock reset search add copy paste warning error info good local remote practice history mask picture navigator
surround
"""
COLUMNS, CELL, SIZE = 10, 28, 20

Grey = NDArray[np.uint8]


@pytest.fixture(autouse=True)
def plain_application(qapp: QApplication) -> Iterator[None]:
    """Each test begins and ends with the look that the application had."""
    palette, font, name = qapp.palette(), qapp.font(), qapp.style().name()
    yield
    qapp.setStyleSheet("")
    qapp.setStyle(name)
    qapp.setPalette(palette)
    qapp.setFont(font)
    qapp.setProperty("mendbrush_theme", None)


def grey(image: QImage) -> Grey:
    """The alpha channel: what an icon covers, whatever its colour."""
    alpha = image.convertToFormat(QImage.Format.Format_Alpha8)
    rows = np.frombuffer(alpha.constBits(), np.uint8).reshape(alpha.height(), alpha.bytesPerLine())
    return rows[:, : alpha.width()].copy()


def coverage(name: str, size: int = SIZE, ratio: float = 1.0) -> Grey:
    return grey(pixmap(name, size=size, ratio=ratio).toImage())


def colours(image: QImage) -> set[str]:
    """The colours of the opaque pixels."""
    return {
        image.pixelColor(x, y).name()
        for x, y in itertools.product(range(image.width()), range(image.height()))
        if image.pixelColor(x, y).alpha() == 255
    }


def test_every_icon_that_the_interface_needs_is_there() -> None:
    assert set(NEEDED.split()) <= set(icon_names())


@pytest.mark.parametrize("name", icon_names())
def test_an_icon_is_drawn_with_one_stroke_in_one_colour(name: str) -> None:
    source = resource("icons", f"{name}.svg").read_text("utf-8")
    root = ElementTree.fromstring(source)
    assert QSvgRenderer(QByteArray(svg(name, QColor("white")).encode())).isValid()
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("stroke-linecap"), root.get("stroke-linejoin")) == ("round", "round")
    assert set(re.findall(r'stroke-width="([^"]*)"', source)) == {"1.75"}
    assert set(re.findall(r'(?:stroke|fill|color)="([^"]*)"', source)) <= {"currentColor", "none"}
    assert "style" not in source and "#" not in source


@pytest.mark.parametrize("name", sorted({*icon_names()} - {"dot"}))
def test_an_icon_fills_its_square_and_stays_inside_it(name: str) -> None:
    covered = coverage(name, 240)
    edges = np.concatenate([covered[0], covered[-1], covered[:, 0], covered[:, -1]])
    assert not edges.any()
    rows, columns = np.nonzero(covered)
    assert max(np.ptp(rows), np.ptp(columns)) >= 90
    assert 60 < (rows.min() + rows.max()) / 2 < 180 and 60 < (columns.min() + columns.max()) / 2 < 180


def test_no_two_icons_look_alike_at_20_px() -> None:
    drawn = {name: coverage(name).astype(int) for name in icon_names()}
    alike = {
        f"{one} and {other}"
        for one, other in itertools.combinations(drawn, 2)
        if (np.abs(drawn[one] - drawn[other]) > 96).sum() < 12
    }
    assert not alike


def test_the_sheet_of_all_icons_is_the_one_that_was_looked_at() -> None:
    rows = -(-len(icon_names()) // COLUMNS)
    sheet = np.zeros((rows * CELL, COLUMNS * CELL), np.uint8)
    for place, name in enumerate(icon_names()):
        top, left = place // COLUMNS * CELL + 4, place % COLUMNS * CELL + 4
        sheet[top : top + SIZE, left : left + SIZE] = coverage(name)
    if os.environ.get("MENDBRUSH_UPDATE_SNAPSHOTS") == "1":
        SHEET.parent.mkdir(exist_ok=True)
        Image.fromarray(sheet).save(SHEET, optimize=True)
    with Image.open(SHEET) as kept:
        expected = np.asarray(kept.convert("L"))
    assert sheet.shape == expected.shape, "an icon was added or removed: look at the sheet, then update the snapshot"
    same = np.abs(sheet.astype(int) - expected) <= 24
    assert same.mean() >= 0.99


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_an_icon_has_the_pixels_of_the_screen(qapp: QApplication, ratio: float) -> None:
    drawn = icon("brush").pixmap(QSize(20, 20), ratio)
    assert drawn.width() == drawn.height() == round(20 * ratio)
    assert drawn.devicePixelRatio() == ratio
    assert np.array_equal(grey(drawn.toImage()), coverage("brush", 20, ratio))


def test_an_icon_is_not_drawn_larger_than_its_size(qapp: QApplication) -> None:
    assert icon("brush").pixmap(QSize(64, 64)).width() == 20
    assert icon("brush", size=64).pixmap(QSize(64, 64)).width() == 64
    assert icon("brush").availableSizes() == [QSize(20, 20)]


@pytest.mark.parametrize("theme", THEMES)
def test_the_states_have_the_colours_of_the_theme(qapp: QApplication, theme: str) -> None:
    apply_theme(qapp, load_theme(theme))
    made, now, size = icon("bucket", size=96), current_theme(), QSize(96, 96)
    off, on = QIcon.State.Off, QIcon.State.On
    assert now.name == theme
    assert colours(made.pixmap(size, QIcon.Mode.Normal, off).toImage()) == {now.text.name()}
    assert colours(made.pixmap(size, QIcon.Mode.Active, off).toImage()) == {now.text.name()}
    assert colours(made.pixmap(size, QIcon.Mode.Disabled, off).toImage()) == {now.disabled.name()}
    assert colours(made.pixmap(size, QIcon.Mode.Disabled, on).toImage()) == {now.disabled.name()}
    assert colours(made.pixmap(size, QIcon.Mode.Normal, on).toImage()) == {now.accent.name()}
    assert colours(icon("error", "error", size=96).pixmap(size).toImage()) == {now.error.name()}


def test_an_icon_follows_a_change_of_theme(qapp: QApplication, qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    button.setIcon(icon("star-filled"))
    for name in ("dark", "light", "dark"):
        apply_theme(qapp, load_theme(name))
        assert load_theme(name).text.name() in colours(button.grab().toImage())


def test_an_icon_can_be_painted_in_the_middle_of_any_rectangle(qapp: QApplication) -> None:
    canvas = QPixmap(100, 60)
    canvas.fill(QColor(0, 0, 0, 0))
    painter = QPainter(canvas)
    icon("dot").paint(painter, QRect(0, 0, 100, 60))
    painter.end()
    rows, columns = np.nonzero(grey(canvas.toImage()))
    assert (rows.min() + rows.max(), columns.min() + columns.max()) == (59, 99)
    assert np.ptp(rows) <= 20


def test_an_icon_outlives_python_letting_go_of_it(qapp: QApplication) -> None:
    # Adding pixels makes Qt clone the engine; PySide frees a clone that nobody keeps, and Qt would crash on it.
    made = icon("brush")
    before = grey(made.pixmap(QSize(20, 20)).toImage())
    made.addPixmap(QPixmap(4, 4))
    gc.collect()
    assert np.array_equal(grey(made.pixmap(QSize(20, 20)).toImage()), before)


def test_an_unknown_name_is_refused_at_once() -> None:
    with pytest.raises(OSError, match="no-such-icon"):
        icon("no-such-icon")


def test_the_emblem_exists_in_every_size(qapp: QApplication) -> None:
    assert QSvgRenderer(str(resource("icons", "mendbrush.svg"))).isValid()
    assert [size.width() for size in sorted(app_icon().availableSizes(), key=QSize.width)] == list(APP_ICON_SIZES)
    for edge in APP_ICON_SIZES:
        drawn = QImage(str(resource("icons", "app", f"mendbrush-{edge}.png")))
        assert (drawn.width(), drawn.height()) == (edge, edge)
        assert drawn.hasAlphaChannel() and drawn.pixelColor(0, edge - 1).alpha() == 0
        assert drawn.pixelColor(edge // 2, edge // 2).alpha() == 255
