"""Values from one endpoint to another: what maps moves, what does not is told, and nothing appears from nowhere."""

import json
import math
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.carry import Kind, Move, carry, summary
from app.core.endpoint import Endpoint
from app.core.rules import TYPE
from app.core.schema import read_endpoint
from app.core.values import fault
from app.resources import resource
from app.store.endpoints import read_endpoints

Json = Any

OURS = {endpoint.id: endpoint for endpoint in read_endpoints([resource("endpoints")])[0]}
ZIMAGE = OURS["fal-ai/z-image/turbo/inpaint"]
FOOOCUS = OURS["fal-ai/fooocus/inpaint"]
INPAINT = OURS["fal-ai/inpaint"]
SCENARIO = OURS["scenario/generate/inpaint"]
LOCAL = OURS["local/fill"]


def endpoint(name: str = "far/b", /, *, rules: Json = None, binding: Json = None, **fields: Json) -> Endpoint:
    document = {"id": name, "provider": "far", "input": {"type": "object", "properties": fields}}
    return read_endpoint({**document, "rules": rules or [], "binding": binding or {}})


def moved(values: dict[str, Json], source: Endpoint, target: Endpoint) -> tuple[dict[str, Json], list[tuple[str, ...]]]:
    carried = carry(values, source, target)
    return dict(carried.values), [(move.kind, move.path, move.target) for move in carried.moves]


def one(value: Json, before: Json, after: Json) -> tuple[Json, str, str]:
    """The field "x" from one schema to another: what arrived (None for nothing), its move's kind and text."""
    carried = carry({"x": value}, endpoint("far/a", x=before), endpoint(x=after))
    [move] = carried.moves
    return carried.values.get("x"), move.kind, move.text


# -- which field ------------------------------------------------------------------------------------------------------


def test_by_role_whatever_the_fields_are_called() -> None:
    values = {"prompt": "a", "negative_prompt": "b", "seed": 7, "num_images": 3, "output_format": "png"}
    there = endpoint(
        positive_prompt={"type": "string"},
        negativePrompt={"type": "string"},
        seed={"type": "string"},
        numSamples={"type": "integer", "maximum": 9},
        image_format={"type": "string", "enum": ["png", "webp"]},
        image_url={"type": "string"},
    )
    arrived, moves = moved({**values, "inpaint_strength": 0.5}, FOOOCUS, there)
    assert arrived == {
        "positive_prompt": "a", "negativePrompt": "b", "seed": "7", "numSamples": 3, "image_format": "png",
    }  # fmt: skip
    assert [kind for kind, _, _ in moves] == ["renamed", "renamed", "kept", "renamed", "renamed", "dropped"]


def test_by_role_before_the_same_name() -> None:
    here = endpoint("far/a", text={"type": "string"}, binding={"prompt": "text"})
    there = endpoint(text={"type": "string"}, prompt={"type": "string"})
    assert moved({"text": "a"}, here, there) == ({"prompt": "a"}, [("renamed", "text", "prompt")])


def test_by_the_same_name_written_otherwise() -> None:
    here = endpoint("far/a", num_inference_steps={"type": "integer"}, enableThing={"type": "boolean"})
    there = endpoint(numInferenceSteps={"type": "integer"}, enable_thing={"type": "boolean"})
    values = {"num_inference_steps": 5, "enableThing": True}
    assert moved(values, here, there)[0] == {"numInferenceSteps": 5, "enable_thing": True}


def test_by_names_that_mean_the_same_and_the_exact_name_first() -> None:
    here = endpoint("far/a", guidance={"type": "number"}, steps={"type": "integer"})
    there = endpoint(guidance_scale={"type": "number"}, num_inference_steps={"type": "integer"})
    assert moved({"guidance": 2.5, "steps": 9}, here, there)[0] == {"guidance_scale": 2.5, "num_inference_steps": 9}
    both = endpoint(guidance_scale={"type": "number"}, guidance={"type": "number"})
    assert moved({"guidance": 2.5}, here, both)[0] == {"guidance": 2.5}


