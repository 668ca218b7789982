"""The parameter panel in front of the draft it shows, at the sizes it has to fit in."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.endpoint import Endpoint
from app.core.request import BlendSettings
from app.core.schema import read_endpoint
from app.state.parameters import Parameters
from app.ui.endpoints.button import EndpointList
from app.ui.form.form import Form
from app.ui.panel import NARROWEST, ParameterPanel
from app.ui.panel_head import BACKENDS, FAILURES
from app.ui.theme import THEMES, apply_theme, load_theme

Json = Any

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "endpoints"


def endpoints() -> list[Endpoint]:
    found = [read_endpoint(json.loads(path.read_text(encoding="utf-8"))) for path in FOLDER.glob("*.json")]
    return sorted(found, key=lambda endpoint: (endpoint.provider != "local", endpoint.provider, endpoint.id))


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[QApplication]:
    """The program's own look, taken off again for the tests that follow."""
    apply_theme(qapp, load_theme("dark"))
    yield qapp
    qapp.setStyleSheet("")


@pytest.fixture
def parameters() -> Parameters:
    return Parameters(endpoints())


@pytest.fixture
def panel(parameters: Parameters, themed: QApplication, qtbot: QtBot) -> ParameterPanel:
    made = ParameterPanel(parameters)
    qtbot.addWidget(made)
    made.resize(320, 600)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def form(panel: ParameterPanel) -> Form:
    assert panel.form is not None
    return panel.form


def named(widget: QWidget, name: str) -> QAbstractButton:
    return next(button for button in widget.findChildren(QAbstractButton) if button.accessibleName() == name)


def box(panel: ParameterPanel, path: str) -> QLineEdit:
    found = form(panel).rows[path].findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def said(panel: ParameterPanel, path: str) -> list[str]:
    """The small words that a row shows."""
    labels = form(panel).rows[path].findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.property("secondary")]


def test_what_is_typed_becomes_a_value_and_back(panel: ParameterPanel, parameters: Parameters) -> None:
    QTest.keyClicks(box(panel, "detail"), "5")
    assert parameters.values == {"detail": 5}
    parameters.set_value("detail", 6)
    assert box(panel, "detail").text() == "6"
    parameters.reset("detail")
    assert box(panel, "detail").text() == ""


def test_a_value_out_of_range_is_said_beside_the_field_and_kept(panel: ParameterPanel, parameters: Parameters) -> None:
    QTest.keyClicks(box(panel, "detail"), "55")
    assert said(panel, "detail") == ["This must be 7 or less."]
    assert parameters.values == {"detail": 55} and box(panel, "detail").text() == "55"
    QTest.keyClick(box(panel, "detail"), Qt.Key.Key_Backspace)
    assert said(panel, "detail") == []


def test_the_endpoint_is_chosen_from_a_list_by_provider(panel: ParameterPanel, parameters: Parameters) -> None:
    QTest.mouseClick(panel._head.endpoints, Qt.MouseButton.LeftButton)
    shown = panel._head.endpoints.findChild(EndpointList)
    assert isinstance(shown, EndpointList) and shown.isVisible()
    headings = [row.title for row in shown.rows.rows() if not row.id]
    assert headings == ["On this computer", "fal.ai", "Scenario"]
    assert [row.id for row in shown.rows.rows() if row.current] == ["local/fill"]
    QTest.keyClicks(shown.search, "scen")
    assert [row.id for row in shown.rows.rows() if row.id] == ["scenario/generate/inpaint"]
    QTest.keyClick(shown.search, Qt.Key.Key_Return)
    assert parameters.endpoint.id == "scenario/generate/inpaint"
    assert panel._head.endpoints.accessibleName() == "Endpoint: Scenario Inpaint"
    assert set(form(panel).rows) >= {"prompt", "modelId", "width", "height"}


