"""What changed between two versions of an endpoint: every difference a user meets, in words, in the panel's order."""

import copy
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.schema import read_endpoint
from app.core.schema_guard import Change, changes
from app.resources import resource

Json = Any

LORA = {"type": "object", "properties": {"path": {"type": "string"}, "scale": {"type": "number", "maximum": 4}}}
DOCUMENT: Json = {
    "id": "far/a",
    "title": "Paint",
    "provider": "far",
    "input": {
        "type": "object",
        "properties": {
            "prompt": {"type": "string"},
            "image_url": {"type": "string", "title": "Picture"},
            "mask_url": {"type": "string", "title": "Mask"},
            "steps": {"type": "integer", "default": 30, "minimum": 1, "maximum": 50},
            "strength": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "multipleOf": 0.01},
            "acceleration": {"type": "string", "enum": ["none", "high"], "default": "none"},
            "styles": {"type": "array", "maxItems": 5, "items": {"type": "string", "enum": ["a", "b"]}},
            "loras": {"type": "array", "items": LORA},
            "seed": {"type": "integer"},
        },
        "required": ["prompt", "image_url", "mask_url"],
    },
    "output": {"properties": {"images": {"type": "array", "items": {"properties": {"url": {"type": "string"}}}}}},
    "rules": [{"rule": "at_most", "field": "loras", "count": 5, "text": "At most 5 LoRAs."}],
}


def after(change: Callable[[Json, Json], object]) -> tuple[Change, ...]:
    """The differences once ``change`` was made to the document (its properties come along for short)."""
    document = copy.deepcopy(DOCUMENT)
    change(document, document["input"]["properties"])
    return changes(read_endpoint(DOCUMENT), read_endpoint(document))


