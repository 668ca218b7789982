"""The panels of the project's endpoints as they are laid out: order, editors and columns kept as text, rules held.

The texts hold what no font changes: which fields come in which order, what edits each, and where it begins and ends
from left to right. Heights depend on the font, so of them only relations are tested: gaps, overlaps, edges.
MENDBRUSH_UPDATE_SNAPSHOTS=1 writes texts and pictures anew; look at the pictures then.
"""

import json
import os
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontDatabase, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.schema import read_endpoint
from app.resources import resource
from app.state.parameters import Parameters
from app.ui.form.canvas_block import CanvasBlock, CanvasCell
from app.ui.form.choice import Segment, SwitchEditor
from app.ui.form.field_row import FieldRow
from app.ui.form.number import NumberBox
from app.ui.form.pair import PairBlock
from app.ui.form.row import Row
from app.ui.form.search_line import SearchLine
from app.ui.form.section import Section
from app.ui.form.slider import ValueSlider
from app.ui.form.type_row import TypeRow
from app.ui.panel import ParameterPanel
from app.ui.theme import apply_theme, load_theme

SNAPSHOTS = Path(__file__).parent / "snapshots"
NAMES = {
    "fal-inpaint": "fal-ai__inpaint.json",
    "fooocus": "fal-ai__fooocus__inpaint.json",
    "scenario": "scenario__inpaint.json",
    "z-image": "fal-ai__z-image__turbo__inpaint.json",
}
WIDTHS = (280, 320)
PADDING, BETWEEN_ROWS, UNDER_TITLE = 12, 8, 4
COLUMN = 1200
"""Pixels of height of a column in the pictures."""

Open = Callable[..., ParameterPanel]


@pytest.fixture
def plain(qapp: QApplication) -> Iterator[QApplication]:
    """The application, given back the look that it had."""
    look, font, name = qapp.palette(), qapp.font(), qapp.style().name()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setStyle(name)
    qapp.setPalette(look)
    qapp.setFont(font)
    qapp.setProperty("mendbrush_theme", None)


@pytest.fixture
def opened(plain: QApplication, qtbot: QtBot) -> Open:
    """A panel with every part unfolded, as tall as it needs, in the program's look or in another font."""

    def make(name: str, width: int, *, theme: str = "dark", font: str = "") -> ParameterPanel:
        apply_theme(plain, load_theme(theme))
        if font:
            other = QFont(plain.font())
            other.setFamily(font)
            plain.setFont(other)
        document = json.loads(resource("endpoints", NAMES[name]).read_text("utf-8"))
        panel = ParameterPanel(Parameters([read_endpoint(document)]))
        qtbot.addWidget(panel)
        panel.resize(width, 800)
        panel.show()
        for section in sections(panel):
            section.open()
            section.build()
        for _ in range(3):  # a wrapped text knows its height once its width is settled
            plain.processEvents()
            page, area = page_of(panel), panel._scroll.viewport()
            panel.resize(width, panel.height() - area.height() + page.sizeHint().height())
        plain.processEvents()
        return panel

    return make


def page_of(panel: ParameterPanel) -> QWidget:
    assert panel.form is not None
    page = panel.form.parentWidget()
    assert page is not None
    return page


def sections(panel: ParameterPanel) -> list[Section]:
    assert panel.form is not None
    return panel.form.findChildren(Section)


def place(widget: QWidget, within: QWidget) -> QRect:
    return QRect(widget.mapTo(within, QPoint(0, 0)), widget.size())


def columns(widget: QWidget, panel: ParameterPanel) -> str:
    """Where it begins and ends from left to right; a switch ends with its words."""
    found = place(widget, panel)
    return f"{found.left()}.." + ("" if isinstance(widget, SwitchEditor) else f"{found.left() + found.width()}")


def units(panel: ParameterPanel) -> list[QWidget]:
    """What stands under each other: rows, blocks, headings; those of the blend at the end."""
    assert panel.form is not None
    found: list[QWidget] = []
    for part in panel.form.in_order():
        found += [] if part.isHidden() or not part.height() else [part]
    inside = {id(row) for row in panel.form.findChildren(Row)}
    return [*found, *(row for row in page_of(panel).findChildren(Row) if id(row) not in inside)]