def test_the_arrows_go_through_the_list_while_one_types(panel: ParameterPanel, parameters: Parameters) -> None:
    shown = panel._head.endpoints.open_list()
    ids = [row.id for row in shown.rows.rows() if row.id]
    QTest.keyClick(shown.search, Qt.Key.Key_Down)
    QTest.keyClick(shown.search, Qt.Key.Key_Down)
    QTest.keyClick(shown.search, Qt.Key.Key_Up)
    QTest.keyClick(shown.search, Qt.Key.Key_Return)
    assert parameters.endpoint.id == ids[1]


def test_who_finds_nothing_is_asked_whether_to_look_elsewhere(panel: ParameterPanel, qtbot: QtBot) -> None:
    shown = panel._head.endpoints.open_list()
    QTest.keyClicks(shown.search, "flux lora")
    assert not shown.rows.rows() and shown.add.text() == "Look for “flux lora” at fal.ai…"
    with qtbot.waitSignal(panel.add_endpoint_requested) as asked:
        QTest.keyClick(shown.search, Qt.Key.Key_Return)
    assert asked.args == ["flux lora"]


def test_values_come_back_with_their_endpoint(panel: ParameterPanel, parameters: Parameters) -> None:
    QTest.keyClicks(box(panel, "detail"), "5")
    parameters.choose("fal-ai/inpaint")
    assert "detail" not in form(panel).rows
    parameters.choose("local/fill")
    assert box(panel, "detail").text() == "5"


def test_backends_that_make_no_sense_say_why(panel: ParameterPanel, parameters: Parameters) -> None:
    assert not named(panel, "Backend: Remote").isEnabled()
    assert "runs on this computer" in named(panel, "Backend: Remote").toolTip()
    QTest.mouseClick(named(panel, "Backend: Practice"), Qt.MouseButton.LeftButton)
    assert parameters.backend == "practice" and panel._head.practice.isVisible()
    parameters.choose("fal-ai/inpaint")
    assert [named(panel, f"Backend: {BACKENDS[name]}").isEnabled() for name in BACKENDS] == [False, True, True]
    assert not panel._head.practice.isVisible()


def test_practice_is_told_how_to_behave(panel: ParameterPanel, parameters: Parameters, qtbot: QtBot) -> None:
    parameters.choose_backend("practice")
    assert panel.practice == {"delay": 1.5, "queue": 2, "failure": "none"}
    told: list[Json] = []
    panel.practice_changed.connect(told.append)
    delay, queue = panel._head.practice._delay, panel._head.practice._queue
    QTest.keyClicks(delay, "0")
    QTest.keyClicks(queue, "99")
    assert queue.property("invalid") and not delay.property("invalid") and "0 to 20" in queue.toolTip()
    failures = panel._head.practice.findChild(QComboBox)
    assert failures is not None
    failures.setFocus()
    QTest.keyClick(failures, Qt.Key.Key_End)
    assert told[-1] == {"delay": 0.0, "queue": 2, "failure": list(FAILURES)[-1]}


def test_generate_says_what_is_in_the_way_and_leads_there(
    panel: ParameterPanel, parameters: Parameters, qtbot: QtBot
) -> None:
    parameters.choose("scenario/generate/inpaint")
    panel.set_generate("Generate 4", "This must be 150 or less.", "numInferenceSteps")
    foot = panel._foot
    assert not foot.generate.isEnabled() and not foot.more.isEnabled()
    assert foot.reason.text() == "Steps: this must be 150 or less."
    QTest.mouseClick(foot.reason, Qt.MouseButton.LeftButton)
    assert box(panel, "numInferenceSteps").hasFocus()
    panel.set_generate("Generate", "Checkpoint is needed.", "modelId")
    before = foot.grab().toImage()
    foot.reason.setFocus()
    assert foot.grab().toImage() != before, "the link shows that it has the focus"
    QTest.keyClick(foot.reason, Qt.Key.Key_Return)
    assert box(panel, "modelId").hasFocus()
    assert said(panel, "modelId") == ["A value is needed here."]


