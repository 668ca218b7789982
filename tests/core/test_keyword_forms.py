"""Each form of a keyword that was met in real documents, or that JSON Schema 2020-12 allows, read as it is meant."""

import json
import time
from typing import Any

import pytest

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.field_reader import MOST_INSIDE_ONE
from app.core.schema import read_endpoint
from app.core.values import check, describe, fault

Json = Any
TEXT: Json = {"type": "string"}


def read(schema: Json, **beside: Json) -> tuple[Field, tuple[str, ...]]:
    """The one field of a schema with the one property ``x``, and what was odd."""
    endpoint = read_endpoint({"type": "object", "properties": {"x": schema}, **beside})
    assert [field.path for field in endpoint.fields] == ["x"]
    return endpoint.fields[0], endpoint.problems


def only(schema: Json, **beside: Json) -> Field:
    return read(schema, **beside)[0]


def paths(endpoint: Endpoint) -> list[str]:
    return [field["path"] for field in describe(endpoint)["fields"]]


@pytest.mark.parametrize("union", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("branch", "kind"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 9}, "integer"), ({"type": "string", "maxLength": 4}, "string"),
        ({"enum": ["a", "b"], "type": "string"}, "string"), ({"type": "array", "items": {"type": "string"}}, "array"),
        ({"type": "number", "exclusiveMinimum": 0}, "number"), ({"$ref": "#/$defs/O"}, "object"),
        ({"type": "boolean"}, "boolean"), ({"enum": [1, 2], "type": "integer"}, "integer"),
    ],
)  # fmt: skip
def test_or_null_and_plain_are_the_same_field(union: str, branch: Json, kind: str) -> None:
    beside = {"$defs": {"O": {"type": "object", "properties": {"a": {"type": "string"}}}}}
    plain = only(branch, **beside)
    for branches in ([branch, {"type": "null"}], [{"type": "null"}, branch], [{"const": None}, branch]):
        field = only({union: branches}, **beside)
        assert field.kind == kind and field.nullable and not plain.nullable
        named = ("enum", "minimum", "maximum", "exclusive_minimum", "max_length", "children")
        assert [getattr(field, name) for name in named] == [getattr(plain, name) for name in named]


def test_null_among_the_choices_is_told_as_nullable() -> None:
    field = only({"enum": ["a", None, "b"]})
    assert (field.kind, field.enum, field.nullable) == ("string", ("a", "b"), True)
    assert fault(field, None) == "" and fault(field, "c")


def test_unions_inside_unions_are_one_union() -> None:
    nested = {"anyOf": [{"anyOf": [{"enum": ["a"]}, {"enum": ["b"]}]}, {"oneOf": [{"enum": ["c"]}, {"type": "null"}]}]}
    field = only(nested)
    assert (field.kind, field.enum, field.nullable) == ("string", ("a", "b", "c"), True)


def test_a_size_or_a_preset_or_nothing() -> None:
    size = {"type": "object", "properties": {"width": {"type": "integer", "exclusiveMinimum": 0, "maximum": 14142}}}
    field = only(
        {"anyOf": [{"$ref": "#/$defs/S"}, {"enum": ["square_hd", "auto"], "type": "string"}, {"type": "null"}]},
        **{"$defs": {"S": size}},
    )
    assert (field.kind, field.enum, field.nullable) == ("any", ("square_hd", "auto"), True)
    assert [child.path for child in field.children] == ["x.width"]
    assert fault(field, {"width": 0}) and not fault(field, {"width": 1}) and not fault(field, None)


def test_bounds_that_all_branches_share_are_the_fields() -> None:
    field = only({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"const": -1}]})
    assert (field.kind, field.minimum, field.maximum, field.examples) == ("integer", None, None, (-1,))
    field = only({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "number", "minimum": -3, "maximum": 4}]})
    assert (field.kind, field.minimum, field.maximum) == ("number", -3, None)
    field = only({"anyOf": [{"type": "string", "maxLength": 4}, {"type": "string", "maxLength": 9}]})
    assert (field.kind, field.max_length) == ("string", 9)


def test_a_number_or_a_word_keeps_the_words_as_examples() -> None:
    field = only({"anyOf": [{"type": "integer"}, {"type": "string"}, {"enum": ["auto"]}]})
    assert (field.kind, field.enum, field.examples) == ("any", (), ("auto",))


def test_lists_of_either_are_lists() -> None:
    field = only({"anyOf": [{"type": "array", "items": {"enum": ["a"]}}, {"type": "array", "items": {"enum": ["b"]}}]})
    assert (field.kind, field.enum) == ("array", ("a", "b"))


