"""Presets as JSON: the same after a round trip, and plain bounded text whatever a shared file says."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.attachments import Attachment, attachment_text
from app.core.errors import InputError
from app.core.preset import (
    LONGEST,
    Preset,
    for_others,
    preset_from_json,
    preset_name,
    preset_note,
    preset_to_json,
)
from app.core.request import BlendSettings

Json = Any
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=9), below, max_size=3),
    max_leaves=12,
)
BLENDS = st.none() | st.builds(BlendSettings, st.integers(0, 1000), st.floats(0, 1000))


def plain(document: Json) -> Json:
    return json.loads(json.dumps(document))


@given(st.dictionaries(st.text(max_size=20), JSON, max_size=5), BLENDS)
@settings(max_examples=60, deadline=None)
def test_a_preset_is_the_same_after_a_round_trip(values: dict[str, Json], blend: BlendSettings | None) -> None:
    preset = Preset("Warm light", "far/a", values, blend, "For evenings")
    assert preset_from_json(plain(preset_to_json(preset))) == preset


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_anything_that_is_no_preset_is_refused_in_words(document: Json) -> None:
    with pytest.raises(InputError) as refused:
        preset_from_json(document)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": True},
        {"format": "1"},
        {"preset": 7},
        {"preset": "  "},
        {"preset": "n" * 81},
        {"endpoint": ""},
        {"endpoint": None},
        {"endpoint": "e" * 500},
        {"values": [1]},
        {"values": {"n" * 300: 1}},
        {"values": dict.fromkeys(map(str, range(3000)), 1)},
        {"note": 5},
        {"note": "n" * 2000},
        {"blend": 4},
        {"blend": {"grow": -1}},
        {"blend": {"grow": "1"}},
        {"blend": {"feather": 1e9}},
        {"blend": {"feather": float("nan")}},
        {"blend": {"grow": True}},
    ],
)
def test_a_damaged_preset_is_refused_in_words(change: dict[str, Json]) -> None:
    sound = {"format": 1, "preset": "Fast", "endpoint": "far/a", "values": {"steps": 4}}
    assert preset_from_json(sound).name == "Fast"
    with pytest.raises(InputError) as refused:
        preset_from_json({**sound, **change})
    assert str(refused.value).endswith(".") and len(str(refused.value)) < 200


def test_a_name_is_one_line_of_plain_text() -> None:
    assert preset_name("  Warm\n\tlight\x00 ") == "Warm light"
    assert preset_name("a\u202eb\u200bc\ud800") == "abc"
    assert preset_name("Ж" * LONGEST) == "Ж" * LONGEST
    for empty in ("", " \n ", "\u200b", "\u200d \u200c"):
        with pytest.raises(InputError, match="needs a name"):
            preset_name(empty)
    with pytest.raises(InputError, match="use at most 80 characters"):
        preset_name("a" * 81)
    with pytest.raises(InputError):
        preset_name("a" * 5_000_000)


def test_words_and_signs_that_are_written_with_joiners_stay_whole() -> None:
    assert preset_name("می\u200cخواهم 👩\u200d🎨") == "می\u200cخواهم 👩\u200d🎨"
    assert Preset("می\u200cخواهم", "a", {}).key == Preset("میخواهم", "a", {}).key


def test_a_note_keeps_its_lines_and_nothing_that_is_not_plain() -> None:
    assert preset_note("For skies\r\n\tand  water\x1b[31m") == "For skies\nand water [31m"
    with pytest.raises(InputError, match="1000"):
        preset_note("a" * 1001)


def test_names_differ_by_more_than_case_and_spelling() -> None:
    one = Preset("Straße", "far/a", {})
    assert one.key == Preset("STRASSE", "far/a", {}).key
    assert one.key != Preset("Straße", "far/b", {}).key
    assert Preset("Cafe\u0301", "a", {}).key == Preset("Café", "a", {}).key


def test_files_of_this_computer_are_left_out_however_deep_they_lie() -> None:
    file = attachment_text(Attachment("0" * 64, ".png", "me.png"))
    values = {"a": file, "b": [{"c": file}], "d": 1, "e": f"not {file}"}
    assert for_others(Preset("P", "far/a", values)).values == {"d": 1, "e": f"not {file}"}
    keys = {"api_key": "canary", "loras": [{"path": "https://host/a?token=canary"}], "prompt": "a bench"}
    assert for_others(Preset("P", "far/a", keys)).values == {"prompt": "a bench"}
