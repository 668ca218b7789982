"""Rules between fields: each form of rule and condition, the checkpoint's type, and rules that make no sense."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.endpoint import MISSING, Endpoint
from app.core.rules import TYPE, broken, holds, idle, limits, notes, type_of, types_in, why_limited
from app.core.schema import read_endpoint
from app.core.values import body, check, describe, in_force

Json = Any

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "endpoints"


def bundled(name: str) -> Endpoint:
    return read_endpoint(json.loads((FOLDER / name).read_text(encoding="utf-8")))


SCENARIO = bundled("scenario__inpaint.json")
FOOOCUS = bundled("fal-ai__fooocus__inpaint.json")


@pytest.mark.parametrize(
    ("condition", "met", "not_met"),
    [
        ({"field": "a"}, [{"a": 0}, {"a": False}], [{}, {"a": ""}, {"a": None}, {"a": []}]),
        ({"field": "a", "set": True}, [{"a": "x"}], [{}]),
        ({"field": "a", "set": False}, [{}, {"a": ""}], [{"a": 0}]),
        ({"field": "a", "equals": 1}, [{"a": 1}, {"a": 1.0}], [{"a": True}, {}, {"a": "1"}]),
        ({"field": "a", "equals": True}, [{"a": True}], [{"a": 1}]),
        ({"field": "a", "in": ["x", "y"]}, [{"a": "y"}], [{"a": "z"}, {}]),
        ({"field": "a", "above": 0}, [{"a": 0.1}], [{"a": 0}, {"a": "1"}, {}]),
        ({"field": "a", "below": 1}, [{"a": 0}], [{"a": 1}, {"a": None}]),
        ([{"field": "a"}, {"field": "b"}], [{"a": 1, "b": 1}], [{"a": 1}, {}]),
        ({"operator": "or", "of": [{"field": "a"}, {"field": "b"}]}, [{"a": 1}, {"b": 1}], [{}]),
        ({"operator": "and", "of": [{"field": "a"}, {"field": "b"}]}, [{"a": 1, "b": 1}], [{"b": 1}]),
        (
            [{"field": "c"}, {"operator": "or", "of": [{"field": "a"}, {"field": "b", "set": False}]}],
            [{"c": 1, "b": 1, "a": 1}, {"c": 1}],
            [{"c": 1, "b": 1}, {"a": 1}],
        ),
        (None, [{}], []),
        ([], [{}], []),
        ("nonsense", [{}], []),
        ({"field": "a", "above": "b"}, [], [{"a": 1}, {"a": "c"}]),
    ],
)
def test_each_condition(condition: Json, met: list[Json], not_met: list[Json]) -> None:
    assert [values for values in met if not holds(condition, values)] == []
    assert [values for values in not_met if holds(condition, values)] == []


def test_what_a_field_has_by_default_counts_but_does_not_make_it_set() -> None:
    assert holds({"field": "mode", "equals": "x"}, {}, {"mode": "x"})
    assert not holds({"field": "mode", "equals": "x"}, {"mode": "y"}, {"mode": "x"})
    assert not holds({"field": "mode", "set": True}, {}, {"mode": "x"})
    rule = {"rule": "needs", "when": {"field": "mode", "equals": "x"}, "then": {"field": "b", "set": True}}
    assert broken([rule], {}, {}, {"mode": "x"}).keys() == {"b"}
    assert broken([rule], {}, {}, {"mode": "x", "b": 1}) == {}, "the provider has a value for it"
    assert broken([rule], {"mode": "y"}, {}, {"mode": "x"}) == {}


@pytest.mark.parametrize(
    ("rule", "values", "said"),
    [
        (
            {"when": {"field": "a", "set": True}, "then": {"field": "b", "set": True}},
            {"a": 1},
            "A value is needed here when “Alpha” is set.",
        ),
        (
            {"when": {"field": "a", "set": False}, "then": {"field": "b", "set": True}},
            {},
            "A value is needed here when “Alpha” is not set.",
        ),
        ({"then": {"field": "b", "set": True}}, {}, "A value is needed here."),
        (
            {"when": {"field": "a", "equals": True}, "then": {"field": "b", "set": False}},
            {"a": True, "b": 1},
            "This must be left empty when “Alpha” is true.",
        ),
        (
            {"when": {"field": "a", "in": ["x", "y"]}, "then": {"field": "b", "above": 2}},
            {"a": "x"},
            "This must be more than 2 when “Alpha” is x or y.",
        ),
        (
            {"when": {"field": "a", "above": 1}, "then": {"field": "b", "equals": "q"}},
            {"a": 2},
            "This must be q when “Alpha” is above 1.",
        ),
        (
            {
                "when": [{"field": "a", "set": True}, {"field": "c", "below": 1}],
                "operator": "or",
                "then": {"field": "b", "in": [1, 2]},
            },
            {"c": 0},
            "This must be 1 or 2 when “Alpha” is set or “c” is below 1.",
        ),
    ],
)
def test_a_rule_without_a_text_names_its_fields(rule: Json, values: Json, said: str) -> None:
    assert broken([{"rule": "needs", **rule}], values, {"a": "Alpha"}) == {"b": said}


def test_a_rule_that_needs_all_or_any_of_several() -> None:
    rule = {
        "rule": "needs",
        "when": [{"field": "a"}, {"field": "b"}],
        "then": {"field": "c", "set": True},
        "text": "c!",
    }
    assert not broken([rule], {"a": 1})
    assert broken([rule], {"a": 1, "b": 1}) == {"c": "c!"}
    assert broken([{**rule, "operator": "or"}], {"a": 1}) == {"c": "c!"}


def test_limits_of_lists_and_sizes_without_a_text_say_what_they_ask() -> None:
    rules = [{"rule": "at_most", "field": "l", "count": 2}, {"rule": "size_text", "field": "s", "multiple": 8}]
    said = broken(rules, {"l": [1, 2, 3], "s": "9x8"})
    assert said == {
        "l": "At most 2 entries allowed.",
        "s": "Write this as width x height, both multiples of 8, such as 1024x1024.",
    }


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ("flux.1-dev", "flux.1"), ("flux.1-dev-of-mine", "flux.1"), ("flux.1-pro", "flux.1-pro"),
        ("flux1.1-pro", "flux1.1-pro"), ("flux.1.1-pro-ultra", "flux.1.1-pro-ultra"),
        ("flux.1-kontext-dev", "flux.1-kontext-dev"), ("flux.1-krea-dev", "flux.1-krea-dev"),
        ("stable-diffusion-xl-base-1.0", "sd-xl"), ("stable-diffusion-inpainting", "sd-1_5"),
        ("model_abc123", ""), ("", ""), (None, ""), (5, ""),
    ],
)  # fmt: skip
def test_the_type_of_a_checkpoint_is_read_from_its_id_where_it_can_be(chosen: Json, wanted: str) -> None:
    assert type_of(SCENARIO.rules, {"modelId": chosen}) == wanted
    assert not wanted or wanted in types_in(SCENARIO.rules)


def test_what_the_user_states_goes_before_what_the_id_says() -> None:
    assert type_of(SCENARIO.rules, {"modelId": "flux.1-dev", TYPE: "sd-xl"}) == "sd-xl"
    assert type_of(SCENARIO.rules, {"modelId": "flux.1-dev", TYPE: ""}) == "flux.1"
    assert not types_in(FOOOCUS.rules)
    assert not type_of(FOOOCUS.rules, {"prompt": "flux."})


@pytest.mark.parametrize(
    ("family", "guidance", "default", "sides"),
    [
        ("flux.1", (0, 10), 3.5, (64, 2048)), ("flux.1-lora", (0, 10), 3.5, (64, 2048)),
        ("flux.1-composition", (0, 10), 3.5, (64, 2048)), ("flux.1-krea-dev", (0, 10), 3.5, (64, 2048)),
        ("flux.1-kontext-dev", (0, 10), 3.5, (64, 2048)), ("flux.1-pro", (2, 5), 3, (64, 2048)),
        ("flux1.1-pro", (2, 5), 3, (64, 2048)), ("flux.1.1-pro-ultra", (2, 5), 3, (64, 2048)),
        ("sd-xl", (0, 20), 6, (512, 2048)), ("sd-xl-lora", (0, 20), 6, (512, 2048)),
        ("sd-xl-composition", (0, 20), 6, (512, 2048)), ("sd-1_5", (0, 20), 7.5, (64, 1024)),
        ("sd-1_5-lora", (0, 20), 7.5, (64, 1024)), ("sd-1_5-composition", (0, 20), 7.5, (64, 1024)),
        ("", (0, 20), MISSING, (64, 2048)),
    ],
)  # fmt: skip
def test_ranges_of_each_family_of_checkpoints(
    family: str, guidance: tuple[int, int], default: Json, sides: tuple[int, int]
) -> None:
    values = {"modelId": "mine", **({TYPE: family} if family else {})}
    fields = {field.path: in_force(field, SCENARIO.rules, values) for field in SCENARIO.fields}
    assert [fields["guidance"].minimum, fields["guidance"].maximum] == list(guidance)
    assert fields["guidance"].default == default
    for side in ("width", "height"):
        assert [fields[side].minimum, fields[side].maximum, fields[side].step] == [*sides, 8]
        inside = [sides[0], sides[1], 512]
        assert not any(check(SCENARIO, {**values, side: size}) for size in inside)
        for outside in (sides[0] - 8, sides[1] + 8, 516):
            assert check(SCENARIO, {**values, side: outside}).keys() == {side}
    assert not any(check(SCENARIO, {**values, "guidance": number}) for number in guidance)
    assert check(SCENARIO, {**values, "guidance": guidance[1] + 0.5}).keys() == {"guidance"}
    assert check(SCENARIO, {**values, "guidance": guidance[0] - 0.5}).keys() == {"guidance"}


def test_a_limit_that_comes_of_the_type_says_so() -> None:
    said = check(SCENARIO, {"modelId": "flux.1-dev", "guidance": 15})["guidance"]
    assert said == (
        "This must be 10 or less. Checkpoints of the Flux dev family take a guidance of 0 to 10, 3.5 unless set."
    )
    assert check(SCENARIO, {"modelId": "flux.1-dev", "guidance": 25})["guidance"] == "This must be 10 or less."
    assert check(SCENARIO, {"modelId": "mine", "guidance": 15}) == {}


def test_a_type_that_is_none_is_refused_in_words() -> None:
    said = check(SCENARIO, {"modelId": "m", TYPE: "sdxl"})
    assert said == {TYPE: "sdxl is not a type of checkpoint that is known here: did you mean sd-xl?"}
    assert "it can be flux.1, " in check(SCENARIO, {"modelId": "m", TYPE: "@@@"})[TYPE]
    assert check(SCENARIO, {"modelId": "m", TYPE: ["sd-xl"]}).keys() == {TYPE}
    assert check(SCENARIO, {"modelId": "m", TYPE: ""}) == {}
    assert check(FOOOCUS, {TYPE: "sd-xl"}) == {TYPE: "Fooocus Inpaint has no field of this name."}


def test_the_type_is_never_sent_nor_described() -> None:
    values = {"modelId": "m", TYPE: "sd-xl", "width": 512}
    assert body(SCENARIO, values) == {"modelId": "m", "prompt": "", "width": 512}
    assert TYPE not in json.dumps(describe(SCENARIO))


@pytest.mark.parametrize("told", [{"modelId": "flux.1-dev"}, {"modelId": "mine", TYPE: "flux.1-lora"}])
def test_a_negative_prompt_needs_a_strength_with_flux(told: Json) -> None:
    values = {**told, "negativePrompt": "blur"}
    assert check(SCENARIO, values).keys() == {"negativePromptStrength"}
    assert check(SCENARIO, {**values, "negativePromptStrength": 0}).keys() == {"negativePromptStrength"}
    assert check(SCENARIO, {**values, "negativePromptStrength": 2}) == {}
    assert check(SCENARIO, {**values, "modelId": "mine", TYPE: "sd-xl"}) == {}
    assert check(SCENARIO, {"modelId": "mine", "negativePrompt": "blur"}) == {}, "the type is not known"


def test_fooocus_options_count_only_while_they_are_overridden() -> None:
    five = {
        "inpaint_disable_initial_latent", "inpaint_engine", "inpaint_strength", "inpaint_respective_field",
        "inpaint_erode_or_dilate",
    }  # fmt: skip
    assert idle(FOOOCUS.rules, {}).keys() == idle(FOOOCUS.rules, {"override_inpaint_options": False}).keys() == five
    assert idle(FOOOCUS.rules, {"override_inpaint_options": True}) == {}
    assert all("Override inpaint options" in text for text in idle(FOOOCUS.rules, {}).values())
    assert check(FOOOCUS, {"inpaint_strength": 0.5}) == {}, "an idle value is no error"
    assert check(FOOOCUS, {"inpaint_strength": 5}).keys() == {"inpaint_strength"}


@pytest.mark.parametrize("size", ["1024x1020", "1024", "0x8", "x", "8x8x8", "1024*1024", "-8x8", "99999999x8"])
def test_fooocus_sizes_are_written_in_multiples_of_eight(size: str) -> None:
    assert check(FOOOCUS, {"aspect_ratio": size}).keys() == {"aspect_ratio"}
    assert check(FOOOCUS, {"aspect_ratio": "1152×896"}) == check(FOOOCUS, {"aspect_ratio": " 1152 x 896 "}) == {}


def test_at_most_five_loras() -> None:
    assert check(FOOOCUS, {"loras": [{"path": "a"}] * 5}) == {}
    assert check(FOOOCUS, {"loras": [{"path": "a"}] * 6}).keys() == {"loras"}


def test_what_does_not_count_is_said_for_the_type_in_force() -> None:
    flux = {"modelId": "flux.1-dev"}
    assert idle(SCENARIO.rules, flux).keys() == {"negativePrompt", "negativePromptStrength", "maskId"}
    assert idle(SCENARIO.rules, {"modelId": "m"}).keys() == {"maskId"}
    assert {"modelEpoch", "baseModelId"} <= idle(SCENARIO.rules, {TYPE: "sd-xl"}).keys()
    assert "negativePrompt" in idle(SCENARIO.rules, {"modelId": "m", "guidance": 0.5})


def test_notes_are_those_of_the_type_or_of_all_while_it_is_unknown() -> None:
    unknown, flux = notes(SCENARIO.rules, {}), notes(SCENARIO.rules, {TYPE: "flux.1-pro"})
    assert "Flux dev" in unknown["guidance"] and "SDXL" in unknown["guidance"]
    assert "Flux pro" in flux["guidance"]
    assert "SDXL" not in flux["guidance"]
    assert "charged" in unknown["numSamples"]
    assert "width" not in flux
    asked = [{"rule": "note", "fields": ["a"], "when": {"field": "b", "set": True}, "text": "both"}]
    assert not notes(asked, {})
    assert notes(asked, {"b": 1}) == {"a": "both"}


def test_a_rule_about_a_field_that_is_not_there_stops_nobody() -> None:
    rule = {"rule": "needs", "when": {"field": "prompt", "set": True}, "then": {"field": "ghost", "set": True}}
    endpoint = read_endpoint({"id": "a", "input": {"properties": {"prompt": {"type": "string"}}}, "rules": [rule]})
    assert check(endpoint, {"prompt": "a"}) == {}


def test_the_canvas_fills_what_a_rule_asks_of_picture_and_mask() -> None:
    rules = [
        {"rule": "needs", "when": {"field": "image_url", "set": True}, "then": {"field": "strength", "set": True}},
        {"rule": "needs", "when": {"field": "strength", "set": True}, "then": {"field": "mask_url", "set": True}},
    ]
    properties = {"image_url": {"type": "string"}, "mask_url": {"type": "string"}, "strength": {"type": "number"}}
    endpoint = read_endpoint({"id": "a", "input": {"properties": properties}, "rules": rules})
    assert check(endpoint, {}) == {"strength": "A value is needed here when “Image url” is set."}
    assert check(endpoint, {"strength": 1}) == {}


WORDS = st.sampled_from(
    ["rule", "when", "then", "field", "fields", "set", "equals", "in", "above", "below", "of", "operator", "or", "and",
     "types", "limits", "minimum", "maximum", "default", "known", "prefixes", "text", "count", "multiple", "needs",
     "only_when", "idle_when", "size_text", "at_most", "by_type", "type_of", "note", "a", "b", TYPE],
)  # fmt: skip
HOSTILE: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)
RULE = st.fixed_dictionaries(
    {"rule": WORDS},
    optional={
        "when": HOSTILE, "then": HOSTILE, "field": HOSTILE, "fields": HOSTILE, "types": HOSTILE, "limits": HOSTILE,
        "known": HOSTILE, "prefixes": HOSTILE, "text": HOSTILE, "count": HOSTILE, "multiple": HOSTILE,
        "operator": HOSTILE,
    },
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RULE | HOSTILE, max_size=5), st.dictionaries(st.sampled_from(["a", "b", TYPE]), HOSTILE))
def test_rules_that_make_no_sense_do_no_harm(rules: list[Json], values: dict[str, Json]) -> None:
    for texts in (broken(rules, values, {"a": "A"}, {"b": 1}), idle(rules, values), notes(rules, values)):
        assert {type(part) for entry in texts.items() for part in entry} <= {str}
    assert all(text and len(text) < 3000 for text in broken(rules, values).values())
    limits(rules, values), why_limited(rules, values, "a"), types_in(rules)
    properties = {"a": {"type": "number"}, "b": {"type": "string"}}
    endpoint = read_endpoint({"id": "x", "input": {"properties": properties}, "rules": rules})
    assert check(endpoint, values).keys() <= {"a", "b", TYPE}
    for field in endpoint.fields:
        in_force(field, endpoint.rules, values)


def test_conditions_within_conditions_without_end_are_bounded() -> None:
    deep: Json = {"field": "a"}
    for _ in range(5000):
        deep = {"of": [deep]}
    rule = {"rule": "needs", "when": deep, "then": deep}
    assert broken([rule], {}) == {}
    assert broken([{"rule": "note", "text": "a" * 10**6, "fields": ["x"]}], {}) == {}
    assert len(notes([{"rule": "note", "text": "a " * 10**6, "fields": ["x"]}], {})["x"]) <= 400


def test_the_conditions_of_a_providers_inputs_hold() -> None:
    inputs = [
        {"name": "image", "type": "file", "kind": "image"},
        {"name": "mask", "type": "file", "kind": "image", "maskFrom": "image"},
        {"name": "mode", "type": "string", "allowedValues": ["plain", "fine"], "default": "plain"},
        {"name": "style", "type": "string", "required": {"ifDefined": {"hue": {"message": "A hue needs a style."}}}},
        {"name": "hue", "type": "number", "min": 0, "max": 1, "step": 0.1},
        {"name": "text", "type": "string", "required": {"ifNotDefined": {"style": {}}}},
        {"name": "steps", "type": "number", "required": {"conditional": {"values": {"mode": ["fine"]}}}},
    ]
    model = read_endpoint({"model": {"id": "model_x", "name": "X", "inputs": inputs}})
    assert check(model, {}).keys() == {"text"}
    assert check(model, {"text": "a", "hue": 0.3}) == {"style": "A hue needs a style."}
    assert check(model, {"style": "a", "hue": 0.3}) == {}
    assert check(model, {"text": "a", "mode": "fine"}).keys() == {"steps"}
    assert check(model, {"text": "a", "mode": "fine", "steps": 4}) == {}
    assert check(model, {"text": "a", "hue": 0.25, "style": "a"}) == {"hue": "This must be a multiple of 0.1."}
