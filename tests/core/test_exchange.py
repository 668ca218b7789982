"""Parameters as text: written once, read from every form that people copy, refused in words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.endpoint import Endpoint
from app.core.errors import InputError
from app.core.exchange import LARGEST, parameters_document, read_parameters
from app.core.geometry import Box
from app.core.request import BlendSettings
from app.core.rules import TYPE
from app.core.schema import read_endpoint
from app.store.records import Entry, JobRecord, entry_to_json, job_to_json

Json = Any
VALUES: Json = {"prompt": "a “sky”\n", "steps": 7, "scale": 0.5, "loras": [{"path": "x", "scale": None}], "on": False}


@pytest.fixture(scope="module")
def endpoint() -> Endpoint:
    names = ("prompt", "image_url", "mask_url")
    return read_endpoint({"id": "far/a", "input": {"properties": {name: {"type": "string"} for name in names}}})


def test_what_is_copied_is_what_is_pasted(endpoint: Endpoint) -> None:
    document = parameters_document(endpoint, {**VALUES, TYPE: "sd-xl"})
    assert document == {"endpoint": "far/a", "values": {**VALUES, TYPE: "sd-xl"}}
    for text in (json.dumps(document), json.dumps(document, indent=2, ensure_ascii=False)):
        assert read_parameters(text) == ("far/a", {**VALUES, TYPE: "sd-xl"})


def test_picture_and_mask_are_not_copied_and_the_copy_is_ones_own(endpoint: Endpoint) -> None:
    values = {"image_url": "data:,", "mask_url": "data:,", "loras": [{"scale": 1}]}
    document = parameters_document(endpoint, values)
    document["values"]["loras"][0]["scale"] = 2
    assert document["values"].keys() == {"loras"} and values["loras"] == [{"scale": 1}]


def record() -> JobRecord:
    return JobRecord(
        "j", 1.0, "far/a", "remote", VALUES, 7, BlendSettings(), "p", (4, 4), (), "m", (Box(0, 0, 4, 4),), "done"
    )


def entry() -> Entry:
    return Entry(
        "e", "j", 0, 1.0, 2.0, "far/a", "remote", VALUES, 7, BlendSettings(), "p", (4, 4), (), "m", (), "", None, ()
    )


@pytest.mark.parametrize(
    ("document", "endpoint_id"),
    [
        (VALUES, ""),
        ({"input": VALUES}, ""),
        ({"arguments": VALUES}, ""),
        ({"endpoint_id": "far/a", "input": VALUES}, "far/a"),
        ({"endpoint": "far/a", **VALUES}, "far/a"),
        ({"input": VALUES, "logs": True, "webhookUrl": "https://a.b"}, ""),
        ({"values": VALUES}, ""),
        (job_to_json(record()), "far/a"),
        (entry_to_json(entry()), "far/a"),
        ({"format": 1, "preset": "Fast", "endpoint": "far/a", "note": "", "values": VALUES}, "far/a"),
    ],
)
def test_every_form_is_read(document: Json, endpoint_id: str) -> None:
    assert read_parameters(json.dumps(document)) == (endpoint_id, VALUES)
    assert read_parameters("\ufeff \n" + json.dumps(document)) == (endpoint_id, VALUES)


def test_a_field_that_is_called_like_a_wrapper_is_a_field() -> None:
    values = {"input": {"text": "a"}, "steps": 4}
    assert read_parameters(json.dumps(values)) == ("", values)
    assert read_parameters('{"input": "text"}') == ("", {"input": "text"})
    assert read_parameters('{"endpoint": "far/a", "values": {"input": {"a": 1}}}') == ("far/a", {"input": {"a": 1}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("prompt: sky", "is not JSON (line 1, column 1)"),
        ('{"prompt": "sky"', "is not JSON"),
        ("[1, 2]", "no set of parameters"),
        ('"text"', "no set of parameters"),
        ("null", "no set of parameters"),
        ("{}", "no values"),
        ('{"prompt": "\\ud83d"}', "half a character"),
        ('{"steps": NaN}', "NaN"),
        ('{"steps": -Infinity}', "-Infinity"),
        ('{"steps": 1e999}', "limits"),
        ('{"seed": ' + "9" * 4000 + "}", "300 digits"),
        ('{"seed": ' + "9" * 9000 + "}", "300 digits"),
        ('{"steps": 1, "steps": 2}', "'steps' twice"),
        ('{"values": {"a": {"b": 1, "b": 1}}}', "'b' twice"),
        ("[" * 100_000, "is not JSON"),
        ('{"a":' * 40 + "1" + "}" * 40, "32 levels"),
        ('{"a": "' + "x" * LARGEST + '"}', "1 MB"),
        (json.dumps({"n" * 300: 1}), "more than 200 characters"),
        (json.dumps(dict.fromkeys(map(str, range(2001)), 1)), "2000 values"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        read_parameters(text)
    said = str(refused.value)
    assert words in said and said.endswith(".") and len(said) < 250 and said.isprintable()


@given(st.text(max_size=60) | st.text('{}[]":,0123456789.eE+-truefalsnN \\u', max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        endpoint_id, values = read_parameters(text)
    except InputError:
        return
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert len(endpoint_id) <= len(text)


NAMES = st.text(max_size=12).filter(
    lambda name: name not in ("endpoint", "endpoint_id", "values", "input", "arguments")
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
NESTED = st.recursive(LEAVES, lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3))


@given(st.dictionaries(NAMES, NESTED, min_size=1, max_size=5), st.booleans())
@settings(max_examples=80, deadline=None)
def test_any_values_come_back(values: dict[str, Json], wrapped: bool) -> None:
    document = {"endpoint": "far/a", "values": values} if wrapped else values
    assert read_parameters(json.dumps(document)) == ("far/a" if wrapped else "", values)


@pytest.mark.parametrize("around", ["```json\n{}\n```", "  ```\n{}\n```\n", "```JSON\r\n{}\r\n```"])
def test_json_in_the_fence_of_a_chat_is_read(around: str) -> None:
    assert read_parameters(around.replace("{}", '{"prompt": "a ``` b"}')) == ("", {"prompt": "a ``` b"})