def test_two_values_never_fill_one_field() -> None:
    here = endpoint("far/a", guidance={"type": "number"}, guidance_scale={"type": "number"})
    there = endpoint(guidance_scale={"type": "number"})
    assert moved({"guidance": 1, "guidance_scale": 2}, here, there) == (
        {"guidance_scale": 2},
        [("dropped", "guidance", ""), ("kept", "guidance_scale", "guidance_scale")],
    )


def test_picture_mask_and_the_stated_type_never_move() -> None:
    values = {"image_url": "https://a/b.png", "mask_image_url": "data:,", "prompt": "a", TYPE: "sd-xl"}
    arrived, moves = moved(values, ZIMAGE, INPAINT)
    assert arrived == {"prompt": "a"}
    assert moves[:2] == [("dropped", "image_url", ""), ("dropped", "mask_image_url", "")]
    assert moves[3] == ("dropped", TYPE, "")
    assert moved({TYPE: "sd-xl"}, SCENARIO, SCENARIO) == ({TYPE: "sd-xl"}, [("kept", TYPE, TYPE)])


def test_a_picture_never_becomes_a_text_of_the_same_name() -> None:
    here = endpoint("far/a", style={"type": "string", "ui": {"field": "image"}})
    there = endpoint(style={"type": "string"})
    if here.fields[0].media:
        assert moved({"style": "https://a/b.png"}, here, there)[0] == {}


def test_values_from_elsewhere_are_understood_by_their_names() -> None:
    values = {"negativePrompt": "b", "numSamples": 2, "image_url": "data:,", "guidance": 3, "size": "512x768", "zzz": 1}
    unknown = Endpoint("", "", "", ())
    arrived, moves = moved(values, unknown, FOOOCUS)
    assert arrived == {"negative_prompt": "b", "guidance_scale": 3, "aspect_ratio": "512x768", "num_images": 2}
    assert [path for kind, path, _ in moves if kind == "dropped"] == ["image_url", "zzz"]
    assert moved({"width": 640, "height": 480}, unknown, ZIMAGE)[0] == {"image_size": {"width": 640, "height": 480}}


def test_the_projects_own_endpoints() -> None:
    values = {"prompt": "a", "num_inference_steps": 30, "seed": 5, "guidance_scale": 7.5, "negative_prompt": "b"}
    assert moved(values, INPAINT, ZIMAGE)[0] == {"prompt": "a", "num_inference_steps": 8, "seed": 5}
    assert moved(values, INPAINT, SCENARIO)[0] == {
        "seed": "5", "negativePrompt": "b", "guidance": 7.5, "numInferenceSteps": 30, "prompt": "a",
    }  # fmt: skip
    assert moved({"seed": "5", "numSamples": 128}, SCENARIO, LOCAL)[0] == {"seed": 5, "num_images": 4}
    assert moved({"strength": 0.0004}, ZIMAGE, FOOOCUS)[0] == {"inpaint_strength": 0.001}
    loras = [{"path": f"https://a/{number}", "scale": number} for number in range(8)]
    here = endpoint("far/a", loras=FOOOCUS.input["properties"]["loras"], **{"$defs": {}})
    carried = carry({"loras": loras}, here, FOOOCUS)
    assert [entry["scale"] for entry in carried.values["loras"]] == [0, 1, 1, 1, 1]
    assert carried.moves[0].text == "LoRAs: 3 of 8 entries left out, 3 entries changed"


# -- sizes ------------------------------------------------------------------------------------------------------------

PAIR = {"width": {"type": "integer", "maximum": 2048}, "height": {"type": "integer", "maximum": 2048}}
IN_ONE = {"image_size": {"type": "object", "properties": PAIR}}
NAMED = {"image_size": {"type": "string", "enum": ["square_hd", "landscape_16_9", "portrait_4_3"]}}
RATIOS = {"image_size": {"type": "string", "enum": ["1:1", "16:9", "3:4"]}}
WRITTEN = {"aspect_ratio": {"type": "string", "default": "1024x1024"}}
RULE = [{"rule": "size_text", "field": "aspect_ratio", "multiple": 8}]


