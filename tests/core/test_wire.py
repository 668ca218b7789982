"""What goes over the wire: the mask's two colours, the body in the panel's order, and its size to the byte."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.core.attachments import Attachment, attachment_text
from app.core.endpoint import Binding, Endpoint, Field, Role
from app.core.json_text import json_text
from app.core.wire import (
    Part,
    body_size,
    canvas_parts,
    file_parts,
    missing_parts,
    places_in,
    replaced,
    wire_body,
    wire_mask,
)

TEXT = st.text(st.characters(), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def endpoint(*fields: Field, provider: str = "fal", **roles: str) -> Endpoint:
    known: dict[Role, str] = {}
    known.update(roles)  # type: ignore[arg-type]  # keyword names are plain texts to mypy
    named = {path: role for role, path in known.items()}
    tied = tuple(Field(**{**vars(field), "role": named.get(field.path)}) for field in fields)
    return Endpoint("fal-ai/any", "Any", provider, tied, Binding(known))


def usual() -> Endpoint:
    return endpoint(
        Field("prompt", "string", "Prompt"),
        Field("image_url", "string", "Picture"),
        Field("extra", "any", "Extra"),
        Field("mask_url", "string", "Mask"),
        Field("seed", "integer", "Seed"),
        picture="image_url",
        mask="mask_url",
        seed="seed",
    )


# -- the mask --------------------------------------------------------------------------------------------------------


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_the_mask_has_two_colours_and_the_endpoints_polarity(mask: np.ndarray) -> None:
    white, black = wire_mask(mask, "white"), wire_mask(mask, "black")
    assert ((white == 255) == (mask >= 128)).all() and set(np.unique(white)) <= {0, 255}
    assert (black == 255 - white).all()
    assert white.dtype == black.dtype == np.uint8


# -- the body --------------------------------------------------------------------------------------------------------


def test_the_body_stands_in_the_panels_order_with_files_in_their_places() -> None:
    parts = canvas_parts(usual(), {"picture": 212_345, "mask": 99})
    body = wire_body(usual(), {"extra": [1], "prompt": "a"}, 7, parts)
    assert list(body) == ["prompt", "image_url", "extra", "mask_url", "seed"]
    assert body["image_url"] == "data:image/png;base64,<212,345 bytes>"
    assert body["mask_url"] == "data:image/png;base64,<99 bytes>"
    assert body["seed"] == 7


def test_a_seed_that_the_endpoint_writes_as_text_is_text() -> None:
    written = endpoint(Field("seed", "string", "Seed"), seed="seed")
    assert wire_body(written, {}, 7, ()) == {"seed": "7"}
    assert wire_body(written, {"seed": "8"}, 7, ()) == {"seed": "8"}
    assert wire_body(written, {}, None, ()) == {}


def test_a_list_field_takes_a_list_of_one() -> None:
    made = endpoint(
        Field("image_urls", "array", "Pictures", children=(Field("image_urls[]", "string", ""),)),
        picture="image_urls",
    )
    parts = canvas_parts(made, {"picture": 3, "mask": 3})
    assert wire_body(made, {}, None, parts) == {"image_urls": ["data:image/png;base64,<3 bytes>"]}
    assert [part.in_list for part in parts] == [True, False]
    assert parts[1].field == ""


@pytest.mark.parametrize(
    ("field", "held"),
    [
        (Field("image", "object", "Picture"), {"url": "data:image/png;base64,<3 bytes>"}),
        (
            Field("image", "array", "P", children=(Field("image[]", "object", ""),)),
            [{"url": "data:image/png;base64,<3 bytes>"}],
        ),
        (
            Field("image", "array", "P", children=(Field("image[].url", "string", ""),)),
            [{"url": "data:image/png;base64,<3 bytes>"}],
        ),
        (Field("image", "any", "Picture"), "data:image/png;base64,<3 bytes>"),
    ],
)
def test_a_field_for_files_as_objects_gets_an_object_with_a_link(field: Field, held: object) -> None:
    made = endpoint(field, picture="image")
    assert wire_body(made, {}, None, canvas_parts(made, {"picture": 3})) == {"image": held}


def test_what_has_no_field_is_said_and_nothing_of_it_sent() -> None:
    lone = endpoint(Field("prompt", "string", "Prompt"))
    assert wire_body(lone, {"prompt": "a"}, None, canvas_parts(lone, {"picture": 3, "mask": 3})) == {"prompt": "a"}
    assert [text.split(":")[0] for text in missing_parts(lone)] == [
        "This endpoint has no field for the picture",
        "This endpoint has no field for the mask",
    ]
    assert missing_parts(usual()) == ()
    assert missing_parts(endpoint(provider="local")) == ()


def test_values_are_copies() -> None:
    values = {"extra": {"a": [1]}}
    wire_body(usual(), values, None, ())["extra"]["a"].append(2)
    assert values == {"extra": {"a": [1]}}


# -- files among the values ------------------------------------------------------------------------------------------


def test_kept_files_travel_as_data_uris_wherever_they_stand() -> None:
    cat, dog = Attachment("a" * 64, ".png", "cat.png"), Attachment("b" * 64, ".jpg")
    values = {"extra": [{"url": attachment_text(cat)}, attachment_text(dog), attachment_text(cat)], "prompt": "x"}
    files = file_parts(values, {"a" * 64: 5, "b" * 64: 1000})
    assert [(part.name, part.type) for part in files.values()] == [
        ("file-1.png", "image/png"),
        ("file-2.jpg", "image/jpeg"),
    ]
    body = wire_body(usual(), values, None, (), files)
    assert body["extra"] == [
        {"url": "data:image/png;base64,<5 bytes>"},
        "data:image/jpeg;base64,<1,000 bytes>",
        "data:image/png;base64,<5 bytes>",
    ]


def test_a_kept_file_that_is_gone_stays_what_it_was() -> None:
    lost = attachment_text(Attachment("a" * 64, ".png"))
    assert file_parts({"extra": lost}, {}) == {}
    assert wire_body(usual(), {"extra": lost}, None, ())["extra"] == lost


# -- keys among the values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["api_key", "openai_api_key", "apiKey", "hf_token", "civitaiToken", "password", "secret"]
)
def test_a_key_among_the_values_is_hidden_wherever_it_stands(name: str) -> None:
    made = endpoint(Field(name, "string", "Key"), Field("extra", "any", "Extra"))
    body = wire_body(made, {name: "canary", "extra": [{name: ["canary"], "path": "p"}]}, None, ())
    assert "canary" not in json_text(body)
    assert body[name] == "<hidden>" and body["extra"][0]["path"] == "p"


@pytest.mark.parametrize("name", ["max_tokens", "trigger_token", "keyframes", "prompt", "monkey", "token_merging"])
def test_other_fields_are_shown(name: str) -> None:
    assert wire_body(endpoint(Field(name, "string", "T")), {name: "a"}, None, ()) == {name: "a"}


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://civitai.com/api/1?type=M&token=canary&f=1", "https://civitai.com/api/1?type=M&token=<hidden>&f=1"),
        ("https://me:canary@host/a.safetensors", "https://me:<hidden>@host/a.safetensors"),
        ("https://host:8080/a?b=c#d", "https://host:8080/a?b=c#d"),
        ("go to https://host/a, token=1", "go to https://host/a, token=1"),
    ],
)
def test_a_key_in_a_link_is_hidden(link: str, shown: str) -> None:
    made = endpoint(Field("loras", "any", "LoRAs"))
    body = wire_body(made, {"loras": [{"path": link}]}, None, ())
    assert body == {"loras": [{"path": shown}]}
    assert body_size(body) == len(json_text({"loras": [{"path": link}]}).encode())


@given(st.text(min_size=1, max_size=20))
def test_a_hidden_key_counts_with_its_real_size(secret: str) -> None:
    made = endpoint(Field("api_key", "string", "Key"))
    assert body_size(wire_body(made, {"api_key": secret}, None, ())) == len(json_text({"api_key": secret}).encode())


FAL_KEY = "0a1b2c3d-0000-4000-8000-0123456789ab:0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "key", [FAL_KEY, "hf_" + "aB3" * 10, "sk-" + "x1Y" * 8, "AKIA" + "A1" * 8, "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln"]
)
def test_a_key_pasted_into_a_text_is_hidden(key: str) -> None:
    body = wire_body(endpoint(Field("prompt", "string", "Prompt")), {"prompt": f"a bench {key}, {key}"}, None, ())
    assert body == {"prompt": "a bench <hidden>, <hidden>"}
    assert body_size(body) == len(json_text({"prompt": f"a bench {key}, {key}"}).encode())


def test_a_key_that_is_known_here_is_hidden_whatever_its_form() -> None:
    made = endpoint(Field("extra", "any", "Extra"))
    body = wire_body(made, {"extra": ["my-own-secret!", "cat"]}, None, (), keys=("my-own-secret!", "cat", ""))
    assert body == {"extra": ["<hidden>", "cat"]}, "what is too short for a key stands in words"


@pytest.mark.parametrize(
    "text",
    [
        "a skeleton sk-8",
        "sk-learn-for-pictures-of-cats",
        "api_key",
        "Bearer of the ring",
        "data:x;base64,hf_" + "a" * 40,
    ],
)
def test_texts_that_only_look_a_little_like_keys_are_shown(text: str) -> None:
    assert wire_body(endpoint(Field("prompt", "string", "P")), {"prompt": text}, None, ()) == {"prompt": text}


# -- size ------------------------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(["prompt", "extra"]), VALUES), st.binary(max_size=200), st.binary(max_size=50))
def test_the_size_is_that_of_the_body_with_the_files_in_it(values: dict[str, object], one: bytes, two: bytes) -> None:
    data = {"picture": one, "mask": two}
    body = wire_body(usual(), values, None, canvas_parts(usual(), {"picture": len(one), "mask": len(two)}))
    whole = replaced(body, lambda place: place.part.prefix + base64.b64encode(data[place.part.role]).decode())
    assert body_size(body) == len(json_text(whole).encode())
    read = json.loads(json_text(whole))
    assert {name: read[name] for name in values} == values
    assert [place.part.role for place in places_in(body)] == ["picture", "mask"]


@given(VALUES)
def test_json_means_what_was_given_and_hides_nothing(value: object) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert not any(0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 or c in "\u200b\u202e\ufeff" for c in text)
    assert json.loads(json_text(value, indent=2)) == value


def test_plain_words_of_any_language_stay_readable() -> None:
    assert json_text({"prompt": "Bänke, 公園, 🪑"}) == '{"prompt":"Bänke, 公園, 🪑"}'
    assert json_text("a\u202eb\U000e0041") == '"a\\u202eb\\udb40\\udc41"'


def test_a_part_knows_its_base64() -> None:
    for size in range(7):
        part = Part("picture", "picture.png", size)
        assert part.text_size == len(part.prefix) + len(base64.b64encode(bytes(size)))