KINDS: tuple[tuple[type[QWidget], str], ...] = (
    (Segment, "segment"),
    (QCheckBox, "check"),
    (QAbstractButton, "button"),
    (QComboBox, "list"),
    (NumberBox, "number"),
    (QLineEdit, "line"),
    (QPlainTextEdit, "text"),
    (ValueSlider, "slider"),
)
CONTROLS = tuple(kind for kind, _ in KINDS)


def controls(editor: QWidget, panel: ParameterPanel) -> str:
    """The kinds of the controls in an editor, as they are read; what a font makes wider is left to the rules."""
    shown = [part for part in editor.findChildren(QWidget) if isinstance(part, CONTROLS) and part.isVisibleTo(panel)]
    tops = [part for part in shown if not isinstance(part.parentWidget(), CONTROLS)]
    tops.sort(key=lambda part: reading(place(part, panel)))
    return ", ".join(next(word for kind, word in KINDS if isinstance(part, kind)) for part in tops)


def reading(rect: QRect) -> tuple[int, int]:
    return rect.center().y() // 8, rect.left()


def lines_of(unit: QWidget, panel: ParameterPanel) -> list[str]:
    match unit:
        case Row():
            kind = type(unit.editor).__name__
            inside = controls(unit.editor, panel)
            return [f"{unit.field.path:32} {columns(unit.editor, panel):9} {kind}{inside and ': '}{inside}"]
        case PairBlock():
            return ["side by side", *(f"  {line}" for row in unit.rows for line in lines_of(row, panel))]
        case CanvasBlock():
            cells = (f"  {path:30} {columns(cell, panel)}" for path, cell in unit.cells.items())
            return ["from the canvas", *cells]
        case SearchLine() | TypeRow():
            return [f"({type(unit).__name__}) {columns(unit, panel)}: {controls(unit, panel)}"]
        case QAbstractButton():
            return [f"[{unit.text()}] {columns(unit, panel)}"]
        case _:
            return [type(unit).__name__]


def laid_out(panel: ParameterPanel) -> str:
    return "\n".join(line for unit in units(panel) for line in lines_of(unit, panel)) + "\n"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_the_panel_is_laid_out_as_it_was_looked_at(opened: Open, name: str, width: int) -> None:
    panel = opened(name, width)
    now, kept = laid_out(panel), SNAPSHOTS / f"panel-{name}-{width}.txt"
    if os.environ.get("MENDBRUSH_UPDATE_SNAPSHOTS") == "1":
        kept.write_text(now, "utf-8")
        if width == max(WIDTHS):
            picture(panel).save(str(SNAPSHOTS / f"panel-{name}.png"))
    assert now == kept.read_text("utf-8"), "look at the panel, then update the snapshot"
    assert (SNAPSHOTS / f"panel-{name}.png").is_file()