@pytest.mark.parametrize(
    ("before", "value", "after", "arrived", "kind"),
    [
        ("one", {"width": 640, "height": 480}, "pair", {"width": 640, "height": 480}, "renamed"),
        ("one", {"width": 640, "height": 480}, "text", "640x480", "renamed"),
        ("one", {"width": 1024, "height": 1024}, "named", "square_hd", "kept"),
        ("one", {"width": 1000, "height": 560}, "named", "landscape_16_9", "clamped"),
        ("one", {"width": 1001, "height": 700}, "rule", "1000x704", "clamped"),
        ("one", {"width": 960, "height": 1280}, "ratios", "3:4", "clamped"),
        ("named", "portrait_4_3", "one", {"width": 768, "height": 1024}, "kept"),
        ("named", "portrait_4_3", "pair", {"width": 768, "height": 1024}, "renamed"),
        ("named", "portrait_4_3", "text", "768x1024", "renamed"),
        ("text", "1024x576", "named", "landscape_16_9", "renamed"),
        ("text", "640x480", "one", {"width": 640, "height": 480}, "renamed"),
        ("text", "640x480", "pair", {"width": 640, "height": 480}, "renamed"),
        ("text", "3000x480", "pair", {"width": 2048, "height": 480}, "clamped"),
        ("text", "640 X 480", "rule", "640 X 480", "kept"),
        ("text", "large", "pair", None, "dropped"),
        ("text", "large", "one", None, "dropped"),
        ("named", "landscape_16_9", "named", "landscape_16_9", "kept"),
        ("ratios", "16:9", "pair", None, "dropped"),
        ("ratios", "16:9", "ratios", "16:9", "kept"),
    ],
)
def test_a_size_moves_however_it_is_written(before: str, value: Json, after: str, arrived: Json, kind: str) -> None:
    places: dict[str, tuple[dict[str, Json], list[Json]]] = {
        "one": (IN_ONE, []),
        "named": (NAMED, []),
        "ratios": (RATIOS, []),
        "text": (WRITTEN, []),
        "rule": (WRITTEN, RULE),
        "pair": (PAIR, []),
    }
    here = endpoint("far/a", rules=places[before][1], **places[before][0])
    there = endpoint(rules=places[after][1], **places[after][0])
    carried = carry({here.fields[0].path: value}, here, there)
    got: Json = dict(carried.values) if after == "pair" else next(iter(carried.values.values()), None)
    assert (got or None, carried.moves[0].kind) == (arrived, kind)


def test_width_and_height_go_together_and_a_missing_side_is_the_default() -> None:
    there = endpoint(**IN_ONE)
    values, moves = moved({"width": 640, "height": 480}, endpoint("far/a", **PAIR), there)
    assert values == {"image_size": {"width": 640, "height": 480}}
    assert moves == [("renamed", "width", "image_size"), ("renamed", "height", "image_size")]
    assert moved({"width": 640}, endpoint("far/a", **PAIR), there)[1] == [("dropped", "width", "")]
    assert moved({"width": 640}, SCENARIO, ZIMAGE)[0] == {"image_size": {"width": 640, "height": 512}}


def test_the_sign_between_the_sides_is_the_one_that_the_field_shows() -> None:
    there = endpoint(size={"type": "string", "default": "1280*720"})
    assert moved({"aspect_ratio": "640x480"}, FOOOCUS, there)[0] == {"size": "640*480"}


# -- what arrives -----------------------------------------------------------------------------------------------------

NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("value", "before", "after", "arrived", "kind"),
    [
        (30, INTEGER, {"type": "integer", "maximum": 8}, 8, "clamped"),
        (-1, INTEGER, {"type": "integer", "minimum": 0}, 0, "clamped"),
        (0, NUMBER, {"type": "number", "exclusiveMinimum": 0, "maximum": 1}, 0.01, "clamped"),
        (5.0, NUMBER, {"type": "number", "exclusiveMaximum": 1, "minimum": 0}, 0.99, "clamped"),
        (9, INTEGER, {"type": "integer", "exclusiveMaximum": 8, "exclusiveMinimum": 2}, 7, "clamped"),
        (0.6184, NUMBER, {"type": "number", "multipleOf": 0.001}, 0.618, "clamped"),
        (700, INTEGER, {"type": "integer", "minimum": 64, "maximum": 2048, "multipleOf": 8}, 704, "clamped"),
        (4, INTEGER, {"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 2}, 4, "kept"),
        (5, INTEGER, {"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 2}, 5, "kept"),
        (2.5, NUMBER, INTEGER, 2, "clamped"),
        (8.0, NUMBER, INTEGER, 8.0, "kept"),
        (7, INTEGER, {"type": "integer", "multipleOf": 2.5}, 5, "clamped"),
        (7, INTEGER, {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 4}, None, "dropped"),
        (10**40, INTEGER, {"type": "integer", "maximum": 2**32 - 1}, 2**32 - 1, "clamped"),
        (196619188014358660, INTEGER, TEXT, "196619188014358660", "kept"),
        ("196619188014358660", TEXT, INTEGER, 196619188014358660, "kept"),
        ("7.5", TEXT, {"type": "number", "maximum": 5}, 5.0, "clamped"),
        ("many", TEXT, INTEGER, None, "dropped"),
        ("1e400", TEXT, NUMBER, None, "dropped"),
        (True, {"type": "boolean"}, INTEGER, None, "dropped"),
        (1, INTEGER, {"type": "boolean"}, None, "dropped"),
        ("high", TEXT, {"type": "string", "enum": ["low"]}, None, "dropped"),
        ("jpg", TEXT, {"type": "string", "enum": ["png", "jpeg"]}, "jpeg", "kept"),
        ("jpeg", TEXT, {"type": "string", "enum": ["jpg", "png"]}, "jpg", "kept"),
        ("PNG", TEXT, {"type": "string", "enum": ["png", "jpeg"]}, "png", "kept"),
        ("image/png", TEXT, {"type": "string", "enum": ["png", "jpeg"]}, "png", "kept"),
        (3, INTEGER, {"type": "integer", "enum": [1, 2]}, None, "dropped"),
        (None, {"anyOf": [INTEGER, {"type": "null"}]}, INTEGER, None, "dropped"),
        ("long words", TEXT, {"type": "string", "maxLength": 4}, "long words", "kept"),
        ("a", TEXT, {"type": "string", "minLength": 4}, None, "dropped"),
        ([1, 2, 3], {"type": "array"}, {"type": "array", "maxItems": 2}, [1, 2], "clamped"),
        ([1], {"type": "array"}, {"type": "array", "minItems": 2}, None, "dropped"),
        ("a", TEXT, {"type": "array"}, None, "dropped"),
        (["a", "q"], {"type": "array"}, {"type": "array", "items": {"enum": ["a", "b"]}}, ["a"], "clamped"),
        (["q"], {"type": "array"}, {"type": "array", "items": {"enum": ["a", "b"]}}, None, "dropped"),
        ([], {"type": "array", "items": TEXT}, {"type": "array", "items": INTEGER}, [], "kept"),
        ({"a": 1}, {"type": "object"}, {"type": "object"}, {"a": 1}, "kept"),
        ({"a": 9, "b": 1}, {"type": "object"}, {"properties": {"a": {**INTEGER, "maximum": 5}}}, {"a": 5}, "clamped"),
        ({"b": 1}, {"type": "object"}, {"properties": {"a": INTEGER}, "required": ["a"]}, None, "dropped"),
    ],
)  # fmt: skip
def test_a_value_fits_or_is_made_to_or_goes(value: Json, before: Json, after: Json, arrived: Json, kind: str) -> None:
    got, how, text = one(value, before, after)
    assert (got, how) == (arrived, kind) and type(got) is type(arrived)
    assert text.startswith("X") and (how == "kept" or text != "X")


def test_entries_of_a_list_move_when_their_fields_fit() -> None:
    lora = {"path": TEXT, "scale": {"type": "number", "maximum": 4}}
    there = {"path": TEXT, "scale": {"type": "number", "maximum": 1}}
    before = {"type": "array", "items": {"type": "object", "properties": {**lora, "extra": INTEGER}}}
    after = {"type": "array", "items": {"type": "object", "properties": there, "required": ["path"]}}
    given = [{"path": "a", "scale": 0.5}, {"path": "b", "scale": 3}, {"scale": 1}, {"path": "c", "extra": 1}]
    got, how, text = one(given, before, after)
    assert got == [{"path": "a", "scale": 0.5}, {"path": "b", "scale": 1}, {"path": "c"}]
    assert (how, text) == ("clamped", "X: 1 of 4 entries left out, 2 entries changed")


def test_a_text_that_is_too_long_is_whole_and_said_even_inside_a_list() -> None:
    after = {"type": "array", "items": {"properties": {"words": {"type": "string", "maxLength": 3}}}}
    got, how, text = one([{"words": "abcdef"}], {"type": "array"}, after)
    assert (got, how) == ([{"words": "abcdef"}], "kept") and "longer than the 3 characters" in text


def test_the_report_says_from_what_to_what() -> None:
    assert one(30, INTEGER, {"type": "integer", "maximum": 8})[2] == "X: 30 → 8"
    assert one("high", TEXT, {"type": "string", "enum": ["low"]})[2] == "X: “high” cannot be chosen here"
    assert one("jpg", TEXT, {"type": "string", "enum": ["jpeg"]})[2] == "X: “jpg” is written “jpeg” here"
    assert carry({"y": 1}, endpoint("far/a", y=INTEGER), endpoint()).moves[0].text == "Y: no such field here"


# -- whatever the endpoints -------------------------------------------------------------------------------------------

NAMES = [
    "prompt", "negative_prompt", "negativePrompt", "seed", "image_url", "mask_url", "image_size", "width", "height",
    "aspect_ratio", "num_images", "numSamples", "steps", "num_inference_steps", "guidance", "guidance_scale",
    "strength", "output_format", "loras", "styles", "x", "y", "z",
]  # fmt: skip
NUMBERS = st.integers(-50, 50) | st.floats(-50, 50).map(lambda number: round(number, 2))
SCALARS = (
    st.none() | st.booleans() | NUMBERS | st.sampled_from(["", "a", "jpg", "PNG", "7", "640x480", "square", "ü" * 9])
)
VALUES = st.recursive(
    SCALARS | st.just(10**400),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["width", "height", "a", "b"]), below, max_size=3)
    ),
    max_leaves=6,
)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "minimum": NUMBERS, "maximum": NUMBERS, "exclusiveMinimum": NUMBERS, "exclusiveMaximum": NUMBERS,
        "multipleOf": st.sampled_from([0.001, 0.1, 0.25, 1, 3, 8]),
    },
)  # fmt: skip
LEAVES: st.SearchStrategy[Json] = st.one_of(
    LIMITS.map(lambda limits: {"type": "integer", **limits}),
    LIMITS.map(lambda limits: {"type": "number", **limits}),
    st.just({"type": "boolean"}),
    st.sampled_from([TEXT, {**TEXT, "maxLength": 3}, {**TEXT, "minLength": 2}, {**TEXT, "default": "640x480"}]),
    st.sampled_from([{**TEXT, "enum": ["a", "jpeg", "square", "1:1"]}, {"enum": [1, 2.5]}]),
    st.just({"anyOf": [INTEGER, {"type": "null"}]}),
    st.just({"anyOf": [IN_ONE["image_size"], {**TEXT, "enum": ["square_hd", "auto"]}]}),
    st.just({}),
)  # fmt: skip
SCHEMAS: st.SearchStrategy[Json] = st.recursive(
    LEAVES,
    lambda below: st.fixed_dictionaries(
        {"type": st.just("array"), "items": below},
        optional={"maxItems": st.integers(0, 3), "minItems": st.integers(0, 2), "uniqueItems": st.booleans()},
    )
    | st.fixed_dictionaries(
        {"properties": st.dictionaries(st.sampled_from(["a", "b", "width"]), below, max_size=2)},
        optional={"required": st.just(["a"])},
    ),
    max_leaves=3,
)  # fmt: skip
ENDPOINTS = st.dictionaries(st.sampled_from(NAMES), SCHEMAS, max_size=8).map(lambda fields: endpoint(**fields))


