"""The shelf of endpoints: the user's own beside ours, in one form, whole or not at all, whatever lies in the folder."""

import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.endpoint import Endpoint
from app.core.endpoint_file import endpoint_document
from app.core.errors import SchemaError, StoreError
from app.core.roles import Correction
from app.core.schema import read_endpoint
from app.store import endpoints
from app.store.endpoints import EndpointShelf, file_name, parse_document
from tests.standin.fal import inpainter, openapi
from tests.standin.scenario import engine

Json = Any

OURS = {
    "id": "fal-ai/ours",
    "title": "Ours",
    "provider": "fal",
    "input": {"properties": {"prompt": {"type": "string"}}},
}
FILL = {
    "id": "local/fill",
    "title": "Fill",
    "provider": "local",
    "input": {"properties": {"engine": {"type": "string"}}},
}


@pytest.fixture
def shelf(tmp_path: Path) -> EndpointShelf:
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    (bundled / "a.json").write_text(json.dumps(OURS), "utf-8")
    (bundled / "b.json").write_text(json.dumps(FILL), "utf-8")
    return EndpointShelf(bundled, tmp_path / "data" / "endpoints", tmp_path / "data" / "corrections.json")


def own(tmp_path: Path) -> Path:
    return tmp_path / "data" / "endpoints"


def by_id(shelf: EndpointShelf) -> dict[str, Endpoint]:
    found, problems = shelf.read()
    assert problems == []
    return {endpoint.id: endpoint for endpoint in found}


def test_ours_alone(shelf: EndpointShelf, tmp_path: Path) -> None:
    found, problems = shelf.read()
    assert [(endpoint.id, endpoint.own) for endpoint in found] == [("local/fill", False), ("fal-ai/ours", False)]
    assert problems == [] and not (tmp_path / "data").exists()