def test_two_forms_of_an_object_ask_for_neither_ones_fields() -> None:
    forms = [{"type": "object", "properties": {name: {}}, "required": [name]} for name in "ab"]
    field = only({"anyOf": forms})
    assert (field.kind, field.children) == ("object", ())
    assert fault(field, {"b": 1}) == "" and fault(field, 3)
    field = only({"anyOf": [{"type": "null"}, {"type": "object"}, forms[0], {"type": "string"}]})
    assert (field.kind, field.nullable, field.children) == ("any", True, ())
    assert fault(field, {"z": 1}) == ""


def test_choices_with_words_of_their_own() -> None:
    titled = only({"oneOf": [{"const": "a", "title": "First"}, {"const": "b", "title": "Second"}]})
    assert (titled.enum, titled.labels) == (("a", "b"), ("First", "Second"))
    for key in ("enumNames", "x-enumNames", "x-labels"):
        assert only({"enum": [1, 2], key: ["One", "Two"]}).labels == ("One", "Two")
        assert only({"enum": [1, 2], key: ["One"]}).labels == ()
    listed = only({"type": "array", "items": {"enum": ["a", "b"], "enumNames": ["A!", "B!"]}})
    assert (listed.enum, listed.labels) == (("a", "b"), ("A!", "B!"))


def test_choices_that_are_not_of_the_type() -> None:
    field, problems = read({"type": "integer", "enum": [1, "two", 3]})
    assert (field.enum, len(problems)) == ((1, 3), 1)
    field, problems = read({"type": "string", "enum": [1, 2]})
    assert (field.kind, field.enum, len(problems)) == ("integer", (1, 2), 1)
    assert only({"enum": ["a", "a", True, 1]}).enum == ("a", True, 1)


def test_too_many_choices_leave_the_field_free() -> None:
    field, problems = read({"enum": [f"v{i}" for i in range(60_000)]})
    assert (field.kind, field.enum) == ("string", ())
    assert "60000" in problems[0]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("int", "integer"),
        ("Float", "number"),
        ("STRING", "string"),
        ("bool", "boolean"),
        ("list", "array"),
        ("dict", "object"),
    ],
)
def test_words_of_other_languages_for_types(told: str, kind: str) -> None:
    assert only({"type": told}).kind == kind


def test_limits_that_no_value_fits_are_left_out_and_reported() -> None:
    field, problems = read({"type": "integer", "minimum": 9, "maximum": 3})
    assert (field.minimum, field.maximum, len(problems)) == (None, None, 1)
    field, problems = read({"type": "string", "minLength": 9, "maxLength": 3})
    assert (field.min_length, field.max_length, len(problems)) == (None, None, 1)


def test_limits_of_all_parts_hold() -> None:
    field = only({"allOf": [{"type": "integer", "minimum": 2, "maximum": 9}, {"minimum": 4}], "maximum": 12})
    assert (field.minimum, field.maximum) == (4, 9)
    part = {"properties": {"a": {"type": "integer", "minimum": 1}}}
    field = only({"allOf": [part, {"properties": {"a": {"maximum": 5}, "b": {}}}]})
    assert [(child.path, child.minimum, child.maximum) for child in field.children] == [
        ("x.a", 1, 5),
        ("x.b", None, None),
    ]


@pytest.mark.parametrize(
    "node", [{"type": "array", "items": [{"type": "string"}]}, {"prefixItems": [{}]}, {"type": "array", "items": True}]
)
def test_lists_of_different_things_are_edited_as_json(node: Json) -> None:
    field = only(node)
    assert field.kind == "array" and field.children == ()
    assert fault(field, ["a", 1]) == ""


def test_a_required_property_may_say_so_itself() -> None:
    assert only({"type": "string", "required": True}).required
    assert not only({"type": "string", "required": "yes"}).required


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("if", {}), ("not", {}), ("dependentRequired", {"a": ["b"]}), ("dependentSchemas", {}),
        ("patternProperties", {}), ("propertyNames", {}), ("contains", {}), ("prefixItems", []),
        ("minProperties", 1),
        ("unevaluatedProperties", False),
    ],
)  # fmt: skip
def test_what_the_panel_cannot_show_is_said(keyword: str, value: Json) -> None:
    _, problems = read({"type": "object", keyword: value})
    assert [problem for problem in problems if keyword in problem]
    endpoint = read_endpoint({"properties": {"x": {}}, keyword: value})
    assert paths(endpoint) == ["x"]
    assert [problem for problem in endpoint.problems if keyword in problem]


