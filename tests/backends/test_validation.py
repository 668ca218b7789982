"""Bodies against their schemas: what is wrong lands on the field it belongs to, in a sentence, quickly."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.backends.validation import Validation
from app.core.attachments import Attachment, attachment_text
from app.core.cleaned import cleaned_schema
from app.core.endpoint import MISSING, Endpoint
from app.core.rules import TYPE
from app.core.schema import read_endpoint
from app.core.values import body, check
from tests.core.test_cleaned import BROKEN, KEYWORDS, VALUES
from tests.core.test_schema import SAMPLES

Json = Any

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "endpoints"


@pytest.fixture(scope="module")
def validation() -> Validation:
    made = Validation()
    made.load()
    return made


def endpoint(properties: Json, **beside: Json) -> Endpoint:
    return read_endpoint({"id": "a/b", "title": "AB", "input": {"properties": properties, **beside}})


LORA = {
    "type": "object",
    "properties": {"path": {"type": "string"}, "scale": {"type": "number", "maximum": 1}},
    "required": ["path"],
}


@pytest.mark.parametrize(
    ("node", "value", "said"),
    [
        ({"type": "integer"}, 1.5, "This must be a whole number."),
        ({"type": "integer"}, "1", "This must be a number."),
        ({"type": "integer"}, None, "A value is needed here."),
        ({"type": "number"}, True, "This must be a number."),
        ({"type": "string"}, 1, "This must be text."),
        ({"type": "boolean"}, "true", "This must be true or false."),
        ({"type": "array"}, "a", "This must be a list."),
        ({"type": "object"}, [], "This must be a group of named values."),
        ({"type": ["integer", "string"]}, [], "This must be a whole number or text."),
        ({"type": "number", "minimum": 1}, 0, "This must be 1 or more."),
        ({"type": "number", "maximum": 1}, 2, "This must be 1 or less."),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, 0, "This must be more than 0."),
        ({"type": "number", "exclusiveMaximum": 1}, 1, "This must be less than 1."),
        ({"type": "integer", "multipleOf": 8}, 12, "This must be a multiple of 8."),
        ({"type": "number", "multipleOf": 0.1}, 0.25, "This must be a multiple of 0.1."),
        ({"type": "string", "minLength": 2}, "a", "At least 2 characters needed; this has 1."),
        ({"type": "string", "maxLength": 1}, "ab", "At most 1 character allowed; this has 2."),
        ({"type": "string", "pattern": "^a+$"}, "b", "This must match the pattern ^a+$"),
        ({"type": "string", "enum": ["a", "b"]}, "c", "c is not one of: a, b."),
        ({"const": "a"}, "c", "c is not one of: a."),
        ({"type": "array", "minItems": 1}, [], "At least 1 entry needed; this has 0."),
        ({"type": "array", "maxItems": 1}, [1, 2], "At most 1 entry allowed; this has 2."),
        ({"type": "array", "uniqueItems": True}, ["a", "a"], "Each entry may be there only once."),
        ({"type": "array", "items": {"type": "integer"}}, [1, "a"], "Entry 2: This must be a number."),
        (
            {"type": "array", "items": LORA}, [{"path": "a"}, {"path": "b", "scale": 2}],
            "Entry 2: Scale: This must be 1 or less.",
        ),
        ({"type": "array", "items": LORA}, [{"scale": 1}], "Entry 1: Path is needed."),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "a", "This must be a number."),
        ({"anyOf": [{"type": "integer", "maximum": 3}, {"type": "null"}]}, 4, "This must be 3 or less."),
        ({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, "a", "This must be a whole number or true or false."),
        ({"anyOf": [LORA, {"type": "string", "enum": ["big"]}]}, "small", "small is not one of: big."),
        ({"anyOf": [LORA, {"enum": ["big"]}]}, {"path": "a", "scale": 2}, "Scale: This must be 1 or less."),
        ({"anyOf": [{"enum": ["a"]}, {"const": "b"}]}, "c", "c is not one of: a, b."),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "a", "This must be a number."),
        (
            {"anyOf": [{"properties": {"kind": {"const": "a"}, "n": {"maximum": 1}}},
                       {"properties": {"kind": {"const": "b"}, "n": {"maximum": 5}}}]},
            {"kind": "b", "n": 9}, "N: This must be 5 or less.",
        ),
        (
            {"type": "object", "properties": {"a": {}}, "additionalProperties": False}, {"b": 1},
            "Nothing of the name b is known here.",
        ),
        ({"type": "object", "minProperties": 1}, {}, "At least 1 value needed; this has 0."),
        ({"additionalProperties": {"type": "number"}}, {"left_arm": "a"}, "Left arm: This must be a number."),
        ({"not": {"type": "string"}}, "a", "This is not what the endpoint's description allows."),
        ({"contains": {"type": "string"}}, [1], "This is not what the endpoint's description allows."),
    ],
)  # fmt: skip
def test_a_fault_is_said_in_our_words(validation: Validation, node: Json, value: Json, said: str) -> None:
    assert validation.faults(endpoint({"x": node}), {"x": value}) == {"x": said}


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"type": "number", "multipleOf": 0.1}, 0.3), ({"type": "number", "multipleOf": 0.01, "minimum": 0}, 0.29),
        ({"type": "number", "multipleOf": 0.001}, 0.618), ({"type": "number", "multipleOf": 0.1}, 1234567.1),
        ({"type": "integer", "multipleOf": 8}, 2**70), ({"type": "integer"}, 4.0),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 3), ({"type": "file"}, {"a": 1}),
        ({"type": "string", "nullable": True}, None), ({"$ref": "#/$defs/gone"}, 5),
        ({"type": "string", "pattern": "(a+)+$"}, "a" * 5000 + "!"),
        ({"type": "string"}, "mendbrush-file:00ff.png"),
        ({"type": "object", "properties": {"a": {}}}, {"b": 1}),
    ],
)  # fmt: skip
def test_what_a_provider_would_take_is_no_fault(validation: Validation, node: Json, value: Json) -> None:
    assert validation.faults(endpoint({"x": node}), {"x": value}) == {}


def test_nothing_is_asked_of_picture_and_mask(validation: Validation) -> None:
    paint = endpoint(
        {
            "image_url": {"type": "string", "maxLength": 1},
            "mask_url": {"type": "object", "required": ["url"]},
            "prompt": {"type": "string"},
            "steps": {"type": "integer", "default": 8},
        },
        required=["image_url", "mask_url", "prompt", "steps"],
        dependentRequired={"prompt": ["image_url"]},
    )
    assert validation.faults(paint, {}) == {"prompt": "A value is needed here."}
    assert validation.faults(paint, {"prompt": ""}) == {}


@pytest.mark.parametrize(
    ("beside", "sent", "faults"),
    [
        ({}, {"odd": 1}, {}),
        ({"additionalProperties": False}, {"odd": 1, TYPE: "sd-xl"}, {"odd": "AB has no field of this name."}),
        (
            {"additionalProperties": False, "patternProperties": {"^x": {}}}, {"x1": 1, "y": 1},
            {"y": "AB has no field of this name."},
        ),
        ({"required": ["ghost", "a"]}, {}, {"a": "A value is needed here."}),
        ({"dependentRequired": {"a": ["b"]}}, {"a": "1"}, {"b": "A value is needed here when “A” is set."}),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, {"a": "One of these is needed: A, B."}),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"b": "1"}, {}),
        (
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": "1", "b": "1"},
            {"b": "These do not go together: A, B."},
        ),
        ({"not": {"required": ["a", "b"]}}, {"a": "1", "b": "1"}, {"b": "These do not go together: A, B."}),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": "1"}, {"b": "A value is needed here."}),
        (
            {"allOf": [{"properties": {"a": {"maxLength": 1}}}]}, {"a": "12"},
            {"a": "At most 1 character allowed; this has 2."},
        ),
        ({"minProperties": 1}, {}, {"b": "This is not what the endpoint's description allows."}),
        ({"anyOf": [{"properties": {"a": {"const": "1"}}}]}, {"a": "2"}, {"a": "2 is not one of: 1."}),
    ],
)  # fmt: skip
def test_a_fault_of_the_whole_body_lands_on_a_field(
    validation: Validation, beside: Json, sent: Json, faults: dict[str, str]
) -> None:
    two = endpoint({"a": {"type": "string"}, "b": {"type": "string"}}, **beside)
    assert validation.faults(two, sent) == faults


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_the_defaults_of_our_endpoints_have_no_fault(validation: Validation, path: Path) -> None:
    ours = read_endpoint(json.loads(path.read_text(encoding="utf-8")))
    defaults = {field.path: field.default for field in ours.fields if field.default is not MISSING}
    assert not validation.faults(ours, defaults).keys() & defaults.keys()
    asked = {field.path for field in ours.fields if field.required and field.default is MISSING}
    assert validation.faults(ours, {}).keys() == asked - {
        ours.binding.roles.get("picture"),
        ours.binding.roles.get("mask"),
    }


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_both_checks_agree_on_published_documents(shared: Path, validation: Validation, name: str) -> None:
    published = read_endpoint(json.loads((shared / "data" / "fal-openapi" / f"{name}.json").read_text()))
    defaults = {field.path: field.default for field in published.fields if field.default is not MISSING}
    assert validation.faults(published, body(published, defaults)) == check(published, defaults)
    odd_ones: list[Json] = ["\0", -(10**9), 10**9, [], {}, True, [[]], ["\0"]]
    for field in published.fields:
        for odd in odd_ones:
            early, whole = check(published, {field.path: odd}), validation.faults(published, {field.path: odd})
            assert field.path in whole or field.path not in early, (field.path, odd, early[field.path])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYWORDS), BROKEN, max_size=5), st.dictionaries(st.sampled_from("axyz"), VALUES))
def test_no_schema_and_no_value_raises(schema: Json, sent: Json) -> None:
    hostile = Endpoint("x", "X", "x", read_endpoint({"input": {"type": "object", **schema}}).fields, input=schema)
    for wrong in Validation().faults(hostile, sent).values():
        assert 0 < len(wrong) < 1000


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_a_fault_is_found_exactly_where_the_schema_has_one(value: Json) -> None:
    nodes: dict[str, Json] = {
        "a": {"type": "integer", "multipleOf": 2},
        "b": {"type": "array", "items": {"type": "string", "maxLength": 2}, "minItems": 1},
        "c": {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]},
    }
    found = _SHARED.faults(_PLAIN, dict.fromkeys(nodes, value))
    assert found.keys() == {name for name, node in nodes.items() if not Draft202012Validator(node).is_valid(value)}


_SHARED = Validation()
_PLAIN = endpoint(
    {
        "a": {"type": "integer", "multipleOf": 2},
        "b": {"type": "array", "items": {"type": "string", "maxLength": 2}, "minItems": 1},
        "c": {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]},
    }
)


def test_a_value_nested_without_end_is_said_to_be() -> None:
    deep: Json = "a"
    for _ in range(900):
        deep = [deep]
    found = _SHARED.faults(
        endpoint({"x": {"enum": [[["a"]]]}, "y": {"type": "array", "uniqueItems": True}}), {"x": deep, "y": deep}
    )
    assert found.keys() == {"x", "y"} and "without end" in found["x"]


def test_a_kept_file_is_held_to_no_length_and_form() -> None:
    link = endpoint({"x": {"type": "string", "maxLength": 20, "pattern": "^https://"}, "y": {"type": "integer"}})
    kept = attachment_text(Attachment("0" * 64, ".png", "cat"))
    assert _SHARED.faults(link, {"x": kept}) == check(link, {"x": kept}) == {}
    assert _SHARED.faults(link, {"x": kept[:50]}).keys() == check(link, {"x": kept[:50]}).keys() == {"x"}
    assert _SHARED.faults(link, {"y": kept}) == {"y": "This must be a number."}


@pytest.mark.shared
def test_a_keystroke_costs_little(shared: Path, validation: Validation) -> None:
    name = "fal-ai__flux-general__inpainting"
    largest = read_endpoint(json.loads((shared / "data" / "fal-openapi" / f"{name}.json").read_text()))
    values = {field.path: field.default for field in largest.fields if field.default is not MISSING}
    values |= {"prompt": "x" * 2000, "loras": [{"path": "a", "scale": 0.5}] * 10, "seed": 5}
    values |= {"controlnets": [{"path": "a", "control_image_url": "b"}] * 3}
    validation.faults(largest, values)
    costs = []
    for length in range(30):
        started = time.thread_time()
        assert validation.faults(largest, {**values, "prompt": "x" * length}) == {}
        costs.append(time.thread_time() - started)
    assert min(costs) < 0.002


def test_several_threads_may_check_at_once() -> None:
    shared_one = Validation()
    endpoints = [endpoint({"x": {"type": "integer", "maximum": limit}}) for limit in range(40)]
    wrong: list[object] = []

    def work() -> None:
        for limit, one in enumerate(endpoints):
            found = shared_one.faults(one, {"x": limit + 1})
            if found != {"x": f"This must be {limit} or less."}:
                wrong.append(found)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_schema_of_another_endpoint_in_the_same_place_is_its_own(validation: Validation) -> None:
    for limit in range(60):  # objects that come and go may share an address
        assert validation.faults(endpoint({"x": {"maximum": limit}}), {"x": limit + 1})
        assert cleaned_schema(endpoint({"x": {"maximum": limit}}))["properties"]["x"] == {"maximum": limit}


def test_jsonschema_is_imported_only_when_it_is_needed() -> None:
    code = (
        "import sys; from app.backends.validation import Validation; v = Validation(); "
        "assert 'jsonschema' not in sys.modules; v.load(); assert v.loaded and 'jsonschema' in sys.modules"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