def values_of(drawn: st.DataObject, source: Endpoint, others: dict[str, Json]) -> dict[str, Json]:
    return {**{field.path: drawn.draw(VALUES) for field in source.fields}, **others}


def sound(field: Json, value: Json) -> bool:
    try:
        return not fault(field, value)
    except OverflowError:
        return False


@given(ENDPOINTS, ENDPOINTS, st.dictionaries(st.sampled_from([*NAMES, TYPE]), VALUES, max_size=2), st.data())
@settings(max_examples=120, deadline=None)
def test_every_value_has_one_fate_and_what_arrives_fits(
    source: Endpoint, target: Endpoint, others: dict[str, Json], drawn: st.DataObject
) -> None:
    values = values_of(drawn, source, others)
    before = json.dumps(values)
    carried = carry(values, source, target)
    assert json.dumps(values) == before
    assert [move.path for move in carried.moves] == list(values)
    fields = {field.path: field for field in target.fields}
    arrived = {move.target for move in carried.moves if move.kind != "dropped"}
    twins = {"height"} if "width" in arrived else set()
    assert carried.values.keys() - twins - {TYPE} <= arrived <= carried.values.keys()
    for path, value in carried.values.items():
        if path == TYPE:
            continue
        assert fields[path].role not in ("picture", "mask")
        long = any(move.target == path and "longer than" in move.text for move in carried.moves)
        assert long or sound(fields[path], value)
    for move in carried.moves:
        assert (move.target == "") == (move.kind == "dropped") and move.text.startswith(move.title)
    line = summary(carried.moves)
    assert "\n" not in line and (line.endswith(".") or not values)