def test_one_is_added_in_our_own_form(shelf: EndpointShelf, tmp_path: Path) -> None:
    before = time.time()
    added = shelf.add(inpainter("fal-ai/x/inpaint"), source="https://fal.ai/doc")
    path = own(tmp_path) / "fal-ai__x__inpaint.json"
    document = json.loads(path.read_text("utf-8"))
    assert document["id"] == "fal-ai/x/inpaint" and document["source"] == "https://fal.ai/doc"
    assert document["binding"]["mask"] == "mask_url" and "paths" not in document
    assert (
        abs(time.mktime(time.strptime(document["added"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone - before) < 86_400
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and list(own(tmp_path).iterdir()) == [path]
    read = by_id(shelf)["fal-ai/x/inpaint"]
    assert read == added and read.own and read.source == "https://fal.ai/doc"
    assert [endpoint.provider for endpoint in shelf.read()[0]] == ["local", "fal", "fal"]


def test_it_is_there_in_the_next_program(shelf: EndpointShelf, tmp_path: Path) -> None:
    added = shelf.add(inpainter("fal-ai/x"))
    again = EndpointShelf(tmp_path / "bundled", own(tmp_path), tmp_path / "data" / "corrections.json")
    assert by_id(again)["fal-ai/x"] == added


def test_an_engine_of_scenario_and_a_bare_schema(shelf: EndpointShelf) -> None:
    added = shelf.add({"model": engine("model_x")}, name="scenario/model_x", source="https://s/v1/models/model_x")
    assert added.provider == "scenario" and by_id(shelf)[added.id].binding == added.binding
    bare = shelf.add({"type": "object", "properties": {"prompt": {"type": "string"}}}, name="host/api")
    assert bare.id == "host/api" and by_id(shelf)["host/api"].fields == bare.fields


def test_an_id_that_exists_is_replaced(shelf: EndpointShelf, tmp_path: Path) -> None:
    shelf.add(inpainter("fal-ai/x"))
    shelf.add(inpainter("fal-ai/x", steps={"type": "integer"}))
    assert [field.path for field in by_id(shelf)["fal-ai/x"].fields] == ["prompt", "image_url", "mask_url", "steps"]
    assert len(list(own(tmp_path).iterdir())) == 1


def test_a_file_put_there_by_hand_is_replaced_too(shelf: EndpointShelf, tmp_path: Path) -> None:
    own(tmp_path).mkdir(parents=True)
    (own(tmp_path) / "zz my own.json").write_text(json.dumps(inpainter("fal-ai/x")), "utf-8")
    assert by_id(shelf)["fal-ai/x"].own
    shelf.add(openapi("fal-ai/x", {"only": {"type": "string"}}))
    assert [field.path for field in by_id(shelf)["fal-ai/x"].fields] == ["only"]
    assert [path.name for path in own(tmp_path).iterdir()] == ["fal-ai__x.json"]


def test_one_of_ours_is_replaced_and_comes_back(shelf: EndpointShelf) -> None:
    before = by_id(shelf)["fal-ai/ours"]
    shelf.add(inpainter("fal-ai/ours"))
    assert by_id(shelf)["fal-ai/ours"].own and len(by_id(shelf)["fal-ai/ours"].fields) == 3
    shelf.remove("fal-ai/ours")
    assert by_id(shelf)["fal-ai/ours"] == before
    with pytest.raises(StoreError, match="none of your own"):
        shelf.remove("fal-ai/ours")
    with pytest.raises(StoreError, match="none of your own"):
        shelf.remove("no/such")


@pytest.mark.parametrize(
    "document",
    [
        None, 3, "text", [], {}, {"a": 1}, {"detail": "Not found"}, {"type": "object"}, {"input": {}},
        {"openapi": "3.0.4", "paths": {}}, {"openapi": "3.0.4", "paths": {"/x": {"post": {}}}}, {"type": "string"},
        {"properties": {}}, {"inputs": []}, {"model": {}},
    ],
)  # fmt: skip
def test_what_holds_no_schema_is_refused(shelf: EndpointShelf, tmp_path: Path, document: Json) -> None:
    with pytest.raises(SchemaError) as told:
        shelf.add(document, name="a/b")
    assert str(told.value).isprintable() and str(told.value).endswith(".")
    assert not own(tmp_path).exists()


@pytest.mark.parametrize(
    "identity",
    ["../../../etc/x", "/abs", "a/../b", "..", "a\0b", "a\nb", "x" * 5000, "a__b", ".hidden", "é/ü", "\ud800"],
)
def test_any_id_has_a_file_of_its_own(shelf: EndpointShelf, tmp_path: Path, identity: str) -> None:
    added = shelf.add({**OURS, "id": identity}, name="fallback")
    (path,) = own(tmp_path).iterdir()
    assert path.name.isascii() and path.suffix == ".json" and len(path.name) < 200 and not path.name.startswith(".")
    assert {added.id} <= {endpoint.id for endpoint in shelf.read()[0]}
    shelf.remove(added.id)
    assert list(own(tmp_path).iterdir()) == []


@given(st.lists(st.text(max_size=30) | st.from_regex(r"[a-z_/.\-]{1,20}", fullmatch=True), unique=True, max_size=8))
def test_two_ids_never_share_a_file(names: list[str]) -> None:
    assert len({file_name(name) for name in names}) == len(names)
    assert all("/" not in file_name(name) and len(file_name(name)) < 200 for name in names)


def test_documents_without_a_name_are_two(shelf: EndpointShelf) -> None:
    one, two = ({"properties": {name: {"type": "string"}}} for name in ("prompt", "seed"))
    inputs = [{"name": "prompt", "type": "string"}]
    added = [shelf.add(document).id for document in (one, two, {**one, "title": "My own"}, inputs, {"inputs": inputs})]
    assert len(set(added)) == 5 and all("pasted/" in identity for identity in added)
    assert shelf.add(one).id == added[0] and shelf.add(inputs).id == added[3] and len(by_id(shelf)) == 7
    assert by_id(shelf)[added[2]].title == "My own"
    assert shelf.add({**OURS, "id": "a/b"}).id == "a/b"


def test_a_long_address_is_kept_whole(shelf: EndpointShelf) -> None:
    address = "https://host/" + "x" * 1500
    shelf.add(inpainter("fal-ai/x"), source=address)
    assert by_id(shelf)["fal-ai/x"].source == address


# -- what else may lie there -----------------------------------------------------------------------------------------


def test_oddities_in_the_folder_are_told_and_the_rest_is_read(shelf: EndpointShelf, tmp_path: Path) -> None:
    shelf.add(inpainter("fal-ai/x"))
    folder = own(tmp_path)
    (folder / "folder.json").mkdir()
    os.mkfifo(folder / "pipe.json")
    (folder / "link.json").symlink_to("nowhere")
    (folder / "loop.json").symlink_to("loop.json")
    (folder / "device.json").symlink_to("/dev/zero")
    (folder / "bad.json").write_bytes(b"\xff")
    found, problems = shelf.read()
    assert {"fal-ai/x", "fal-ai/ours", "local/fill"} == {endpoint.id for endpoint in found} and len(problems) == 6
    assert all(problem.isprintable() for problem in problems)


def test_what_stands_in_the_place_of_a_file_is_not_destroyed(shelf: EndpointShelf, tmp_path: Path) -> None:
    own(tmp_path).mkdir(parents=True)
    somebodys = tmp_path / "somebodys.json"
    somebodys.write_text("precious", "utf-8")
    (own(tmp_path) / "fal-ai__x.json").symlink_to(somebodys)
    shelf.add(inpainter("fal-ai/x"))
    assert somebodys.read_text("utf-8") == "precious" and "fal-ai/x" in by_id(shelf)
    (own(tmp_path) / "fal-ai__y.json").mkdir()
    with pytest.raises(StoreError, match="not an ordinary file"):
        shelf.add(inpainter("fal-ai/y"))


def test_a_folder_of_ten_thousand_files_is_bounded(
    shelf: EndpointShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST_FILES", 20)
    own(tmp_path).mkdir(parents=True)
    for number in range(100):
        (own(tmp_path) / f"{number:03}.json").write_text(json.dumps({**OURS, "id": f"a/{number}"}), "utf-8")
    found, problems = shelf.read()
    assert len(found) == 22 and len(problems) == 1 and "100 files" in problems[0]


def test_a_folder_of_huge_files_is_bounded(
    shelf: EndpointShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST_BYTES", 3000)
    own(tmp_path).mkdir(parents=True)
    for number in range(5):
        padded = {**OURS, "id": f"a/{number}", "padding": "x" * 1000}
        (own(tmp_path) / f"{number}.json").write_text(json.dumps(padded), "utf-8")
    found, problems = shelf.read()
    assert len(found) == 4 and "the rest is not read" in problems[0]


def test_what_is_kept_can_be_read_again(shelf: EndpointShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "LARGEST", 6000)
    names = [f"f{number}" for number in range(60)]
    shelf.add({**OURS, "id": "a/large", "input": {"properties": {name: {"type": "string"} for name in names}}})
    assert [field.path for field in by_id(shelf)["a/large"].fields] == names
    with pytest.raises(SchemaError, match="larger than"):
        shelf.add({**OURS, "id": "a/huge", "input": {"properties": {f"f{n}": {"enum": names} for n in range(60)}}})
    assert [path.name for path in own(tmp_path).iterdir()] == ["a__large.json"]


def test_only_what_changed_is_read_again(shelf: EndpointShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.add(inpainter("fal-ai/x"))
    first = by_id(shelf)
    read: list[str] = []

    def counting(path: Path) -> Endpoint:
        read.append(path.name)
        return read_endpoint(json.loads(path.read_text("utf-8")))

    monkeypatch.setattr(endpoints, "read_endpoint_file", counting)
    assert by_id(shelf) == first and read == []
    (tmp_path / "bundled" / "a.json").write_text(json.dumps({**OURS, "title": "Renamed"}), "utf-8")
    assert by_id(shelf)["fal-ai/ours"].title == "Renamed" and read == ["a.json"]


def test_a_disk_that_cannot_be_written_leaves_the_old_one(shelf: EndpointShelf, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "endpoints").write_text("a file in the folder's place", "utf-8")
    with pytest.raises(StoreError, match="is a file, not a folder"):
        shelf.add(inpainter("fal-ai/x"))
    assert len(shelf.read()[0]) == 2


def test_many_threads_at_once(shelf: EndpointShelf) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: shelf.add(inpainter(f"fal-ai/n{number % 5}")), range(30)))
        list(threads.map(lambda number: shelf.correct(f"fal-ai/n{number % 5}", Correction({"seed": None})), range(20)))
    assert len(by_id(shelf)) == 7 and len(shelf.contents().corrections) == 5


# -- corrections -----------------------------------------------------------------------------------------------------


def test_a_correction_is_kept_and_applied(shelf: EndpointShelf, tmp_path: Path) -> None:
    shelf.add(inpainter("fal-ai/x", other={"type": "string"}))
    shelf.correct("fal-ai/x", Correction({"picture": "other", "mask": None}, "black"))
    again = EndpointShelf(tmp_path / "bundled", own(tmp_path), tmp_path / "data" / "corrections.json")
    used = by_id(again)["fal-ai/x"]
    assert used.binding.roles["picture"] == "other" and "mask" not in used.binding.roles
    assert used.binding.polarity == "black" and used.own
    shelved = again.contents()
    assert shelved.corrections == {"fal-ai/x": Correction({"picture": "other", "mask": None}, "black")}
    read = next(endpoint for endpoint in shelved.read if endpoint.id == "fal-ai/x")
    assert read.binding.roles["picture"] == "image_url" and read.binding.polarity == "white"
    again.correct("fal-ai/x", None)
    assert by_id(shelf)["fal-ai/x"].binding.roles["picture"] == "image_url"


def test_a_correction_of_one_of_ours_and_of_what_is_gone(shelf: EndpointShelf) -> None:
    shelf.correct("fal-ai/ours", Correction({"prompt": None}))
    shelf.correct("no/such", Correction({"prompt": None}))
    shelf.correct("format", Correction({"prompt": None}))
    assert "prompt" not in by_id(shelf)["fal-ai/ours"].binding.roles
    assert set(shelf.contents().corrections) == {"fal-ai/ours", "no/such", "format"}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "[" * 50_000, '{"format": 1, "endpoint:fal-ai/ours": 3}',
     '{"format": 1, "endpoint:fal-ai/ours": {"roles": {"mask": ["x"]}}}', "\x00" * 100],
)  # fmt: skip
def test_damaged_corrections_change_nothing(shelf: EndpointShelf, tmp_path: Path, text: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "corrections.json").write_text(text, "utf-8")
    found, problems = shelf.read()
    assert len(found) == 2 and all(problem.isprintable() and "orrection" in problem for problem in problems)
    shelf.correct("fal-ai/ours", Correction({"prompt": None}))
    assert "prompt" not in {e.id: e for e in shelf.read()[0]}["fal-ai/ours"].binding.roles


def test_a_pipe_in_the_place_of_the_corrections_is_not_waited_for(shelf: EndpointShelf, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    os.mkfifo(tmp_path / "data" / "corrections.json")
    found, problems = shelf.read()
    assert len(found) == 2 and "not an ordinary file" in problems[0]
    with pytest.raises(StoreError, match="not an ordinary file"):
        shelf.correct("fal-ai/ours", Correction({"prompt": None}))


# -- the form --------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_the_endpoint_itself(shelf: EndpointShelf) -> None:
    """Adding what the shelf wrote gives the same again, apart from what was said of the provider's document."""
    added = shelf.add({"model": engine("model_x")}, name="scenario/model_x", source="https://s/x")
    assert replace(shelf.add(endpoint_document(added), name="other"), problems=added.problems) == added


def test_what_was_said_of_a_document_is_kept_with_it(shelf: EndpointShelf, tmp_path: Path) -> None:
    added = shelf.add(openapi("fal-ai/x", {"prompt": {}, "odd": {"$ref": "#/components/schemas/Lost"}}))
    again = EndpointShelf(tmp_path / "bundled", own(tmp_path), tmp_path / "data" / "corrections.json")
    assert added.problems and by_id(again)["fal-ai/x"].problems[: len(added.problems)] == added.problems
    path = own(tmp_path) / "fal-ai__x.json"
    odd: tuple[Json, ...] = (3, [None, "", "x" * 9999, {}], {"a": 1})
    for told in odd:
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "problems": told}), "utf-8")
        assert all(len(problem) < 500 for problem in by_id(again)["fal-ai/x"].problems)


@pytest.mark.parametrize("text", ["", "{", b"\xff\xfe", "[" * 100_000, "nope"])
def test_pasted_text_that_is_no_document(text: str | bytes) -> None:
    with pytest.raises(SchemaError, match="What was pasted is not a JSON document"):
        parse_document(text, "What was pasted")


@pytest.mark.shared
def test_every_real_document_is_kept_as_it_was_read(shelf: EndpointShelf, shared: Path) -> None:
    for path in sorted((shared / "data" / "fal-openapi").glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        added = shelf.add(document)
        told = read_endpoint(document)
        assert (added.id, added.fields, added.binding) == (told.id, told.fields, told.binding), path.name
        kept = by_id(shelf)[added.id]
        assert (kept.fields, kept.binding, kept.title) == (added.fields, added.binding, added.title), path.name
