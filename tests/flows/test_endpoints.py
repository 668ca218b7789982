"""Endpoints of one’s own in the running program: found, added, corrected, read again, removed; values on the move."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QStyle, QWidget
from pytestqt.qtbot import QtBot

from app.backends.catalogue import bases_at
from app.compose import Program, fresh
from app.core.endpoint import Role
from app.core.preset import Preset
from app.core.request import BlendSettings
from app.state.settings import Settings
from app.store.places import Places
from app.ui.endpoints.adding import AddPage
from app.ui.endpoints.changes import ChangesPage
from app.ui.endpoints.roles import RolesPage
from app.ui.presetting import SavePage
from tests.flows.conftest import Hand, Run, end
from tests.standin.fal import FalStandin, inpainter, openapi

FLUX = "fal-ai/flux-lora/inpainting"
STEPS = {"type": "integer", "title": "Steps", "minimum": 1, "maximum": 50, "default": 28}


@pytest.fixture
def fal() -> Iterator[FalStandin]:
    documents = {
        "fal-ai/words": openapi("fal-ai/words", {"prompt": {"type": "string"}}),
        FLUX: inpainter(FLUX, num_inference_steps=STEPS),
    }
    with FalStandin(documents) as standin:
        yield standin


@pytest.fixture
def desk(
    qapp: QApplication,
    loop: asyncio.AbstractEventLoop,
    qtbot: QtBot,
    tmp_path: Path,
    photo: Path,
    fal: FalStandin,
    run: Run,
) -> Iterator[Hand]:
    """A program whose catalogue is the stand-in's, with the photo open and the panel in use."""
    places = Places.below(tmp_path / "profile")
    settings = Settings(places.settings)
    settings.set("bases", bases_at(fal.url))
    settings.set("seen_hints", True)
    settings.flush()
    program = fresh(qapp, loop, places)
    hand = Hand(program, qtbot)
    program.start(photo)
    hand.until(lambda: program.document.picture is not None)
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    yield hand
    end(program, run)


def page(kind: type[Any]) -> Any:
    """The page of that kind, in front."""
    found = next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible())
    found.activateWindow()
    QTest.qWaitForWindowActive(found)
    return found


def press(inside: QWidget, words: str) -> None:
    button = next(one for one in inside.findChildren(QPushButton) if one.text() == words)
    assert button.isEnabled(), words
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def add_by_id(hand: Hand, name: str) -> AddPage:
    hand.do("add-endpoint")
    adding = page(AddPage)
    assert isinstance(adding, AddPage)
    adding.name.setFocus()
    QTest.keyClicks(adding.name, name)
    QTest.keyClick(adding.name, Qt.Key.Key_Return)
    return adding


def test_an_endpoint_is_added_by_the_link_of_its_page_and_chosen(desk: Hand, fal: FalStandin) -> None:
    program = desk.program
    adding = add_by_id(desk, f"https://fal.ai/models/{FLUX}/playground")
    desk.until(lambda: program.parameters.endpoint.id == FLUX)
    assert adding.said().startswith("Added") and "picture, mask and 2 fields" in adding.said()
    assert program.panel.form is not None and set(program.panel.form.rows) >= {"prompt", "num_inference_steps"}
    assert {asked.headers.get("authorization") for asked in fal.asked} == {None}
    adding.close()


def test_an_unknown_id_is_said_on_the_page_and_nothing_changes(desk: Hand) -> None:
    before = desk.program.parameters.endpoint.id
    adding = add_by_id(desk, "fal-ai/not-there")
    desk.until(lambda: adding.said().startswith("Error"))
    assert "fal-ai/not-there" in adding.said() or "no endpoint" in adding.said()
    assert desk.program.parameters.endpoint.id == before
    assert not any("not-there" in text for text in desk.said())
    adding.close()


def test_the_catalogue_is_searched_with_mask_taking_ones_first(desk: Hand) -> None:
    desk.do("add-endpoint")
    adding = page(AddPage)
    adding.search.setFocus()
    QTest.keyClicks(adding.search, "fal-ai")
    QTest.keyClick(adding.search, Qt.Key.Key_Return)
    desk.until(lambda: adding.found.count() == 2)
    assert [row.id for row in adding.found.rows()] == [FLUX, "fal-ai/words"]
    assert [row.badge for row in adding.found.rows()] == ["mask", ""]
    assert "2 found, 1 of them" in adding.said()
    QTest.keyClick(adding.search, Qt.Key.Key_Down)
    assert adding.found.hasFocus()
    QTest.keyClick(adding.found, Qt.Key.Key_Return)
    desk.until(lambda: desk.program.parameters.endpoint.id == FLUX)
    adding.close()