def test_a_folded_field_at_fault_is_unfolded(panel: ParameterPanel, parameters: Parameters, qtbot: QtBot) -> None:
    parameters.choose("fal-ai/fooocus/inpaint")
    assert "inpaint_respective_field" not in form(panel).rows
    panel.focus_field("inpaint_respective_field")
    row = form(panel).rows["inpaint_respective_field"]
    assert row.isVisible() and box(panel, "inpaint_respective_field").hasFocus()
    area = panel.findChild(QScrollArea)
    assert area is not None
    qtbot.waitUntil(lambda: area.viewport().rect().contains(row.mapTo(area.viewport(), QPoint(0, row.height() - 1))))


def test_a_value_that_does_not_count_says_so(panel: ParameterPanel, parameters: Parameters) -> None:
    parameters.choose("fal-ai/fooocus/inpaint")
    parameters.set_value("inpaint_engine", "v1")
    panel.focus_field("inpaint_engine")
    assert said(panel, "inpaint_engine") == ["Counts only when “Override inpaint options” is on."]
    parameters.set_value("override_inpaint_options", True)
    assert said(panel, "inpaint_engine") == []


def test_generate_asks_once_per_click(panel: ParameterPanel, qtbot: QtBot) -> None:
    panel.set_generate("Fill locally")
    assert panel._foot.reason.text().endswith("generates from anywhere")
    with qtbot.waitSignal(panel.generate_requested):
        QTest.mouseClick(panel._foot.generate, Qt.MouseButton.LeftButton)
    panel.set_generate("Fill locally", "Paint a mask first.")
    with qtbot.assertNotEmitted(panel.generate_requested):
        QTest.mouseClick(panel._foot.generate, Qt.MouseButton.LeftButton)
        QTest.mouseClick(panel._foot.reason, Qt.MouseButton.LeftButton)


def test_the_button_stays_where_it_is(panel: ParameterPanel, qapp: QApplication) -> None:
    places = []
    for reason in (
        "",
        "Paint a mask first.",
        "This is a reason that needs a second line to be said in full, and no more.",
    ):
        panel.set_generate("Generate", reason)
        qapp.processEvents()
        places.append(panel._foot.generate.mapTo(panel, QPoint(0, 0)))
    assert places[0] == places[1] == places[2]


def test_the_blend_goes_both_ways(panel: ParameterPanel, parameters: Parameters) -> None:
    grow, feather = (row.findChild(QLineEdit) for row in (panel._blend._grow, panel._blend._feather))
    assert grow is not None and feather is not None
    QTest.keyClicks(grow, "12")
    QTest.keyClicks(feather, "2*3")
    assert parameters.blend == BlendSettings(12, 6.0)
    QTest.keyClicks(grow, "345")
    assert parameters.blend.grow == 123 and grow.text() == "12345"
    assert "Until then 123 is used." in [label.text()[-23:] for label in panel._blend.findChildren(QLabel)]
    QTest.keyClicks(feather, "-")
    assert grow.text() == "12345"
    parameters.set_blend(BlendSettings(7, 0.0))
    assert (grow.text(), feather.text()) == ("7", "")


def test_fields_are_searched(panel: ParameterPanel, parameters: Parameters) -> None:
    assert not [line for line in form(panel).findChildren(QLineEdit) if line.accessibleName() == "Search fields"]
    parameters.choose("fal-ai/fooocus/inpaint")
    search = next(line for line in form(panel).findChildren(QLineEdit) if line.accessibleName() == "Search fields")
    QTest.keyClicks(search, "Refiner")
    assert [path for path, row in form(panel).rows.items() if row.isVisible()] == ["refiner_model", "refiner_switch"]
    search.clear()
    assert form(panel).rows["prompt"].isVisible() and not form(panel).rows["loras"].isVisible()
    QTest.keyClicks(search, "zzz")
    assert not any(row.isVisible() for row in form(panel).rows.values())


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [NARROWEST, 320])
def test_nothing_is_cut_off(
    panel: ParameterPanel, parameters: Parameters, theme: str, width: int, themed: QApplication
) -> None:
    apply_theme(themed, load_theme(theme))
    panel.resize(width, 480)
    area = panel.findChild(QScrollArea)
    assert area is not None
    for endpoint in parameters.endpoints:
        parameters.choose(endpoint.id)
        parameters.choose_backend("practice")
        form(panel).reveal(form(panel)._rare_fields[0].path if form(panel)._rare_fields else "seed")
        form(panel).insist()
        for _ in range(4):
            themed.processEvents()
        assert panel.width() == width
        assert panel.minimumSizeHint().width() <= width and panel.minimumSizeHint().height() <= 480
        page = area.widget()
        assert page is not None and page.width() <= area.viewport().width(), endpoint.id
        for kind in (QLineEdit, QComboBox, QSlider, QPlainTextEdit, QAbstractButton):
            for control in page.findChildren(kind):
                if control.isVisible():
                    right = control.mapTo(page, QPoint(control.width(), 0)).x()
                    assert right <= page.width(), (endpoint.id, control)


