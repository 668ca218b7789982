"""Practice: any endpoint answers in its own shape, and fails in each way that a provider can."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from app.backends import practice
from app.backends.local import LocalBackend
from app.backends.practice import PracticeBackend, PracticeOptions
from app.backends.worker_host import WorkerHost
from app.core.endpoint import Binding, Endpoint, Field
from app.core.errors import AppError, Failed, Refused, TimedOut, WorkerLost
from app.core.geometry import Box
from app.core.request import Crop, Done, Event, Failure, Queued, Request, Running
from app.core.schema import read_endpoint

ENDPOINTS = sorted((Path(__file__).resolve().parents[2] / "resources" / "endpoints").glob("*.json"))
QUICK = PracticeOptions(delay=0.05, queue=2)
REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "scenario__inpaint": {"modelId": "flux.1-dev"},
    "fal-ai__inpaint": {"model_name": "runwayml/stable-diffusion-inpainting"},
}
"""What these endpoints require and give no default for."""


def _crop(left: int = 0) -> Crop:
    picture = np.random.default_rng(left).integers(0, 256, (40, 48, 3), np.uint8)
    mask = np.zeros((40, 48), np.uint8)
    mask[10:20, 12:30] = 255
    return Crop(Box(left, 0, left + 48, 40), picture, mask)


def _request(endpoint: Endpoint, seed: int | None = 77, crops: int = 1, **values: Any) -> Request:
    prompt = endpoint.field_for("prompt")
    told = {**({prompt.path: "a wall"} if prompt else {}), **values}
    regions = tuple(_crop(100 * place) for place in range(crops))
    return Request("1", endpoint, "practice", (400, 40), regions, told, seed)


def _run(
    classic: WorkerHost, apart: Callable[..., Any], request: Request, options: PracticeOptions = QUICK
) -> list[Event]:
    backend = PracticeBackend(LocalBackend(classic), options)

    async def play() -> list[Event]:
        return [event async for event in backend.run(request)]

    events: list[Event] = apart(play())
    return events


def _endpoint(output: Mapping[str, Any], **binding: Any) -> Endpoint:
    schema = {"type": "object", "properties": {"steps": {"type": "integer", "maximum": 50}}}
    return Endpoint("x/y", "Y", "x", (), Binding(**binding), input=schema, output=output)


@pytest.mark.parametrize("path", ENDPOINTS, ids=lambda path: path.stem)
def test_every_endpoint_of_ours_runs_and_answers_as_its_schema_says(
    classic: WorkerHost, apart: Callable[..., Any], path: Path
) -> None:
    endpoint = read_endpoint(json.loads(path.read_text()))
    count = endpoint.field_for("count")
    request = _request(endpoint, **REQUIRED.get(path.stem, {}), **({count.path: 3} if count else {}))
    done = _run(classic, apart, request)[-1]
    assert isinstance(done, Done), done
    assert len(done.results) == (3 if count else 1)
    Draft202012Validator(dict(endpoint.output)).validate(done.answer)
    assert "base64" not in json.dumps(done.answer) or len(json.dumps(done.answer)) < 3000
    for result in done.results:
        (patch,) = result.patches
        outside = request.crops[0].mask == 0
        assert (patch.pixels[outside] == request.crops[0].picture[outside]).all()
        assert result.flags == ()
    assert done.results[0].seed == (77 if endpoint.binding.seed_out else None)


def test_the_number_of_results_is_the_schemas_default_when_unset(
    classic: WorkerHost, apart: Callable[..., Any]
) -> None:
    scenario = next(path for path in ENDPOINTS if "scenario" in path.stem)
    endpoint = read_endpoint(json.loads(scenario.read_text()))
    done = _run(classic, apart, _request(endpoint, **REQUIRED[scenario.stem]))[-1]
    assert isinstance(done, Done) and len(done.results) == 4


def test_the_events_are_those_of_a_provider(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    endpoint = _endpoint({"type": "object"}, results="images[].url")
    events = _run(classic, apart, _request(endpoint))
    assert [event for event in events if isinstance(event, Queued)] == [Queued(1), Queued(0)]
    running = [event for event in events if isinstance(event, Running)]
    fractions = [event.fraction or 0.0 for event in running]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert sum(bool(event.log) for event in running) >= 10
    assert isinstance(events[-1], Done)


def test_each_crop_has_its_answer(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    endpoint = _endpoint({"type": "object"}, results="image.url", crop="islands")
    request = _request(endpoint, crops=2)
    done = _run(classic, apart, request)[-1]
    assert isinstance(done, Done) and len(done.answer) == 2
    assert [patch.box for patch in done.results[0].patches] == [one.box for one in request.crops]
    for one, patch in zip(request.crops, done.results[0].patches, strict=True):
        assert (patch.pixels[one.mask == 0] == one.picture[one.mask == 0]).all()


def test_values_that_do_not_fit_are_refused_by_name(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    endpoint = _endpoint({"type": "object"}, results="image.url")
    (event,) = _run(classic, apart, _request(endpoint, steps=99))
    assert isinstance(event, Failure) and isinstance(event.error, Refused)
    assert "422" in str(event.error) and "steps" in str(event.error)


def test_a_required_field_that_is_missing_is_refused_by_name(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"style": {"type": "string"}}, "required": ["style"]}
    endpoint = Endpoint("x/y", "Y", "x", (), Binding(results="image.url"), input=schema)
    (event,) = _run(classic, apart, _request(endpoint))
    assert isinstance(event, Failure) and isinstance(event.error, Refused) and "style" in str(event.error)


@pytest.mark.parametrize(
    "schema", [{"type": "picture"}, {"$ref": "http://x.invalid/schema"}, {"$ref": "#/$defs/gone"}, {"pattern": "("}]
)
def test_what_a_schema_says_without_sense_stops_nobody(
    classic: WorkerHost, apart: Callable[..., Any], schema: dict[str, Any]
) -> None:
    output = {"type": "object"}
    endpoint = Endpoint(
        "x/y", "Y", "x", (), Binding(results="image.url"), input={"properties": {"steps": schema}}, output=output
    )
    assert isinstance(_run(classic, apart, _request(endpoint, steps="x"))[-1], Done)


@pytest.mark.parametrize("path", [path for path in ENDPOINTS if "local" not in path.stem], ids=lambda path: path.stem)
def test_a_refusal_that_is_played_lands_on_the_prompt(
    classic: WorkerHost, apart: Callable[..., Any], path: Path
) -> None:
    endpoint = read_endpoint(json.loads(path.read_text()))
    request = _request(endpoint, **REQUIRED.get(path.stem, {}))
    event = _run(classic, apart, request, PracticeOptions(0.0, 0, "refused"))[-1]
    assert isinstance(event, Failure) and isinstance(event.error, Refused)
    assert event.error.fields == {"prompt": "The provider's content rules do not allow this."}
    assert "422" in str(event.error) and "Prompt: " in str(event.error)


def test_values_that_do_not_fit_are_said_beside_their_fields(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    endpoint = read_endpoint(json.loads(next(path for path in ENDPOINTS if "fooocus" in path.stem).read_text()))
    values: dict[str, Any] = {
        "loras": [{"path": "a", "scale": 9}],
        "sharpness": 99,
        "image_prompt_1": {"image_url": "mendbrush-file:0"},
    }
    (event,) = _run(classic, apart, _request(endpoint, **values))
    assert isinstance(event, Failure) and isinstance(event.error, Refused)
    assert event.error.fields == {
        "loras": "Entry 1: Scale: This must be 1 or less.",
        "sharpness": "This must be 30 or less.",
    }


def test_a_seed_that_is_text_is_sent_as_text(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"seed": {"type": "string"}}}
    field = Field("seed", "string", "Seed", role="seed")
    binding = Binding(roles={"seed": "seed"}, results="image.url", seed_out="used.seed")
    output = {"type": "object", "properties": {"used": {"type": "object", "properties": {"seed": {"type": "string"}}}}}
    endpoint = Endpoint("x/y", "Y", "x", (field,), binding, input=schema, output=output)
    done = _run(classic, apart, _request(endpoint, seed=2**40))[-1]
    assert isinstance(done, Done), done
    assert done.results[0].seed == 2**40
    assert done.answer["used"]["seed"] == str(2**40)


@pytest.mark.parametrize(
    ("failure", "error", "after_start"),
    [("refused", Refused, False), ("failed", Failed, True), ("lost", WorkerLost, True), ("timeout", TimedOut, True)],
)
def test_each_failure_is_a_providers(
    classic: WorkerHost, apart: Callable[..., Any], failure: practice.End, error: type[AppError], after_start: bool
) -> None:
    endpoint = _endpoint({"type": "object"}, results="image.url")
    events = _run(classic, apart, _request(endpoint), PracticeOptions(0.02, 1, failure))
    assert isinstance(events[-1], Failure) and type(events[-1].error) is error
    assert events[0] == Queued(0)
    assert any(isinstance(event, Running) for event in events) is after_start


@pytest.mark.parametrize("flags", ["has_nsfw_concepts[]", ""])
def test_an_objection_is_a_black_picture_with_a_flag(
    classic: WorkerHost, apart: Callable[..., Any], flags: str
) -> None:
    endpoint = _endpoint({"type": "object"}, results="images[].url", flags=flags)
    done = _run(classic, apart, _request(endpoint), PracticeOptions(0.0, 0, "nsfw"))[-1]
    assert isinstance(done, Done)
    assert not done.results[0].patches[0].pixels.any()
    assert done.results[0].flags == (practice.FLAGGED,)
    assert not flags or done.answer["has_nsfw_concepts"] == [True]


def test_waiting_and_filling_can_be_cancelled(classic: WorkerHost, apart: Callable[..., Any]) -> None:
    endpoint = _endpoint({"type": "object"}, results="image.url")
    backend = PracticeBackend(LocalBackend(classic), PracticeOptions(delay=30.0))

    async def cancel() -> float:
        async def play() -> None:
            async for _ in backend.run(_request(endpoint)):
                pass

        task = asyncio.create_task(play())
        await asyncio.sleep(0.1)
        started = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.perf_counter() - started

    assert apart(cancel()) < 0.2


def test_an_endpoint_without_a_place_for_pictures_is_unavailable(classic: WorkerHost) -> None:
    backend = PracticeBackend(LocalBackend(classic))
    assert backend.name == "practice"
    assert backend.unavailable(_endpoint({}, results="image.url")) is None
    assert "pictures" in str(backend.unavailable(_endpoint({})))


def test_options_are_read_from_text_and_from_numbers() -> None:
    assert PracticeOptions.of({}) == PracticeOptions()
    assert PracticeOptions.of({"delay": "0.5", "queue": "0", "failure": "lost"}) == PracticeOptions(0.5, 0, "lost")
    assert PracticeOptions.of({"delay": 2, "queue": 3}) == PracticeOptions(2.0, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"speed": 1},
        {"delay": "soon"},
        {"delay": -1},
        {"delay": "nan"},
        {"delay": "inf"},
        {"queue": 1.5},
        {"failure": "x"},
    ],
)
def test_options_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        PracticeOptions.of(wrong)