def picture(panel: ParameterPanel) -> QPixmap:
    """The panel cut into columns beside each other, at half its size: to be looked at, never compared."""
    whole = panel.grab()
    count = -(-whole.height() // COLUMN)
    sheet = QPixmap(count * (whole.width() + 16) - 16, min(COLUMN, whole.height()))
    sheet.fill(Qt.GlobalColor.gray)
    painter = QPainter(sheet)
    for at in range(count):
        painter.drawPixmap(at * (whole.width() + 16), 0, whole, 0, at * COLUMN, whole.width(), COLUMN)
    painter.end()
    return sheet.scaledToWidth(sheet.width() // 2, Qt.TransformationMode.SmoothTransformation)


def fonts() -> list[str]:
    """The program's own font, and one that is wider where this machine has it."""
    known = set(QFontDatabase.families())
    return ["", *(family for family in ("DejaVu Serif", "Verdana", "Liberation Mono") if family in known)][:2]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_the_panel_keeps_the_rules_of_its_layout(opened: Open, name: str, width: int, theme: str) -> None:
    for font in fonts() if theme == "dark" else [""]:
        panel = opened(name, width, theme=theme, font=font)
        assert_edges(panel, width)
        assert_gaps(panel)
        assert_apart(panel)
        assert_whole(panel)


def assert_edges(panel: ParameterPanel, width: int) -> None:
    """Everything stands between the paddings, and what stands alone fills the room."""
    for unit in units(panel):
        found = place(unit, panel)
        assert (found.left(), found.left() + found.width()) == (PADDING, width - PADDING), unit
    for part in page_of(panel).findChildren(QWidget):
        if part.isVisibleTo(panel) and part.window() is panel.window():
            found = place(part, panel)
            assert found.left() >= 0 and found.left() + found.width() <= width, (part, found)


def assert_gaps(panel: ParameterPanel) -> None:
    """Rows are 8 apart and an editor 4 under its title; controls are 28 high where their text is one line."""
    form = [unit for unit in units(panel) if panel.form is not None and panel.form.isAncestorOf(unit)]
    for above, below in pairwise(form):
        gap = place(below, panel).top() - place(above, panel).bottom() - 1
        assert gap == BETWEEN_ROWS, (above, below, gap)
    for row in page_of(panel).findChildren(FieldRow):
        title = row._title
        if title is not None and row.isVisibleTo(panel):
            assert place(row.editor, row).top() - place(title, row).bottom() - 1 == UNDER_TITLE, row.field.path
    for control in page_of(panel).findChildren(QWidget):
        if isinstance(control, QLineEdit | QComboBox | Segment) and not isinstance(control.parentWidget(), QComboBox):
            assert not control.isVisibleTo(panel) or control.height() == 28, control


def assert_apart(panel: ParameterPanel) -> None:
    """No control or text lies over another."""
    kinds = (*CONTROLS, QLabel, CanvasCell)
    shown = [part for part in page_of(panel).findChildren(QWidget) if isinstance(part, kinds)]
    shown = [part for part in shown if part.isVisibleTo(panel) and part.width() and part.height()]
    for one, other in combinations(shown, 2):
        if not one.isAncestorOf(other) and not other.isAncestorOf(one):
            assert not place(one, panel).intersects(place(other, panel)), (one, other)


def assert_whole(panel: ParameterPanel) -> None:
    """No word is cut off: labels and buttons have the room of the text that they show."""
    for part in page_of(panel).findChildren(QWidget):
        if not part.isVisibleTo(panel):
            continue
        if isinstance(part, QLabel) and part.text():
            needed = part.heightForWidth(part.width()) if part.wordWrap() else part.fontMetrics().height()
            across = 0 if part.wordWrap() else part.fontMetrics().horizontalAdvance(part.text().replace("&&", "&"))
            assert across <= part.width() and needed <= part.height(), (part.text(), part.size())
        elif isinstance(part, QAbstractButton) and part.text():
            words = part.fontMetrics().horizontalAdvance(part.text().replace("&&", "&"))
            assert words <= part.width(), (part.text(), part.size())


def test_a_field_that_is_wrong_moves_nothing_above_it(opened: Open, plain: QApplication) -> None:
    panel = opened("fooocus", 280)
    assert panel.form is not None
    before = {unit: place(unit, panel).top() for unit in units(panel)}
    panel._parameters.set_value("sharpness", 99)
    for _ in range(3):
        plain.processEvents()
    above = list(before)[: list(before).index(panel.form.rows["sharpness"]) + 1]
    assert {unit: place(unit, panel).top() for unit in above} == {unit: before[unit] for unit in above}
    assert_edges(panel, 280)
    assert_apart(panel)
    assert_whole(panel)


@pytest.mark.parametrize("name", NAMES)
def test_tab_goes_from_top_to_bottom_through_stops_that_have_names(opened: Open, qtbot: QtBot, name: str) -> None:
    panel = opened(name, 280)
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel._head.endpoints.setFocus()
    walked: list[QWidget] = []
    while (here := QApplication.focusWidget()) is not None and here not in walked:
        walked.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    assert all(stop.accessibleName() for stop in walked), [stop for stop in walked if not stop.accessibleName()]
    parts = units(panel)
    visited = [next((at for at, part in enumerate(parts) if part is s or part.isAncestorOf(s)), None) for s in walked]
    order = [at for at in visited if at is not None]
    assert order == sorted(order) and set(order) == set(range(len(parts))), "every part, each after the one above it"