def test_every_control_can_be_reached_and_has_a_name(panel: ParameterPanel, parameters: Parameters) -> None:
    for endpoint in parameters.endpoints:
        parameters.choose(endpoint.id)
        form(panel)._build_rare()
        for control in panel.findChildren(QWidget):
            if control.focusPolicy() & Qt.FocusPolicy.TabFocus and isinstance(
                control, QLineEdit | QComboBox | QSlider | QPlainTextEdit | QAbstractButton
            ):
                assert control.accessibleName(), (endpoint.id, control, control.parent())


def test_tab_goes_from_top_to_bottom(panel: ParameterPanel, parameters: Parameters, qapp: QApplication) -> None:
    for endpoint in parameters.endpoints:
        parameters.choose(endpoint.id)
        panel.set_generate("Generate")
        if form(panel)._more is not None:
            form(panel)._open_rare(True)
        panel.resize(320, 4000)
        for _ in range(3):
            qapp.processEvents()
        panel._head.endpoints.setFocus()
        heights: list[int] = []
        focused: QWidget | None = None
        while focused is not panel._foot.generate and len(heights) < 200:
            focused = qapp.focusWidget()
            assert focused is not None
            heights.append(focused.mapTo(panel, QPoint(0, focused.height() // 2)).y())
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert focused is panel._foot.generate
        assert all(after > before - 4 for before, after in pairwise(heights)), (endpoint.id, heights)
        assert len(set(heights)) > len(form(panel).rows)


def test_switching_the_endpoint_leaves_no_widget_behind(
    panel: ParameterPanel, parameters: Parameters, qtbot: QtBot
) -> None:
    def count() -> int:
        return len(panel.findChildren(QWidget))

    parameters.choose("fal-ai/inpaint")
    qtbot.waitUntil(lambda: True)
    QApplication.sendPostedEvents()
    before = count()
    for _ in range(3):
        parameters.choose("local/fill")
        parameters.choose("fal-ai/inpaint")
    QApplication.sendPostedEvents(None, 52)
    assert count() == before


def test_hostile_words_stay_words(themed: QApplication, qtbot: QtBot) -> None:
    words = "<img src='file:///etc/passwd'>&amp;\u202e<b>bold</b>"
    node: Json = {"type": "string", "title": words, "description": words, "default": words, "enum": [words, "b" * 4000]}
    properties = {f"{words}{i}": node for i in range(5)}
    switch = {**node, "type": "boolean"}
    chips: Json = {"type": "array", "items": {"enum": [words * 9, *"abcdefgh"]}}
    properties |= {"switch": switch, "chips": {**chips, "default": [words * 9]}, "size": {**node, "default": words * 9}}
    endpoint = read_endpoint({"id": words, "title": words * 5, "provider": words, "input": {"properties": properties}})
    panel = ParameterPanel(Parameters([endpoint]))
    qtbot.addWidget(panel)
    panel.resize(NARROWEST, 480)
    panel.show()
    panel.set_generate(words, words, words)
    for label in panel.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or "<" not in label.text()
    for control in panel.findChildren(QWidget):
        assert "<b>" not in control.toolTip() and "<img" not in control.toolTip()
    form(panel)._build_rare()
    for _ in range(3):
        themed.processEvents()
    page = panel._scroll.widget()
    assert panel.width() == NARROWEST
    assert page is not None and page.width() <= panel._scroll.viewport().width()
