"""A value made to fit a field: as it is, written otherwise, the nearest that is allowed, or not at all."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.carry import carry
from app.core.fitting import MOST_ENTRIES
from app.core.values import fault
from tests.core.far_endpoint import LIMITS, NUMBERS, endpoint

Json = Any


def one(value: Json, before: Json, after: Json) -> tuple[Json, str, str]:
    """The field "x" from one schema to another: what arrived (None for nothing), its move's kind and text."""
    carried = carry({"x": value}, endpoint("far/a", x=before), endpoint(x=after))
    [move] = carried.moves
    return carried.values.get("x"), move.kind, move.text


NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("value", "before", "after", "arrived", "kind"),
    [
        (30, INTEGER, {"type": "integer", "maximum": 8}, 8, "clamped"),
        (-1, INTEGER, {"type": "integer", "minimum": 0}, 0, "clamped"),
        (0, NUMBER, {"type": "number", "exclusiveMinimum": 0, "maximum": 1}, 0.01, "clamped"),
        (5.0, NUMBER, {"type": "number", "exclusiveMaximum": 1, "minimum": 0}, 0.99, "clamped"),
        (9, INTEGER, {"type": "integer", "exclusiveMaximum": 8, "exclusiveMinimum": 2}, 7, "clamped"),
        (0.6184, NUMBER, {"type": "number", "multipleOf": 0.001}, 0.618, "clamped"),
        (700, INTEGER, {"type": "integer", "minimum": 64, "maximum": 2048, "multipleOf": 8}, 704, "clamped"),
        (4, INTEGER, {"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 2}, 4, "kept"),
        (5, INTEGER, {"type": "integer", "minimum": 3, "maximum": 9, "step": 2}, 5, "kept"),
        (5, INTEGER, {"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 2}, 4, "clamped"),
        (2.5, NUMBER, INTEGER, 2, "clamped"),
        (8.0, NUMBER, INTEGER, 8.0, "kept"),
        (7, INTEGER, {"type": "integer", "multipleOf": 2.5}, 5, "clamped"),
        (7, INTEGER, {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 4}, None, "dropped"),
        (10**40, INTEGER, {"type": "integer", "maximum": 2**32 - 1}, 2**32 - 1, "clamped"),
        (196619188014358660, INTEGER, TEXT, "196619188014358660", "kept"),
        ("196619188014358660", TEXT, INTEGER, 196619188014358660, "kept"),
        ("7.5", TEXT, {"type": "number", "maximum": 5}, 5.0, "clamped"),
        ("many", TEXT, INTEGER, None, "dropped"),
        ("1e400", TEXT, NUMBER, None, "dropped"),
        (True, {"type": "boolean"}, INTEGER, None, "dropped"),
        (1, INTEGER, {"type": "boolean"}, None, "dropped"),
        ("high", TEXT, {"type": "string", "enum": ["low"]}, None, "dropped"),
        ("jpg", TEXT, {"type": "string", "enum": ["png", "jpeg"]}, "jpeg", "kept"),
        ("jpeg", TEXT, {"type": "string", "enum": ["jpg", "png"]}, "jpg", "kept"),
        ("PNG", TEXT, {"type": "string", "enum": ["png", "jpeg"]}, "png", "kept"),
        ("image/png", TEXT, {"type": "string", "enum": ["png", "jpeg"]}, "png", "kept"),
        (3, INTEGER, {"type": "integer", "enum": [1, 2]}, None, "dropped"),
        (None, {"anyOf": [INTEGER, {"type": "null"}]}, INTEGER, None, "dropped"),
        ("long words", TEXT, {"type": "string", "maxLength": 4}, "long words", "kept"),
        ("a", TEXT, {"type": "string", "minLength": 4}, None, "dropped"),
        ([1, 2, 3], {"type": "array"}, {"type": "array", "maxItems": 2}, [1, 2], "clamped"),
        ([1], {"type": "array"}, {"type": "array", "minItems": 2}, None, "dropped"),
        ("a", TEXT, {"type": "array"}, None, "dropped"),
        (["a", "q"], {"type": "array"}, {"type": "array", "items": {"enum": ["a", "b"]}}, ["a"], "clamped"),
        (["q"], {"type": "array"}, {"type": "array", "items": {"enum": ["a", "b"]}}, None, "dropped"),
        ([], {"type": "array", "items": TEXT}, {"type": "array", "items": INTEGER}, [], "kept"),
        ({"a": 1}, {"type": "object"}, {"type": "object"}, {"a": 1}, "kept"),
        ({"a": 9, "b": 1}, {"type": "object"}, {"properties": {"a": {**INTEGER, "maximum": 5}}}, {"a": 5}, "clamped"),
        ({"b": 1}, {"type": "object"}, {"properties": {"a": INTEGER}, "required": ["a"]}, None, "dropped"),
    ],
)  # fmt: skip
def test_a_value_fits_or_is_made_to_or_goes(value: Json, before: Json, after: Json, arrived: Json, kind: str) -> None:
    got, how, text = one(value, before, after)
    assert (got, how) == (arrived, kind) and type(got) is type(arrived)
    assert text.startswith("X") and (how == "kept" or text != "X")


def test_entries_of_a_list_move_when_their_fields_fit() -> None:
    lora = {"path": TEXT, "scale": {"type": "number", "maximum": 4}}
    there = {"path": TEXT, "scale": {"type": "number", "maximum": 1}}
    before = {"type": "array", "items": {"type": "object", "properties": {**lora, "extra": INTEGER}}}
    after = {"type": "array", "items": {"type": "object", "properties": there, "required": ["path"]}}
    given = [{"path": "a", "scale": 0.5}, {"path": "b", "scale": 3}, {"scale": 1}, {"path": "c", "extra": 1}]
    got, how, text = one(given, before, after)
    assert got == [{"path": "a", "scale": 0.5}, {"path": "b", "scale": 1}, {"path": "c"}]
    assert (how, text) == ("clamped", "X: 1 of 4 entries left out, 2 entries changed")


def test_a_text_that_is_too_long_is_whole_and_said_even_inside_a_list() -> None:
    after = {"type": "array", "items": {"properties": {"words": {"type": "string", "maxLength": 3}}}}
    got, how, text = one([{"words": "abcdef"}], {"type": "array"}, after)
    assert (got, how) == ([{"words": "abcdef"}], "kept") and "longer than the 3 characters" in text


def test_a_pasted_list_of_a_million_entries_is_bounded() -> None:
    got, how, text = one(["a"] * 1_000_000, {"type": "array"}, {"type": "array", "items": TEXT})
    assert len(got) == MOST_ENTRIES and how == "clamped" and "left out" in text


def test_the_report_says_from_what_to_what() -> None:
    assert one(30, INTEGER, {"type": "integer", "maximum": 8})[2] == "X: 30 → 8"
    assert one("high", TEXT, {"type": "string", "enum": ["low"]})[2] == "X: “high” cannot be chosen here"
    assert one("jpg", TEXT, {"type": "string", "enum": ["jpeg"]})[2] == "X: “jpg” is written “jpeg” here"
    assert carry({"y": 1}, endpoint("far/a", y=INTEGER), endpoint()).moves[0].text == "Y: no such field here"


@given(LIMITS, NUMBERS, st.sampled_from(["integer", "number"]))
@settings(max_examples=100, deadline=None)
def test_no_allowed_number_is_nearer(limits: dict[str, Json], value: float, kind: str) -> None:
    there = endpoint(x={"type": kind, **limits})
    carried = carry({"x": value}, endpoint("far/a", x=NUMBER), there)
    got = carried.values.get("x")
    candidates = [number / 1000 for number in range(-60_000, 60_001, 250)] + [
        float(number) for number in range(-60, 61)
    ]
    allowed = [number for number in candidates if not fault(there.fields[0], number)]
    if got is None:
        assert not allowed
        return
    open_ended = (
        {"exclusiveMinimum", "exclusiveMaximum"} & limits.keys() and kind == "number" and "multipleOf" not in limits
    )
    slack = 0.5 if open_ended else 1e-9
    assert all(abs(got - value) <= abs(number - value) + slack for number in allowed)
    assert math.isfinite(got)
