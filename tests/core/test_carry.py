"""Values from one endpoint to another: what maps moves, what does not is told, and nothing appears from nowhere."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.carry import Kind, Move, carry, summary
from app.core.endpoint import MISSING, Endpoint, Field
from app.core.rules import TYPE
from app.core.schema import read_endpoint
from app.core.values import fault
from tests.bundled import bundled_endpoints
from tests.core.far_endpoint import LIMITS, NUMBERS, endpoint

Json = Any

OURS = {endpoint.id: endpoint for endpoint in bundled_endpoints()}
ZIMAGE = OURS["fal-ai/z-image/turbo/inpaint"]
FOOOCUS = OURS["fal-ai/fooocus/inpaint"]
INPAINT = OURS["fal-ai/inpaint"]
SCENARIO = OURS["scenario/generate/inpaint"]
LOCAL = OURS["local/fill"]


def moved(values: dict[str, Json], source: Endpoint, target: Endpoint) -> tuple[dict[str, Json], list[tuple[str, ...]]]:
    carried = carry(values, source, target)
    return dict(carried.values), [(move.kind, move.path, move.target) for move in carried.moves]


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

TEXT = {"type": "string"}
INTEGER = {"type": "integer"}
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
        ("ratios", "16:9", "named", "landscape_16_9", "clamped"),
        ("named", "landscape_16_9", "aspect", "16:9", "clamped"),
        ("text", "1000x1300", "aspect", "3:4", "clamped"),
        ("aspect", "21:9", "text", None, "dropped"),
        ("named", "square_hd", "aspect", "1:1", "clamped"),
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
        "aspect": ({"aspect_ratio": {"type": "string", "enum": ["auto", "1:1", "16:9", "3:4", "21:9"]}}, []),
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


def test_sizes_that_an_endpoint_proposes_by_name_are_known_elsewhere() -> None:
    here = replace(endpoint("far/a", size=TEXT), sizes=(("Poster", 800, 1200),))
    assert moved({"size": "Poster"}, here, endpoint(**PAIR))[0] == {"width": 800, "height": 1200}
    assert moved({"size": "Poster"}, here, endpoint(**IN_ONE))[0] == {"image_size": {"width": 800, "height": 1200}}
    there = replace(endpoint(size={**TEXT, "enum": ["Wide", "Tall"]}), sizes=(("Tall", 800, 1200), ("Wide", 9, 1)))
    assert moved({"width": 800, "height": 1200}, endpoint("far/a", **PAIR), there)[0] == {"size": "Tall"}


def test_two_fields_for_the_size_may_have_any_names() -> None:
    sides = {"outW": {"type": "number", "multipleOf": 8}, "outH": {"type": "number", "multipleOf": 8}}
    bare = endpoint(**sides)
    there = replace(bare, binding=replace(bare.binding, width="outW", height="outH"))
    assert moved({"image_size": "portrait_4_3"}, ZIMAGE, there)[0] == {"outW": 768, "outH": 1024}
    assert moved({"outW": 640, "outH": 480}, there, FOOOCUS)[0] == {"aspect_ratio": "640x480"}
    assert moved({"width": 641, "height": 480}, SCENARIO, there) == (
        {"outW": 640, "outH": 480},
        [("clamped", "width", "outW"), ("renamed", "height", "outH")],
    )


def test_a_size_that_goes_into_two_fields_names_both() -> None:
    carried = carry({"aspect_ratio": "640x480"}, FOOOCUS, SCENARIO)
    assert carried.moves == (Move("renamed", "aspect_ratio", "width", "Size", "Size: aspect_ratio → width and height"),)
    assert summary(carried.moves) == "Renamed 1 (aspect_ratio → width and height)."


def test_the_sign_between_the_sides_is_the_one_that_the_field_shows() -> None:
    there = endpoint(size={"type": "string", "default": "1280*720"})
    assert moved({"aspect_ratio": "640x480"}, FOOOCUS, there)[0] == {"size": "640*480"}


# -- whatever the endpoints -------------------------------------------------------------------------------------------

NAMES = [
    "prompt", "negative_prompt", "negativePrompt", "seed", "image_url", "mask_url", "image_size", "width", "height",
    "aspect_ratio", "num_images", "numSamples", "steps", "num_inference_steps", "guidance", "guidance_scale",
    "strength", "output_format", "loras", "styles", "x", "y", "z",
]  # fmt: skip
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
@settings(max_examples=60, deadline=None)
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
@settings(max_examples=50, deadline=None)
def test_to_the_same_endpoint_is_identity(source: Endpoint, drawn: st.DataObject) -> None:
    values = {
        field.path: value
        for field in source.fields
        if field.role not in ("picture", "mask") and sound(field, value := drawn.draw(VALUES))
    }
    carried = carry(values, source, source)
    assert json.dumps(dict(carried.values), sort_keys=True) == json.dumps(values, sort_keys=True)
    assert [(move.kind, move.path, move.target) for move in carried.moves] == [("kept", path, path) for path in values]


@pytest.mark.shared
def test_between_all_real_endpoints_everything_that_arrives_fits(shared: Path) -> None:
    paths = sorted((shared / "data" / "fal-openapi").glob("*.json"))
    known = [*OURS.values(), *(read_endpoint(json.loads(path.read_text("utf-8"))) for path in paths)]
    drafts = {one.id: {field.path: draft_of(field) for field in one.fields} for one in known}
    for source, target in permutations(known, 2):
        values = {path: value for path, value in drafts[source.id].items() if value is not MISSING}
        carried = carry(values, source, target)
        fields = {field.path: field for field in target.fields}
        faults = [fault(fields[path], value) for path, value in carried.values.items()]
        assert all(not wrong or "characters allowed" in wrong for wrong in faults)
        roles = {field.role for field in source.fields if field.path in values} & {"prompt", "seed", "count"}
        assert {fields[path].role for path in carried.values} >= roles & {field.role for field in target.fields}


def draft_of(field: Field) -> Json:
    """A value for the field, in real use: its example, its default, some text or number."""
    spoken = {"string": "a b", "integer": field.maximum or 7, "number": field.maximum or 0.5, "boolean": True}
    likely = [*field.examples[:1], field.default, *field.enum[-1:], spoken.get(field.kind, MISSING)]
    return next((value for value in likely if value is not MISSING and not fault(field, value)), MISSING)


# -- the summary ------------------------------------------------------------------------------------------------------


def test_the_summary_is_one_readable_line() -> None:
    moves = (
        Move("kept", "prompt", "prompt", "Prompt", "Prompt"),
        Move("kept", "seed", "seed", "Seed", "Seed"),
        Move(
            "renamed",
            "negativePrompt",
            "negative_prompt",
            "Negative prompt",
            "Negative prompt: negativePrompt → negative_prompt",
        ),
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
