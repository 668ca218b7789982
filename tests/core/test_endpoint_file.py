"""An endpoint written as a file and read back is the same endpoint."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core.endpoint import Endpoint
from app.core.endpoint_file import endpoint_document
from app.core.roles import Correction, corrected
from app.core.schema import read_endpoint
from tests.core.test_endpoints import FILES, load
from tests.core.test_schema import SAMPLES

Json = Any


def again(endpoint: Endpoint) -> Endpoint:
    """``endpoint`` by way of a file."""
    return read_endpoint(json.loads(json.dumps(endpoint_document(endpoint), allow_nan=False)), name="another name")


def assert_same(endpoint: Endpoint) -> None:
    assert replace(again(endpoint), problems=endpoint.problems) == endpoint


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_document_survives(shared: Path, name: str) -> None:
    endpoint = read_endpoint(json.loads((shared / "data" / "fal-openapi" / f"{name}.json").read_text()))
    assert_same(endpoint)
    assert endpoint_document(again(endpoint)) == endpoint_document(endpoint)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_ours_survives(name: str) -> None:
    endpoint = read_endpoint(load(name))
    assert_same(endpoint)
    assert_same(corrected(endpoint, Correction({"mask": None, "prompt": None, "seed": None, "picture": None}, "black")))


def test_all_that_an_endpoint_holds_survives() -> None:
    document = {
        "id": "mine/one",
        "title": "  My   one ",
        "provider": "fal",
        "description": "First.\n    Indented\n    twice",
        "input": {"properties": {"w": {"type": "integer"}, "h": {"type": "integer"}, "image": {"type": "string"}}},
        "output": {"properties": {"pictures": {"type": "array"}}},
        "binding": {
            "picture": None, "width": "w", "height": "h", "polarity": "black", "crop": "islands", "context": "w",
            "results": "pictures[].url", "seed_out": "seed", "flags": "",
        },
        "rules": [{"rule": "note", "fields": ["w"], "text": "x"}],
        "sizes": [["Wide", 20, 10], ["bad", 0, 1], "odd", ["Odd", 1.5, 2]],
        "source": "https://example.com/openapi.json",
    }  # fmt: skip
    endpoint = read_endpoint(document)
    assert endpoint.sizes == (("Wide", 20, 10),)
    assert endpoint.title == "My one"
    assert endpoint.description == "First.\nIndented\ntwice"
    assert endpoint.source == "https://example.com/openapi.json"
    assert (endpoint.binding.width, endpoint.binding.height, dict(endpoint.binding.roles)) == ("w", "h", {})
    assert_same(endpoint)


@pytest.mark.parametrize("description", ["a\n  b\n  c", "  a\n b", "a\n\n\n  b", "\n", "a\x0bb\u2028  c", "x " * 4000])
def test_a_description_keeps_its_lines(description: str) -> None:
    once = read_endpoint({"input": {"properties": {"x": {}}}, "description": f"\n{description}"}, name="x")
    assert_same(once)
    assert_same(replace(once, description="a\n  b\n  c"))


def test_references_in_every_spelling_survive() -> None:
    properties = {
        "pointer": {"$ref": "#/$defs/a~1b"},
        "percent": {"$ref": "#/$defs/c%20d"},
        "anchor": {"$ref": "#here"},
        "id": {"$ref": "size.json"},
        "id_and_pointer": {"$ref": "https://example.com/size.json#/$defs/side"},
        "dynamic": {"$dynamicRef": "#here"},
        "whole": {"$ref": "#"},
        "listed": {"$ref": "#/$defs/list/anyOf/1"},
        "gone": {"$ref": "elsewhere.json#/x"},
    }
    size = {
        "$id": "size.json",
        "type": "object",
        "properties": {"side": {"$ref": "#/$defs/side"}},
        "$defs": {"side": {"type": "integer", "maximum": 9}},
    }
    definitions = {
        "a/b": {"type": "string", "maxLength": 3},
        "c d": {"type": "boolean"},
        "e": {"$anchor": "here", "type": "number", "minimum": 2},
        "list": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
        "size": size,
    }
    endpoint = read_endpoint(
        {"$id": "https://example.com/root.json", "type": "object", "properties": properties, "$defs": definitions}
    )
    fields = {field.path: field for field in endpoint.fields}
    assert list(fields) == list(properties)
    kinds = ["string", "boolean", "number", "object", "integer", "number", "object", "integer", "any"]
    assert [field.kind for field in fields.values()] == kinds
    assert (fields["pointer"].max_length, fields["anchor"].minimum, fields["id_and_pointer"].maximum) == (3, 2, 9)
    assert fields["id"].children[0].maximum == 9
    assert len(endpoint.problems) == 3 and "holds itself" in endpoint.problems[0]
    assert all("elsewhere.json" in problem for problem in endpoint.problems[1:])
    assert_same(endpoint)


def test_words_that_look_like_keywords_are_left_alone() -> None:
    properties = {
        "$defs": {"type": "string"},
        "$ref": {"type": "integer"},
        "properties": {"type": "boolean"},
        "definitions": {"type": "object", "properties": {"$id": {"type": "string"}}},
        "x": {"type": "object", "default": {"$ref": "#/$defs/a", "$defs": 1}},
    }
    endpoint = read_endpoint({"properties": properties, "$defs": {"a": {}}})
    assert [field.path for field in endpoint.fields] == list(properties)
    assert [field.kind for field in endpoint.fields] == ["string", "integer", "boolean", "object", "object"]
    assert endpoint.fields[3].children[0].path == "definitions.$id"
    assert endpoint.fields[4].default == {"$ref": "#/$defs/a", "$defs": 1}
    assert_same(endpoint)
