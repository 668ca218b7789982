"""Random schemas made of the keyword forms met in real documents, checked against what they were made from.

``_property`` draws a property together with what its field must be, so that the reader is not asked to judge itself.
"""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.core.cleaned import cleaned_schema
from app.core.endpoint import MISSING, Field
from app.core.endpoint_file import endpoint_document
from app.core.schema import read_endpoint
from app.core.values import check, describe, fault
from tests.core import walker

Json = Any
Drawn = tuple[Json, dict[str, Json]]
"""A schema, and attributes that its field must have."""

_DEFS: dict[str, Json] = {
    "Size": {
        "type": "object",
        "title": "Size",
        "properties": {
            "height": {"type": "integer", "exclusiveMinimum": 0, "maximum": 14142, "default": 512},
            "width": {"type": "integer", "exclusiveMinimum": 0, "maximum": 14142, "default": 512},
        },
        "x-fal-order-properties": ["width", "height"],
    },
    "Lora": {
        "type": "object",
        "properties": {"path": {"type": "string"}, "scale": {"type": "number", "ge": -4, "le": 4, "default": 1}},
        "required": ["path"],
    },
    "Tree": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "parts": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
    },
}
_words = st.sampled_from(["red", "green", "blue", "", "a b", "<b>x</b>"])


@st.composite
def _numbers(draw: st.DrawFn) -> Drawn:
    kind = draw(st.sampled_from(["integer", "number"]))
    low = draw(st.none() | st.integers(-50, 50))
    high = draw(st.none() | st.integers(60, 2**63))
    names = draw(st.sampled_from([("minimum", "maximum"), ("ge", "le"), ("min", "max")]))
    node: Json = {"type": kind}
    wanted: dict[str, Json] = {"kind": kind, "minimum": low, "maximum": high}
    node |= {} if low is None else {names[0]: low}
    node |= {} if high is None else {names[1]: high}
    exclusive = draw(st.sampled_from(["", "number", "true"]))
    if exclusive and low is not None:
        node.pop(names[0])
        node |= {"exclusiveMinimum": low} if exclusive == "number" else {"minimum": low, "exclusiveMinimum": True}
        wanted |= {"minimum": None, "exclusive_minimum": low}
    if draw(st.booleans()):
        node |= {draw(st.sampled_from(["multipleOf", "step"])): 5}
        wanted["step"] = 5
    if draw(st.booleans()):
        node["default"] = wanted["default"] = 55
    return node, wanted


@st.composite
def _texts(draw: st.DrawFn) -> Drawn:
    node: Json = {"type": "string"}
    wanted: dict[str, Json] = {"kind": "string"}
    for ours, theirs, number in (("min_length", "minLength", 0), ("max_length", "maxLength", 99)):
        if draw(st.booleans()):
            node[theirs] = wanted[ours] = number
    for key in ("default", "pattern"):
        if draw(st.booleans()):
            node[key] = wanted[key] = draw(_words) if key == "default" else ""
    if draw(st.booleans()):
        node[draw(st.sampled_from(["example", "examples"]))] = ["red"]
        wanted["examples"] = ("red",)
    return node, wanted


@st.composite
def _choices(draw: st.DrawFn) -> Drawn:
    values: Json = draw(st.sampled_from([["a", "b", "c"], [1, 2, 3], [0.5, 1.5]]))
    kind = {str: "string", int: "integer", float: "number"}[type(values[0])]
    node: Json = {"enum": values, **({"type": kind} if draw(st.booleans()) else {})}
    if draw(st.booleans()):
        return {**node, "default": values[1]}, {"kind": kind, "enum": tuple(values), "default": values[1]}
    if draw(st.booleans()):
        return {"const": values[0]}, {"kind": kind, "enum": (values[0],)}
    return node, {"kind": kind, "enum": tuple(values)}