CASES: list[tuple[Callable[[Json, Json], object], str, str, str]] = [
    (lambda _, p: p.update(cfg={"type": "number"}), "cfg", "added", "“Cfg” is new"),
    (lambda _, p: p.pop("acceleration"), "acceleration", "removed", "“Acceleration” is gone"),
    (lambda _, p: p["steps"].update(maximum=8), "steps", "range", "Steps: at most 8 instead of 50"),
    (lambda _, p: p["steps"].update(minimum=4.0), "steps", "range", "Steps: at least 4 instead of 1"),
    (lambda _, p: p["steps"].pop("maximum"), "steps", "range", "Steps: no upper limit any more (at most 50 before)"),
    (lambda _, p: p["seed"].update(minimum=0), "seed", "range", "Seed: at least 0 (no lower limit before)"),
    (
        lambda _, p: p["steps"].update(exclusiveMaximum=50),
        "steps", "range", "Steps: less than 50 instead of at most 50",
    ),
    (
        lambda _, p: p["strength"].update(exclusiveMinimum=0.5),
        "strength", "range", "Strength: more than 0.5 instead of 0",
    ),
    (lambda _, p: p["strength"].update(multipleOf=0.1), "strength", "range", "Strength: steps of 0.1 instead of 0.01"),
    (
        lambda _, p: p["prompt"].update(maxLength=500),
        "prompt", "range", "Prompt: at most 500 characters (no longest length before)",
    ),
    (lambda _, p: p["styles"].update(maxItems=1), "styles", "range", "Styles: at most 1 entry instead of 5"),
    (lambda _, p: p["styles"].update(uniqueItems=True), "styles", "range", "Styles: each entry only once"),
    (lambda _, p: p["steps"].update(default=28), "steps", "default", "Steps: default 30 → 28"),
    (lambda _, p: p["steps"].pop("default"), "steps", "default", "Steps: no default any more (30 before)"),
    (lambda _, p: p["prompt"].update(default=""), "prompt", "default", "Prompt: default an empty text (none before)"),
    (
        lambda _, p: p["styles"].update(default=["a", "b"]),
        "styles", "default", "Styles: default “a”, “b” (none before)",
    ),
    (
        lambda _, p: p["loras"].update(default=[{"path": "x"}]),
        "loras", "default", "LoRAs: default a list (none before)",
    ),
    (
        lambda _, p: p["acceleration"]["enum"].append("full"),
        "acceleration", "choices", "Acceleration: new choice “full”",
    ),
    (
        lambda _, p: p["acceleration"]["enum"].remove("high"),
        "acceleration", "choices", "Acceleration: no longer “high”",
    ),
    (
        lambda _, p: p["acceleration"].pop("enum"),
        "acceleration", "choices", "Acceleration: any value instead of a list of choices",
    ),
    (
        lambda _, p: p["styles"]["items"].update(enum=["a", "b", *"cdefgh"]),
        "styles", "choices", "Styles: new choices “c”, “d”, “e”, “f” and 2 more",
    ),
    (lambda d, _: d["input"]["required"].append("seed"), "seed", "required", "Seed: needs a value now"),
    (lambda d, _: d["input"]["required"].remove("prompt"), "prompt", "required", "Prompt: may be left out now"),
    (
        lambda _, p: p["seed"].update(type=["integer", "null"]),
        "seed", "required", "Seed: may be empty now",
    ),
    (lambda _, p: p["steps"].update(type="number"), "steps", "kind", "Steps: a number instead of a whole number"),
    (
        lambda _, p: p["loras"]["items"]["properties"]["scale"].update(maximum=1),
        "loras[].scale", "range", "LoRAs, Scale: at most 1 instead of 4",
    ),
    (
        lambda _, p: p["loras"]["items"]["properties"].update(weight={"type": "number"}),
        "loras[].weight", "added", "LoRAs: “Weight” is new",
    ),
    (
        lambda _, p: p["styles"]["items"].update(maxLength=3),
        "styles[]", "range", "Styles, each entry: at most 3 characters (no longest length before)",
    ),
    (
        lambda d, _: d.update(binding={"seed": None}),
        "seed", "role", "No field takes the seed any more (“Seed” before)",
    ),
    (
        lambda d, _: d.update(binding={"mask": "image_url", "picture": "mask_url"}),
        "mask_url", "role", "“Mask” takes the picture instead of “Picture”",
    ),
    (
        lambda d, _: d.update(binding={"polarity": "black"}),
        "mask_url", "role", "The mask’s black part is repainted instead of its white one",
    ),
    (
        lambda d, _: d.update(binding={"crop": "islands"}),
        "", "role", "A crop for each island of the mask is sent now",
    ),
    (
        lambda d, _: d.update(output={"properties": {"image": {"properties": {"url": {"type": "string"}}}}}),
        "", "answer", "The answer keeps its pictures in “image.url” instead of “images[].url”",
    ),
    (
        lambda d, _: d["output"]["properties"].update(seed={"type": "integer"}),
        "", "answer", "The answer keeps the seed in “seed”",
    ),
    (
        lambda d, _: d["output"].clear(),
        "", "answer", "The answer says no more where it keeps its pictures (“images[].url” before)",
    ),
    (lambda d, _: d["rules"].clear(), "loras", "range", "No rule any more: At most 5 LoRAs."),
    (
        lambda d, _: d["rules"].append({"rule": "note", "fields": ["seed"], "text": "Costs more."}),
        "", "range", "New rule: Costs more.",
    ),
    (lambda _, p: p["steps"].update(title="Rounds"), "steps", "text", "“Steps” is called “Rounds” now"),
    (lambda _, p: p["steps"].update(description="More."), "steps", "text", "“Steps” is described anew"),
    (lambda d, _: d.update(title="Paint 2"), "", "text", "The endpoint is called “Paint 2” now"),
    (lambda d, _: d.update(description="New."), "", "text", "The endpoint is described anew"),
    (
        lambda _, p: p["steps"].update(examples=[5]),
        "", "text", "Details of the document have changed that no field shows",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "kind", "text"), CASES, ids=[case[3] for case in CASES])
