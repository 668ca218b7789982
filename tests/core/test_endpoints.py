"""The endpoint files that come with the program: complete, sound, and equal to the facts known about each endpoint."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.endpoint import MISSING
from app.core.schema import read_endpoint
from app.core.values import check, describe
from tests.core.test_schema import assert_lists_all, assert_mirrors

Json = Any

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "endpoints"
FILES = sorted(path.name for path in FOLDER.glob("*.json"))


def load(name: str) -> Json:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_the_projects_endpoints_are_there() -> None:
    ids = {load(name)["id"] for name in FILES}
    assert ids == {
        "local/fill",
        "fal-ai/inpaint",
        "fal-ai/fooocus/inpaint",
        "fal-ai/z-image/turbo/inpaint",
        "scenario/generate/inpaint",
    }


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_whole(name: str) -> None:
    document = load(name)
    endpoint = read_endpoint(document)
    assert endpoint.problems == ()
    assert document["format"] == 1
    assert_mirrors(endpoint, document)
    assert_lists_all(endpoint, document)
    assert all(field.description and field.title for field in endpoint.fields)
    described = describe(endpoint)
    assert json.loads(json.dumps(described)) == described
    paths = [field["path"] for field in described["fields"]]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("name", FILES)
def test_defaults_pass_their_own_checks_and_the_rules(name: str) -> None:
    endpoint = read_endpoint(load(name))
    defaults = {field.path: field.default for field in endpoint.fields if field.default is not MISSING}
    assert not check(endpoint, defaults).keys() & defaults.keys()


@pytest.mark.parametrize("name", FILES)
def test_bindings_and_rules_name_fields_that_are_there(name: str) -> None:
    endpoint = read_endpoint(load(name))
    known = {field.path for field in endpoint.fields}
    assert set(endpoint.binding.roles.values()) <= known
    for rule in endpoint.rules:
        if rule["rule"] == "price":
            continue
        conditions = [rule[key]["field"] for key in ("when", "then") if key in rule]
        named = {
            *rule.get("fields", ()),
            *rule.get("limits", ()),
            *conditions,
            *([rule["field"]] if "field" in rule else []),
        }
        assert named and named <= known
        assert rule["text"]
    assert endpoint.binding.results


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("local")])
def test_a_providers_endpoint_takes_a_picture_a_mask_a_prompt_and_a_seed(name: str) -> None:
    endpoint = read_endpoint(load(name))
    assert {"picture", "mask", "prompt", "seed"} <= endpoint.binding.roles.keys()
    assert endpoint.binding.polarity == "white"


def test_the_local_fill_asks_for_nothing() -> None:
    endpoint = read_endpoint(load("local_fill.json"))
    assert check(endpoint, {}) == {}
    assert endpoint.binding.crop == "islands"
    assert {field.path: field.default for field in endpoint.fields} == {
        "engine": "auto", "detail": 3, "context": 1.0, "num_images": 1, "seed": MISSING,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "wrong"),
    [
        ("fal-ai__fooocus__inpaint.json", {"aspect_ratio": "1024x1020"}, {"aspect_ratio"}),
        ("fal-ai__fooocus__inpaint.json", {"aspect_ratio": "1152×896"}, set()),
        ("fal-ai__fooocus__inpaint.json", {"loras": [{"path": "a"}] * 6}, {"loras"}),
        ("fal-ai__fooocus__inpaint.json", {"styles": ["Fooocus V2", "No such style"]}, {"styles"}),
        ("fal-ai__z-image__turbo__inpaint.json", {"prompt": "a", "strength": 0}, {"strength"}),
        (
            "fal-ai__z-image__turbo__inpaint.json",
            {"prompt": "a", "image_size": {"width": 640, "height": 0}},
            {"image_size"},
        ),
        ("fal-ai__z-image__turbo__inpaint.json", {}, {"prompt"}),
        ("fal-ai__inpaint.json", {}, {"prompt", "model_name"}),
        ("scenario__inpaint.json", {}, {"modelId"}),
        ("scenario__inpaint.json", {"modelId": "m", "width": 500}, {"width"}),
        ("scenario__inpaint.json", {"modelId": "m", "concepts": [{"modelId": "a", "scale": 3}]}, {"concepts"}),
    ],
)
def test_what_each_endpoint_forbids_is_said(name: str, values: Json, wrong: set[str]) -> None:
    assert check(read_endpoint(load(name)), values).keys() == wrong


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["fal-ai__z-image__turbo__inpaint.json", "fal-ai__inpaint.json", "fal-ai__fooocus__inpaint.json"]
)
def test_fals_files_hold_the_facts_known_about_them(shared: Path, name: str) -> None:
    facts = json.loads((shared / "protocols" / "fal-seed-endpoints.json").read_text())[name[:-5].replace("__", "/")]
    document = load(name)
    assert document["output"]["x-fal-order-properties"] == facts["output"]["order"]
    assert document["output"]["required"] == facts["output"]["required"]
    fields = {field["path"]: field for field in describe(read_endpoint(document))["fields"]}
    assert [path for path in fields if "." not in path and "[" not in path] == facts["input"]["order"]
    for path, fact in facts["input"]["properties"].items():
        field = fields[path]
        assert field.get("default", "none") == fact.get("default", "none")
        assert field["required"] == fact["required"]
        for ours, theirs in (
            ("minimum", "minimum"),
            ("maximum", "maximum"),
            ("exclusive_minimum", "exclusiveMinimum"),
            ("step", "multipleOf"),
        ):
            assert field[ours] == fact.get(theirs)
        choices = (
            fact.get("enum")
            or fact.get("items", {}).get("enum")
            or (fact["one_of"][1]["enum"] if "one_of" in fact else None)
        )
        assert field["enum"] == choices


@pytest.mark.shared
def test_scenarios_file_holds_the_facts_known_about_it(shared: Path) -> None:
    facts = json.loads((shared / "protocols" / "scenario-inpaint.json").read_text())
    fields = {field["path"]: field for field in describe(read_endpoint(load("scenario__inpaint.json")))["fields"]}
    assert [path for path in fields if "[" not in path] == [fact["name"] for fact in facts["fields"]]
    for fact in facts["fields"]:
        field = fields[fact["name"]]
        assert field["kind"] == fact["type"]
        assert (field["minimum"], field["maximum"], field["enum"]) == (
            fact.get("minimum"),
            fact.get("maximum"),
            fact.get("enum"),
        )
        if fact.get("default") is not None:
            assert field["default"] == fact["default"]
    assert fields["concepts[].scale"]["minimum"] == -2
