"""A provider's refusals: each type in our words, on the field it names, and nothing of what was sent repeated."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.endpoint import Endpoint
from app.core.errors import Refused
from app.core.refusals import read_refusal, refused
from app.core.schema import read_endpoint

Json = Any

LORA = {
    "type": "object",
    "properties": {"path": {"type": "string"}, "scale": {"type": "number", "maximum": 4}},
    "required": ["path"],
}
PAINT = read_endpoint(
    {
        "id": "a/b",
        "title": "AB",
        "input": {
            "properties": {
                "prompt": {"type": "string"},
                "image_url": {"type": "string"},
                "mask_url": {"type": "string"},
                "steps": {"type": "integer", "title": "Steps"},
                "format": {"enum": ["jpeg", "png"]},
                "loras": {"type": "array", "title": "LoRAs", "items": LORA},
                "image_size": {"anyOf": [
                    {"type": "object", "properties": {"width": {"type": "integer"}}}, {"enum": ["square"]}
                ]},
                "negativePrompt": {"type": "string"},
                "body": {"type": "string"},
            },
            "required": ["prompt", "image_url", "mask_url"],
        },
    }
)  # fmt: skip


def said(kind: str, loc: list[Json], **more: Json) -> dict[str, str]:
    """What one error of fal's says of each field."""
    return read_refusal(PAINT, 422, {"detail": [{"loc": loc, "msg": "the message", "type": kind, **more}]}).fields


@pytest.mark.parametrize(
    ("kind", "ctx", "words"),
    [
        ("missing", {}, "A value is needed here."),
        ("value_error.missing", {}, "A value is needed here."),
        ("greater_than", {"gt": 0}, "This must be more than 0."),
        ("greater_than_equal", {"ge": 1.0}, "This must be 1 or more."),
        ("less_than", {"lt": 9}, "This must be less than 9."),
        ("less_than_equal", {"le": 50}, "This must be 50 or less."),
        ("value_error.number.not_ge", {"limit_value": 1}, "This must be 1 or more."),
        ("value_error.number.not_le", {"limit_value": 1}, "This must be 1 or less."),
        ("multiple_of", {"multiple_of": 8}, "This must be a multiple of 8."),
        ("string_too_long", {"max_length": 5}, "At most 5 characters allowed."),
        ("string_too_short", {"min_length": 1}, "At least 1 character needed."),
        ("sequence_too_long", {"max_length": 5}, "At most 5 characters allowed."),
        ("sequence_too_short", {"min_length": 2}, "At least 2 characters needed."),
        ("too_long", {"max_length": 5, "field_type": "List"}, "At most 5 entries allowed."),
        ("value_error.list.max_items", {"limit_value": 5}, "At most 5 entries allowed."),
        ("one_of", {"expected": ["a", "b"]}, "This is not one of: a, b."),
        ("enum", {"expected": "'a' or 'b'"}, "This must be 'a' or 'b'."),
        ("literal_error", {"expected": "'a' or 'b'"}, "This must be 'a' or 'b'."),
        ("int_parsing", {}, "This must be a whole number."),
        ("int_from_float", {}, "This must be a whole number."),
        ("type_error.integer", {}, "This must be a whole number."),
        ("float_parsing", {}, "This must be a number."),
        ("bool_parsing", {}, "This must be true or false."),
        ("string_type", {}, "This must be text."),
        ("list_type", {}, "This must be a list."),
        ("extra_forbidden", {}, "The provider does not know this."),
        ("url_parsing", {}, "This must be a web address."),
        ("content_policy_violation", {}, "The provider's content rules do not allow this."),
        ("no_media_generated", {}, "The provider made no picture of this."),
        ("image_too_small", {"min_width": 64, "min_height": 32}, "The picture is too small: at least 64 x 32 pixels."),
        (
            "image_too_large",
            {"max_width": 4000, "max_height": 4000},
            "The picture is too large: at most 4000 x 4000 pixels.",
        ),
        ("image_too_large", {"max_height": 4000}, "The picture is too large: at most 4000 pixels high."),
        ("image_too_large", {}, "The picture is too large for the provider."),
        ("file_too_large", {"max_size": 10_485_760}, "This file is too large: at most 10.5 MB."),
        ("file_too_large", {"max_size": 100}, "This file is too large: at most 100 bytes."),
        (
            "unsupported_image_format",
            {"supported_formats": ["png", "jpeg"]},
            "The provider does not take this format; use png, jpeg.",
        ),
        ("image_load_error", {}, "The provider could not read this picture; save it as PNG or JPEG."),
        (
            "file_download_error",
            {},
            "The provider could not fetch this file; check its address, or attach the file itself.",
        ),
        ("face_detection_error", {}, "The provider found no face in this picture; choose another one."),
        ("invalid_archive", {}, "The provider could not open this archive; pack it again."),
        ("internal_server_error", {}, "The provider had a fault of its own."),
        ("generation_timeout", {}, "The provider took too long over this."),
        ("downstream_service_error", {}, "A service behind the provider refused this."),
        ("downstream_service_unavailable", {}, "A service behind the provider cannot be reached."),
        ("feature_not_supported", {}, "the message"),
        ("audio_duration_too_long", {}, "the message"),
        ("greater_than", {}, "the message"),
        ("less_than_equal", {"le": "fifty"}, "the message"),
        ("unheard_of", {}, "the message"),
    ],
)
def test_each_type_of_error_is_said_in_our_words(kind: str, ctx: Json, words: str) -> None:
    assert said(kind, ["body", "prompt"], ctx=ctx, input="x", url="https://errors.invalid") == {"prompt": words}


