"""Values against fields: sentences for what is wrong, and exactly what is sent."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.errors import InputError
from app.core.rules import TYPE, broken, holds, idle
from app.core.schema import read_endpoint
from app.core.setting import parse_setting
from app.core.values import body, check, describe, fault, is_multiple, required_gaps, spell

Json = Any


def endpoint(properties: Json, required: tuple[str, ...] = (), **more: Json) -> Endpoint:
    return read_endpoint(
        {"id": "a/b", "title": "AB", "input": {"properties": properties, "required": list(required)}, **more}
    )


PAINT = endpoint(
    {
        "prompt": {"type": "string", "maxLength": 10},
        "image_url": {"type": "string"},
        "mask_url": {"type": "string"},
        "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "steps": {"type": "integer", "default": 8, "minimum": 1, "maximum": 8},
        "mode": {"const": "inpaint"},
        "size": {"type": "object", "properties": {"width": {"type": "integer", "maximum": 99}}, "required": ["width"]},
    },
    required=("prompt", "image_url", "mask_url", "steps", "mode"),
)


def test_only_what_nobody_can_answer_is_a_gap() -> None:
    assert required_gaps(PAINT, {}) == ("prompt",)
    assert check(PAINT, {}) == {"prompt": "A value is needed here."}
    assert check(PAINT, {"prompt": "a"}) == {}


def test_what_is_sent_is_what_was_set_and_what_is_required_with_an_answer() -> None:
    assert body(PAINT, {}) == {"steps": 8, "mode": "inpaint"}
    sent = body(PAINT, {"size": {"width": 4}, "prompt": "a", "seed": None, "image_url": "x", "nonsense": 1})
    assert sent == {"prompt": "a", "seed": None, "steps": 8, "mode": "inpaint", "size": {"width": 4}}
    assert list(sent) == ["prompt", "seed", "steps", "mode", "size"]


def test_what_is_sent_shares_nothing_with_the_values() -> None:
    values = {"prompt": "a", "size": {"width": 4}}
    body(PAINT, values)["size"]["width"] = 5
    assert values["size"] == {"width": 4}


def test_a_value_for_no_field_is_said() -> None:
    assert check(PAINT, {"prompt": "a", "stepz": 1}) == {"stepz": "AB has no field of this name."}


@pytest.mark.parametrize(
    ("node", "good", "bad"),
    [
        ({"type": "integer"}, [0, -3, 2**70, 4.0], [True, "3", 1.5, None, float("nan")]),
        ({"type": "number", "minimum": 0, "maximum": 1}, [0, 1, 0.5], [-0.1, 1.01, "a", True, float("inf")]),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, [0.01, 0.99], [0, 1]),
        ({"type": "integer", "multipleOf": 8, "minimum": 64}, [64, 512], [65, 56]),
        ({"type": "number", "multipleOf": 0.001}, [0.618, 0.001, 1, 0], [0.0005]),
        ({"type": "string", "minLength": 2, "maxLength": 3}, ["ab", "abc"], ["a", "abcd", 3, None]),
        ({"type": "boolean"}, [True, False], [1, 0, "true", None]),
        ({"enum": ["a", "b"]}, ["a"], ["c", "A", 1]),
        ({"enum": [1, 2]}, [1, 2.0], [True, 3, "1"]),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2}, [[], ["a", "b"]], [["c"], ["a"] * 3, "a"]),
        ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, [[[1], []]], [[["a"]], [1]]),
        ({"type": ["object", "null"], "properties": {}}, [{}, {"free": 1}, None], [[], "{}"]),
        ({}, [1, "a", None, [1], {"a": 2}], []),
    ],
)  # fmt: skip
def test_each_kind_of_limit(node: Json, good: list[Json], bad: list[Json]) -> None:
    field = endpoint({"x": node}).fields[0]
    assert [value for value in good if fault(field, value)] == []
    assert [value for value in bad if not fault(field, value)] == []


def test_sentences_are_short_and_say_what_is_allowed() -> None:
    assert fault(Field("x", "integer", "X", minimum=1), 0) == "This must be 1 or more."
    assert fault(Field("x", "number", "X", exclusive_minimum=0), 0) == "This must be more than 0."
    assert fault(Field("x", "number", "X", step=8.0), 3) == "This must be a multiple of 8."
    assert fault(Field("x", "string", "X", max_length=1), "ab") == "At most 1 character allowed; this has 2."
    assert fault(Field("x", "array", "X", min_items=2), []) == "At least 2 entries needed; this has 0."
    assert (
        fault(Field("x", "string", "X", enum=tuple("abcdefgh")), "z") == "z is not one of: a, b, c, d, e, f and 2 more."
    )
    assert len(fault(Field("x", "string", "X", enum=("a" * 5000,)), "b" * 5000)) < 200


def test_what_is_wrong_inside_a_value_is_said_with_its_place() -> None:
    node = {
        "type": "array",
        "items": {"properties": {"scale": {"type": "number", "maximum": 1}}, "required": ["scale"]},
    }
    field = endpoint({"loras": node}).fields[0]
    assert fault(field, [{"scale": 1}, {"scale": 2}]) == "Entry 2: Scale: This must be 1 or less."
    assert fault(field, [{}]) == "Entry 1: Scale is needed."


@settings(deadline=None)
@given(st.integers(-5, 20) | st.floats(-5, 20, allow_nan=False) | st.text(max_size=4) | st.none() | st.booleans())
def test_flat_checks_agree_with_jsonschema(value: Json) -> None:
    nodes: list[Json] = [
        {"type": "integer", "minimum": 1, "maximum": 8},
        {"type": "number", "exclusiveMinimum": 0, "maximum": 10},
        {"type": "string", "minLength": 1, "maxLength": 3},
        {"type": "boolean"},
        {"anyOf": [{"type": "integer", "maximum": 4}, {"type": "null"}]},
    ]
    for node in nodes:
        field = endpoint({"x": node}).fields[0]
        assert (not fault(field, value)) == Draft202012Validator(node).is_valid(value), node


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("prompt=a cat = good", ("prompt", "a cat = good")),
        ("prompt=123", ("prompt", "123")),
        ('prompt="quoted"', ("prompt", "quoted")),
        ("prompt=null", ("prompt", "null")),
        ("prompt=", ("prompt", "")),
        ("seed=123456789012345678901", ("seed", 123456789012345678901)),
        ("seed=null", ("seed", None)),
        (" steps =4", ("steps", 4)),
        ('prompt=""', ("prompt", "")),
        ("prompt= a ", ("prompt", " a ")),
        ("seed=", ("seed", "")),
        ("steps=four", ("steps", "four")),
        ('size={"width": 5}', ("size", {"width": 5})),
    ],
)
def test_settings_are_json_or_else_text(text: str, wanted: tuple[str, Json]) -> None:
    assert parse_setting(PAINT, text) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prompt", "name=value"), ("promt=a", "did you mean prompt?"), ("STEPS=1", "did you mean steps?"),
        ("zzz=1", "it has prompt, seed"), ("size.width=3", "size={...}"), ("image_url=x", "picture"),
        ("=1", "no field ''"),
    ],
)  # fmt: skip
def test_a_setting_for_nothing_is_refused_with_advice(text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        parse_setting(PAINT, text)
    assert said in str(error.value)


def test_fields_are_described_as_json() -> None:
    described = describe(PAINT)
    assert json.loads(json.dumps(described)) == described
    assert described["endpoint"] == "a/b"
    assert described["problems"] == []
    by_path = {field["path"]: field for field in described["fields"]}
    assert list(by_path) == ["prompt", "image_url", "mask_url", "seed", "steps", "mode", "size", "size.width"]
    assert by_path["steps"] == {
        "path": "steps", "kind": "integer", "required": True, "nullable": False, "default": 8, "minimum": 1,
        "maximum": 8,
        "exclusive_minimum": None, "exclusive_maximum": None, "step": None, "enum": None, "min_length": None,
        "max_length": None, "min_items": None, "max_items": None, "title": "Steps", "description": "", "role": None,
    }  # fmt: skip
    assert "default" not in by_path["prompt"]
    assert (by_path["image_url"]["role"], by_path["seed"]["role"]) == ("picture", "seed")


def test_rules_between_fields() -> None:
    rules: tuple[Json, ...] = (
        {"rule": "needs", "when": {"field": "a", "set": True}, "then": {"field": "b", "above": 0}, "text": "b too"},
        {"rule": "size_text", "field": "s", "multiple": 8, "text": "size"},
        {"rule": "at_most", "field": "l", "count": 2, "text": "two"},
        {"rule": "only_when", "fields": ["o"], "when": {"field": "on", "equals": True}, "text": "off"},
        {"rule": "idle_when", "fields": ["n"], "when": {"field": "g", "below": 1}, "text": "low"},
        {
            "rule": "needs",
            "types": ["t"],
            "when": {"field": "a", "set": True},
            "then": {"field": "z", "above": 0},
            "text": "z",
        },
        {"rule": "unheard of", "field": 3},
        {},
    )
    assert broken(rules, {"a": "x"}) == {"b": "b too"}
    assert broken(rules, {"a": "", "s": "64x65", "l": [1, 2, 3]}) == {"s": "size", "l": "two"}
    assert broken(rules, {"a": "x", "b": 1, "s": "64x72", "l": [1, 2]}) == {}
    assert broken(rules, {"s": "0x8"}) == broken(rules, {"s": "8"}) == {"s": "size"}
    assert idle(rules, {"on": False, "g": 0.5}) == {"o": "off", "n": "low"}
    assert idle(rules, {"on": True, "g": 1}) == {}
    assert not holds({"field": "on", "equals": True}, {"on": 1})


@pytest.mark.parametrize(
    ("number", "text"),
    [(8, "8"), (8.0, "8"), (0.75, "0.75"), (2**64, "18446744073709551616"), (1e300, "1e+300"), (-0.5, "-0.5")],
)
def test_numbers_are_written_as_people_write_them(number: float, text: str) -> None:
    assert spell(number) == text


def test_no_default_is_not_null() -> None:
    field = endpoint({"x": {"type": "string"}}).fields[0]
    assert field.default is MISSING
    assert repr(MISSING) == "MISSING"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("7.0", 7),
        ("1e3", 1000),
        ("-0.0", 0),
        ("7.5", 7.5),
        ("null", None),
        ("NaN", "NaN"),
        ("1e999", "1e999"),
    ],
)
def test_a_whole_number_is_one_however_it_is_written(text: str, value: Json) -> None:
    seeded = endpoint({"seed": {"type": ["integer", "null"]}})
    name, read = parse_setting(seeded, f"seed={text}")
    assert name == "seed" and read == value and type(read) is type(value)


@pytest.mark.parametrize("text", ['[{"scale": NaN}]', "[-Infinity]", "[1e999]"])
def test_what_json_does_not_have_is_text(text: str) -> None:
    assert parse_setting(endpoint({"loras": {"type": "array"}}), f"loras={text}") == ("loras", text)


def test_an_empty_text_and_a_null_are_sent_as_they_are() -> None:
    optional = endpoint(
        {
            "prompt": {"type": "string"},
            "style": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "n": {"type": "integer"},
        }
    )
    values = dict(parse_setting(optional, text) for text in ("prompt=", "style=null"))
    assert check(optional, values) == {} and body(optional, values) == {"prompt": "", "style": None}
    assert check(optional, dict([parse_setting(optional, "n=null")])) == {"n": "A value is needed here."}
    assert check(optional, dict([parse_setting(optional, "n=")])) == {"n": "This must be a number."}


def test_the_type_of_a_checkpoint_can_be_set_where_rules_ask_for_it() -> None:
    rules = [{"rule": "by_type", "types": ["big"], "limits": {"n": {"minimum": 5}}, "text": "Big ones."}]
    typed = endpoint({"n": {"type": "integer"}}, rules=rules)
    for text in ("@type=big", "@type= big ", '@type="big"'):
        assert parse_setting(typed, text) == (TYPE, "big")
    assert check(typed, {TYPE: "big", "n": 4}) == {"n": "This must be 5 or more. Big ones."}
    assert check(typed, {TYPE: "small"}).keys() == {TYPE}
    with pytest.raises(InputError):
        parse_setting(PAINT, "@type=big")


def test_lists_of_single_things_and_patterns_are_checked_while_typing() -> None:
    held = Field("x", "array", "X", unique=True)
    assert fault(held, [1, True, "1", {"a": 1, "b": 2}, {"a": 1, "b": 3}]) == ""
    assert fault(held, [{"a": 1, "b": 2}, {"b": 2, "a": 1}]) == "Each entry may be there only once."
    text = Field("x", "string", "X", pattern="^[0-9]+$")
    assert fault(text, "12") == "" and fault(text, "1a") == "This must match the pattern ^[0-9]+$"
    assert fault(Field("x", "string", "X", pattern="(a+)+$"), "a" * 100 + "!") == "", "it might take for ever"


@pytest.mark.parametrize(("value", "step", "is_one"), [
    (0.3, 0.1, True), (0.29, 0.01, True), (0.25, 0.1, False), (2**70, 8, True), (2**70 + 1, 8, False),
    (10**400, 0.5, False), (1e308, 1e-10, False), (-0.6, 0.2, True),
])  # fmt: skip
def test_steps_are_counted_as_far_as_fractions_can_tell(value: float, step: float, is_one: bool) -> None:
    assert is_multiple(value, step) == is_one


def test_a_value_nested_without_end_is_said_and_harms_nothing() -> None:
    deep: Json = "a"
    for _ in range(900):
        deep = [deep]
    lists = endpoint({"x": {"type": "array"}, "y": {}})
    assert check(lists, {"x": deep, "y": deep}).keys() == {"x", "y"}
    assert body(lists, {"x": deep})["x"] is deep
    with pytest.raises(InputError, match="without end"):
        parse_setting(lists, f"x={'[' * 300}{']' * 300}")
    assert parse_setting(lists, f"x={'[' * 99999}{']' * 99999}")[1].startswith("[[")
    assert check(lists, {"x": [[[[1]]]]}) == {}