def test_each_difference_is_said(change: Callable[[Json, Json], object], path: str, kind: str, text: str) -> None:
    told = [replaced_titles(one) for one in after(change)]
    assert Change(path, kind, text) in told  # type: ignore[arg-type]  # one of the literals
    assert len(told) <= 2, "one difference, seen from two sides at most"


def replaced_titles(change: Change) -> Change:
    """The name of the list in words people use: the reader makes "Loras" of it."""
    return Change(change.path, change.kind, change.text.replace("Loras", "LoRAs"))


def test_no_difference_is_none() -> None:
    assert after(lambda *_: None) == ()
    assert after(lambda _, p: p["steps"].update(maximum=50.0, default=30)) == ()


def test_the_panels_order_words_last_and_what_is_gone_where_it_stood() -> None:
    def change(_: Json, properties: Json) -> None:
        properties["prompt"].update(description="Words", maxLength=9)
        del properties["steps"], properties["strength"]
        properties["seed"]["minimum"] = 1
        properties["zoom"] = {"type": "number"}
        properties["acceleration"]["default"] = "high"

    told = after(change)
    assert [(one.path, one.kind) for one in told] == [
        ("prompt", "range"),
        ("steps", "removed"),
        ("strength", "removed"),
        ("acceleration", "default"),
        ("seed", "range"),
        ("zoom", "added"),
        ("strength", "role"),
        ("prompt", "text"),
    ]


def test_a_list_that_is_new_or_gone_is_said_once_without_what_is_in_it() -> None:
    assert [one.path for one in after(lambda _, p: p.pop("loras"))] == ["loras"]
    before, now = copy.deepcopy(DOCUMENT), DOCUMENT
    del before["input"]["properties"]["loras"]
    assert [one.path for one in changes(read_endpoint(before), read_endpoint(now))] == ["loras"]


def test_a_renamed_field_is_one_gone_and_one_new() -> None:
    def rename(_: Json, properties: Json) -> None:
        properties["numSteps"] = properties.pop("steps")

    assert {(one.path, one.kind) for one in after(rename)} == {("steps", "removed"), ("numSteps", "added")}


def test_a_needed_field_that_is_new_says_so() -> None:
    def add(document: Json, properties: Json) -> None:
        properties["zoom"] = {"type": "number"}
        document["input"]["required"].append("zoom")

    assert [one.text for one in after(add)] == ["“Zoom” is new and needs a value"]


def test_two_fields_of_one_title_are_told_apart() -> None:
    def title(_: Json, properties: Json) -> None:
        properties["steps"].update(title="Seed", maximum=9)

    assert "Seed (steps): at most 9 instead of 50" in [one.text for one in after(title)]


@pytest.mark.parametrize("path", sorted(resource("endpoints").iterdir()), ids=lambda path: path.stem)
def test_our_own_endpoints_do_not_differ_from_themselves(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    assert changes(read_endpoint(document), read_endpoint(copy.deepcopy(document))) == ()


@pytest.mark.shared
def test_any_two_real_documents_are_compared_in_plain_bounded_words(shared: Path) -> None:
    paths = sorted((shared / "data" / "fal-openapi").glob("*.json"))
    endpoints = [read_endpoint(json.loads(path.read_text("utf-8")), name=path.stem) for path in paths]
    for one, other in itertools.pairwise(endpoints):
        assert changes(one, one) == ()
        told = changes(one, other)
        assert told
        for change in told:
            assert change.text.isprintable() and len(change.text) < 700


def test_hostile_documents_are_compared_in_bounded_time() -> None:
    deep: Json = "x"
    for _ in range(300):
        deep = [deep]
    fields = {f"f{number}": {"type": "string", "enum": [str(n) for n in range(100)]} for number in range(1500)}
    fields["deep"] = {"default": deep}
    others = {f"f{number}": {"type": "string", "enum": [str(n) for n in range(50, 150)]} for number in range(1500)}
    others["deep"] = {"default": [deep], "description": "d" * 1_000_000}
    told = changes(read_endpoint({"properties": fields}), read_endpoint({"properties": others}))
    assert len(told) >= 3000 and all(len(change.text) < 500 for change in told)