def test_choices_that_the_provider_does_not_list_are_the_fields_own() -> None:
    assert said("enum", ["body", "format"]) == {"format": "This is not one of: jpeg, png."}


@pytest.mark.parametrize(
    ("loc", "words"),
    [
        (["body", "loras", 0, "scale"], {"loras": "Entry 1: Scale: This must be 4 or less."}),
        (["loras", 2, "scale"], {"loras": "Entry 3: Scale: This must be 4 or less."}),
        (["body", "loras"], {"loras": "This must be 4 or less."}),
        (["body", "image_size", "ImageSize", "width"], {"image_size": "Width: This must be 4 or less."}),
        (["body", "image_size", "literal['square']"], {"image_size": "This must be 4 or less."}),
        (["body", "loras", -1, True, None, 10**400, "scale"], {"loras": "Scale: This must be 4 or less."}),
        (["body"], {"body": "This must be 4 or less."}),
        (["body", "ghost"], {}),
        (["query", "fal_webhook"], {}),
        ([], {}),
        ("body.prompt", {}),
        ([["body"], "prompt"], {}),
    ],
)
def test_the_place_in_a_value_is_named(loc: Json, words: dict[str, str]) -> None:
    assert said("less_than_equal", loc, ctx={"le": 4}) == words


def test_a_missing_part_of_a_value_is_named() -> None:
    assert said("missing", ["body", "loras", 1, "path"]) == {"loras": "Entry 2: Path is needed."}


@pytest.mark.parametrize("kind", ["image_too_small", "image_too_large", "image_load_error"])
def test_a_fault_of_the_picture_lands_on_the_field_that_takes_it(kind: str) -> None:
    assert said(kind, ["image"]).keys() == {"image_url"}
    assert said(kind, ["body", "mask_url"]).keys() == {"mask_url"}
    assert read_refusal(read_endpoint({"input": {"type": "object"}}), 422, {"detail": [{"type": kind}]}).fields == {}


def test_several_errors_land_on_several_fields_and_the_sentence_names_them() -> None:
    errors = [
        {"loc": ["body", "steps"], "type": "less_than_equal", "msg": "m", "ctx": {"le": 8}},
        {"loc": ["body", "steps"], "type": "missing", "msg": "m"},
        {"loc": ["body", "prompt"], "type": "missing", "msg": "m"},
        {"loc": ["body", "ghost"], "type": "odd", "msg": "No such thing"},
    ]
    error = read_refusal(PAINT, 422, {"detail": errors})
    assert error.fields == {"steps": "This must be 8 or less.", "prompt": "A value is needed here."}
    assert str(error) == (
        "The provider refused the request (422): Steps: This must be 8 or less. Prompt: A value is needed here. "
        "ghost: No such thing. Change these and try again."
    )


@pytest.mark.parametrize(
    ("status", "document", "sentence"),
    [
        (422, {"detail": "Image is too dark"}, "(422): Image is too dark. Change it and try again."),
        (400, {"detail": "No such app", "error_type": "bad_request"}, "(400): No such app. Change it and try again."),
        (401, {"detail": "Invalid key"}, "(401): Invalid key. Check the key in the settings."),
        (403, {"detail": "User is locked."}, "(403): User is locked. Check the key, and the balance and plan"),
        (400, {"reason": "a", "message": "b", "error": "c", "detail": "d"}, "(400): a. Change"),
        (400, {"message": "b", "error": "c", "detail": "d"}, "(400): b. Change"),
        (400, {"error": "c", "detail": "d"}, "(400): c. Change"),
        (400, {"reason": "", "error": {"message": "inner"}}, "(400): inner. Change"),
        (429, {"reason": "Too many", "remainingSeconds": 12.4}, "(429): Too many. Try again in 12 s."),
        (
            429,
            {"reason": "Limit", "details": {"actionName": "inpaint", "actionLimit": 4}},
            "(429): Limit. actionName: inpaint; actionLimit: 4. Wait a while and try again.",
        ),
        (410, {"reason": "Retired."}, "(410): Retired. The endpoint or its checkpoint is retired"),
        (413, None, "(413): no reason was given. Send less"),
        (422, ["one", "two"], "(422): one. Change"),
        (422, "<html>Bad\ngateway</html>", "(422): <html>Bad gateway</html>. Change"),
        (422, {"detail": ["just text"]}, "(422): just text. Change"),
        (422, {"detail": {"loc": ["body"], "msg": "lonely", "type": "x"}}, "lonely"),
        (503, {"detail": "No runner", "error_type": "runner_scheduling_failure"}, "(503): No runner. Try again later."),
        (
            400,
            {"detail": [{"loc": [], "type": "downstream_service_error", "msg": "m"}]},
            "(400): A service behind the provider refused this. Try again later.",
        ),
        (422, {}, "(422): no reason was given."),
        (422, 5, "(422): no reason was given."),
    ],
)
def test_other_answers_are_one_sentence(status: int, document: Json, sentence: str) -> None:
    assert sentence in str(read_refusal(PAINT, status, document))


