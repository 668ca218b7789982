"""The draft of the next request: kept per endpoint, saved as JSON, recalled from an entry."""

import json
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.core.endpoint import Endpoint
from app.core.errors import InputError
from app.core.request import BlendSettings
from app.core.schema import read_endpoint
from app.state.parameters import Parameters

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
        {"blend": {"grow": "4", "feather": float("nan")}},
        {"blend": {"grow": True, "feather": 10**9}},
    ],
)
def test_a_damaged_save_is_passed_over(saved: Json) -> None:
    again = Parameters([endpoint("local/a", "local")], saved)
    assert (again.endpoint.id, again.backend, again.values, again.blend) == ("local/a", "local", {}, BlendSettings())