_size: Drawn = (
    {"anyOf": [{"$ref": "#/$defs/Size"}, {"enum": ["square", "wide"], "type": "string"}], "default": "wide"},
    {"kind": "any", "enum": ("square", "wide"), "default": "wide"},
)
_plain: st.SearchStrategy[Drawn] = st.one_of(
    _numbers(),
    _texts(),
    _choices(),
    st.sampled_from(
        [
            ({"type": "boolean", "default": False}, {"kind": "boolean", "default": False}),
            ({"$ref": "#/$defs/Size", "title": "Mine"}, {"kind": "object", "title": "Mine"}),
            ({"$ref": "#/$defs/Size", "default": {"width": 5}}, {"kind": "object", "default": {"width": 5}}),
            ({"allOf": [{"$ref": "#/$defs/Size"}], "description": "x"}, {"kind": "object", "description": "x"}),
            ({"$ref": "#/$defs/Tree"}, {"kind": "object"}),
            ({"$ref": "#/$defs/Gone", "title": "Lost"}, {"kind": "any", "title": "Lost"}),
            _size,
            ({"anyOf": [{"type": "number"}, {"type": "string"}]}, {"kind": "any", "enum": ()}),
            (
                {"anyOf": [{"enum": ["a"], "type": "string"}, {"type": "string"}]},
                {"kind": "string", "examples": ("a",)},
            ),
            ({"anyOf": [{"type": "object"}, {"$ref": "#/$defs/Size"}, {"type": "string"}]}, {"kind": "any"}),
            ({"type": ["integer", "string"]}, {"kind": "any"}),
            (
                {"anyOf": [{"type": "integer", "maximum": 5}, {"type": "number", "maximum": 9}]},
                {"kind": "number", "maximum": 9},
            ),
            ({"type": "array", "items": {"0": {"type": "string"}, "1": {}}}, {"kind": "array", "children": ()}),
            ({"type": "array", "prefixItems": [{"type": "string"}]}, {"kind": "array", "children": ()}),
            ({"type": "object", "additionalProperties": {"type": "number"}}, {"kind": "object", "children": ()}),
            (True, {"kind": "any"}),
            ({}, {"kind": "any"}),
        ]
    ),
)


@st.composite
def _lists(draw: st.DrawFn) -> Drawn:
    item, wanted = draw(_plain)
    node: Json = {"type": "array", "items": item}
    outer: dict[str, Json] = {"kind": "array"}
    for ours, theirs, number in (("min_items", "minItems", 0), ("max_items", "maxItems", 4)):
        if draw(st.booleans()):
            node[theirs] = outer[ours] = number
    if draw(st.booleans()):
        node["uniqueItems"] = outer["unique"] = True
    if wanted.get("enum") and wanted["kind"] != "any":
        outer["enum"] = wanted["enum"]
    return node, outer


@st.composite
def _property(draw: st.DrawFn) -> Drawn:
    node, wanted = draw(
        st.one_of(_plain, _lists(), st.just(({"type": "array", "items": {"$ref": "#/$defs/Lora"}}, {})))
    )
    wanted = {"default": MISSING, "nullable": False, **wanted}
    if not isinstance(node, dict) or "default" in node:
        return node, wanted
    wrapped = draw(st.sampled_from(["", "anyOf", "oneOf", "nullable", "list"]))
    if wrapped in ("anyOf", "oneOf") and node and "title" not in node and "description" not in node:
        branches = draw(st.permutations([node, {"type": "null"}]))
        node, wanted = {wrapped: branches, "title": "Opt"}, {**wanted, "nullable": True, "title": "Opt"}
    elif wrapped == "nullable":
        node, wanted = {**node, "nullable": True}, {**wanted, "nullable": True}
    elif wrapped == "list" and isinstance(node.get("type"), str):
        node, wanted = {**node, "type": [node["type"], "null"]}, {**wanted, "nullable": True}
    for key in ("deprecated", "x-rare"):
        if draw(st.booleans()):
            node, wanted = {**node, key: True}, {**wanted, key.removeprefix("x-"): True}
    return node, wanted