@pytest.mark.parametrize(
    ("reason", "fields"),
    [
        ("negativePrompt is too long", {"negativePrompt"}),
        ("The value of negativePrompt is odd", {"negativePrompt"}),
        ('"steps" must be below 9', {"steps"}),
        ("steps must be below 9", {"steps"}),
        ("The steps you take are wrong", set()),
        ("Either image_url or mask_url", set()),
        ("the xnegativePrompts", set()),
    ],
)
def test_a_sentence_that_names_one_field_lands_on_it(reason: str, fields: set[str]) -> None:
    assert read_refusal(PAINT, 400, {"reason": reason}).fields.keys() == fields


SECRET = "s3cr3t-" + "0123456789abcdef" * 300


@pytest.mark.parametrize(
    "message",
    [f"Value {SECRET} is bad", f"{SECRET[:40]}… is bad", f"cannot load data:image/png;base64,{'A' * 5000}", SECRET * 3],
)
def test_what_was_sent_is_never_repeated(message: str) -> None:
    for value in (SECRET, {"a": [SECRET]}, [{"b": SECRET}]):
        error = read_refusal(
            PAINT, 422, {"detail": [{"loc": ["body", "steps"], "msg": message, "type": "?", "input": value}]}
        )
        told = str(error) + json.dumps(error.fields)
        assert SECRET[:12] not in told and "AAAAAA" not in told and SECRET[20:40] not in told
        assert len(told) < 1500


def test_a_providers_text_is_plain_and_on_one_line() -> None:
    (words,) = said("odd", ["body", "steps"], msg=f"a\x1b[31m\nb\u202e<b>c</b>{'d' * 9999}").values()
    assert words.startswith("a [31m b <b>c</b>d") and len(words) <= 300 and words.isprintable()
    assert said("odd", ["body", "steps"], msg="Value error, too red") == {"steps": "too red"}
    assert said("odd", ["body", "steps"], msg=None) == {"steps": "The provider does not accept this."}


def test_many_fields_are_counted_in_the_sentence() -> None:
    error = refused(PAINT, 422, dict.fromkeys(("prompt", "steps", "format", "loras", "body"), "No."))
    assert "LoRAs" not in str(error)
    assert "and 2 more." in str(error)
    assert len(error.fields) == 5


KEYS = st.sampled_from(
    ["detail", "loc", "msg", "type", "ctx", "input", "reason", "message", "error", "details", "remainingSeconds", "le",
     "expected", "supported_formats", "max_size", "min_width", "min_height", "limit_value", "x"],
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just("x" * 5000), st.just(10**4000),
    st.sampled_from(["body", "loras", "prompt", "image_size", "scale", "missing", "enum", "one_of", "image_too_small"]),
    st.sampled_from(["less_than_equal", "file_too_large", "too_long", "unsupported_image_format", "multiple_of"]),
)  # fmt: skip
HOSTILE: st.SearchStrategy[Json] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)
ERROR = st.dictionaries(KEYS, HOSTILE, max_size=6)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 999), HOSTILE | st.fixed_dictionaries({"detail": st.lists(ERROR, max_size=4)}))
def test_no_answer_raises_and_each_is_short(status: int, document: Json) -> None:
    error = read_refusal(PAINT, status, document)
    assert isinstance(error, Refused)
    assert 20 < len(str(error)) < 1500 and "\n" not in str(error)
    assert error.fields.keys() <= {field.path for field in PAINT.fields}
    assert all(text and len(text) < 700 for text in error.fields.values())


def test_a_huge_answer_costs_little() -> None:
    errors = [
        {"loc": ["body", "loras", n, "scale"], "msg": "m" * 10**5, "type": "x", "input": "y" * 10**5}
        for n in range(2000)
    ]
    assert read_refusal(PAINT, 422, {"detail": errors}).fields.keys() == {"loras"}
    deep: Json = "a"
    for _ in range(900):
        deep = {"error": deep}
    assert "no reason" in str(read_refusal(Endpoint("x", "X", "x", ()), 422, deep))
