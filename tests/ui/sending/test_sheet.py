"""The sheet: what it shows, what its buttons copy, and that it is never in the way."""

import gc
import json
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.endpoint import Endpoint
from app.core.geometry import Box
from app.core.picture import Picture
from app.core.request import BlendSettings
from app.state.sending import Draft, SendingSheet, make_sheet
from app.ui.sending.sheet import SendingView
from app.ui.sending.words import LONGEST, shortened_body
from tests.bundled import bundled_endpoints

ENDPOINTS = {endpoint.id: endpoint for endpoint in bundled_endpoints()}
FAL, LOCAL = ENDPOINTS["fal-ai/inpaint"], ENDPOINTS["local/fill"]


def sheet_of(
    endpoint: Endpoint,
    values: Mapping[str, Any],
    *boxes: Box,
    backend: str = "",
    faults: Mapping[str, str] | None = None,
) -> SendingSheet:
    mask = np.zeros((300, 400), np.uint8)
    for box in boxes:
        mask[box.slices] = 255
    pixels = np.random.default_rng(2).integers(0, 256, (300, 400, 4), dtype=np.uint8)
    draft = Draft(endpoint, backend or endpoint.backends[0], values, BlendSettings())
    return make_sheet(draft, Picture(pixels), mask, faults=faults)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SendingView]:
    behind = QWidget()
    qtbot.addWidget(behind)
    behind.show()
    made = SendingView(behind)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    behind.close()


