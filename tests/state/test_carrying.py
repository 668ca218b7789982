"""Values that go along to another endpoint, come from a preset, or follow an endpoint's new document."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.core.carry import Carried
from app.core.errors import InputError
from app.core.request import BlendSettings
from app.core.roles import Correction, corrected
from app.state.parameters import Parameters
from tests.state.endpoints_to_carry import bare, narrow, wide

FULL: dict[str, Any] = {
    "prompt": "a door",
    "negative_prompt": "people",
    "num_inference_steps": 30,
    "seed": 2**40,
    "acceleration": "high",
    "image_size": {"width": 2048, "height": 512},
}


@pytest.fixture
def parameters() -> Parameters:
    return Parameters([wide(), narrow(), bare()])


@pytest.fixture
def told(parameters: Parameters) -> list[Carried]:
    heard: list[Carried] = []
    parameters.carried.connect(heard.append)
    return heard


def fill(parameters: Parameters) -> None:
    for path, value in FULL.items():
        parameters.set_value(path, value)


def kinds(carried: Carried) -> dict[str, str]:
    return {move.path: move.kind for move in carried.moves}


def test_what_was_set_goes_along_and_what_became_of_it_is_told(parameters: Parameters, told: list[Carried]) -> None:
    fill(parameters)
    parameters.choose("far/narrow")
    values = parameters.values
    assert (values["prompt"], values["negativePrompt"], values["steps"]) == ("a door", "people", 8)
    assert values["seed"] <= 2**31 - 1 and (values["width"], values["height"]) == (1024, 512)
    assert parameters.problems == {}
    assert len(told) == 1
    assert kinds(told[0]) == {
        "prompt": "kept",
        "negative_prompt": "renamed",
        "num_inference_steps": "clamped",
        "seed": "clamped",
        "acceleration": "dropped",
        "image_size": "clamped",
    }


def test_there_and_back_nothing_is_lost(parameters: Parameters) -> None:
    fill(parameters)
    for _ in range(3):
        parameters.choose("far/narrow")
        parameters.choose("far/wide")
        assert parameters.values == FULL
    parameters.choose("far/bare")
    parameters.choose("far/wide")
    assert parameters.values == FULL


@pytest.mark.parametrize(("side", "size"), [("width", (640, 512)), ("height", (1024, 640))])
def test_either_side_of_a_size_that_is_changed_there_comes_back(
    parameters: Parameters, side: str, size: tuple[int, int]
) -> None:
    fill(parameters)
    parameters.choose("far/narrow")
    parameters.set_value(side, 640)
    parameters.choose("far/wide")
    assert parameters.values["image_size"] == {"width": size[0], "height": size[1]}


def test_by_way_of_a_third_endpoint_nothing_is_lost(parameters: Parameters) -> None:
    fill(parameters)
    parameters.set_endpoints([*parameters.endpoints, replace(wide(), id="far/third")])
    for way in (["far/narrow", "far/third"], ["far/narrow", "far/third", "far/narrow", "far/bare", "far/third"]):
        for stop in (*way, "far/wide"):
            parameters.choose(stop)
        assert parameters.values == FULL
    parameters.choose("far/third")
    parameters.set_value("seed", 5)
    parameters.choose("far/wide")
    assert parameters.values == {**FULL, "seed": 5}


def test_half_a_size_stays_half_a_size(parameters: Parameters) -> None:
    parameters.choose("far/narrow")
    parameters.set_value("height", 768)
    parameters.choose("far/wide")
    parameters.choose("far/narrow")
    assert parameters.values == {"height": 768}


def test_there_and_back_in_another_run_nothing_is_lost(parameters: Parameters) -> None:
    fill(parameters)
    parameters.choose("far/narrow")
    again = Parameters(parameters.endpoints, json.loads(json.dumps(parameters.to_save())))
    again.choose("far/wide")
    assert again.values == FULL


def test_a_prompt_that_is_changed_there_comes_back(parameters: Parameters) -> None:
    fill(parameters)
    parameters.choose("far/narrow")
    parameters.set_value("prompt", "a window")
    parameters.set_value("seed", 7)
    parameters.set_value("height", 768)
    parameters.set_value("steps", 3)
    parameters.choose("far/wide")
    size = {"width": 1024, "height": 768}
    assert parameters.values == {**FULL, "prompt": "a window", "seed": 7, "image_size": size}


def test_an_endpoints_own_values_win_but_for_prompt_seed_and_size(parameters: Parameters, told: list[Carried]) -> None:
    parameters.choose("far/narrow")
    parameters.set_value("steps", 2)
    parameters.set_value("prompt", "old")
    parameters.choose("far/wide")
    assert parameters.values == {"num_inference_steps": 2, "prompt": "old"}
    parameters.set_value("num_inference_steps", 30)
    parameters.set_value("prompt", "new")
    told.clear()
    parameters.choose("far/narrow")
    assert parameters.values == {"steps": 2, "prompt": "new"}
    assert kinds(told[0]) == {"prompt": "kept"}, "a value that stayed behind is nobody's loss"


def test_what_only_came_along_follows_its_source(parameters: Parameters) -> None:
    parameters.set_value("guidance_scale", 5.0)
    parameters.choose("far/narrow")
    parameters.choose("far/wide")
    parameters.set_value("guidance_scale", 7.0)
    parameters.choose("far/narrow")
    assert parameters.values == {"guidance_scale": 7.0}
    parameters.set_value("guidance_scale", 6.0)
    parameters.choose("far/wide")
    parameters.choose("far/narrow")
    assert parameters.values == {"guidance_scale": 6.0}


def test_nothing_is_told_when_nothing_was_set(parameters: Parameters, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(parameters.carried):
        parameters.choose("far/narrow")
    assert parameters.values == {}


def test_a_switch_is_taken_back(parameters: Parameters, qtbot: QtBot) -> None:
    parameters.choose("far/narrow")
    parameters.set_value("prompt", "old")
    parameters.choose("far/wide")
    fill(parameters)
    parameters.choose("far/narrow")
    parameters.set_value("steps", 5)
    with qtbot.waitSignal(parameters.value_changed):
        parameters.take_back()
    assert parameters.endpoint.id == "far/narrow"
    assert parameters.values == {"prompt": "old", "steps": 5}, "what was changed since stays"
    parameters.take_back()
    assert parameters.values == {"prompt": "old", "steps": 5}
    parameters.choose("far/wide")
    assert parameters.values == {**FULL, "prompt": "old"}


def test_values_cannot_be_shared_between_endpoints_by_accident(parameters: Parameters) -> None:
    parameters.choose("far/narrow")
    parameters.choose("far/wide")
    fill(parameters)
    parameters.choose("far/bare")
    parameters.choose("far/wide")
    parameters.values["image_size"]["width"] = 1
    assert parameters.values == FULL


def test_a_clamped_seed_that_passed_an_endpoint_without_one_does_not_replace_the_first() -> None:
    parameters = Parameters([wide(), narrow(), bare(), replace(wide(), id="far/third")])
    parameters.set_value("seed", 2**40)
    for name in ("far/narrow", "far/bare", "far/third"):
        parameters.choose(name)
    assert parameters.values == {"seed": 2**31 - 1}
    parameters.choose("far/wide")
    assert parameters.values == {"seed": 2**40}


@given(
    values=st.dictionaries(st.sampled_from(sorted(FULL)), st.integers(0, 3)), to=st.lists(st.integers(0, 3), max_size=5)
)
def test_wherever_one_goes_from_an_endpoint_its_values_are_there_again(values: dict[str, int], to: list[int]) -> None:
    parameters = Parameters([wide(), narrow(), bare(), replace(wide(), id="far/third")])
    several: dict[str, list[Any]] = {
        "prompt": ["a", "b", "c" * 500, " "],
        "negative_prompt": ["x", "", "y", "z"],
        "num_inference_steps": [1, 8, 9, 50],
        "seed": [0, 7, 2**31 - 1, 2**40],
        "acceleration": ["none", "high", "none", "high"],
        "image_size": [{"width": 9, "height": 4096}, {"width": 64, "height": 64}, {"width": 2000, "height": 1}, {}],
    }
    chosen = {path: several[path][at] for path, at in values.items()}
    for path, value in chosen.items():
        parameters.set_value(path, value)
    for at in to:
        parameters.choose(parameters.endpoints[at].id)
    parameters.choose("far/wide")
    assert parameters.values == chosen


# -- presets and pasted values -----------------------------------------------------------------------------------------


def test_a_preset_is_the_whole_draft_but_for_prompts_and_seed(parameters: Parameters, told: list[Carried]) -> None:
    fill(parameters)
    done = parameters.apply({"num_inference_steps": 99, "nothing": 1, "mask_url": "x"}, "far/wide")
    assert parameters.values == {
        "prompt": "a door",
        "negative_prompt": "people",
        "seed": 2**40,
        "num_inference_steps": 99,
    }
    assert list(parameters.problems) == ["num_inference_steps"], "it is taken as it is, and complained about"
    assert kinds(done) == {"num_inference_steps": "kept", "nothing": "dropped", "mask_url": "dropped"}
    assert told == [done]
    parameters.take_back()
    assert parameters.values == FULL


def test_values_of_no_named_endpoint_are_meant_for_the_chosen_one(parameters: Parameters) -> None:
    parameters.apply({"prompt": "p", "seed": 3})
    assert parameters.values == {"prompt": "p", "seed": 3}


@pytest.mark.parametrize("made_for", ["far/wide", "somewhere/else"])
def test_values_of_another_endpoint_are_mapped(parameters: Parameters, made_for: str) -> None:
    parameters.choose("far/narrow")
    parameters.set_value("guidance_scale", 2.0)
    parameters.set_value("prompt", "stays")
    done = parameters.apply({"num_inference_steps": 30, "negative_prompt": "people", "acceleration": "high"}, made_for)
    assert parameters.values == {"prompt": "stays", "steps": 8, "negativePrompt": "people"}
    assert kinds(done)["acceleration"] == "dropped" and parameters.endpoint.id == "far/narrow"


# -- the list of endpoints ---------------------------------------------------------------------------------------------


def test_an_endpoint_that_comes_or_goes_leaves_the_others_alone(parameters: Parameters, qtbot: QtBot) -> None:
    fill(parameters)
    with qtbot.waitSignal(parameters.endpoints_changed), qtbot.assertNotEmitted(parameters.endpoint_changed):
        parameters.set_endpoints([bare(), wide()])
    assert parameters.endpoint.id == "far/wide" and parameters.values == FULL
    with pytest.raises(InputError):
        parameters.choose("far/narrow")
    parameters.set_endpoints([bare(), wide(), narrow()])
    parameters.choose("far/narrow")
    assert parameters.values["prompt"] == "a door"
    with pytest.raises(InputError):
        parameters.set_endpoints([])


def test_the_first_is_chosen_when_the_chosen_one_goes_and_its_draft_waits(parameters: Parameters, qtbot: QtBot) -> None:
    fill(parameters)
    with qtbot.waitSignal(parameters.endpoint_changed):
        parameters.set_endpoints([bare(), narrow()])
    assert parameters.endpoint.id == "far/bare" and parameters.values == {}
    again = Parameters(parameters.endpoints, json.loads(json.dumps(parameters.to_save())))
    for one in (parameters, again):
        one.set_endpoints([bare(), narrow(), wide()])
        one.choose("far/wide")
        assert one.values == FULL


def test_a_new_document_is_shown_with_the_values_that_fit_it(
    parameters: Parameters, told: list[Carried], qtbot: QtBot
) -> None:
    fill(parameters)
    parameters.set_value("guidance_scale", 99.0)
    before = wide()
    properties = dict(before.input["properties"])
    properties["num_inference_steps"] = {"type": "integer", "maximum": 20}
    del properties["acceleration"]
    after = wide(input={"properties": properties})
    with qtbot.waitSignals([parameters.endpoints_changed, parameters.endpoint_changed]):
        parameters.set_endpoints([after, narrow()])
    assert parameters.endpoint is after
    kept = {path: value for path, value in FULL.items() if path != "acceleration"}
    assert parameters.values == {**kept, "num_inference_steps": 20, "guidance_scale": 99.0}
    assert list(parameters.problems) == ["guidance_scale"], "what did not change stays, fitting or not"
    assert kinds(told[0]) == {"num_inference_steps": "clamped", "acceleration": "dropped"}


def test_a_corrected_role_keeps_the_values(parameters: Parameters, qtbot: QtBot) -> None:
    fill(parameters)
    changed = corrected(wide(), Correction({"seed": None}))
    with qtbot.waitSignal(parameters.endpoint_changed):
        parameters.set_endpoints([changed, narrow()])
    assert parameters.values == FULL


# -- entries as recorded -----------------------------------------------------------------------------------------------


def test_an_entry_whose_endpoint_changed_is_repeated_as_recorded(parameters: Parameters, qtbot: QtBot) -> None:
    recorded = wide()
    properties = {name: each for name, each in recorded.input["properties"].items() if name != "acceleration"}
    parameters.set_endpoints([narrow(), wide(input={"properties": properties})])
    parameters.choose("far/wide")
    parameters.set_value("prompt", "mine")
    lost = parameters.recall("far/wide", FULL, BlendSettings(2, 1.0), recorded)
    assert lost == () and parameters.values == FULL and parameters.blend == BlendSettings(2, 1.0)
    assert parameters.endpoint.version and parameters.endpoint.title == "FAR/WIDE (as recorded)"
    assert parameters.endpoint.fields == recorded.fields and parameters.problems == {}
    parameters.set_endpoints([narrow()])
    assert parameters.values == FULL, "it stays while the list changes"
    again = Parameters(parameters.endpoints, json.loads(json.dumps(parameters.to_save())))
    assert (again.endpoint.key, again.endpoint.fields) == (parameters.endpoint.key, recorded.fields)
    assert again.values == FULL and again.endpoint.title == parameters.endpoint.title


def test_from_a_recorded_version_the_present_one_can_be_chosen(parameters: Parameters) -> None:
    properties = {"prompt": {"type": "string"}}
    parameters.set_endpoints([wide(input={"properties": properties}), narrow()])
    parameters.set_value("prompt", "mine")
    parameters.recall("far/wide", FULL, BlendSettings(), wide())
    parameters.choose("far/wide")
    assert parameters.endpoint.version == "" and parameters.values == {"prompt": "a door"}


def test_a_record_that_asks_for_the_same_is_the_endpoint_itself(parameters: Parameters) -> None:
    recorded = wide(title="Another title", description="Other words", binding={"prompt": "prompt", "results": "x"})
    assert recorded.binding != wide().binding
    parameters.choose("far/narrow")
    assert parameters.recall("far/wide", {**FULL, "old": 1}, BlendSettings(), recorded) == ("old",)
    assert parameters.endpoint is parameters.endpoints[0] and parameters.values == FULL
    assert parameters.recall("far/narrow", {"seed": 1}, BlendSettings()) == ()
    assert parameters.values == {"seed": 1}


def test_an_endpoint_that_is_gone_is_recalled_by_its_record_only(parameters: Parameters) -> None:
    parameters.set_endpoints([narrow()])
    parameters.recall("far/wide", FULL, BlendSettings(), wide())
    assert parameters.endpoint.id == "far/wide" and parameters.values == FULL
    with pytest.raises(InputError, match="far/bare"):
        parameters.recall("far/bare", {}, BlendSettings())


def test_a_prompt_passes_endpoints_that_have_no_field_for_it(parameters: Parameters, told: list[Carried]) -> None:
    parameters.choose("far/wide")
    parameters.set_value("prompt", "a bench")
    parameters.set_value("seed", 7)
    parameters.set_value("image_size", {"width": 2048, "height": 512})
    parameters.choose("far/bare")
    assert parameters.values == {}
    parameters.choose("far/narrow")
    assert parameters.values == {"prompt": "a bench", "seed": 7, "width": 1024, "height": 512}
    assert kinds(told[-1]) == {"prompt": "kept", "seed": "kept", "image_size": "clamped"}
    parameters.reset_all()
    parameters.choose("far/bare")
    parameters.choose("far/wide")
    assert parameters.values["prompt"] == "a bench", "its own"
    parameters.reset_all()
    parameters.choose("far/bare")
    parameters.choose("far/narrow")
    assert parameters.values == {}, "it was taken away meanwhile"


def test_what_was_left_behind_never_replaces_what_stands(parameters: Parameters) -> None:
    parameters.choose("far/narrow")
    parameters.set_value("prompt", "my own")
    parameters.choose("far/bare")
    parameters.choose("far/wide")
    assert parameters.values == {"prompt": "my own"}
    parameters.set_value("prompt", "another")
    parameters.choose("far/bare")
    parameters.choose("far/narrow")
    assert parameters.values == {"prompt": "my own"}
