"""Values that come back: with an entry, as its endpoint was recorded; with a picture; after a refusal and a restart."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.compose import Program
from app.state.history import NOT_RECORDED
from app.store.places import Places
from app.store.records import Entry
from tests.flows.conftest import Hand, Run, at_work, end

Json = Any
ID = "mine/inpaint"


def document(**fields: Json) -> dict[str, Json]:
    """An endpoint of the user's own, with ``fields`` beside the usual ones."""
    text, picture = {"type": "string"}, {"type": "string", "format": "uri"}
    properties = {"prompt": text, "image_url": picture, "mask_url": picture, "seed": {"type": "integer"}, **fields}
    return {
        "format": 1,
        "id": ID,
        "title": "Mine",
        "provider": "fal",
        "input": {"type": "object", "properties": properties, "required": ["image_url", "mask_url"]},
        "output": {"type": "object", "properties": {"images": {"type": "array", "items": {"type": "object"}}}},
        "binding": {
            "picture": "image_url",
            "mask": "mask_url",
            "prompt": "prompt",
            "seed": "seed",
            "results": "images[].url",
        },
    }


SOFT = {"softness": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5}}
VALUES = {"prompt": "a door", "seed": 7, "softness": 0.25}


@pytest.fixture
def profile(tmp_path: Path) -> Places:
    places = Places.below(tmp_path / "profile")
    places.endpoints.mkdir(parents=True)
    return places


def keep(profile: Places, endpoint: Json) -> None:
    """The endpoint's file as it is from the next start on; None takes it away."""
    path = profile.endpoints / "mine.json"
    path.unlink(missing_ok=True)
    if endpoint is not None:
        path.write_text(json.dumps(endpoint))


@pytest.fixture
def begin(make_program: Callable[[], Program], qtbot: QtBot, photo: Path, profile: Places) -> Callable[[], Hand]:
    def begun() -> Hand:
        hand = at_work(make_program(), qtbot, photo)
        program = hand.program
        program.practice.options = replace(program.practice.options, delay=0, queue=0, failure="none")
        return hand

    return begun


def made(hand: Hand) -> Entry:
    """A result of the user's own endpoint with all its values set."""
    parameters = hand.program.parameters
    parameters.choose(ID)
    parameters.choose_backend("practice")
    parameters.reset_all()
    for path, value in VALUES.items():
        parameters.set_value(path, value)
    hand.stroke((80, 90), (120, 90))
    hand.fill()
    return hand.program.history.entries()[0]


def again(begin: Callable[[], Hand], hand: Hand, run: Run) -> Hand:
    """Quit and start anew; the history is there."""
    end(hand.program, run)
    other = begin()
    other.until(lambda: len(other.program.history.entries()) > 0)
    return other


@pytest.mark.parametrize(
    "now", [document(), document(softness={"type": "integer"}), None], ids=["less", "other", "gone"]
)
def test_an_entry_is_repeated_as_recorded_whatever_became_of_its_endpoint(
    begin: Callable[[], Hand], profile: Places, run: Run, now: Json
) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    first = made(hand)
    hand.program.parameters.choose("local/fill")
    keep(profile, now)
    hand = again(begin, hand, run)
    parameters = hand.program.parameters
    hand.program.generating.recall(first.id)
    hand.until(lambda: parameters.endpoint.id == ID)
    assert parameters.values == VALUES and parameters.endpoint.version == first.schema
    assert parameters.endpoint.title == "Mine (as recorded)" and parameters.problems == {}
    assert [text for text in hand.said() if "as it was then" in text]
    assert hand.program.panel.form is not None and hand.program.panel.form.reveal("softness") is not None
    parameters.choose_backend("practice")
    hand.program.canvas.setFocus()
    hand.fill()
    second = hand.program.history.entries()[0]
    assert (second.schema, dict(second.values), second.endpoint) == (first.schema, dict(first.values), ID)
    hand = again(begin, hand, run)
    assert hand.program.parameters.endpoint.version == first.schema, "a restart keeps even this"
    assert hand.program.parameters.values == VALUES


def test_an_entry_whose_endpoint_is_as_it_was_is_simply_recalled(
    begin: Callable[[], Hand], profile: Places, run: Run
) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    first = made(hand)
    keep(profile, {**document(**SOFT), "title": "Renamed", "description": "Words change nothing."})
    hand = again(begin, hand, run)
    parameters = hand.program.parameters
    parameters.choose("local/fill")
    hand.program.generating.recall(first.id)
    hand.until(lambda: parameters.endpoint.id == ID)
    assert (parameters.endpoint.title, parameters.endpoint.version, parameters.values) == ("Renamed", "", VALUES)


def test_a_damaged_record_of_an_endpoint_is_one_sentence(begin: Callable[[], Hand], profile: Places, run: Run) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    first = made(hand)
    keep(profile, document())
    path = hand.program.store.blobs.path(first.schema)
    hand = again(begin, hand, run)
    path.write_bytes(b"{}")
    parameters = hand.program.parameters
    parameters.choose("local/fill")
    hand.program.generating.recall(first.id)
    hand.until(lambda: parameters.endpoint.id == ID)
    assert parameters.values == {"prompt": "a door", "seed": 7} and not parameters.endpoint.version
    hand.until(lambda: NOT_RECORDED in hand.said())
    assert any("softness" in text for text in hand.said()), "what could not be restored is named"


