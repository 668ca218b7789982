"""A provider's list of inputs becomes an endpoint: every input once, in order, with all that is said of it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.endpoint_file import endpoint_document
from app.core.errors import SchemaError
from app.core.schema import read_endpoint
from app.core.values import check, describe
from tests.core import walker

Json = Any


def engine(*inputs: Json, model_id: str = "model_x", **shown: Json) -> Endpoint:
    model = {"id": model_id, "name": "Engine X", "inputs": list(inputs), "uiConfig": shown}
    return read_endpoint({"model": model})


def only(**told: Json) -> Field:
    endpoint = engine({"name": "x", **told})
    assert len(endpoint.fields) == 1
    return endpoint.fields[0]


GPT: list[Json] = [
    {"name": "prompt", "type": "string", "label": "Prompt", "prompt": True, "maxLength": 32000, "required": True},
    {
        "name": "referenceImages", "type": "file_array", "kind": "image", "label": "References", "maxLength": 16,
        "required": {"ifDefined": {"mask": {"message": "A mask needs a picture."}}},
    },
    {
        "name": "mask", "type": "file", "kind": "image", "maskFrom": "referenceImages", "label": "Mask",
        "description": "Transparent areas are edited.", "backgroundBehavior": "transparent",
    },
    {"name": "quality", "type": "string", "allowedValues": ["low", "high"], "default": "high", "costImpact": True},
    {"name": "numOutputs", "type": "number", "min": 1, "max": 4, "step": 1, "default": 1, "group": "Output"},
    {"name": "seed", "type": "number", "min": 0, "max": 2147483647},
]  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        {"model": {"id": "m", "name": "M", "inputs": GPT}},
        {"id": "m", "name": "M", "inputs": GPT},
        {"inputs": GPT},
        GPT,
    ],
)
def test_every_form_of_the_document_is_read(document: Json) -> None:
    endpoint = read_endpoint(document, name="m")
    assert endpoint.id == "scenario/m"
    assert endpoint.provider == "scenario"
    assert [field.path for field in endpoint.fields] == [told["name"] for told in GPT]
    assert dict(endpoint.binding.roles) == {
        "picture": "referenceImages", "mask": "mask", "prompt": "prompt", "seed": "seed", "count": "numOutputs",
    }  # fmt: skip
    assert endpoint.binding.results == "job.metadata.assetIds[]"
    assert endpoint.problems == ("The mask may be wanted with transparency; it is sent as white on black.",)
    again = read_endpoint(json.loads(json.dumps(endpoint_document(endpoint))))
    assert replace(again, problems=endpoint.problems) == endpoint


WIDE: list[Json] = [
    {"name": "image", "type": "file", "kind": "image", "required": {"always": True}, "maxSize": 10_000_000},
    {"name": "strength", "type": "number", "min": 0.01, "max": 1, "step": 0.01, "default": 0.75},
    {"name": "steps", "type": "number", "min": 1, "max": 50, "step": 1, "default": 28, "required": False},
    {"name": "style", "type": "string", "allowedValues": ["a", "b"], "default": "b"},
    {"name": "tags", "type": "string_array", "allowedValues": ["x", "y"], "minLength": 1, "maxLength": 2},
    {"name": "weights", "type": "number_array", "maxLength": 5, "default": [1, 0.5]},
    {"name": "tiling", "type": "boolean", "default": False},
    {"name": "checkpoint", "type": "model", "modelTypes": ["flux.1"], "required": True},
    {
        "name": "loras", "type": "inputs_array", "minLength": 0, "maxLength": 3, "inputs": [
            {"name": "id", "type": "model", "required": {"always": True}},
            {"name": "scale", "type": "number", "min": -2, "max": 2, "step": 0.1, "default": 1},
            {"name": "blocks", "type": "inputs_array", "inputs": [{"name": "n", "type": "string", "maxLength": 9}]},
        ],
    },
]  # fmt: skip


@pytest.mark.parametrize("inputs", [GPT, WIDE])
def test_every_input_has_its_default_and_bounds(inputs: list[Json]) -> None:
    endpoint = read_endpoint(inputs, name="m")
    described = describe(endpoint)["fields"]
    expected = list(walker.every_input(inputs))
    assert [field["path"] for field in described] == [path for path, _ in expected]
    for field, (path, facts) in zip(described, expected, strict=True):
        assert {name: field[name] for name in facts} == facts, path
        assert ("default" in field) == ("default" in facts)
    defaults = {field.path: field.default for field in endpoint.fields if field.default is not MISSING}
    assert not check(endpoint, defaults).keys() & defaults.keys()


@pytest.mark.parametrize("document", [[], [3], {"model": {"id": "m"}}, {"model": 3}, [{"title": "no input"}]])
def test_what_has_no_inputs_is_refused_in_words(document: Json) -> None:
    with pytest.raises(SchemaError):
        read_endpoint(document, name="thing")


@pytest.mark.parametrize(
    ("kind", "ours", "item"),
    [
        ("boolean", "boolean", ""), ("string", "string", ""), ("number", "number", ""), ("file", "string", ""),
        ("model", "string", ""), ("string_array", "array", "string"), ("number_array", "array", "number"),
        ("file_array", "array", "string"), ("model_array", "array", "string"),
    ],
)  # fmt: skip
def test_every_type_is_read(kind: str, ours: str, item: str) -> None:
    field = only(type=kind)
    assert field.kind == ours
    assert [child.kind for child in field.children] == ([item] if item else [])


def test_words_become_title_description_group_and_example() -> None:
    field = only(
        type="string", label="Name", description="What it does.", hint="Keep it short.", group="Style",
        placeholder="a cat", maxLength=40, minLength=2, costImpact=True, maxSize=10_000_000,
    )  # fmt: skip
    assert (field.title, field.group, field.examples) == ("Name", "Style", ("a cat",))
    assert field.description.splitlines() == [
        "What it does.", "Keep it short.", "At most 10 MB.", "Changes the price.",
    ]  # fmt: skip
    assert (field.min_length, field.max_length) == (2, 40)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"min": 1, "max": 50, "step": 1, "default": 28}, "integer"),
        ({"min": 0, "max": 2147483647}, "integer"),
        ({"min": 1.0, "max": 8.0, "step": 1.0, "default": 4.0}, "integer"),
        ({"min": 0, "max": 20, "step": 0.1, "default": 3}, "number"),
        ({"min": 0, "max": 20, "default": 3.5}, "number"),
        ({"min": 0, "max": 1, "default": 1}, "number"),
        ({"min": 0, "max": 1, "step": 1}, "integer"),
        ({"allowedValues": [1, 2, 4]}, "integer"),
        ({}, "number"),
    ],
)
def test_numbers_are_whole_if_step_default_and_bounds_are(told: Json, kind: str) -> None:
    field = only(type="number", **told)
    assert field.kind == kind
    assert (field.minimum, field.maximum) == (told.get("min"), told.get("max"))
    assert kind != "integer" or all(type(n) is int for n in (field.minimum, field.maximum, field.step) if n is not None)


def test_steps_count_from_the_minimum() -> None:
    endpoint = engine({"name": "x", "type": "number", "min": 1, "max": 9, "step": 2, "default": 3})
    assert endpoint.fields[0].default == 3
    assert check(endpoint, {"x": 3}) == {} and check(endpoint, {"x": 3.5}).keys() == {"x"}


def test_choices_of_lists_are_those_of_their_entries() -> None:
    field = only(type="string_array", allowedValues=["a", "b"], minLength=1, maxLength=2, default=["a"])
    assert (field.enum, field.min_items, field.max_items, field.default) == (("a", "b"), 1, 2, ["a"])
    field = only(type="number_array", allowedValues=[1, 2], default=[1])
    assert (field.enum, field.children[0].kind) == ((1, 2), "integer")
    field = only(type="number_array", min=0, max=2, step=0.5, maxLength=3)
    assert (field.max_items, field.children[0].maximum, field.children[0].step) == (3, 2, 0.5)
    assert only(type="file_array", min=1, max=4).max_items == 4


@pytest.mark.parametrize(
    ("kind", "media"),
    [("image", "picture"), ("video", "video"), ("audio", "audio"), ("document", "document"), ("3d", "file"),
     ("json", "file"), ("text", "file"), ("image-hdr", "picture")],
)  # fmt: skip
def test_files_say_what_they_hold(kind: str, media: str) -> None:
    assert only(type="file", kind=kind).media == media
    assert only(type="file_array", kind=kind).media == media


def test_a_mask_says_which_picture_it_belongs_to() -> None:
    endpoint = engine(
        {"name": "characterReferenceImage", "type": "file", "kind": "image", "required": True},
        {"name": "photo1", "type": "file", "kind": "image"},
        {"name": "area", "type": "file", "kind": "image", "maskFrom": "photo1"},
    )
    assert dict(endpoint.binding.roles) == {"picture": "photo1", "mask": "area"}
    assert endpoint.field_for("mask") is endpoint.fields[2]
    assert (endpoint.fields[2].mask_for, endpoint.fields[2].media) == ("photo1", "mask")


def test_inputs_within_inputs_are_fields_of_entries() -> None:
    endpoint = engine(
        {
            "name": "loras", "type": "inputs_array", "maxLength": 3, "inputs": [
                {"name": "model", "type": "model", "required": {"always": True}},
                {"name": "scale", "type": "number", "min": -2, "max": 2, "step": 0.1, "default": 1},
            ],
        }
    )  # fmt: skip
    paths = [(field["path"], field["required"]) for field in describe(endpoint)["fields"]]
    assert paths == [("loras", False), ("loras[].model", True), ("loras[].scale", False)]
    assert check(endpoint, {"loras": [{"model": "a", "scale": 3}]}).keys() == {"loras"}
    assert check(endpoint, {"loras": [{"model": "a"}] * 4}).keys() == {"loras"}


@pytest.mark.parametrize("required", [True, {"always": True}])
def test_always_required(required: Json) -> None:
    assert only(type="string", required=required).required


@pytest.mark.parametrize("required", [False, None, {}, {"always": False}, "yes", {"ifDefined": 3}, {"conditional": []}])
def test_not_required(required: Json) -> None:
    endpoint = engine({"name": "x", "type": "string", "required": required})
    assert not endpoint.fields[0].required
    assert endpoint.rules == ()


A = {"name": "a", "type": "string"}
B = {"name": "b", "type": "string"}


@pytest.mark.parametrize(
    ("required", "stopped", "passing"),
    [
        ({"ifDefined": {"a": {"message": "Needed with a."}}}, [{"a": "1"}], [{}, {"a": "1", "x": "2"}, {"a": ""}]),
        ({"ifNotDefined": {"a": {"message": "Without a, x is needed."}}}, [{}], [{"a": "1"}, {"x": "2"}]),
        ({"conditional": {"values": {"a": ["1", "2"]}}}, [{"a": "1"}, {"a": "2"}], [{}, {"a": "3"}]),
        (
            {"conditional": {"values": {"a": ["1"], "b": ["2"]}, "operator": "and"}},
            [{"a": "1", "b": "2"}], [{"a": "1"}, {"b": "2"}],
        ),
        (
            {"conditional": {"values": {"a": ["1"], "b": ["2"]}, "operator": "or"}},
            [{"a": "1", "b": "2"}, {"a": "1"}, {"b": "2"}], [{"a": "3"}],
        ),
        ({"conditionalValues": {"a": ["1"]}}, [{"a": "1"}], [{"a": "2"}]),
        ({"conditionalValues": {"values": {"a": ["1"]}}}, [{"a": "1"}], [{"a": "2"}]),
    ],
)  # fmt: skip
def test_conditions_become_rules(required: Json, stopped: list[Json], passing: list[Json]) -> None:
    endpoint = engine(A, B, {"name": "x", "type": "string", "required": required})
    for values in stopped:
        assert check(endpoint, values).keys() == {"x"}, values
    for values in passing:
        assert check(endpoint, values) == {}, values


def test_the_providers_own_sentence_is_said() -> None:
    endpoint = engine(A, {"name": "x", "type": "string", "required": {"ifDefined": {"a": {"message": "Give x too."}}}})
    assert check(endpoint, {"a": "1"}) == {"x": "Give x too."}


def test_what_the_canvas_fills_counts_as_given() -> None:
    picture = {"name": "image", "type": "file", "kind": "image"}
    mask = {
        "name": "mask",
        "type": "file",
        "kind": "image",
        "maskFrom": "image",
        "required": {"ifDefined": {"image": {}}},
    }
    assert check(engine(picture, mask), {}) == {}


def test_a_rule_that_names_what_is_not_shown_is_reported() -> None:
    endpoint = engine({"name": "x", "type": "string", "required": {"ifNotDefined": {"hidden": {"message": "m"}}}})
    assert endpoint.rules == ()
    assert check(endpoint, {}) == {}
    assert "'hidden'" in endpoint.problems[0]


def test_labels_sizes_folded_and_lora_inputs_of_the_presentation() -> None:
    endpoint = engine(
        {"name": "style", "type": "string", "allowedValues": ["a1", "b2"]},
        {"name": "mode", "type": "string"},
        {"name": "level", "type": "number", "allowedValues": [1, 2]},
        {"name": "w", "type": "number", "min": 64, "max": 2048, "step": 8},
        {"name": "h", "type": "number", "min": 64, "max": 2048, "step": 8},
        {"name": "loras", "type": "model_array"},
        {"name": "scales", "type": "number_array"},
        selects={"style": {"a1": "First", "b2": "Second"}, "mode": {"m": "Em"}, "level": {"1": "One"}, "gone": {}},
        resolutionComponent={
            "label": "Size", "widthInput": "w", "heightInput": "h",
            "presets": [{"label": "Wide", "width": 1024, "height": 512}, {"label": "A"}, {"width": 64, "height": 64}],
        },
        inputProperties={"mode": {"collapsed": True}, "style": {"collapsed": False}},
        lorasComponent={"label": "LoRAs", "modelInput": "loras", "scaleInput": "scales"},
        presets=[{"fields": ["style"]}],
    )  # fmt: skip
    fields = {field.path: field for field in endpoint.fields}
    assert fields["style"].labels == ("First", "Second")
    assert (fields["mode"].enum, fields["mode"].labels) == (("m",), ("Em",))
    assert fields["level"].labels == ("One", "2")
    assert (endpoint.binding.width, endpoint.binding.height) == ("w", "h")
    assert endpoint.sizes == (("Wide", 1024, 512), ("64 × 64", 64, 64))
    assert (fields["mode"].rare, fields["style"].rare) == (True, False)
    assert (fields["loras"].group, fields["scales"].group) == ("LoRAs", "LoRAs")
    assert any(rule["rule"] == "note" and rule["fields"] == ["loras", "scales"] for rule in endpoint.rules)
    assert endpoint.problems == ("The provider’s own presets are not offered.",)
    assert read_endpoint(endpoint_document(endpoint)).sizes == endpoint.sizes


@pytest.mark.parametrize(
    ("model_id", "description", "polarity"),
    [
        ("model_ideogram-character", "", "black"),
        ("model_patina-material", "", "white"),
        ("model_other", "", "white"),
        ("model_other", "Black pixels are repainted and white ones are kept.", "black"),
    ],
)
def test_polarity_is_known_or_described(model_id: str, description: str, polarity: str) -> None:
    mask = {"name": "mask", "type": "file", "maskFrom": "image", "description": description}
    endpoint = engine({"name": "image", "type": "file"}, mask, model_id=model_id)
    assert endpoint.binding.polarity == polarity


@pytest.mark.parametrize(
    ("model_id", "description", "words"),
    [
        ("model_ideogram-character", "", ""),
        ("model_other", "White is repainted.", ""),
        ("model_other", "The mask.", "not said which colour"),
        ("model_other", "Must have an alpha channel.", "transparency"),
        ("model_openai-gpt-image-2", "", "transparency"),
    ],
)
def test_what_is_not_said_of_a_mask_is_said_to_be_open(model_id: str, description: str, words: str) -> None:
    mask = {"name": "mask", "type": "file", "maskFrom": "image", "description": description}
    endpoint = engine({"name": "image", "type": "file"}, mask, model_id=model_id)
    assert bool(endpoint.problems) == bool(words)
    assert words in " ".join(endpoint.problems)


def test_an_unknown_type_is_kept_and_reported() -> None:
    endpoint = engine({"name": "x", "type": "hologram", "label": "X"}, {"name": "y", "type": 3}, {"name": "z"})
    assert [(field.path, field.kind) for field in endpoint.fields] == [("x", "any"), ("y", "any"), ("z", "any")]
    assert "hologram" in " ".join(endpoint.problems)


def test_inputs_without_a_name_or_listed_twice_are_reported() -> None:
    endpoint = engine({"type": "string"}, 3, {"name": "x", "type": "string"}, {"name": "x", "type": "number"})
    assert [field.kind for field in endpoint.fields] == ["string"]
    assert len(endpoint.problems) == 3


_values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["x", "y", "z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "always", "values", "message"]), inner)
    ),
    max_leaves=5,
)
_KINDS = (
    "boolean", "string", "number", "string_array", "number_array", "file", "file_array", "model", "model_array",
    "inputs_array", "odd",
)  # fmt: skip
_KEYS = (
    "label", "description", "hint", "group", "placeholder", "default", "allowedValues", "min", "max", "step",
    "minLength", "maxLength", "maxSize", "kind", "maskFrom", "required", "prompt", "costImpact", "inputs",
)  # fmt: skip
_told = st.builds(
    lambda kind, rest: {**rest, "type": kind},
    st.sampled_from(_KINDS) | _values,
    st.dictionaries(st.sampled_from(_KEYS), _values),
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from("xyz"), _told, min_size=1), _values)
def test_no_inputs_raise_and_each_appears_once(told: dict[str, Json], shown: Json) -> None:
    inputs = [{**rest, "name": name} for name, rest in told.items()]
    keys = ("selects", "resolutionComponent", "inputProperties", "lorasComponent", "presets")
    endpoint = read_endpoint({"model": {"id": "m", "inputs": inputs, "uiConfig": dict.fromkeys(keys, shown)}})
    assert [field.path for field in endpoint.fields] == list(told)
    defaults = {field.path: field.default for field in endpoint.fields if field.default is not MISSING}
    assert not {path for path in check(endpoint, defaults) if path in defaults and not endpoint.rules}
    written = json.dumps(endpoint_document(endpoint), allow_nan=False)
    assert read_endpoint(json.loads(written)).fields == endpoint.fields
    json.dumps(describe(endpoint), allow_nan=False)
