"""Slips found by documents of strangers and mutations of real ones: a crash, or a field that nobody could use, each."""

import time
from typing import Any

import pytest

from app.backends.validation import Validation
from app.core.carry import carry
from app.core.endpoint import MISSING, Endpoint, Field
from app.core.schema import read_endpoint
from app.core.values import check, describe, fault

Json = Any


def one(schema: Json) -> Endpoint:
    return read_endpoint({"type": "object", "properties": {"x": schema}})


def only(schema: Json) -> Field:
    return one(schema).fields[0]


@pytest.mark.parametrize("wrong", [[], {}, ["prompt"], 3, True])
def test_a_binding_of_any_shape_is_said_and_passed_over(wrong: Json) -> None:
    document = {"input": {"properties": {"prompt": {"type": "string"}}}, "binding": {"prompt": wrong, "width": wrong}}
    endpoint = read_endpoint(document)
    assert "prompt" not in endpoint.binding.roles
    assert any("binding gives prompt" in problem for problem in endpoint.problems)


def test_a_provider_s_input_may_have_no_name_while_its_lora_part_names_none() -> None:
    document = {"inputs": [{"name": "", "type": "string"}], "uiConfig": {"lorasComponent": {"label": "LoRAs"}}}
    assert read_endpoint(document, name="x").id == "scenario/x"


def test_choices_beside_a_list_of_types_are_told_once_and_in_their_order() -> None:
    field = only({"type": ["string", "integer", "null"], "enum": ["a", 1, "b", None]})
    assert (field.enum, field.nullable) == (("a", 1, "b"), True)


