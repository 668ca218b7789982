"""The draft of the next request: kept per endpoint, saved as JSON, recalled from an entry."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.core.endpoint import Endpoint
from app.core.errors import InputError
from app.core.request import BlendSettings
from app.core.rules import TYPE
from app.core.schema import read_endpoint
from app.state.parameters import Parameters
from tests.bundled import bundled_endpoints

Json = Any


def endpoint(name: str, provider: str) -> Endpoint:
    properties = {
        "prompt": {"type": "string"},
        "image_url": {"type": "string"},
        "steps": {"type": "integer", "default": 3, "maximum": 9},
        "sizes": {"type": "array"},
    }
    return read_endpoint(
        {"id": name, "provider": provider, "input": {"properties": properties, "required": ["prompt", "image_url"]}}
    )


@pytest.fixture
def parameters() -> Parameters:
    return Parameters([endpoint("local/a", "local"), endpoint("far/b", "far"), endpoint("far/c", "far")])


def test_nothing_to_choose_from_is_said() -> None:
    with pytest.raises(InputError):
        Parameters([])


def test_the_first_endpoint_is_chosen_with_its_usual_backend(parameters: Parameters) -> None:
    assert (parameters.endpoint.id, parameters.backend, parameters.values) == ("local/a", "local", {})
    assert parameters.problems == {"prompt": "A value is needed here."}
    parameters.choose("far/b")
    assert parameters.backend == "remote"


def test_values_are_kept_per_endpoint(parameters: Parameters) -> None:
    parameters.set_value("prompt", "a")
    parameters.set_value("steps", 3)
    parameters.choose("far/b")
    parameters.set_value("steps", 4)
    parameters.choose("local/a")
    assert parameters.values == {"prompt": "a", "steps": 3}
    parameters.choose("far/b")
    assert parameters.values == {"prompt": "a", "steps": 4}


def test_a_value_is_told_once_and_only_when_it_changes(parameters: Parameters, qtbot: QtBot) -> None:
    told: list[str] = []
    parameters.value_changed.connect(told.append)
    with qtbot.waitSignal(parameters.problems_changed):
        parameters.set_value("prompt", "a")
    parameters.set_value("prompt", "a")
    parameters.set_value("steps", 1)
    parameters.set_value("steps", 1.0)
    parameters.reset("steps")
    parameters.reset("steps")
    assert told == ["prompt", "steps", "steps", "steps"]
    assert parameters.problems == {}


def test_a_value_that_does_not_fit_is_kept_and_stands_in_the_problems(parameters: Parameters) -> None:
    parameters.set_value("steps", 99)
    assert parameters.values == {"steps": 99}
    assert list(parameters.problems) == ["prompt", "steps"]


def test_a_value_nested_beyond_all_use_is_refused_in_words(parameters: Parameters) -> None:
    deep = json.loads("[" * 500 + "]" * 500)
    with pytest.raises(InputError, match="deep"):
        parameters.set_value("sizes", deep)
    parameters.apply({"sizes": deep, "steps": 2})
    parameters.recall("local/a", {"sizes": deep, "steps": 2}, BlendSettings())
    assert parameters.values == {"steps": 2}


def test_values_cannot_be_changed_behind_its_back(parameters: Parameters) -> None:
    given = ["a"]
    parameters.set_value("sizes", given)
    given.append("b")
    parameters.values["sizes"].append("c")
    assert parameters.values == {"sizes": ["a"]}


def test_what_does_not_exist_is_refused_in_words(parameters: Parameters) -> None:
    with pytest.raises(InputError):
        parameters.set_value("nothing", 1)
    with pytest.raises(InputError):
        parameters.choose("no/such")
    with pytest.raises(InputError, match="choose local or practice"):
        parameters.choose_backend("remote")


def test_backends_are_kept_per_endpoint(parameters: Parameters, qtbot: QtBot) -> None:
    parameters.choose("far/b")
    with qtbot.waitSignal(parameters.backend_changed):
        parameters.choose_backend("practice")
    seen = [str(parameters.backend)]
    parameters.choose("far/c")
    seen.append(parameters.backend)
    with qtbot.waitSignals([parameters.endpoint_changed, parameters.backend_changed]):
        parameters.choose("far/b")
    assert [*seen, parameters.backend] == ["practice", "remote", "practice"]


def test_reset_all_leaves_every_field_to_its_default(parameters: Parameters) -> None:
    parameters.set_value("prompt", "a")
    parameters.set_value("steps", 4)
    parameters.reset_all()
    assert parameters.values == {}


def test_the_blend_stays_within_its_range(parameters: Parameters, qtbot: QtBot) -> None:
    with qtbot.waitSignal(parameters.blend_changed):
        parameters.set_blend(BlendSettings(5000, -2.0))
    assert parameters.blend == BlendSettings(1000, 0.0)
    with qtbot.assertNotEmitted(parameters.blend_changed):
        parameters.set_blend(BlendSettings(1000, 0.0))


def test_an_entry_is_recalled_whole_and_what_is_gone_is_named(parameters: Parameters) -> None:
    parameters.choose("far/b")
    parameters.set_value("steps", 9)
    parameters.choose("local/a")
    lost = parameters.recall("far/b", {"prompt": "p", "old": 1, "image_url": "x"}, BlendSettings(3, 2.0))
    assert lost == ("old", "image_url")
    assert (parameters.endpoint.id, parameters.values, parameters.blend) == (
        "far/b",
        {"prompt": "p"},
        BlendSettings(3, 2.0),
    )
    with pytest.raises(InputError):
        parameters.recall("gone", {}, BlendSettings())


def test_what_is_saved_comes_back(parameters: Parameters) -> None:
    parameters.set_value("prompt", "ä")
    parameters.choose("far/c")
    parameters.choose_backend("practice")
    parameters.set_value("steps", 2**80)
    parameters.set_blend(BlendSettings(4, 2.5))
    saved = json.loads(json.dumps(parameters.to_save()))
    again = Parameters(parameters.endpoints, saved)
    assert (again.endpoint.id, again.backend, again.values, again.blend) == (
        "far/c", "practice", {"prompt": "ä", "steps": 2**80}, BlendSettings(4, 2.5),
    )  # fmt: skip
    assert again.to_save()["values"] == saved["values"]
    assert again.to_save() == saved, "nothing is written anew that did not change"
    again.choose("local/a")
    assert (again.values["prompt"], again.backend) == ("ä", "local")


@pytest.mark.parametrize(
    "saved",
    [
        {"endpoint": 3, "values": [], "backends": "x", "blend": None},
        {
            "endpoint": "gone",
            "values": {"local/a": {"gone": 1, "image_url": "x"}, "z": 3},
            "backends": {"local/a": "remote"},
        },
        {"values": {"local/a": {"sizes": json.loads("[" * 500 + "]" * 500)}}},
        {"values": {"another/one": {"sizes": json.loads("[" * 500 + "]" * 500)}}},
        {"blend": {"grow": "4", "feather": float("nan")}},
        {"blend": {"grow": True, "feather": 10**9}},
    ],
)
def test_a_damaged_save_is_passed_over(saved: Json) -> None:
    again = Parameters([endpoint("local/a", "local")], saved)
    assert (again.endpoint.id, again.backend, again.values, again.blend) == ("local/a", "local", {}, BlendSettings())


# -- per picture -------------------------------------------------------------------------------------------------------


def test_values_are_kept_per_picture(parameters: Parameters, qtbot: QtBot) -> None:
    parameters.show_picture("p1")
    parameters.set_value("prompt", "a door")
    parameters.set_blend(BlendSettings(3, 1.0))
    parameters.show_picture("p2")
    assert parameters.values == {"prompt": "a door"}, "a picture never seen keeps what stands"
    parameters.choose("far/b")
    parameters.set_value("steps", 5)
    parameters.set_value("prompt", "a window")
    parameters.set_blend(BlendSettings())
    with qtbot.waitSignals([parameters.endpoint_changed, parameters.backend_changed, parameters.blend_changed]):
        parameters.show_picture("p1")
    assert (parameters.endpoint.id, parameters.values, parameters.blend) == (
        "local/a",
        {"prompt": "a door"},
        BlendSettings(3, 1.0),
    )
    parameters.show_picture("p2")
    assert (parameters.endpoint.id, parameters.values) == ("far/b", {"prompt": "a window", "steps": 5})


def test_only_what_differs_between_two_pictures_is_told(parameters: Parameters) -> None:
    parameters.show_picture("p1")
    parameters.set_value("prompt", "a")
    parameters.set_value("steps", 2)
    parameters.show_picture("p2")
    parameters.set_value("prompt", "b")
    told: list[str] = []
    parameters.value_changed.connect(told.append)
    parameters.endpoint_changed.connect(lambda: told.append("endpoint"))
    parameters.show_picture("p1")
    assert told == ["prompt"]


def test_values_of_an_earlier_run_come_back_with_their_picture(parameters: Parameters) -> None:
    parameters.choose("far/c")
    parameters.set_value("steps", 7)
    kept = json.loads(json.dumps(parameters.drafts()))
    again = Parameters(parameters.endpoints)
    again.set_value("prompt", "other")
    again.show_picture("p1", kept)
    assert (again.endpoint.id, again.values) == ("far/c", {"steps": 7})
    again.choose("local/a")
    assert again.values == {"steps": 7}, "the other picture's values stayed with it"
    again.set_endpoints([endpoint("local/a", "local"), endpoint("far/b", "far")])
    again.show_picture("p2", kept)
    assert again.endpoint.id == "local/a", "an endpoint that is gone cannot be chosen; the present one stays"


def test_a_picture_that_was_saved_goes_by_both_digests(parameters: Parameters) -> None:
    parameters.show_picture("")
    parameters.set_value("prompt", "pasted")
    parameters.name_picture("p1")
    parameters.name_picture("p2")
    parameters.show_picture("other")
    parameters.set_value("prompt", "b")
    for digest in ("p1", "other", "p2"):
        parameters.show_picture(digest)
        assert parameters.values == {"prompt": "b" if digest == "other" else "pasted"}


@pytest.mark.parametrize("kept", [{"endpoint": [], "values": 3, "blend": []}, {"values": {"local/a": {"gone": 1}}}, {}])
def test_a_damaged_draft_of_a_picture_is_passed_over(parameters: Parameters, kept: Json) -> None:
    parameters.show_picture("p1", kept)
    assert (parameters.endpoint.id, parameters.values) == ("local/a", {})


# -- what was asked and answered ---------------------------------------------------------------------------------------


def test_a_providers_words_stand_beside_the_field_until_it_changes(parameters: Parameters, qtbot: QtBot) -> None:
    parameters.set_value("prompt", "a")
    parameters.set_value("steps", 4)
    sent = parameters.values
    with qtbot.waitSignal(parameters.problems_changed):
        parameters.refused(
            "local/a", sent, {"steps": "Only even ones today.", "image_url": "Too small.", "prompt": "?"}
        )
    assert list(parameters.complaints) == ["prompt", "image_url", "steps"] and parameters.problems == {}
    with qtbot.waitSignal(parameters.problems_changed):
        parameters.set_value("steps", 5)
    parameters.set_value("steps", 4)
    assert parameters.complaints == {"prompt": "?", "image_url": "Too small."}, "the words were of an earlier state"
    parameters.choose("far/b")
    assert parameters.complaints == {}
    parameters.choose("local/a")
    assert "prompt" in parameters.complaints
    parameters.note_sent(parameters.endpoint, parameters.values)
    assert parameters.complaints == {}, "asked again, the provider may say otherwise"


def test_words_on_a_value_that_was_changed_meanwhile_are_not_shown(parameters: Parameters) -> None:
    parameters.set_value("steps", 4)
    parameters.set_value("prompt", "new")
    parameters.refused("local/a", {"prompt": "old", "steps": 4}, {"prompt": "Not this.", "steps": "Not that."})
    assert parameters.complaints == {"steps": "Not that."}


def test_prompts_that_were_sent_are_remembered_newest_first(parameters: Parameters) -> None:
    for number in range(210):
        parameters.note_sent(parameters.endpoint, {"prompt": f"prompt {number % 205}", "steps": 3})
    parameters.note_sent(parameters.endpoint, {"prompt": " "})
    parameters.note_seed(2**40)
    parameters.note_seed(None)
    found = parameters.prompts("prompt")
    assert (
        found[0] == "prompt 4" and len(found) == 200 == len(set(found)) and parameters.prompts("negative_prompt") == ()
    )
    again = Parameters(parameters.endpoints, json.loads(json.dumps(parameters.to_save())))
    assert again.prompts("prompt") == found and again.last_seed == 2**40


@pytest.mark.parametrize(
    "prompts", [3, {"prompt": 3, "seed": True}, {"prompt": [1, None, "", "x" * 10**6], "seed": -1}]
)
def test_damaged_prompts_are_passed_over(prompts: Json) -> None:
    again = Parameters([endpoint("local/a", "local")], {"prompts": prompts})
    assert again.prompts("prompt") == () and again.last_seed is None


class Late:
    """A validator that is loaded after a while."""

    loaded = False

    def faults(self, endpoint: Endpoint, body: Json) -> dict[str, str]:
        assert self.loaded, "nobody may wait for it"
        return {"steps": "From the schema.", "prompt": "From the schema."} if body.get("steps") == 4 else {}


def test_the_whole_schema_is_asked_once_that_costs_no_waiting(parameters: Parameters, qtbot: QtBot) -> None:
    late = Late()
    parameters.use(late)
    parameters.set_value("steps", 4)
    assert parameters.problems == {"prompt": "A value is needed here."}
    late.loaded = True
    with qtbot.waitSignal(parameters.problems_changed):
        parameters.recheck()
    assert parameters.problems == {"prompt": "A value is needed here.", "steps": "From the schema."}
    parameters.set_value("steps", 5)
    parameters.set_value("prompt", "a")
    assert parameters.problems == {}


def test_the_checkpoints_type_is_kept_among_the_values_where_rules_speak_of_types(parameters: Parameters) -> None:
    with pytest.raises(InputError):
        parameters.set_value(TYPE, "flux.1")
    rule = {"rule": "by_type", "types": ["flux.1"], "limits": {"steps": {"maximum": 4}}}
    typed = replace(endpoint("far/typed", "far"), rules=(rule,))
    parameters.set_endpoints([typed])
    parameters.set_value(TYPE, "flux.1")
    parameters.set_value("prompt", "a")
    parameters.set_value("steps", 5)
    assert list(parameters.problems) == ["steps"]
    again = Parameters([typed], json.loads(json.dumps(parameters.to_save())))
    assert again.values == {TYPE: "flux.1", "prompt": "a", "steps": 5}
    again.reset(TYPE)
    assert again.problems == {}


def test_typing_is_checked_in_a_moment() -> None:
    """The largest bundled endpoint: the check of one key costs far below a frame."""
    found = bundled_endpoints()
    largest = max(found, key=lambda one: len(one.fields))
    parameters = Parameters([largest])
    prompt = largest.field_for("prompt")
    assert prompt is not None
    times = []
    for length in range(50):
        start = time.thread_time()
        parameters.set_value(prompt.path, "x" * length)
        times.append(time.thread_time() - start)
    assert sorted(times)[25] < 0.002
