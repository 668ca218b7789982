"""Endpoint files: read in order, the user's own before ours, and a sentence for whatever is none."""

import json
import os
from pathlib import Path

import pytest

from app.core.errors import SchemaError
from app.store import endpoints
from app.store.endpoints import EndpointShelf, read_endpoint_file


def write(path: Path, name: str = "", provider: str = "fal", **fields: object) -> Path:
    document = {"id": name, "title": name, "provider": provider, "input": {"type": "object", "properties": fields}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document if name else {"type": "object", "properties": fields}), "utf-8")
    return path


def test_a_file_gives_an_endpoint(tmp_path: Path) -> None:
    found = read_endpoint_file(write(tmp_path / "a.json", "fal-ai/x", prompt={"type": "string"}))
    assert (found.id, found.provider, [field.path for field in found.fields]) == ("fal-ai/x", "fal", ["prompt"])


def test_a_bare_schema_is_named_by_its_file(tmp_path: Path) -> None:
    found = read_endpoint_file(write(tmp_path / "my__own.json", prompt={"type": "string"}))
    assert found.id == "my/own"


def test_local_ones_come_first_and_a_later_folder_wins(tmp_path: Path) -> None:
    write(tmp_path / "ours" / "1.json", "fal-ai/x", prompt={"type": "string"})
    write(tmp_path / "ours" / "2.json", "local/fill", provider="local")
    write(tmp_path / "own" / "1.json", "fal-ai/x", size={"type": "integer"})
    found, problems = EndpointShelf(tmp_path / "ours", tmp_path / "own", tmp_path / "none.json").read()
    assert [endpoint.id for endpoint in found] == ["local/fill", "fal-ai/x"] and problems == []
    assert [field.path for field in found[1].fields] == ["size"]


def test_whatever_is_none_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path / "good.json", "fal-ai/x")
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "link.json").symlink_to("nowhere")
    (tmp_path / "text.json").write_text("{")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "readme.txt").write_text("not looked at")
    found, problems = EndpointShelf(tmp_path / "nowhere", tmp_path, tmp_path / "none").read()
    assert [endpoint.id for endpoint in found] == ["fal-ai/x"] and len(problems) == 7
    assert not any("\n" in problem or str(tmp_path) in problem for problem in problems)


@pytest.mark.parametrize("name", ["nowhere.json", "x" * 300 + ".json", "a\0b.json", "odd\nname.json"])
def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(SchemaError) as told:
        read_endpoint_file(tmp_path / name)
    assert "\n" not in str(told.value)


def test_a_document_that_is_too_long_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.json", "fal-ai/x")
    monkeypatch.setattr(endpoints, "LARGEST", 1 << 20)
    path.write_bytes(b" " * ((1 << 20) + 1))
    with pytest.raises(SchemaError, match="larger than 1 MB"):
        read_endpoint_file(path)


def test_a_number_of_more_digits_than_anybody_reads_takes_nothing_else_away(tmp_path: Path) -> None:
    digits = "9" * 5000
    path = tmp_path / "long.json"
    path.write_text(f'{{"properties": {{"a": {{"type": "integer", "default": {digits}, "minimum": -{digits}}}}}}}')
    endpoint = read_endpoint_file(path)
    assert [(field.path, field.kind, field.minimum) for field in endpoint.fields] == [("a", "integer", None)]
    assert endpoint.problems


def test_a_document_nested_too_deep_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(SchemaError, match="nested too deep"):
        read_endpoint_file(path)