def test_a_document_is_added_from_the_clipboard_and_stays_after_a_restart(
    desk: Hand, qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path, run: Run
) -> None:
    QGuiApplication.clipboard().setText(json.dumps(inpainter("someone/own")))
    desk.do("add-endpoint")
    adding = page(AddPage)
    press(adding, "Paste JSON")
    desk.until(lambda: desk.program.parameters.endpoint.id == "someone/own")
    adding.close()
    end(desk.program, run)
    again = fresh(qapp, loop, Places.below(tmp_path / "profile"))
    assert again.parameters.endpoint.id == "someone/own" and again.parameters.endpoint.own
    end(again, run)


def test_pasted_text_that_is_no_document_is_refused_in_words(desk: Hand) -> None:
    QGuiApplication.clipboard().setText("hello")
    desk.do("add-endpoint")
    adding = page(AddPage)
    press(adding, "Paste JSON")
    desk.until(lambda: adding.said().startswith("Error"))
    adding.close()


def test_what_changed_is_shown_before_the_new_document_is_taken(desk: Hand, fal: FalStandin) -> None:
    program = desk.program
    add_by_id(desk, FLUX).close()
    desk.until(lambda: program.parameters.endpoint.id == FLUX)
    program.parameters.set_value("num_inference_steps", 40)
    fal.documents[FLUX] = inpainter(FLUX, num_inference_steps={**STEPS, "maximum": 30}, acceleration={"type": "string"})
    desk.do("refresh-endpoint")
    desk.until(lambda: any(isinstance(one, ChangesPage) and one.isVisible() for one in QApplication.topLevelWidgets()))
    changes = page(ChangesPage)
    told = [changes.list.item(at).text() for at in range(changes.list.count())]
    assert len(told) == 2 and any("30" in text and "50" in text for text in told)
    assert next(field for field in program.parameters.endpoint.fields if field.title == "Steps").maximum == 50
    press(changes, "Take the new one")
    desk.until(lambda: "acceleration" in {field.path for field in program.parameters.endpoint.fields})
    assert program.parameters.values["num_inference_steps"] in (30, 40)
    assert program.parameters.endpoint.id == FLUX


def test_reading_again_without_a_change_says_so(desk: Hand) -> None:
    add_by_id(desk, FLUX).close()
    desk.until(lambda: desk.program.parameters.endpoint.id == FLUX)
    desk.do("refresh-endpoint")
    desk.until(lambda: any("has not changed" in text for text in desk.said()))


def test_an_own_endpoint_is_taken_away_and_brought_back(desk: Hand) -> None:
    program = desk.program
    add_by_id(desk, FLUX).close()
    desk.until(lambda: program.parameters.endpoint.id == FLUX)
    program.parameters.set_value("prompt", "kept with it")
    desk.do("remove-endpoint")
    desk.until(lambda: FLUX not in {endpoint.id for endpoint in program.parameters.endpoints})
    assert not program.window.action("remove-endpoint").isEnabled()
    message = next(one for one in program.messages.messages if "taken away" in one.text)
    assert message.act is not None
    message.act()
    desk.until(lambda: program.parameters.endpoint.id == FLUX)
    assert program.parameters.values == {"prompt": "kept with it"}


def test_a_role_is_corrected_and_the_correction_is_kept(
    desk: Hand, qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path, run: Run
) -> None:
    program = desk.program
    document = openapi(
        "someone/odd", {"words": {"type": "string"}, "base": {"type": "string"}, "holes": {"type": "string"}}
    )
    QGuiApplication.clipboard().setText(json.dumps(document))
    desk.do("add-endpoint")
    adding = page(AddPage)
    press(adding, "Paste JSON")
    desk.until(lambda: program.parameters.endpoint.id == "someone/odd")
    adding.close()
    desk.do("roles")
    roles = page(RolesPage)
    wanted: tuple[tuple[Role, str], ...] = (("picture", "base"), ("mask", "holes"), ("prompt", "words"))
    for role, path in wanted:
        box = roles.boxes[role]
        box.setFocus()
        while box.currentData() != path:
            QTest.keyClick(box, Qt.Key.Key_Down)
        desk.until(lambda: program.parameters.endpoint.binding.roles.get(role) == path)  # noqa: B023
    roles.polarity.setFocus()
    QTest.keyClick(roles.polarity, Qt.Key.Key_Down)
    desk.until(lambda: program.parameters.endpoint.binding.polarity == "black")
    assert program.panel.form is not None and "base" not in program.panel.form.rows
    roles.close()
    end(program, run)
    again = fresh(qapp, loop, Places.below(tmp_path / "profile"))
    binding = again.parameters.endpoint.binding
    assert dict(binding.roles) == {"picture": "base", "mask": "holes", "prompt": "words"}
    assert binding.polarity == "black"
    end(again, run)