def test_an_entry_of_an_older_version_of_the_program_is_recalled(begin: Callable[[], Hand], profile: Places) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    first = made(hand)
    hand.program.history.add([replace(first, id="old", schema="")])
    hand.program.parameters.choose("local/fill")
    hand.program.generating.recall("old")
    assert (hand.program.parameters.endpoint.id, hand.program.parameters.values) == (ID, VALUES)


def shown_in(widget: QWidget) -> list[str]:
    """The words that are seen in it."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def test_a_refusal_stands_beside_its_field_and_generate_stays_possible(
    begin: Callable[[], Hand], profile: Places
) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    made(hand)
    program, parameters = hand.program, hand.program.parameters
    program.practice.options = replace(program.practice.options, failure="refused")
    program.generating.generate()
    hand.until(lambda: parameters.complaints != {})
    assert program.generation.readiness().reason == "" and parameters.problems == {}
    ((path, words),) = parameters.complaints.items()
    form = program.panel.form
    assert form is not None and any(words in shown for shown in shown_in(form.rows[path]))
    button = next(b for b in program.messages.findChildren(QPushButton) if b.text() == "Show the field")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    hand.until(lambda: QApplication.focusWidget() in form.rows[path].findChildren(QWidget))
    program.practice.options = replace(program.practice.options, failure="none")
    program.generating.generate()
    hand.until(lambda: len(program.history.entries()) == 2)
    assert parameters.complaints == {}, "what was said of an earlier try is over"


def test_values_prompts_and_seed_survive_a_restart_and_follow_their_picture(
    begin: Callable[[], Hand], profile: Places, run: Run, tmp_path: Path, photo: Path
) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    made(hand)
    other = tmp_path / "other.png"
    Image.new("RGB", (64, 48), "white").save(other)
    hand.open(other)
    assert hand.program.parameters.values == VALUES, "a picture never seen keeps what stands"
    hand.program.parameters.choose("local/fill")
    hand.program.parameters.reset_all()
    hand.program.parameters.set_value("engine", "quick")
    hand = again(begin, hand, run)
    parameters = hand.program.parameters
    assert (parameters.endpoint.id, parameters.values) == (ID, VALUES)
    assert parameters.prompts("prompt")[0] == "a door" and parameters.last_seed == 7
    hand.open(other)
    assert (parameters.endpoint.id, parameters.values) == ("local/fill", {"engine": "quick"})
    hand.open(photo)
    assert (parameters.endpoint.id, parameters.values) == (ID, VALUES)


def test_a_job_keeps_its_document_once(begin: Callable[[], Hand], profile: Places) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    first = made(hand)
    hand.program.canvas.setFocus()
    hand.key(Qt.Key.Key_Escape)
    hand.program.generating.generate()
    hand.until(lambda: len(hand.program.history.entries()) == 2)
    entries = hand.program.history.entries()
    assert entries[0].schema == entries[1].schema == first.schema
    stored = json.loads(hand.program.store.blobs.get(first.schema))
    assert stored["id"] == ID and set(stored["input"]["properties"]) == set(document(**SOFT)["input"]["properties"])
    job = hand.program.store.job(first.job)
    assert job is not None and job.schema == first.schema and hand.program.store.check() == []


def test_what_was_set_a_moment_ago_is_there_for_a_program_that_starts_beside_this_one(
    begin: Callable[[], Hand], profile: Places, run: Run
) -> None:
    keep(profile, document(**SOFT))
    first = begin()
    first.program.parameters.choose(ID)
    first.program.parameters.set_value("prompt", "a door")
    with first.qtbot.waitSignal(first.program.values.rested, timeout=4000):
        pass
    digest = first.program.parameters.picture_names[0]
    kept = profile.state / "values" / f"{digest}.json"
    first.until(kept.exists)
    second = begin()
    assert (second.program.parameters.endpoint.id, second.program.parameters.values) == (ID, {"prompt": "a door"})
    second.program.parameters.set_value("prompt", "a window")
    first.program.parameters.set_value("seed", 3)
    end(first.program, run)
    end(second.program, run)
    third = begin()
    assert third.program.parameters.values == {"prompt": "a window"}, "the one that was written last, whole"
    assert third.said() == []


def test_damaged_values_of_a_picture_are_one_sentence(begin: Callable[[], Hand], profile: Places, run: Run) -> None:
    keep(profile, document(**SOFT))
    hand = begin()
    hand.program.parameters.choose(ID)
    hand.program.parameters.set_value("prompt", "a door")
    end(hand.program, run)
    (kept,) = (profile.state / "values").iterdir()
    kept.write_bytes(b'{"format": 1, "val')
    hand = begin()
    assert hand.program.parameters.values == {"prompt": "a door"}, "the settings have the last draft"
    assert len([text for text in hand.said() if "damaged" in text]) == 1


def test_a_recall_by_key_says_so_tells_the_seed_and_is_undone(hand: Hand) -> None:
    program, parameters = hand.program, hand.program.parameters
    hand.stroke((80, 90), (120, 90))
    hand.fill()
    entry = program.history.entries()[0]
    parameters.choose("local/fill")
    parameters.set_value("engine", "quick")
    parameters.set_blend(replace(parameters.blend, grow=9))
    program.strip.select(entry.id)
    program.strip.list.setFocus()
    QTest.keyClick(program.strip.list, Qt.Key.Key_V)
    assert parameters.values == {} and parameters.blend == entry.blend
    assert parameters.last_seed == entry.seed and f"Its seed was {entry.seed}" in hand.said()[0]
    undo = program.messages.messages[0].act
    assert undo is not None
    undo()
    assert parameters.values == {"engine": "quick"} and parameters.blend.grow == 9