@given(ENDPOINTS, st.data())
@settings(max_examples=80, deadline=None)
def test_to_the_same_endpoint_is_identity(source: Endpoint, drawn: st.DataObject) -> None:
    values = {
        field.path: value
        for field in source.fields
        if field.role not in ("picture", "mask") and sound(field, value := drawn.draw(VALUES))
    }
    carried = carry(values, source, source)
    assert json.dumps(dict(carried.values), sort_keys=True) == json.dumps(values, sort_keys=True)
    assert [(move.kind, move.path, move.target) for move in carried.moves] == [("kept", path, path) for path in values]


@given(LIMITS, NUMBERS, st.sampled_from(["integer", "number"]))
@settings(max_examples=100, deadline=None)
def test_no_allowed_number_is_nearer(limits: dict[str, Json], value: float, kind: str) -> None:
    there = endpoint(x={"type": kind, **limits})
    carried = carry({"x": value}, endpoint("far/a", x=NUMBER), there)
    got = carried.values.get("x")
    candidates = [number / 1000 for number in range(-60_000, 60_001, 250)] + [
        float(number) for number in range(-60, 61)
    ]
    allowed = [number for number in candidates if not fault(there.fields[0], number)]
    if got is None:
        assert not allowed
        return
    open_ended = (
        {"exclusiveMinimum", "exclusiveMaximum"} & limits.keys() and kind == "number" and "multipleOf" not in limits
    )
    slack = 0.5 if open_ended else 1e-9
    assert all(abs(got - value) <= abs(number - value) + slack for number in allowed)
    assert math.isfinite(got)


# -- the summary ------------------------------------------------------------------------------------------------------


def test_the_summary_is_one_readable_line() -> None:
    moves = (
        Move("kept", "prompt", "prompt", "Prompt", "Prompt"),
        Move("kept", "seed", "seed", "Seed", "Seed"),
        Move("renamed", "negativePrompt", "negative_prompt", "Negative prompt", "Negative prompt: …"),
        Move("clamped", "steps", "steps", "Steps", "Steps: 30 → 8"),
        Move("dropped", "acceleration", "", "Acceleration", "Acceleration: no such field here"),
    )
    line = "Kept 2; renamed 1 (negativePrompt → negative_prompt); clamped Steps 30 → 8; dropped Acceleration."
    assert summary(moves) == line
    assert summary(()) == ""
    assert summary((Move("dropped", "a", "", "A", "A: no such field here"),)) == "Dropped A."
    long = Move("kept", "p", "p", "Prompt", "Prompt: is longer than the 9 characters allowed here")
    assert summary((long,)) == "Kept 1 (Prompt is longer than the 9 characters allowed here)."


def test_the_summary_of_hundreds_of_moves_stays_short() -> None:
    kinds = get_args(Kind)
    moves = tuple(
        Move(kinds[number % 4], "p" * 100, "q" * 100, f"Title {number} " + "t" * 90, f"Title {number} " + "t" * 400)
        for number in range(800)
    )
    line = summary(moves)
    assert len(line) < 1200 and "and 196 more" in line