def click(button: QAbstractButton) -> None:
    assert button.isEnabled() and button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(view: SendingView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def copied() -> str:
    return QGuiApplication.clipboard().text()


def test_everything_that_is_sent_stands_there(view: SendingView) -> None:
    sheet = sheet_of(FAL, {"prompt": "a cat", "model_name": "m"}, Box(100, 100, 120, 130))
    view.show_sheet(sheet)
    seen = texts(view)
    for said in ("Inpaint SD and SDXL", "queue.fal.run", "148 × 158 px", "in image_url", "in mask_url", "From 36, 36"):
        assert said in seen
    assert f"{sheet.bytes:,} bytes" in seen and "Not known" in seen and "price list" in seen
    assert json.loads(view.body.toPlainText()) == dict(sheet.body)
    assert "guidance_scale: 7.5" in view.left_out.toPlainText()
    assert view.crops.sent_mask.pixels is sheet.crops[0].mask_thumbnail
    assert not view.crops.sent_picture.pixmap().isNull()


def test_the_buttons_copy_what_they_say(view: SendingView) -> None:
    sheet = sheet_of(FAL, {"prompt": "it's", "model_name": "m"}, Box(100, 100, 120, 130))
    view.show_sheet(sheet)
    for button, text in (
        (view.copy_json, sheet.json()),
        (view.copy_curl, sheet.curl()),
        (view.copy_python, sheet.python()),
    ):
        click(button)
        assert copied() == text and "Copied" in view.said.text()


def test_several_crops_are_looked_at_one_by_one(view: SendingView) -> None:
    several = replace(FAL, binding=replace(FAL.binding, crop="islands"))
    sheet = sheet_of(several, {"prompt": "a"}, Box(0, 0, 9, 9), Box(390, 290, 399, 299))
    view.show_sheet(sheet)
    assert "Crop 1 of 2" in texts(view) and not view.crops.previous.isEnabled()
    first = view.body.toPlainText()
    click(view.crops.next)
    assert "Crop 2 of 2" in texts(view) and not view.crops.next.isEnabled()
    assert view.body.toPlainText() != first
    click(view.copy_curl)
    assert "picture-2.png" in copied()
    view.show_sheet(sheet)
    assert view.crops.index == 1  # a new sheet does not turn the page
    view.show_sheet(sheet_of(several, {"prompt": "a"}, Box(0, 0, 9, 9)))
    assert view.crops.index == 0 and not view.crops.next.isVisible()


def test_work_for_this_computer_says_so(view: SendingView) -> None:
    view.show_sheet(sheet_of(LOCAL, {"seed": 5}, Box(100, 100, 120, 130)))
    assert "Nothing leaves this computer" in texts(view) and "Costs nothing" in texts(view)
    assert view.copy_curl.text() == "Copy as command"
    click(view.copy_curl)
    assert copied().startswith("mendbrush inpaint picture.png")


def test_practice_says_that_nothing_leaves(view: SendingView) -> None:
    view.show_sheet(sheet_of(FAL, {"prompt": "a"}, Box(100, 100, 120, 130), backend="practice"))
    assert "Nothing leaves this computer" in texts(view) and "Costs nothing" in texts(view)


def test_a_command_copied_while_practising_says_that_it_is_real(view: SendingView) -> None:
    view.show_sheet(sheet_of(FAL, {"prompt": "a"}, Box(100, 100, 120, 130), backend="practice"))
    click(view.copy_curl)
    assert "it may cost" in view.said.text()
    click(view.copy_json)
    assert "cost" not in view.said.text()


def test_without_a_mask_the_body_stands_there_all_the_same(view: SendingView) -> None:
    view.show_sheet(sheet_of(FAL, {"prompt": "a", "model_name": "m"}))
    assert "Paint a mask first" in view.reason.text() and '"prompt": "a"' in view.body.toPlainText()
    assert view.crops.sent_mask.pixels is None and not view.save.isEnabled() and view.copy_json.isEnabled()


def test_what_is_in_the_way_is_named_by_the_fields_titles(view: SendingView) -> None:
    faults = {"guidance_scale": "This must be 20 or less."}
    view.say_ready("Generate", "Guidance: This must be 20 or less.")
    view.show_sheet(sheet_of(FAL, {"guidance_scale": 99}, Box(100, 100, 120, 130), faults=faults))
    assert view.reason.text() == "Guidance: This must be 20 or less."  # once, not twice
    assert not view.generate.isEnabled()


def test_the_readiness_is_said_where_no_field_is_at_fault(view: SendingView) -> None:
    view.show_sheet(sheet_of(FAL, {"prompt": "a", "model_name": "m"}, Box(100, 100, 120, 130)))
    view.say_ready("Generate", "Sending is not there yet.")
    assert view.reason.text() == "Sending is not there yet."
    view.say_ready("Generate 4", "")
    assert view.reason.text() == "" and view.generate.text() == "Generate 4" and view.generate.isEnabled()


def test_generate_is_asked_for(view: SendingView, qtbot: QtBot) -> None:
    view.say_ready("Generate", "")
    with qtbot.waitSignal(view.generate_requested):
        click(view.generate)


def test_escape_closes_it_and_it_was_never_in_front(view: SendingView, qtbot: QtBot) -> None:
    assert not view.isModal() and view.windowModality() == Qt.WindowModality.NonModal
    told: list[bool] = []
    view.shown.connect(told.append)
    QTest.keyClick(view.body, Qt.Key.Key_Escape)
    assert told == [False] and not view.isVisible()


def test_what_nobody_looks_at_is_let_go(view: SendingView) -> None:
    sheet = sheet_of(FAL, {"prompt": "a"}, Box(100, 100, 120, 130))
    view.show_sheet(sheet)
    crop = weakref.ref(sheet.crops[0])
    del sheet
    view.close()
    gc.collect()
    assert crop() is None
    view.show()
    view.say_ready("Generate", "")
    view.copy_json.click()  # nothing yet, and nothing goes wrong


def test_hostile_texts_are_letters_and_stay_short(view: SendingView) -> None:
    bad = replace(FAL, title="<b>x</b>\u202e" + "y" * 5000, id="fal-ai/<img src=x>")
    sheet = sheet_of(bad, {"prompt": "<h1>\u202e" + "z" * 100_000, "model_name": "m"}, Box(100, 100, 120, 130))
    view.show_sheet(sheet)
    assert "<b>x</b>" in texts(view) and "\u202e" not in texts(view) + view.body.toPlainText()
    assert len(view.body.toPlainText()) < 2000 and "100,005 characters" in view.body.toPlainText()
    assert len(sheet.curl()) > 100_000  # what is copied is whole


def test_a_body_of_ten_thousand_entries_is_shown_in_part() -> None:
    shown = shortened_body({"a": list(range(10_000)), **{f"k{n}": n for n in range(200)}})
    assert len(shown) == 51 and len(shown["a"]) == 51 and "9950 more" in shown["a"][-1]
    assert shortened_body("x" * LONGEST) == "x" * LONGEST


@pytest.mark.parametrize("name", ["fal-ai/fooocus/inpaint", "scenario/generate/inpaint", "local/fill"])
def test_all_of_it_fits_beside_the_smallest_window(view: SendingView, name: str) -> None:
    view.show_sheet(sheet_of(ENDPOINTS[name], {}, Box(100, 100, 120, 130)))
    view.say_ready("Generate 4 (practice)", "")
    QApplication.processEvents()
    smallest = view.minimumSizeHint()
    assert smallest.width() <= 900 and smallest.height() <= 640
    for button in view.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width() or not button.text()
            assert button.accessibleName() or button.text()


def test_tab_reaches_every_control(view: SendingView) -> None:
    view.show_sheet(sheet_of(FAL, {"prompt": "a", "model_name": "m"}, Box(100, 100, 120, 130)))
    view.say_ready("Generate", "")
    view.activateWindow()
    reached: set[QWidget] = set()
    for _ in range(20):
        QTest.keyClick(view.focusWidget(), Qt.Key.Key_Tab)
        reached.add(view.focusWidget())
    wanted = {view.body, view.left_out, view.copy_json, view.copy_curl, view.copy_python, view.save, view.generate}
    assert wanted <= reached