def test_values_are_saved_as_a_preset_and_put_back(desk: Hand) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    program.parameters.set_value("prompt", "a bench")
    program.parameters.set_value("num_inference_steps", 44)
    desk.do("save-preset")
    saving = page(SavePage)
    press(saving, "Save")
    assert saving.said().startswith("Error"), "a preset needs a name"
    saving.name.setFocus()
    QTest.keyClicks(saving.name, "Slow & sure")
    QTest.keyClick(saving.name, Qt.Key.Key_Return)
    desk.until(lambda: any(preset.name == "Slow & sure" for preset in named(program)))
    program.parameters.set_value("num_inference_steps", 10)
    menu = program.panel.presets_menu
    menu.aboutToShow.emit()
    action = next(one for one in menu.actions() if one.text() == "Slow && sure")
    action.trigger()
    desk.until(lambda: program.parameters.values["num_inference_steps"] == 44)


def named(program: Program) -> list[Any]:
    return list(program.presets.for_endpoint(program.parameters.endpoint))


def test_values_travel_as_json_on_the_clipboard(desk: Hand) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    program.parameters.set_value("prompt", "a “bench”")
    program.parameters.set_value("seed", 2**60)
    desk.do("copy-values")
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied == {"endpoint": "fal-ai/inpaint", "values": {"prompt": "a “bench”", "seed": 2**60}}
    desk.do("reset-values")
    assert program.parameters.values == {}
    desk.do("paste-values")
    assert program.parameters.values == copied["values"]


def test_a_key_among_the_values_is_not_copied(desk: Hand) -> None:
    document = openapi("someone/keyed", {"prompt": {"type": "string"}, "api_key": {"type": "string"}})
    QGuiApplication.clipboard().setText(json.dumps(document))
    desk.do("add-endpoint")
    adding = page(AddPage)
    press(adding, "Paste JSON")
    desk.until(lambda: desk.program.parameters.endpoint.id == "someone/keyed")
    adding.close()
    desk.program.parameters.set_value("prompt", "a bench")
    desk.program.parameters.set_value("api_key", "canary")
    desk.do("copy-values")
    assert "canary" not in QGuiApplication.clipboard().text() and "a bench" in QGuiApplication.clipboard().text()
    assert desk.said()[0] == "Copied 1 value as JSON. 1 left out: a key is for nobody else."


def test_a_paste_from_elsewhere_says_what_became_of_it(desk: Hand) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    QGuiApplication.clipboard().setText('{"prompt": "x", "nonsense": 1, "image_url": "https://a/b.png"}')
    desk.do("paste-values")
    assert program.parameters.values == {"prompt": "x"}
    assert any("nonsense" in text.lower() for text in desk.said())
    QGuiApplication.clipboard().setText("no json")
    desk.do("paste-values")
    assert program.parameters.values == {"prompt": "x"}


def test_switching_says_what_was_carried_and_takes_it_back(desk: Hand, qtbot: QtBot) -> None:
    program = desk.program
    parameters = program.parameters
    parameters.choose("fal-ai/inpaint")
    parameters.set_value("prompt", "a bench")
    parameters.set_value("num_inference_steps", 40)
    parameters.choose("fal-ai/z-image/turbo/inpaint")
    assert parameters.values == {"prompt": "a bench", "num_inference_steps": 8}
    told = next(message for message in program.messages.messages if "clamped" in message.text.lower())
    assert "40" in told.text or "40" in told.details
    assert told.act is not None
    told.act()
    assert parameters.values == {}
    parameters.choose("fal-ai/inpaint")
    assert parameters.values == {"prompt": "a bench", "num_inference_steps": 40}


def test_the_words_of_a_refusal_stand_beside_the_field(desk: Hand, until_shown: Callable[..., None]) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    program.parameters.choose_backend("practice")
    program.panel.practice_changed.emit({"delay": 0, "queue": 0, "failure": "refused"})
    program.parameters.set_value("prompt", "a bench")
    program.parameters.set_value("model_name", "some/checkpoint")
    desk.stroke((60, 60), (90, 90))
    desk.do("generate")
    desk.until(lambda: bool(program.parameters.complaints))
    (path,) = program.parameters.complaints
    row = program.panel.form.rows[path] if program.panel.form is not None else None
    assert row is not None
    until_shown(row, program.parameters.complaints[path])
    assert program.generation.readiness().reason == "", "what a provider refused may be tried again"