@pytest.mark.parametrize(
    ("limits", "value"),
    [
        ({"type": "integer", "minimum": 5, "maximum": 1}, 3),
        ({"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 1}, 3),
        ({"type": "number", "exclusiveMinimum": 1, "maximum": 1}, 1),
        ({"type": "number", "minimum": 1, "exclusiveMaximum": 1}, 1),
        ({"type": "number", "minimum": 1, "maximum": 1, "exclusiveMinimum": True}, 1),
        ({"type": "string", "minLength": 5, "maxLength": 2}, "abc"),
        ({"type": "array", "items": {}, "minItems": 3, "maxItems": 1}, [1]),
    ],
)
def test_limits_that_no_value_fits_are_left_out_wherever_values_are_checked(limits: Json, value: Json) -> None:
    endpoint = one(limits)
    assert any("lowest limit" in problem for problem in endpoint.problems)
    assert check(endpoint, {"x": value}) == {}
    assert Validation().faults(endpoint, {"x": value}) == {}


@pytest.mark.parametrize("step", [1e-320, 1e-300, 0, -2])
def test_a_step_that_cannot_be_counted_in_forbids_nothing(step: float) -> None:
    endpoint = one({"type": "number", "multipleOf": step})
    assert endpoint.fields[0].step is None and "step" in endpoint.problems[0]
    assert check(endpoint, {"x": 0.5}) == {}
    assert Validation().faults(endpoint, {"x": 0.5}) == {}


def test_a_union_with_a_branch_that_allows_nothing_is_refused_in_words() -> None:
    endpoint = one({"anyOf": [False, {"type": "array", "items": {"type": "integer"}}]})
    said = Validation().faults(endpoint, {"x": "text"})
    assert said["x"].endswith(".")


def test_what_several_forms_share_comes_first() -> None:
    forms = [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string"}}}]
    endpoint = read_endpoint({"type": "object", "properties": {"age": {"type": "integer"}}, "anyOf": forms})
    assert [field["path"] for field in describe(endpoint)["fields"]] == ["age", "a", "b"]


def test_the_entries_of_lists_in_lists_are_called_by_the_list_s_name() -> None:
    inner = {"type": "array", "items": {"type": "string"}}
    field = only({"type": "array", "items": inner})
    assert field.children[0].children[0].title == "X"
    assert field.default is MISSING


@pytest.mark.parametrize(
    ("name", "title"),
    [("imageURL", "Image URL"), ("CFGScale", "CFG scale"), ("negativePrompt", "Negative prompt"), ("n", "N"),
     ("image_url", "Image url"), ("SEED", "SEED"), ("num2Images", "Num2 images"), ("--", "--"),
     ("", "Value"), ("\n ", "Value"), (".", "."), ("[]", "[]")],
)  # fmt: skip
def test_names_are_read_as_words(name: str, title: str) -> None:
    assert read_endpoint({"properties": {name: {"type": "string"}}}).fields[0].title == title


def test_thousands_chosen_among_thousands_are_looked_up() -> None:
    names = [f"v{number}" for number in range(30_000)]
    started = time.thread_time()
    field = only({"type": "array", "items": {"enum": names}, "default": names[:15_000]})
    assert time.thread_time() - started < 1
    assert field.default == names[:15_000]
    assert fault(field, [*names[:100], "other"]).startswith("Entry 101: other is not one of")


def test_what_is_required_and_nowhere_described_is_said() -> None:
    endpoint = read_endpoint({"properties": {"a": {"type": "string"}}, "required": ["a", "gone"]})
    assert [field.path for field in endpoint.fields] == ["a"]
    assert any("'gone'" in problem for problem in endpoint.problems)
    assert check(endpoint, {"a": "x"}) == Validation().faults(endpoint, {"a": "x"}) == {}


def test_thousands_of_missing_values_are_found_at_once() -> None:
    names = [f"f{number}" for number in range(10_000)]
    endpoint = read_endpoint({"properties": {name: {"type": "string"} for name in names}, "required": names})
    validation = Validation()
    validation.faults(endpoint, {})
    started = time.thread_time()
    assert len(validation.faults(endpoint, {"f7": "x"})) == 9_999
    assert time.thread_time() - started < 0.5


@pytest.mark.parametrize(
    ("name", "schema", "wanted"),
    [("text", {}, True), ("edit_instruction", {}, True), ("lyrics", {}, True), ("context", {}, False),
     ("body", {"maxLength": 20_000}, True), ("title", {"maxLength": 80}, False), ("hd_strategy", {}, False),
     ("webhookUrl", {"maxLength": 65_536}, False), ("api_key", {"maxLength": 500}, False)],
)  # fmt: skip
def test_texts_that_may_be_long_get_several_lines(name: str, schema: Json, wanted: bool) -> None:
    assert read_endpoint({"properties": {name: {"type": "string", **schema}}}).fields[0].multiline is wanted


@pytest.mark.parametrize(
    ("name", "schema", "media"),
    [("image", {"format": "uri"}, "picture"), ("latent_mask", {"description": "Base64 of a mask"}, "mask"),
     ("exampleImage", {"description": "Base64 encoded example image"}, "picture"),
     ("photos", {"format": "url"}, "picture"), ("image", {}, ""),
     ("image_style", {"description": "A URL"}, ""), ("webhook", {"format": "uri"}, "")],
)  # fmt: skip
def test_a_group_s_files_are_known_by_name_and_form(name: str, schema: Json, media: str) -> None:
    group = {"type": "object", "properties": {name: {"type": "string", **schema}}}
    assert only(group).children[0].media == media


@pytest.mark.parametrize("properties", [5, "a", [], None, True])
def test_properties_of_any_shape_leave_a_report(properties: Json) -> None:
    endpoint = read_endpoint({"type": "object", "properties": properties, "required": ["a"]})
    assert endpoint.fields == () and endpoint.problems


@pytest.mark.parametrize(
    ("names", "picture", "mask"),
    [
        ("image erase_mask prompt", "image", "erase_mask"),
        ("canvas_image canvas_mask", "canvas_image", "canvas_mask"),
        ("image_url alpha_mask_url", "image_url", "alpha_mask_url"),
        ("source_image_url source_mask_url", "source_image_url", "source_mask_url"),
        ("image_url fill_image erase_mask_url", "image_url", "erase_mask_url"),
        ("image_url face_mask_url reference_mask_url garment_mask", "image_url", None),
        ("image_url mask_type fill_mode canvas_size", "image_url", None),
    ],
)
def test_pictures_and_masks_of_other_names(names: str, picture: str, mask: str | None) -> None:
    roles = read_endpoint({"properties": {name: {"type": "string"} for name in names.split()}}).binding.roles
    assert (roles.get("picture"), roles.get("mask")) == (picture, mask)


TEXT: Json = {"type": "string"}
MODE: Json = {"enum": ["a", "b"]}
IS_A: Json = {"properties": {"mode": {"const": "a"}}, "required": ["mode"]}


@pytest.mark.parametrize(
    "conditions",
    [
        {"if": IS_A, "then": {"properties": {"x": TEXT, "mode": {"const": "a"}}, "required": ["x"]}},
        {"if": {"not": IS_A}, "else": {"properties": {"x": TEXT}, "required": ["x"]}},
        {"allOf": [{"if": IS_A, "then": {"$ref": "#/$defs/more"}}, {"if": IS_A, "then": {"required": ["mode"]}}]},
        {"dependentSchemas": {"mode": {"properties": {"x": TEXT}, "required": ["x"]}}},
        {"dependencies": {"mode": {"oneOf": [{"properties": {"mode": {"enum": ["a", "b"]}, "x": TEXT},
                                              "required": ["x"]}]}}},
    ],
)  # fmt: skip
def test_fields_that_exist_only_under_a_condition_are_shown_last_and_asked_for_then(conditions: Json) -> None:
    more = {"properties": {"x": TEXT}, "required": ["x"]}
    schema = {"type": "object", "properties": {"mode": MODE, "n": TEXT}, "$defs": {"more": more}, **conditions}
    endpoint = read_endpoint(schema)
    assert [field.path for field in endpoint.fields] == ["mode", "n", "x"]
    assert (endpoint.fields[0].enum, endpoint.fields[2].kind) == (("a", "b"), "string")
    assert not any(field.required for field in endpoint.fields)
    assert check(endpoint, {"mode": "a", "x": "1"}) == Validation().faults(endpoint, {"mode": "a", "x": "1"}) == {}
    assert Validation().faults(endpoint, {"mode": "a"}).keys() & {"x", "mode"}
    inside = only({**schema, "$defs": {}}) if "$defs" not in str(conditions) else None
    assert inside is None or [child.path for child in inside.children] == ["x.mode", "x.n", "x.x"]


def test_a_condition_that_speaks_of_itself_ends() -> None:
    schema = {
        "type": "object",
        "properties": {"a": TEXT},
        "if": {},
        "then": {"$ref": "#"},
        "else": {"then": {"$ref": "#"}},
    }
    assert [field.path for field in read_endpoint(schema).fields] == ["a"]


def test_a_switch_with_one_position_refuses_the_other() -> None:
    assert check(one({"type": "boolean", "const": True}), {"x": False}) == {"x": "false is not one of: true."}


def test_a_document_without_calls_gives_its_input_by_name() -> None:
    schemas = {
        "File": {"type": "object"},
        "EditInput": {"properties": {"a": {"$ref": "#/components/schemas/T"}}},
        "T": TEXT,
    }
    for about in ({}, {"openapi": "3.0.4", "info": {"title": "t"}, "paths": {}}):
        endpoint = read_endpoint({**about, "components": {"schemas": schemas}}, name="x")
        assert [(field.path, field.kind) for field in endpoint.fields] == [("a", "string")]
        assert any("EditInput" in problem for problem in endpoint.problems)
    schema = {"properties": {"b": {"$ref": "#/components/schemas/T"}}, "components": {"schemas": schemas}}
    assert [(field.path, field.kind) for field in read_endpoint(schema).fields] == [("b", "string")]


def test_an_entry_of_a_catalogue_is_read_by_the_document_in_it() -> None:
    body = {"content": {"application/json": {"schema": {"properties": {"prompt": TEXT}}}}}
    document = {"openapi": "3.0.4", "info": {"title": "t"}, "paths": {"/a/b": {"post": {"requestBody": body}}}}
    entry = {"endpoint_id": "a/b", "metadata": {}, "openapi": document}
    for wrapped in (entry, {"models": [entry], "has_more": False}):
        endpoint = read_endpoint(wrapped, name="file")
        assert (endpoint.id, [field.path for field in endpoint.fields]) == ("a/b", ["prompt"])


def test_one_field_is_not_width_and_height_at_once() -> None:
    inputs = [{"name": "a", "type": "number", "min": 1, "max": 9}, {"name": "b", "type": "number"}]
    shown = {"resolutionComponent": {"widthInput": "a", "heightInput": "a"}}
    endpoint = read_endpoint({"inputs": inputs, "uiConfig": shown})
    assert (endpoint.binding.width, endpoint.binding.height) == ("", "")
    other = read_endpoint({"properties": {"width": {"type": "integer"}, "height": {"type": "integer"}}})
    assert carry({"a": 5}, endpoint, other).moves and carry({"width": 5, "height": 5}, other, endpoint).moves