_documents = st.dictionaries(
    st.sampled_from(["prompt", "seed", "image_url", "x", "y.z", "w[]", "", "$ref", "mask", "negativePrompt"]),
    _property(),
)


def _schema(drawn: dict[str, Drawn], needed: list[str], order: Json) -> Json:
    schema = {
        "type": "object",
        "properties": {name: node for name, (node, _) in drawn.items()},
        "required": needed,
        "$defs": _DEFS,
    }
    return schema if order is None else {**schema, "x-fal-order-properties": order}


@settings(max_examples=60, deadline=None)
@given(st.data(), _documents)
def test_every_property_is_read_as_it_was_made(data: st.DataObject, drawn: dict[str, Drawn]) -> None:
    needed = data.draw(st.lists(st.sampled_from([*drawn, "gone"]), unique=True))
    order = data.draw(
        st.none() | st.permutations([*drawn, "gone"]) | st.lists(st.sampled_from([*drawn, "gone"]), unique=True)
    )
    schema = _schema(drawn, needed, order)
    endpoint = read_endpoint(schema)
    told = [name for name in order or [] if name in drawn]
    assert [field.path for field in endpoint.fields] == [*told, *(name for name in drawn if name not in told)]
    for field in endpoint.fields:
        assert field.required == (field.path in needed)
        for name, value in drawn[field.path][1].items():
            assert getattr(field, name) == value, (field.path, name)
        assert field.default is MISSING or fault(field, field.default) == ""
    defaults = {field.path: field.default for field in endpoint.fields if field.default is not MISSING}
    assert not check(endpoint, defaults).keys() & defaults.keys()
    assert ("#/$defs/Gone" in " ".join(endpoint.problems)) == ("#/$defs/Gone" in json.dumps(schema["properties"]))
    described = describe(endpoint)
    assert json.loads(json.dumps(described, allow_nan=False)) == described
    again = read_endpoint(json.loads(json.dumps(endpoint_document(endpoint), allow_nan=False)))
    assert replace(again, problems=endpoint.problems) == endpoint


_values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-60, 70)
    | st.sampled_from([0.5, 60.0, "a", "c", "red", "", "wide", "auto"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["width", "path", "scale", "name", "parts"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=50, deadline=None)
@given(st.data(), _documents)
def test_what_the_schema_allows_is_not_refused(data: st.DataObject, drawn: dict[str, Drawn]) -> None:
    endpoint = read_endpoint(_schema(drawn, [], None))
    whole = cleaned_schema(endpoint)
    for field in endpoint.fields:
        value = data.draw(_values)
        told = drawn[field.path][0]
        slider = isinstance(told, dict) and '"step"' in json.dumps(told)  # no keyword of JSON Schema, but one of ours
        alone = {"properties": {field.path: whole["properties"][field.path]}, "$defs": whole.get("$defs", {})}
        if Draft202012Validator(alone).is_valid({field.path: value}) and not slider:
            assert fault(field, value) == ""


@settings(max_examples=60, deadline=None)
@given(_documents)
def test_an_openapi_document_gives_the_same_fields(drawn: dict[str, Drawn]) -> None:
    schema = _schema(drawn, [], list(drawn))
    moved = json.loads(json.dumps(schema).replace("#/$defs/", "#/components/schemas/"))
    definitions = moved.pop("$defs")
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingInput"}}}}
    document = {
        "openapi": "3.0.4",
        "info": {"title": "Queue OpenAPI for a/b", "x-fal-metadata": {"endpointId": "a/b"}},
        "paths": {"/a/b": {"post": {"requestBody": body}}},
        "components": {"schemas": {**definitions, "ThingInput": moved}},
    }
    endpoint = read_endpoint(document)
    assert endpoint.id == "a/b"
    assert [field.path for field in endpoint.fields] == walker.order({**schema, "x-fal-order-properties": list(drawn)})
    plain = read_endpoint(schema)
    assert [_without_roots(field) for field in endpoint.fields] == [_without_roots(field) for field in plain.fields]


def _without_roots(field: Field) -> Field:
    return replace(field, children=())
