"""A newer document takes over the fields; what we know besides stays as far as its fields do."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.renewal import renewed
from app.core.schema import read_endpoint
from app.core.schema_guard import changes
from app.resources import resource

Json = Any

OURS = {
    "id": "a/b",
    "title": "Ours",
    "provider": "fal",
    "description": "Our words.",
    "input": {
        "properties": {
            "text": {"type": "string", "title": "What to paint", "description": "In plain words.", "x-group": "Main"},
            "picture": {"type": "string"},
            "w": {"type": "integer"},
            "h": {"type": "integer"},
            "seed": {"type": "integer"},
        }
    },
    "output": {"properties": {"deep": {"properties": {"files": {"type": "array", "items": {"type": "string"}}}}}},
    "binding": {"prompt": "text", "picture": "picture", "width": "w", "height": "h", "seed": None,
                "results": "deep.files[]", "polarity": "black", "crop": "islands"},
    "rules": [{"rule": "multiple", "field": "w", "of": 8, "text": "Multiples of 8."}],
    "sizes": [["Square", 512, 512]],
}  # fmt: skip


def document(properties: Json, output: Json = None) -> Json:
    """The same endpoint as its provider publishes it: by reference, without our binding."""
    return {
        "input": {"$ref": "#/$defs/In", "$defs": {"In": {"type": "object", "properties": properties}}},
        "output": output or {},
        "description": "Their words.",
    }


THEIRS = {
    "text": {"type": "string", "title": "Text", "description": "Theirs.", "maxLength": 9},
    "picture": {"type": "string"},
    "w": {"type": "integer", "maximum": 2048},
    "h": {"type": "integer"},
    "seed": {"type": "integer"},
    "strength": {"type": "number"},
}


def test_what_we_know_stays() -> None:
    before = read_endpoint(OURS)
    after = renewed(before, read_endpoint(document(THEIRS), name="other/name"), own_words=True)
    assert (after.id, after.title, after.provider, after.description) == ("a/b", "Ours", "fal", "Our words.")
    assert after.binding.roles == {"prompt": "text", "picture": "picture", "strength": "strength"}
    assert (after.binding.width, after.binding.height) == ("w", "h") and after.binding.results == "deep.files[]"
    assert (after.binding.polarity, after.binding.crop) == ("black", "islands")
    assert (after.rules, after.sizes, after.problems) == (before.rules, before.sizes, ())
    text = after.fields[0]
    assert (text.title, text.description, text.group, text.max_length) == (
        "What to paint",
        "In plain words.",
        "Main",
        9,
    )
    found = {(change.path, change.kind) for change in changes(before, after)}
    assert found == {("text", "range"), ("w", "range"), ("strength", "added"), ("strength", "role")}


def test_a_providers_own_words_are_taken() -> None:
    after = renewed(read_endpoint(OURS), read_endpoint(document(THEIRS)))
    assert (after.fields[0].title, after.fields[0].description, after.description) == (
        "Text",
        "Theirs.",
        "Their words.",
    )


def test_what_lost_its_field_goes() -> None:
    left = {"prompt": {"type": "string"}, "image_url": {"type": "string"}}
    answer = {"properties": {"images": {"type": "array", "items": {"properties": {"url": {"type": "string"}}}}}}
    after = renewed(read_endpoint(OURS), read_endpoint(document(left, answer)))
    assert after.binding.roles == {"prompt": "prompt", "picture": "image_url"} and after.problems == ()
    assert (after.binding.width, after.binding.height, after.binding.results) == ("", "", "images[].url")


def test_an_answer_by_reference_keeps_its_paths() -> None:
    answer = {"$ref": "#/$defs/Out", "$defs": {"Out": OURS["output"]}}
    after = renewed(read_endpoint(OURS), read_endpoint(document(THEIRS, answer)))
    assert after.binding.results == "deep.files[]"


@pytest.mark.parametrize(
    "odd", [{}, {"$ref": "#"}, {"$ref": "#/$defs/X"}, {"properties": []}, {"properties": {"text": 3}}]
)
def test_an_odd_document_does_no_harm(odd: Json) -> None:
    for own_words in (True, False):
        after = renewed(read_endpoint(OURS), read_endpoint({"input": odd}), own_words=own_words)
        assert after.id == "a/b" and len(after.fields) <= 1


@pytest.mark.shared
@pytest.mark.parametrize("name", ["fal-ai__inpaint", "fal-ai__z-image__turbo__inpaint", "fal-ai__fooocus__inpaint"])
def test_our_files_say_what_the_providers_documents_say(shared: Path, name: str) -> None:
    """Nothing but words differs between what we wrote and what fal.ai publishes."""
    ours = read_endpoint(json.loads(resource("endpoints", f"{name}.json").read_text("utf-8")))
    theirs = json.loads((shared / "data" / "fal-openapi" / f"{name}.json").read_text("utf-8"))
    after = renewed(ours, read_endpoint(theirs), own_words=True)
    assert [change for change in changes(ours, after) if change.kind != "text"] == []
    assert [field.title for field in after.fields] == [field.title for field in ours.fields]
    assert (after.binding, after.rules, after.problems) == (ours.binding, ours.rules, ())