@pytest.fixture
def until_shown(qtbot: QtBot) -> Callable[..., None]:
    """Wait until a row says these words."""

    def wait(row: Any, words: str) -> None:
        qtbot.waitUntil(lambda: words in row._words.text() and row._words.isVisible())

    return wait


def test_a_report_goes_by_itself_where_nothing_was_lost_and_ends_with_the_next_choice(desk: Hand) -> None:
    program = desk.program
    parameters = program.parameters
    parameters.choose("fal-ai/inpaint")
    parameters.set_value("prompt", "a bench")
    parameters.choose("fal-ai/z-image/turbo/inpaint")
    (kept,) = (message for message in program.messages.messages if message.text.endswith("kept 1."))
    assert kept.passes and kept.action == "Undo"
    parameters.set_value("num_inference_steps", 3)
    parameters.reset_all()
    parameters.choose("local/fill")
    assert not any("kept" in message.text for message in program.messages.messages)


def test_what_a_new_document_did_to_values_is_said_without_an_undo_that_could_do_nothing(
    desk: Hand, fal: FalStandin
) -> None:
    program = desk.program
    add_by_id(desk, FLUX).close()
    desk.until(lambda: program.parameters.endpoint.id == FLUX)
    program.parameters.set_value("num_inference_steps", 40)
    fal.documents[FLUX] = inpainter(FLUX, num_inference_steps={**STEPS, "maximum": 30})
    desk.do("refresh-endpoint")
    desk.until(lambda: any(isinstance(one, ChangesPage) and one.isVisible() for one in QApplication.topLevelWidgets()))
    press(page(ChangesPage), "Take the new one")
    desk.until(lambda: program.parameters.values["num_inference_steps"] == 30)
    told = next(message for message in program.messages.messages if "40" in message.text)
    assert told.action == "" and not told.passes


def test_a_preset_is_undone_with_its_blend(desk: Hand) -> None:
    program = desk.program
    parameters = program.parameters
    parameters.choose("local/fill")
    before = parameters.blend
    program.presets.apply(Preset("Soft", "local/fill", {"method": "texture"}, BlendSettings(grow=7, feather=5)))
    assert parameters.blend == BlendSettings(grow=7, feather=5)
    parameters.take_back()
    assert parameters.blend == before and parameters.values == {}


def test_pasted_names_of_another_spelling_find_their_fields(desk: Hand) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    QGuiApplication.clipboard().setText(
        '{"input": {"negativePrompt": "grass", "steps": 12, "prompt": "x", "maskUrl": "y"}}'
    )
    desk.do("paste-values")
    assert program.parameters.values == {"prompt": "x", "negative_prompt": "grass", "num_inference_steps": 12}
    assert any("renamed 2" in text and "dropped maskUrl" in text for text in desk.said())


def test_asking_shows_what_is_done_and_ends_with_cancel_on_the_page_and_beside_the_work(
    desk: Hand, fal: FalStandin
) -> None:
    program = desk.program
    fal.trouble = "slow"
    adding = add_by_id(desk, FLUX)
    desk.until(lambda: adding.said().startswith("Reading"))
    press(adding, "Cancel")
    assert adding.said() == "Cancelled: nothing was added."
    desk.until(lambda: not program.endpoints.doing)
    adding.close()
    add_by_id(desk, FLUX).close()
    desk.until(lambda: any(text == f"Reading {FLUX}…" for text in desk.said()))
    desk.do("add-endpoint")
    again = page(AddPage)
    assert again.said() == f"Reading {FLUX}"
    again.close()
    desk.until(lambda: bool(program.messages.messages))
    program.messages.messages[0].act()  # type: ignore[misc]  # the message has one
    desk.until(lambda: not program.endpoints.doing and not program.messages.messages)
    assert program.parameters.endpoint.id != FLUX


def test_later_results_that_take_a_mask_join_the_first_ones(desk: Hand, fal: FalStandin) -> None:
    fal.documents = {f"a/words-{n}": openapi(f"a/words-{n}", {"prompt": {"type": "string"}}) for n in range(4)}
    fal.documents["a/mask"] = inpainter("a/mask")
    fal.most = 1
    desk.do("add-endpoint")
    adding = page(AddPage)
    QTest.keyClick(adding.search, Qt.Key.Key_Return)
    desk.until(lambda: adding.found.count() == 4)
    chosen = adding.found.chosen()
    press(adding, "More results")
    desk.until(lambda: adding.found.count() == 5)
    assert adding.found.rows()[0].id == "a/mask"
    assert adding.found.chosen() == chosen, "what was selected stays selected"
    adding.close()


