"""Input schemas made fit for a strict validator: valid whatever they were, and as strict as they were meant."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from app.core.cleaned import MOST_NODES, cleaned_schema
from app.core.endpoint import MISSING, Endpoint
from app.core.schema import read_endpoint
from tests.core.test_schema import SAMPLES

Json = Any

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "endpoints"


def cleaned(schema: Json) -> dict[str, Json]:
    """The cleaned form of ``schema``, which is checked to be valid."""
    result = cleaned_schema(Endpoint("x", "X", "x", (), input=schema))
    Draft202012Validator.check_schema(result)
    return result


def takes(node: Json, value: Json, **beside: Json) -> bool:
    """Whether a field ``x`` with the schema ``node`` takes ``value`` after cleaning."""
    return bool(Draft202012Validator(cleaned({"properties": {"x": node}, **beside})).is_valid({"x": value}))


def assert_sound(endpoint: Endpoint) -> None:
    schema = cleaned_schema(endpoint)
    Draft202012Validator.check_schema(schema)
    assert schema["properties"].keys() == {field.path for field in endpoint.fields}
    defaults = {field.path: field.default for field in endpoint.fields if field.default is not MISSING}
    for name, default in defaults.items():
        Draft202012Validator(schema["properties"][name]).validate(default)


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_published_documents_become_valid_and_take_their_own_defaults(shared: Path, name: str) -> None:
    assert_sound(read_endpoint(json.loads((shared / "data" / "fal-openapi" / f"{name}.json").read_text())))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_our_own_files_become_valid_and_take_their_own_defaults(path: Path) -> None:
    assert_sound(read_endpoint(json.loads(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    ("node", "good", "bad"),
    [
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, [0.1], [0, -1]),
        ({"type": "number", "maximum": 1, "exclusiveMaximum": True}, [0.9], [1]),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": False}, [0], [-1]),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, [0.5], [0, 1]),
        ({"type": "number", "ge": 0, "le": 4}, [0, 4], [-1, 5]),
        ({"type": "number", "gt": 0, "lt": 4}, [1], [0, 4]),
        ({"type": "number", "min": 1, "max": 2, "step": 0.5}, [1, 2, 1.3], [0, 3]),
        ({"type": "number", "minimum": "0", "maximum": None, "multipleOf": 0}, [-5], ["a"]),
        ({"type": "string", "nullable": True, "enum": ["a"]}, ["a", None], ["b", 1]),
        ({"type": "string", "default": None}, ["a", None], [1]),
        ({"$ref": "#/$defs/size", "nullable": True}, [{"w": 1}, None], [{"w": 0}, 3]),
        ({"allOf": [{"$ref": "#/$defs/size"}], "title": "Size"}, [{"w": 1}], [{"w": 0}, None]),
        ({"anyOf": [{"$ref": "#/$defs/size"}, {"enum": ["big"]}]}, [{"w": 1}, "big"], ["small", {"w": 0}]),
        ({"type": "file"}, ["a", 1], []),
        ({"type": ["string", "file"]}, ["a", 1], []),
        ({"type": ["string", "null"]}, ["a", None], [1]),
        ({"type": "string", "pattern": "("}, ["a"], [1]),
        ({"type": "string", "pattern": "(a+)+$"}, ["b" * 50], [1]),
        ({"type": "string", "pattern": "^(?<n>a)$"}, ["a"], ["b"]),
        ({"type": "string", "minLength": 2.0, "maxLength": -1}, ["ab"], ["a"]),
        ({"$ref": "#/$defs/gone"}, [1, "a", None], []),
        ({"$ref": "http://elsewhere.invalid/a"}, [1], []),
        ({"$ref": "#/$defs/loop"}, [1], []),
        ({"$ref": "#/$defs/tree"}, [{"kids": [{"kids": []}]}], [{"kids": 1}, {"kids": [{"kids": 1}]}]),
        ({"type": "array", "items": {"0": {"type": "string"}, "1": {"type": "number"}}}, [["a", 1], []], [[1, 1]]),
        ({"type": "array", "items": [{"type": "string"}]}, [["a", 1]], [[1]]),
        ({"type": "array", "items": 5}, [[1]], [1]),
        ({"type": "array", "items": {"enum": ["a"]}, "uniqueItems": True}, [["a"]], [["a", "a"], ["b"]]),
        ({"type": "integer", "enum": ["a", "b"]}, ["a"], ["c"]),
        ({"enum": []}, [1], []),
        ({"enum": "a"}, ["b"], []),
        ({"const": 1}, [1], [2, True]),
        ({"not": {"type": "string"}}, [1], ["a"]),
        ({"not": {"$ref": "#/$defs/gone"}}, [1], []),
        ({"oneOf": [{"$ref": "#/$defs/gone"}, {"type": "string"}]}, ["a", 1], []),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, ["a", 1], [1.5]),
        ({"anyOf": []}, [1], []),
        ({"anyOf": "text"}, [1], []),
        ({"required": True, "type": "string"}, ["a"], [1]),
        ({"type": "object", "required": "a", "properties": []}, [{}], [1]),
        ({"type": "object", "additionalProperties": False}, [{"a": 1}], []),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, [{"a": 1}], [{"b": 1}]),
        (
            {"allOf": [{"$ref": "#/$defs/closed"}, {"properties": {"b": {"type": "string"}}}]},
            [{"w": 1, "b": "c"}],
            [{"w": 0, "b": "c"}, {"w": 1, "b": 1}],
        ),
        ({"type": "object", "dependencies": {"a": ["b"]}}, [{"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"if": {"type": "string"}, "then": {"minLength": 2}}, ["ab", 1], ["a"]),
        (True, [1], []),
        (5, [1], []),
        (None, [1], []),
    ],
)
def test_each_slip_is_read_as_it_was_meant(node: Json, good: list[Json], bad: list[Json]) -> None:
    size = {"type": "object", "properties": {"w": {"type": "integer", "minimum": 1}}, "required": ["w"]}
    definitions = {
        "size": size,
        "closed": {**size, "additionalProperties": False},
        "loop": {"$ref": "#/$defs/loop"},
        "tree": {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}},
    }
    assert [value for value in good if not takes(node, value, **{"$defs": definitions})] == []
    assert [value for value in bad if takes(node, value, **{"$defs": definitions})] == []


def test_the_faults_come_in_an_order_that_says_first_what_a_value_is() -> None:
    node = {"maximum": 3, "minimum": 1, "type": "integer"}
    assert list(cleaned({"properties": {"x": node}})["properties"]["x"]) == ["type", "minimum", "maximum"]


def test_a_definition_that_doubles_at_each_level_is_cut() -> None:
    definitions = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(60)}
    started = time.thread_time()
    fields = {"x": {"$ref": "#/$defs/d0"}, "y": {"type": "string"}}
    schema = cleaned_schema(Endpoint("x", "X", "x", (), input={"properties": fields, "$defs": definitions}))
    assert time.thread_time() - started < 1
    assert schema["properties"]["y"] == {"type": "string"}, "one field takes nothing from the next"


def test_ten_thousand_fields_and_great_depth_are_bounded() -> None:
    deep: Json = {"type": "string"}
    for _ in range(400):
        deep = {"type": "array", "items": deep}
    wide = {f"f{n}": {"type": "integer", "minimum": n} for n in range(10_000)}
    started = time.thread_time()
    schema = cleaned_schema(Endpoint("x", "X", "x", (), input={"properties": {"deep": deep, **wide}}))
    assert time.thread_time() - started < 1
    assert len(schema["properties"]) == 10_001 < MOST_NODES
    assert schema["properties"]["f9999"] == {"type": "integer", "minimum": 9999}


KEYWORDS = (
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "required", "properties",
    "items", "prefixItems", "additionalProperties", "patternProperties", "propertyNames", "anyOf", "oneOf", "allOf",
    "not", "if", "then", "else", "dependencies", "dependentRequired", "dependentSchemas", "$ref", "$defs", "nullable",
    "default", "ge", "le", "gt", "lt", "min", "max", "$id", "$schema", "$anchor", "$dynamicRef", "format",
    "minProperties",
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 9), st.floats(), st.sampled_from(["string", "number", "object", "array"]),
    st.sampled_from(["#", "#/$defs/a", "#/properties/x", "http://a.invalid/b", "file", "(", "^a+$", "a", "null", "0"]),
)  # fmt: skip
BROKEN: st.SearchStrategy[Json] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=4),
        st.dictionaries(st.sampled_from(["a", "b", "x", "0", "1"]), inner, max_size=3),
    ),
    max_leaves=25,
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "x"]), inner, max_size=2),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYWORDS), BROKEN, max_size=6), VALUES)
def test_any_broken_schema_becomes_a_valid_one(schema: Json, value: Json) -> None:
    result = cleaned(schema)
    assert result["type"] == "object"
    # An empty registry: a reference that is still there would be an error.
    list(Draft202012Validator(result, registry=Registry()).iter_errors({"x": value, "a": value}))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_a_schema_without_slips_takes_and_refuses_what_it_did(value: Json) -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
            "b": {"type": "array", "items": {"type": "string", "maxLength": 2}, "minItems": 1},
            "x": {"type": "object", "properties": {"a": {"enum": ["a", 1]}}, "additionalProperties": False},
        },
        "required": ["a"],
    }
    body = value if isinstance(value, dict) else {"a": value}
    assert Draft202012Validator(cleaned(schema)).is_valid(body) == Draft202012Validator(schema).is_valid(body)
