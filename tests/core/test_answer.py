"""Answers: ours obey the endpoint's schema, and anybody's are read without a stumble."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.core.answer import files_in, flags_in, seed_in, shape_answer
from app.core.endpoint import Binding, Endpoint
from app.core.schema import read_endpoint

ENDPOINTS = sorted((Path(__file__).resolve().parents[2] / "resources" / "endpoints").glob("*.json"))

FILE = {
    "url": "data:image/png;base64,AA==",
    "content_type": "image/png",
    "width": 3,
    "height": 2,
    "file_name": "a.png",
    "file_size": 1,
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c", "url"]), inner, max_size=3)
    ),
    max_leaves=20,
)


def _endpoint(output: dict[str, Any], **binding: Any) -> Endpoint:
    roles = binding.pop("roles", {})
    return Endpoint("x/y", "Y", "x", (), Binding(roles=roles, **binding), output=output)


def _valid(answer: Any, endpoint: Endpoint) -> Any:
    Draft202012Validator(dict(endpoint.output)).validate(answer)
    return answer


@pytest.mark.parametrize("path", ENDPOINTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("count", [1, 3])
def test_every_endpoint_of_ours_gets_an_answer_that_its_schema_accepts(path: Path, count: int) -> None:
    endpoint = read_endpoint(json.loads(path.read_text()))
    files = [{**FILE, "url": f"data:image/png;base64,{turn}"} for turn in range(count)]
    answer = _valid(shape_answer(endpoint, files, seed=2**32 - 1, values={"prompt": "a wall"}), endpoint)
    found = files_in(answer, endpoint.binding.results)
    assert found == [file["url"] for file in files][: 1 if "[]" not in endpoint.binding.results else count]
    if endpoint.binding.seed_out:
        assert seed_in(answer, endpoint.binding.seed_out) == 2**32 - 1
    if endpoint.binding.flags:
        assert flags_in(answer, endpoint.binding.flags) == [False] * count


def test_a_file_has_what_its_schema_knows_and_the_prompt_comes_back() -> None:
    endpoint = _endpoint(
        {
            "type": "object",
            "required": ["images", "prompt", "timings"],
            "properties": {
                "images": {"type": "array", "items": {"$ref": "#/$defs/File"}},
                "prompt": {"type": "string"},
                "timings": {"type": "object", "additionalProperties": {"type": "number"}},
            },
            "$defs": {
                "File": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["url", "width", "kind"],
                    "properties": {
                        "url": {"type": "string"},
                        "width": {"type": "integer"},
                        "kind": {"enum": ["image", "video"]},
                    },
                }
            },
        },
        results="images[].url",
        roles={"prompt": "text"},
    )
    answer = _valid(shape_answer(endpoint, [FILE], seed=1, values={"text": "grass"}), endpoint)
    assert answer == {
        "images": [{"url": FILE["url"], "width": 3, "kind": "image"}],
        "prompt": "grass",
        "timings": {},
    }


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "exclusiveMinimum": 0}, 1),
        ({"type": "number", "maximum": -2.5}, -2.5),
        ({"type": ["null", "string"], "minLength": 2}, "  "),
        ({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, False),
        ({"allOf": [{"required": ["p"], "properties": {"p": {"const": 7}}}, {"type": "object"}]}, {"p": 7}),
        ({"type": "array", "minItems": 2, "items": {"type": "integer"}}, [0, 0]),
        ({"oneOf": [{"$ref": "#/$defs/D"}]}, "d"),
        ({"type": "null"}, None),
    ],
)
def test_required_properties_are_the_plainest_that_fit(schema: dict[str, Any], expected: Any) -> None:
    endpoint = _endpoint(
        {"type": "object", "required": ["it"], "properties": {"it": schema}, "$defs": {"D": {"enum": ["d"]}}},
        results="image.url",
    )
    answer = _valid(shape_answer(endpoint, [FILE], seed=0, values={}), endpoint)
    assert answer["it"] == expected
    assert files_in(answer, "image.url") == [FILE["url"]]


def test_a_schema_that_contains_itself_comes_to_an_end() -> None:
    node = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/$defs/Node"}}}
    endpoint = _endpoint({"$ref": "#/$defs/Node", "$defs": {"Node": node}}, results="images[].url")
    assert files_in(shape_answer(endpoint, [FILE], seed=0, values={}), "images[].url") == [FILE["url"]]
    loop = _endpoint({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, results="a[].b[].url")
    assert files_in(shape_answer(loop, [FILE, FILE], seed=0, values={}), "a[].b[].url") == [FILE["url"]] * 2


schemas = st.recursive(
    json_values,
    lambda inner: st.dictionaries(
        st.sampled_from(
            [
                "type",
                "$ref",
                "allOf",
                "anyOf",
                "oneOf",
                "properties",
                "items",
                "required",
                "enum",
                "minimum",
                "minItems",
            ]
        ),
        inner
        | st.lists(inner, max_size=2)
        | st.sampled_from(["object", "array", "string", "integer", "#/properties/a", "#", "http://x.invalid/"])
        | st.lists(st.sampled_from(["a", "b", "url"]), max_size=2)
        | st.fixed_dictionaries({"a": inner, "b": inner}),
        max_size=4,
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(output=schemas, path=st.sampled_from(["a[].url", "a.b.url", "a.b[]", "url", "a[].b[].url"]))
def test_no_schema_makes_writing_stumble(output: Any, path: str) -> None:
    endpoint = _endpoint(output if isinstance(output, dict) else {}, results=path, seed_out="b.seed", flags="c[]")
    assert files_in(shape_answer(endpoint, [FILE], seed=3, values={}), path) == [FILE["url"]]


def test_paths_are_followed_in_order_and_odd_values_passed_over() -> None:
    answer = {
        "images": [{"url": "1"}, None, {"url": 2}, {"url": ""}, "x", {"no": 1}, {"url": "3"}],
        "image": {"url": "one"},
        "job": {"metadata": {"assetIds": ["a", None, "b"]}},
        "nothing": None,
    }
    assert files_in(answer, "images[].url") == ["1", "3"]
    assert files_in(answer, "image.url") == ["one"]
    assert files_in(answer, "job.metadata.assetIds[]") == ["a", "b"]
    for path in ("nothing[].url", "image[].url", "images.url", "", "missing.url"):
        assert files_in(answer, path) == []


@pytest.mark.parametrize(
    ("value", "seed"),
    [
        (7, 7),
        ("42", 42),
        (" -3 ", -3),
        (True, None),
        (1.5, None),
        ("abc", None),
        ("9" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_seed_is_a_whole_number_or_its_text(value: Any, seed: int | None) -> None:
    assert seed_in({"seed": value}, "seed") == seed


def test_only_true_is_an_objection() -> None:
    assert flags_in({"f": [True, False, None, 1, "true"]}, "f[]") == [True, False, False, False, False]
    assert flags_in({"f": None}, "f[]") == []


@settings(max_examples=150, deadline=None)
@given(answer=json_values, path=st.lists(st.sampled_from(["a", "b[]", "c", "url", "a[]"]), min_size=1, max_size=4))
def test_no_answer_makes_reading_stumble(answer: Any, path: list[str]) -> None:
    joined = ".".join(path)
    assert all(isinstance(value, str) for value in files_in(answer, joined))
    assert all(isinstance(value, bool) for value in flags_in(answer, joined))
    assert isinstance(seed_in(answer, joined), int | None)