def test_what_cannot_be_read_again_or_taken_away_says_why(desk: Hand) -> None:
    program = desk.program
    action = program.window.action
    program.parameters.choose("fal-ai/inpaint")
    assert action("refresh-endpoint").isEnabled() and not action("remove-endpoint").isEnabled()
    assert "comes with the program" in action("remove-endpoint").toolTip()
    program.parameters.choose("local/fill")
    assert "part of the program" in action("refresh-endpoint").toolTip()
    QGuiApplication.clipboard().setText('{"title": "Mine", "properties": {"prompt": {"type": "string"}}}')
    desk.do("add-endpoint")
    adding = page(AddPage)
    press(adding, "Paste JSON")
    desk.until(lambda: program.parameters.endpoint.own)
    adding.close()
    assert not action("refresh-endpoint").isEnabled() and "from a file" in action("refresh-endpoint").toolTip()
    assert action("remove-endpoint").isEnabled()


def test_pasted_documents_without_a_name_are_refused_without_an_invented_one(desk: Hand) -> None:
    desk.do("add-endpoint")
    adding = page(AddPage)
    for text in ("{}", "[]", '{"type": "object"}', '{"prompt": "x"}'):
        QGuiApplication.clipboard().setText(text)
        adding.say("")
        press(adding, "Paste JSON")
        desk.until(lambda: adding.said().startswith("Error"))
        assert "pasted/" not in adding.said() and "What was given" in adding.said()
    adding.close()


def test_a_preset_saved_over_another_one_is_undone(desk: Hand) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    for steps in (10, 20):
        program.parameters.set_value("num_inference_steps", steps)
        desk.do("save-preset")
        saving = page(SavePage)
        QTest.keyClicks(saving.name, "Mine")
        QTest.keyClick(saving.name, Qt.Key.Key_Return)
        desk.until(lambda: any(one.values == {"num_inference_steps": steps} for one in named(program)))  # noqa: B023
    told = program.messages.messages[0]
    assert "in the place of" in told.text and told.act is not None
    told.act()
    desk.until(lambda: any(one.values == {"num_inference_steps": 10} for one in named(program)))


def test_presets_of_other_endpoints_are_named_with_theirs_and_long_menus_scroll(desk: Hand) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    desk.until(lambda: bool(program.presets.others(program.parameters.endpoint)))
    menu = program.panel.presets_menu
    menu.aboutToShow.emit()
    others = next(one.menu() for one in menu.actions() if one.text() == "Of other endpoints")
    assert isinstance(others, QMenu)
    names = [one.text() for one in others.actions()]
    assert "Fast draft · Fooocus Inpaint" in names and len(set(names)) == len(names)
    assert menu.style().styleHint(QStyle.StyleHint.SH_Menu_Scrollable, None, menu) == 1


def test_what_moved_values_is_said_with_them(desk: Hand) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    program.presetting.use(named(program)[0])
    assert desk.said()[0] == "“Photo (Realistic Vision)” sets 3 values."
    QGuiApplication.clipboard().setText('{"prompt": "x"}')
    desk.do("paste-values")
    assert desk.said()[0] == "Pasted 1 value."
    QGuiApplication.clipboard().setText('{"prompt": "x", "nonsense": 1}')
    desk.do("paste-values")
    assert desk.said()[0] == "Pasted: kept 1; dropped nonsense."
    program.parameters.choose("fal-ai/fooocus/inpaint")
    assert desk.said()[0] == "Fooocus Inpaint: kept 1."


def test_an_endpoint_of_the_programs_own_that_is_added_by_id_keeps_what_is_known_of_it(
    desk: Hand, fal: FalStandin
) -> None:
    program = desk.program
    program.parameters.choose("fal-ai/inpaint")
    ours = program.parameters.endpoint
    schema = {name: dict(node) for name, node in ours.input["properties"].items()}
    fal.documents["fal-ai/inpaint"] = openapi("fal-ai/inpaint", {**schema, "fresh": {"type": "string"}})
    add_by_id(desk, "fal-ai/inpaint").close()
    desk.until(lambda: program.parameters.endpoint.own)
    added = program.parameters.endpoint
    assert "fresh" in {field.path for field in added.fields}
    assert (added.title, added.rules, dict(added.binding.roles)) == (ours.title, ours.rules, dict(ours.binding.roles))
    assert [field.title for field in added.fields][:3] == [field.title for field in ours.fields][:3]
    desk.do("remove-endpoint")
    desk.until(lambda: program.parameters.endpoint == ours)
