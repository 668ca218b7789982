"""Documents become endpoints: every property once, in order, with its default and bounds; nothing odd raises."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.errors import SchemaError
from app.core.field_reader import DEEPEST, MOST_FIELDS, MOST_NESTED
from app.core.keywords import LONGEST_TEXT
from app.core.references import self_contained, target
from app.core.roles import roles_by_name
from app.core.schema import read_endpoint
from app.core.values import check, describe, fault
from tests.core import walker

Json = Any

SAMPLES = (
    "bria__video__erase__mask", "fal-ai__esrgan", "fal-ai__finegrain-eraser__mask", "fal-ai__flux-general",
    "fal-ai__flux-general__inpainting", "fal-ai__flux-lora__inpainting", "fal-ai__flux-pro__v1.1-ultra",
    "fal-ai__flux-pro__v1__fill", "fal-ai__flux__dev", "fal-ai__fooocus__inpaint", "fal-ai__hyper3d__rodin__v2",
    "fal-ai__ideogram__v3__edit", "fal-ai__inpaint", "fal-ai__kolors", "fal-ai__lora", "fal-ai__nano-banana-2",
    "fal-ai__patina__material", "fal-ai__recraft__v3__text-to-image", "fal-ai__wan-vace-14b__inpainting",
    "fal-ai__z-image__turbo", "fal-ai__z-image__turbo__inpaint", "fal-ai__z-image__turbo__tiling__lora",
    "ideogram__v4", "openai__gpt-image-2", "openai__gpt-image-2__edit",
)  # fmt: skip

BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusive_minimum": "exclusiveMinimum",
    "exclusive_maximum": "exclusiveMaximum",
    "step": "multipleOf",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_items": "minItems",
    "max_items": "maxItems",
}


def only(schema: Json, **beside: Json) -> Field:
    """The one field of a schema with the one property ``x``."""
    endpoint = read_endpoint({"type": "object", "properties": {"x": schema}, **beside})
    assert len(endpoint.fields) == 1
    return endpoint.fields[0]


def assert_mirrors(endpoint: Endpoint, document: Json) -> None:
    """The endpoint's fields are the document's properties: each once, in order, with its default and bounds."""
    schema, root = walker.input_schema(document)
    assert [field.path for field in endpoint.fields] == walker.order(schema)
    for field in endpoint.fields:
        node, nullable = walker.single(schema["properties"][field.path], root)
        assert field.required == (field.path in schema.get("required", []))
        assert field.nullable == (nullable or node.get("default", MISSING) is None)
        assert (field.default is MISSING) == ("default" not in node)
        assert field.default is MISSING or field.default == node["default"]
        for ours, theirs in BOUNDS.items():
            told = node.get(theirs, node.get({"multipleOf": "step"}.get(theirs, "")))
            assert getattr(field, ours) == told, (field.path, ours)
        if "anyOf" not in node:
            assert field.kind == node["type"]
            items = walker.follow(node.get("items", {}), root)
            constant = [node["const"]] if "const" in node else ()
            assert field.enum == tuple(node.get("enum", items.get("enum", constant)))


def assert_lists_all(endpoint: Endpoint, document: Json) -> None:
    """``fields --json`` has every property, nested ones too, with its default and bounds."""
    expected = list(walker.every(*walker.input_schema(document)))
    described = describe(endpoint)["fields"]
    assert [field["path"] for field in described] == [path for path, _, _ in expected]
    for field, (path, node, required) in zip(described, expected, strict=True):
        assert field["required"] == required
        assert field.get("default", MISSING) == node.get("default", MISSING), path
        for ours, theirs in BOUNDS.items():
            slips = {"multipleOf": "step", "minimum": "ge", "maximum": "le"}
            assert field[ours] == node.get(theirs, node.get(slips.get(theirs, ""))), (path, ours)


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_document_is_read_whole(shared: Path, name: str) -> None:
    document = json.loads((shared / "data" / "fal-openapi" / f"{name}.json").read_text())
    endpoint = read_endpoint(document)
    assert endpoint.problems == ()
    assert endpoint.id == name.replace("__", "/")
    assert endpoint.provider == "fal"
    assert_mirrors(endpoint, document)
    assert_lists_all(endpoint, document)
    defaults = {field.path: field.default for field in endpoint.fields if field.default is not MISSING}
    assert not check(endpoint, defaults).keys() & defaults.keys()


@pytest.mark.shared
def test_nested_objects_and_lists_keep_their_fields(shared: Path) -> None:
    document = json.loads((shared / "data" / "fal-openapi" / "fal-ai__flux-general.json").read_text())
    fields = {field["path"]: field for field in describe(read_endpoint(document))["fields"]}
    assert fields["loras[].scale"]["minimum"] == -4
    assert fields["loras[].scale"]["maximum"] == 4
    assert fields["image_size.width"]["default"] == 512
    paths = list(fields)
    assert paths.index("loras") < paths.index("loras[].path")


@pytest.mark.parametrize("value", [None, [], "text", 3, True, {}, {"title": "nothing here"}])
def test_what_holds_no_schema_is_refused_in_words(value: Json) -> None:
    with pytest.raises(SchemaError) as error:
        read_endpoint(value, name="thing.json")
    assert str(error.value).startswith("thing.json")


def test_a_union_with_null_is_the_thing_itself() -> None:
    field = only({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"type": "null"}], "title": "Seed"})
    assert (field.kind, field.nullable, field.minimum, field.maximum, field.title) == ("integer", True, 0, 9, "Seed")


def test_a_type_list_with_null_is_nullable() -> None:
    field = only({"type": ["string", "null"], "maxLength": 5})
    assert (field.kind, field.nullable, field.max_length) == ("string", True, 5)


def test_an_open_union_of_texts_stays_text_with_suggestions() -> None:
    field = only({"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"type": "string"}]})
    assert (field.kind, field.enum, field.examples) == ("string", (), ("a", "b"))


def test_an_open_union_of_kinds_is_any() -> None:
    assert only({"anyOf": [{"type": "number"}, {"type": "string"}]}).kind == "any"
    assert only({"type": ["number", "string"]}).kind == "any"


def test_a_size_is_a_union_that_keeps_both_its_branches() -> None:
    size = {
        "type": "object",
        "properties": {"width": {"type": "integer", "maximum": 10}, "height": {"type": "integer"}},
    }
    field = only(
        {"anyOf": [{"$ref": "#/$defs/Size"}, {"enum": ["s", "l"], "type": "string"}]}, **{"$defs": {"Size": size}}
    )
    assert (field.kind, field.enum) == ("any", ("s", "l"))
    assert [child.path for child in field.children] == ["x.width", "x.height"]
    assert (
        fault(field, {"width": 11}) and not fault(field, {"width": 10}) and not fault(field, "s") and fault(field, "m")
    )


@pytest.mark.parametrize(
    "node", [{"$ref": "#/$defs/A", "title": "Mine"}, {"allOf": [{"$ref": "#/$defs/A"}], "title": "Mine"}]
)
def test_words_beside_a_reference_win(node: Json) -> None:
    field = only(
        node, **{"$defs": {"A": {"type": "object", "title": "Theirs", "properties": {"b": {"type": "string"}}}}}
    )
    assert (field.title, field.kind) == ("Mine", "object")
    assert [child.path for child in field.children] == ["x.b"]


def test_a_reference_to_nothing_is_reported_and_the_field_stays() -> None:
    endpoint = read_endpoint({"properties": {"x": {"$ref": "#/$defs/Gone", "title": "X"}, "y": {"type": "string"}}})
    assert [field.path for field in endpoint.fields] == ["x", "y"]
    assert endpoint.fields[0].kind == "any"
    assert "#/$defs/Gone" in endpoint.problems[0]


def test_a_document_without_its_input_schema_is_reported() -> None:
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gone"}}}}
    endpoint = read_endpoint({"openapi": "3.0.4", "info": {}, "paths": {"/a/b": {"post": {"requestBody": body}}}})
    assert endpoint.id == "a/b"
    assert endpoint.fields == ()
    assert endpoint.problems


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, {"exclusive_minimum": 0, "minimum": None}),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, {"exclusive_minimum": 0, "maximum": 1}),
        ({"type": "number", "maximum": 1, "exclusiveMaximum": True}, {"exclusive_maximum": 1, "maximum": None}),
        ({"type": "number", "ge": 0, "le": 4}, {"minimum": 0, "maximum": 4}),
        ({"type": "number", "min": 1, "max": 2, "step": 0.5}, {"minimum": 1, "maximum": 2, "step": 0.5}),
        ({"type": "number", "minimum": "low", "multipleOf": 0}, {"minimum": None, "step": None}),
        ({"type": "string", "minLength": -1, "maxLength": 3.0}, {"min_length": None, "max_length": 3}),
    ],
)
def test_bounds_are_read_in_every_spelling(node: Json, wanted: dict[str, Json]) -> None:
    field = only(node)
    assert {name: getattr(field, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        ({"enum": ["a"]}, "string"), ({"enum": [1, 2]}, "integer"), ({"enum": [1, 2.5]}, "number"),
        ({"enum": [True, "a"]}, "any"), ({"const": True}, "boolean"), ({"properties": {}}, "object"),
        ({"items": {"type": "string"}}, "array"), ({"minimum": 0}, "number"), ({"maxLength": 3}, "string"),
        ({"default": 3}, "integer"), ({"default": [1]}, "array"), ({}, "any"), (True, "any"), ({"type": "file"}, "any"),
    ],
)  # fmt: skip
def test_a_missing_type_is_guessed_from_the_rest(node: Json, kind: str) -> None:
    assert only(node).kind == kind


def test_a_constant_is_a_choice_of_one() -> None:
    assert only({"const": "inpaint"}).enum == ("inpaint",)


def test_items_that_are_numbered_are_edited_as_json() -> None:
    field = only({"type": "array", "items": {"0": {"type": "string"}, "1": {"type": "string"}}})
    assert (field.kind, field.children) == ("array", ())


def test_a_default_that_does_not_fit_is_left_out_and_reported() -> None:
    endpoint = read_endpoint({"properties": {"x": {"type": "integer", "maximum": 3, "default": 9}}})
    assert endpoint.fields[0].default is MISSING
    assert endpoint.problems[0].startswith("x: the default")


def test_a_default_of_null_is_not_no_default() -> None:
    field = only({"type": "string", "default": None})
    assert field.default is None and field.nullable


def test_the_providers_order_comes_first_and_nothing_is_lost() -> None:
    document = {"properties": {"a": {}, "b": {}, "c": {}}, "x-fal-order-properties": ["c", "gone", 3, "a"]}
    assert [field.path for field in read_endpoint(document).fields] == ["c", "a", "b"]


def test_indentation_of_descriptions_goes() -> None:
    text = "\n            The same seed gives\n            the same image:\n              always.\n        "
    assert only({"description": text}).description == "The same seed gives\nthe same image:\n  always."


@pytest.mark.parametrize(
    ("name", "title"), [("num_images", "Num images"), ("negativePrompt", "Negative prompt"), ("x", "X"), ("a-b", "A b")]
)
def test_a_field_without_a_title_is_called_by_its_name(name: str, title: str) -> None:
    assert read_endpoint({"properties": {name: {"type": "string"}}}).fields[0].title == title


def test_prompts_and_long_texts_get_several_lines() -> None:
    long = {"type": "string", "examples": ["word " * 40]}
    fields = {
        "style_prompt": {"type": "string"},
        "text": long,
        "link": {"type": "string", "examples": ["https://" + "a" * 99]},
    }
    lines = {field.path: field.multiline for field in read_endpoint({"properties": fields}).fields}
    assert lines == {"style_prompt": True, "text": True, "link": False}


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        (["image_url", "mask_url", "seed"], {"picture": "image_url", "mask": "mask_url", "seed": "seed"}),
        (["inpaint_image_url", "mask_image_url"], {"picture": "inpaint_image_url", "mask": "mask_image_url"}),
        (["image_url", "inpaint_image_url", "prompt"], {"picture": "inpaint_image_url", "prompt": "prompt"}),
        (["negativePrompt", "output_format"], {"negative_prompt": "negativePrompt", "format": "output_format"}),
        (["apply_mask", "mask_only", "blur_mask", "expand_mask", "mask_type", "invert_mask", "output_mask"], {}),
        (["mask", "image", "imageId", "maskId"], {"mask": "mask", "picture": "image"}),
        (["denoising_strength"], {}),
    ],
)  # fmt: skip
def test_roles_go_by_whole_names(names: list[str], roles: dict[str, str]) -> None:
    assert roles_by_name(Field(name, "string", name) for name in names) == roles


def test_roles_need_the_right_kind() -> None:
    fields = [
        Field("strength", "number", ""),
        Field("num_images", "integer", ""),
        Field("image_size", "any", ""),
        Field("seed", "boolean", ""),
    ]
    assert roles_by_name(fields) == {"strength": "strength", "count": "num_images", "size": "image_size"}


def test_the_binding_of_a_file_wins_over_names() -> None:
    names = ("image_url", "other", "mask_url", "prompt", "seed")
    document = {
        "input": {"properties": {name: {"type": "string"} for name in names}},
        "binding": {
            "picture": "other",
            "seed": None,
            "mask": "gone",
            "polarity": "black",
            "crop": "islands",
            "results": "a.url",
        },
    }
    endpoint = read_endpoint(document, name="mine")
    assert dict(endpoint.binding.roles) == {"picture": "other", "prompt": "prompt"}
    assert (endpoint.binding.polarity, endpoint.binding.crop, endpoint.binding.results) == ("black", "islands", "a.url")
    assert any("'gone'" in problem for problem in endpoint.problems)
    assert endpoint.field_for("picture") is endpoint.fields[1]


@pytest.mark.parametrize(
    ("output", "results"),
    [
        ({"images": {"type": "array", "items": {"properties": {"url": {"type": "string"}}}}}, "images[].url"),
        ({"image": {"properties": {"url": {"type": "string"}}}}, "image.url"),
        ({"image": {"type": "string"}}, "image"),
        ({"images": {"type": "array", "items": {"type": "string"}}}, "images[]"),
        ({"images": {"type": "array", "items": {"$ref": "#/$defs/Gone"}}}, "images[].url"),
        ({"image": {"$ref": "#/$defs/Gone"}}, "image.url"),
        ({"images": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}}, "images[]"),
        ({"video": {"properties": {"url": {"type": "string"}}}}, ""),
    ],
)
def test_where_an_answer_keeps_its_pictures_is_found(output: Json, results: str) -> None:
    endpoint = read_endpoint({"input": {"properties": {"x": {}}}, "output": {"properties": output}})
    assert endpoint.binding.results == results


def test_schemas_are_kept_with_the_definitions_they_reach() -> None:
    document = {
        "components": {
            "schemas": {
                "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
                "B": {"type": "string"},
                "C": {},
            }
        }
    }
    copy = self_contained({"$ref": "#/components/schemas/A"}, document)
    assert copy["$ref"] == "#/$defs/A"
    assert set(copy["$defs"]) == {"A", "B"}
    assert target(copy, copy["$defs"]["A"]["properties"]["b"]["$ref"]) == {"type": "string"}


def test_a_schema_that_contains_itself_ends() -> None:
    tree = {
        "type": "object",
        "properties": {"child": {"$ref": "#/$defs/Tree"}, "list": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
    }
    document = {"properties": {"tree": {"$ref": "#/$defs/Tree"}}, "$defs": {"Tree": tree}}
    endpoint = read_endpoint(document)
    assert endpoint.fields[0].kind == "object"
    assert len(describe(endpoint)["fields"]) < 20
    ring = read_endpoint(
        {"properties": {"a": {"$ref": "#/$defs/R"}}, "$defs": {"R": {"allOf": [{"$ref": "#/$defs/R"}]}}}
    )
    assert ring.fields[0].kind == "any"


def test_a_document_that_explodes_is_cut_off() -> None:
    defs = {
        f"D{i}": {"type": "object", "properties": {f"p{j}": {"$ref": f"#/$defs/D{i + 1}"} for j in range(20)}}
        for i in range(8)
    }
    start = time.thread_time()
    endpoint = read_endpoint({"properties": {"x": {"$ref": "#/$defs/D0"}}, "$defs": defs})
    assert time.thread_time() - start < 2
    assert len(describe(endpoint)["fields"]) <= MOST_NESTED + 1
    assert any("too many fields inside" in problem for problem in endpoint.problems)


def test_ten_thousand_fields_and_megabytes_of_text_are_bounded() -> None:
    long = "long " * 1_000_000
    properties = {f"field_{i}": {"type": "string", "title": "<b>bold</b>\n" * 50} for i in range(10_000)}
    start = time.thread_time()
    endpoint = read_endpoint(
        {"properties": {"x": {"description": long, "title": long, "examples": [long]}, **properties}}
    )
    assert time.thread_time() - start < 2
    assert len(endpoint.fields) == 10_001
    assert endpoint.problems == ()
    assert len(endpoint.fields[0].description) <= LONGEST_TEXT
    assert "\n" not in endpoint.fields[1].title


def test_more_fields_than_anyone_can_use_are_cut_off_and_counted() -> None:
    endpoint = read_endpoint({"properties": {f"field_{i}": {} for i in range(MOST_FIELDS + 5)}})
    assert len(endpoint.fields) == MOST_FIELDS
    assert f"{MOST_FIELDS + 5} fields" in endpoint.problems[0]


def test_nesting_is_bounded() -> None:
    node: Json = {"type": "string"}
    for _ in range(200):
        node = {"type": "object", "properties": {"in": node}}
    deepest = max(field["path"].count(".") for field in describe(read_endpoint({"properties": {"x": node}}))["fields"])
    assert deepest <= DEEPEST
    for _ in range(80):
        node = {"anyOf": [{"allOf": [node]}, {"type": "null"}]}
    assert len(read_endpoint({"properties": {"x": node}}).fields) == 1


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_keywords = st.sampled_from(
    [
        "type",
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "allOf",
        "$ref",
        "properties",
        "items",
        "required",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "multipleOf",
        "minLength",
        "maxItems",
        "default",
        "examples",
        "title",
        "description",
        "nullable",
        "x-fal-order-properties",
    ]
)
_types = st.sampled_from(
    ["string", "integer", "number", "boolean", "array", "object", "null", "#/properties/x", 1, 0.5, -1]
)
_nodes: st.SearchStrategy[Json] = st.recursive(
    _json | _types,
    lambda inner: st.dictionaries(
        _keywords, inner | st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner), max_size=5
    ),
    max_leaves=20,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from("xyz"), _nodes), _nodes)
def test_no_document_raises_and_every_property_appears_once(properties: Json, required: Json) -> None:
    endpoint = read_endpoint({"type": "object", "properties": properties, "required": required, "input": None})
    assert sorted(field.path for field in endpoint.fields) == sorted(properties)
    defaults = {field.path: field.default for field in endpoint.fields if field.default is not MISSING}
    assert not check(endpoint, defaults).keys() & defaults.keys()
    assert describe(endpoint)["fields"] is not None


@pytest.mark.parametrize(
    ("node", "title"),
    [
        ({"$ref": "#/$defs/ImageFillInput"}, "X"),
        ({"anyOf": [{"$ref": "#/$defs/ImageFillInput"}, {"type": "null"}]}, "X"),
        ({"allOf": [{"$ref": "#/$defs/ImageFillInput"}]}, "X"),
        ({"allOf": [{"$ref": "#/$defs/ImageFillInput"}], "title": "Fill the image"}, "Fill the image"),
        ({"$ref": "#/$defs/ImageFillInput", "title": "ImageFillInput"}, "ImageFillInput"),
        ({"$ref": "#/$defs/Told"}, "The frame round it"),
        ({"$ref": "#/$defs/Plain"}, "X"),
    ],
)
def test_the_name_of_a_class_is_no_title(node: dict[str, Any], title: str) -> None:
    defs = {
        "ImageFillInput": {"title": "ImageFillInput", "type": "object", "properties": {"b": {"type": "string"}}},
        "Told": {"title": "The frame round it", "type": "object", "properties": {"b": {"type": "string"}}},
        "Plain": {"title": "Plain", "type": "string", "enum": ["a", "b"]},
    }
    field = only(node, **{"$defs": defs})
    assert field.title == title