@pytest.mark.parametrize("value", [False, 3, "text", None])
def test_a_schema_that_is_none_is_edited_as_json(value: Json) -> None:
    field, problems = read(value)
    assert field.kind == "any"
    assert bool(problems) == (value is not None)


def test_an_input_of_several_forms_shows_the_fields_of_all() -> None:
    endpoint = read_endpoint(
        {
            "oneOf": [
                {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a", "b"]},
                {"$ref": "#/$defs/Other"},
            ],
            "properties": {"c": {"type": "boolean"}},
            "$defs": {"Other": {"properties": {"a": {"type": "string"}, "d": {}}, "required": ["a"]}},
        }
    )
    assert sorted(paths(endpoint)) == ["a", "b", "c", "d"]
    fields = {field.path: field for field in endpoint.fields}
    assert (fields["a"].kind, fields["a"].required, fields["b"].required) == ("any", True, False)
    assert "several forms" in endpoint.problems[0]


def test_fields_that_are_needed_together_are_reported() -> None:
    endpoint = read_endpoint({"properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]})
    assert paths(endpoint) == ["a", "b"] and len(endpoint.problems) == 1
    nested = {"type": "object", "properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    field, problems = read(nested)
    assert [child.path for child in field.children] == ["x.a", "x.b"] and len(problems) == 1


def test_keys_with_dots_and_brackets_keep_their_values() -> None:
    properties = {"a.b": {"type": "integer"}, "c[]": {"type": "string"}, "": {"type": "boolean"}}
    endpoint = read_endpoint({"properties": {**properties, "x": {"type": "object", "properties": properties}}})
    assert paths(endpoint) == ["a.b", "c[]", "", "x", "x.a.b", "x.c[]", "x."]
    assert [child.name for child in endpoint.fields[3].children] == ["a.b", "c[]", ""]
    assert check(endpoint, {"x": {"a.b": 1, "c[]": "y", "": True}}) == {}
    assert check(endpoint, {"x": {"a.b": "no"}}).keys() == {"x"}


def test_fields_of_lists_of_lists_are_listed_after_their_parents() -> None:
    entry = {
        "type": "object",
        "properties": {"x": {"type": "integer"}, "y": {"type": "array", "items": {"enum": ["a"]}}},
    }
    endpoint = read_endpoint(
        {
            "properties": {
                "a": {"type": "array", "items": {"type": "array", "items": entry}},
                "b": {"type": "array", "items": {"anyOf": [entry, {"type": "string"}]}},
                "c": {"type": "array", "items": {"anyOf": [entry, {"type": "null"}]}},
                "styles": {"type": "array", "items": {"type": "string"}},
            }
        }
    )
    assert paths(endpoint) == [
        "a", "a[][].x", "a[][].y", "b", "b[].x", "b[].y", "c", "c[].x", "c[].y", "styles",
    ]  # fmt: skip
    assert check(endpoint, {"a": [[{"x": 1}], []]}) == {}
    assert check(endpoint, {"a": [[{"x": "1"}]]}).keys() == {"a"}


def test_numbers_stay_as_they_were_written() -> None:
    endpoint = read_endpoint(
        {"properties": {"x": {"type": "number", "minimum": 0, "maximum": 1.0, "default": 2**60, "enum": [2**60]}}}
    )
    text = json.dumps(describe(endpoint)["fields"][0], allow_nan=False)
    assert '"minimum": 0,' in text and '"maximum": 1.0,' in text
    odd = {"type": "number", "default": float("nan"), "minimum": float("-inf"), "enum": [1, float("inf"), 10**400]}
    described = describe(read_endpoint({"properties": {"x": {**odd, "examples": [float("nan")]}}}))["fields"][0]
    json.dumps(described, allow_nan=False)
    assert "default" not in described and described["enum"] == [1]
    assert read({"default": float("nan")})[1]


@pytest.mark.parametrize(
    ("name", "node", "media"),
    [
        ("end_image_url", TEXT, "picture"), ("garmentImageUrl", TEXT, "picture"), ("mask_video_url", TEXT, "video"),
        ("video_url", TEXT, "video"), ("face_mask_url", TEXT, "mask"), ("images_data_url", TEXT, "file"),
        ("lora_url", TEXT, ""), ("path", TEXT, ""), ("webhook_url", TEXT, ""), ("image_size", TEXT, ""),
        ("audio_url", {"anyOf": [TEXT, {"type": "null"}]}, "audio"), ("image_url", {"type": "boolean"}, ""),
        ("image_urls", {"type": "array", "items": TEXT}, "picture"), ("image_url", {"enum": ["a", "b"]}, ""),
        ("photo_url", {**TEXT, "description": "URL to a zip archive of photos"}, "file"),
        ("a", {**TEXT, "_fal_ui_field": "image"}, "picture"), ("a", {**TEXT, "ui": {"field": "audio"}}, "audio"),
        ("a", {"type": "array", "items": {**TEXT, "_fal_ui_field": "image"}}, "picture"),
        ("a", {**TEXT, "ui": {"field": "url"}}, ""), ("a", {**TEXT, "contentMediaType": "image/png"}, "picture"),
        ("a", {**TEXT, "x-media": "document"}, "document"),
        ("images_url", {"type": "array", "items": {"type": "object", "properties": {"a": {}}}}, ""),
    ],
)  # fmt: skip
def test_which_file_a_field_takes(name: str, node: Json, media: str) -> None:
    other = {"type": "boolean"}
    field = read_endpoint(
        {"input": {"properties": {"z": other, name: node}}, "binding": {"picture": None, "mask": None}}
    )
    assert field.fields[1].media == media


def test_a_providers_limits_of_files_are_said() -> None:
    node = {"type": "string", "description": "The photo.", "x-fal": {"max_file_size": 10485760, "min_width": 256}}
    assert only(node).description == "The photo.\nFiles of at most 10.5 MB, at least 256 pixels wide."
    assert only({"type": "string", "limit_description": "At most 10 MB."}).description == "At most 10 MB."
    assert only({"type": "string", "max_width": 4096}).description == "At most 4096 pixels wide."


def test_sections_folded_and_outdated_fields() -> None:
    field = only(
        {"x-group": " Advanced\n", "x-rare": True, "deprecated": True, "uniqueItems": True, "x-mask-for": "image"}
    )
    assert (field.group, field.rare, field.deprecated, field.unique, field.mask_for) == (
        "Advanced",
        True,
        True,
        True,
        "image",
    )
    assert only({"ui": {"hidden": True}}).rare and not only({"ui": {"hidden": "no"}, "deprecated": 1}).rare


def test_the_order_may_be_a_number_on_each_property() -> None:
    for key in ("x-order", "propertyOrder"):
        properties = {"a": {key: 2}, "b": {key: 0}, "c": {}, "d": {key: 1.5}, "e": True, "f": {key: "x"}}
        assert paths(read_endpoint({"properties": properties})) == ["b", "d", "a", "c", "e", "f"]
    assert paths(read_endpoint({"properties": {"a": {}, "b": {}}, "ui:order": ["b", "*"]})) == ["b", "a"]


@pytest.mark.parametrize("hint", [{"format": "textarea"}, {"ui": {"widget": "textarea"}}, {"x-multiline": True}])
def test_a_text_that_the_provider_gives_several_lines(hint: Json) -> None:
    assert only({"type": "string", **hint}).multiline
    assert (
        not only({"type": "string", "enum": ["a", "b"], **hint}).multiline
        and not only({**hint, "type": "integer"}).multiline
    )


def test_texts_that_hold_files_say_so() -> None:
    names = {"control_image": "picture", "startVideo": "video", "blob": "file", "image_url": "picture"}
    for told in ({"format": "binary"}, {"contentEncoding": "base64"}):
        document = {"input": {"properties": {name: {**TEXT, **told} for name in names}}, "binding": {"picture": None}}
        assert {field.path: field.media for field in read_endpoint(document).fields} == names


def test_patterns_are_kept_as_written() -> None:
    assert only({"type": "string", "pattern": "^[0-9]+$"}).pattern == "^[0-9]+$"
    field, problems = read({"type": "string", "pattern": "a" * 2000})
    assert field.pattern == "" and len(problems) == 1


def test_examples_in_every_form() -> None:
    assert only({"examples": ["a", "b"]}).examples == ("a", "b")
    assert only({"type": "string", "example": "a"}).examples == ("a",)
    assert only({"type": "array", "examples": [100, 50]}).examples == ([100, 50],)
    assert only({"type": "array", "examples": [["a"], ["b"]]}).examples == (["a"], ["b"])
    assert only({"examples": {"one": {"value": "a"}, "two": 3}}).examples == ("a",)


def test_a_schema_that_holds_itself_is_said_and_ends() -> None:
    document = {"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {
        "A": {"anyOf": [{"$ref": "#/$defs/B"}, {"type": "null"}]},
        "B": {"anyOf": [{"$ref": "#/$defs/C"}, {"type": "null"}]},
        "C": {"anyOf": [{"$ref": "#/$defs/B"}, {"$ref": "#/$defs/A"}]},
    }}  # fmt: skip
    endpoint = read_endpoint(document)
    assert paths(endpoint) == ["a"]
    assert "holds itself" in endpoint.problems[0]


def test_a_group_with_too_many_fields_is_edited_as_json_and_the_next_is_not() -> None:
    many = {"type": "object", "properties": {f"p{i}": {} for i in range(MOST_INSIDE_ONE + 1)}}
    few = {"type": "object", "properties": {"a": {}}}
    endpoint = read_endpoint({"properties": {"many": many, "few": few}})
    assert paths(endpoint) == ["many", "few", "few.a"]
    assert endpoint.problems == ("many: it has too many fields inside; it is edited as JSON.",)


def test_a_name_of_a_megabyte_is_not_repeated_for_every_field_inside() -> None:
    name = "n" * 1_000_000
    inside = {"type": "object", "properties": {f"p{i}": {"type": "odd"} for i in range(400)}}
    endpoint = read_endpoint(
        {"properties": {name: inside, "x": {"type": "object", "properties": {name: {"type": "odd"}}}}}
    )
    assert paths(endpoint) == [name, "x", f"x.{name}"]
    assert sum(map(len, endpoint.problems)) < 2000


def _deep(wrap: Json, leaf: Json, levels: int = 100_000) -> Json:
    for _ in range(levels):
        leaf = wrap(leaf)
    return leaf


@pytest.mark.parametrize(
    "wrap",
    [
        lambda node: {"type": "object", "properties": {"a": node}},
        lambda node: {"anyOf": [node, {"type": "null"}]},
        lambda node: {"allOf": [node]},
        lambda node: {"type": "array", "items": node},
        lambda node: {"default": [node]},
        lambda node: {"not": node},
    ],
)
def test_a_hundred_thousand_levels_end_soon(wrap: Json) -> None:
    node = _deep(wrap, {})
    start = time.process_time()
    field, problems = read(node)
    assert time.process_time() - start < 1
    assert field.path == "x" and problems


@pytest.mark.parametrize(
    "document",
    [
        {"properties": {f"f{i}": {"$ref": "#/$defs/d0"} for i in range(2000)},
         "$defs": {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(100)}},
        {"properties": {f"f{i}": {"$ref": "#/$defs/d0"} for i in range(200)},
         "$defs": {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 90} for i in range(8)}},
        {"properties": {"x": {"$ref": "#/$defs/d0"}},
         "$defs": {f"d{i}": {"allOf": [{"allOf": [{"$ref": f"#/$defs/d{i + 1}"}]}] * 90} for i in range(60)}},
        {"properties": {f"f{i}": {"$ref": "#/$defs/e"} for i in range(9000)},
         "$defs": {"e": {"enum": [f"v{i}" for i in range(9000)]}}},
        {"properties": {f"f{i}": {"allOf": [{"$ref": "#/$defs/e"}, {"properties": {"z": {}}}]} for i in range(2000)},
         "$defs": {"e": {"type": "object", "properties": {f"v{i}": {} for i in range(20_000)}}}},
    ],
)  # fmt: skip
def test_a_small_document_cannot_ask_for_endless_work(document: Json) -> None:
    start = time.process_time()
    endpoint = read_endpoint(document)
    assert time.process_time() - start < 6  # 1.5 s at most on a quiet machine; without a bound hours
    assert [field.path for field in endpoint.fields] == list(document["properties"])
    assert endpoint.problems


def test_wrong_types_everywhere_leave_every_field_where_it_is() -> None:
    odd = {
        "type": {}, "enum": "abc", "anyOf": {}, "oneOf": 3, "allOf": "x", "$ref": 5, "properties": [], "items": 7,
        "required": {}, "minimum": "1", "maximum": [], "multipleOf": -1, "minLength": "x", "maxItems": None, "title": 4,
        "description": [], "default": {}, "examples": 9, "nullable": "yes", "deprecated": 0, "pattern": 3, "ui": 3,
        "x-fal": [], "x-labels": {}, "x-fal-order-properties": {}, "const": [],
    }  # fmt: skip
    properties = {key: {key: value} for key, value in odd.items()} | {"all": odd, "list": [], "number": 3}
    endpoint = read_endpoint({"properties": properties, "required": 3, "x-fal-order-properties": "abc"})
    assert paths(endpoint) == list(properties)
    assert all(field.title for field in endpoint.fields)
    assert {field.default is MISSING for field in endpoint.fields} == {True, False}
