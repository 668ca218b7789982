"""The commands about endpoints: what they print, keep and refuse, against a stand-in for the providers."""

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from tests.headless import Ended, Headless
from tests.standin.fal import FalStandin, inpainter, openapi
from tests.standin.scenario import KEY, SECRET, ScenarioStandin, engine

Json = Any

importlib.import_module("app.cli_endpoints")


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Headless:
    monkeypatch.chdir(tmp_path)
    return Headless(tmp_path, capsys)


@pytest.fixture
def fal() -> Iterator[FalStandin]:
    documents = {
        "fal-ai/text": openapi("fal-ai/text", {"prompt": {}}),
        "fal-ai/x/inpaint": inpainter("fal-ai/x/inpaint"),
    }
    with FalStandin(documents) as standin:
        yield standin


def listed(command: Headless) -> dict[str, Json]:
    """The endpoints by id."""
    return {row["id"]: row for row in json.loads(command("endpoints", "--json").stdout)["endpoints"]}


def give(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    """Put ``text`` on stdin."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text)))


def assert_in_words(done: Ended, code: int) -> None:
    """It ended with ``code`` and one line of words."""
    assert done.returncode == code and done.stdout == ""
    assert done.stderr.endswith("\n") and done.stderr.count("\n") == 1 and done.stderr[:-1].isprintable()


# -- add -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fal-ai/x/inpaint", "https://fal.ai/models/fal-ai/x/inpaint/playground"])
def test_one_is_added_by_id_or_link(command: Headless, fal: FalStandin, name: str) -> None:
    done = command("endpoints", "add", name, "--base-url", fal.url)
    assert done.returncode == 0
    assert done.stdout == "fal-ai/x/inpaint\tpicture (image_url), mask (mask_url), 3 fields in all\n"
    assert listed(command)["fal-ai/x/inpaint"]["own"] and not listed(command)["local/fill"]["own"]
    rows = command("endpoints").stdout.splitlines()
    assert "fal-ai/x/inpaint\tfal-ai/x/inpaint\tremote, practice\town" in rows
    assert sum(row.endswith("\town") for row in rows) == 1
    told = json.loads(command("fields", "fal-ai/x/inpaint", "--json").stdout)
    assert [field["path"] for field in told["fields"]] == ["prompt", "image_url", "mask_url"]


def test_adding_tells_json(command: Headless, fal: FalStandin) -> None:
    for words in (("--json", "add", "fal-ai/text"), ("add", "fal-ai/text", "--json")):
        told = json.loads(command("endpoints", *words, "--base-url", fal.url).stdout)
        assert told["id"] == "fal-ai/text" and told["own"] and told["fields"] == 1 and told["problems"] == []
        assert told["picture"] is None and told["mask"] is None and told["source"].startswith(fal.url)


def test_one_from_a_file_from_stdin_and_from_an_address(
    command: Headless, fal: FalStandin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my__own.json").write_text(json.dumps({"properties": {"prompt": {"type": "string"}}}), "utf-8")
    assert command("endpoints", "add", "my__own.json").stdout.startswith("my/own\tno picture, no mask, 1 field")
    give(monkeypatch, json.dumps(inpainter("fal-ai/pasted")).encode())
    assert command("endpoints", "add", "-").stdout.startswith("fal-ai/pasted\t")
    fal.status, fal.reason = 200, {"properties": {"image": {"type": "string"}, "mask": {"type": "string"}}}
    done = command("endpoints", "add", f"{fal.url}/api/schema.json")
    assert done.stdout == "127.0.0.1/api/schema\tpicture (image), mask (mask), 2 fields in all\n"
    assert {"my/own", "fal-ai/pasted", "127.0.0.1/api/schema"} <= listed(command).keys()


def test_an_engine_of_scenario(command: Headless, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScenarioStandin({"model_x": engine("model_x")}) as scenario:
        for name in ("SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"):
            monkeypatch.delenv(name, raising=False)
        asking = ("endpoints", "add", "scenario/model_x", "--base-url", scenario.url)
        assert_in_words(command(*asking), 2)
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", KEY)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", "wrong")
        assert_in_words(command(*asking), 3)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", SECRET)
        done = command(*asking)
        assert done.returncode == 0 and "picture (image), mask (mask), 4 fields" in done.stdout
    everything = b"".join(path.read_bytes() for path in command.folder.rglob("*") if path.is_file())
    assert SECRET.encode() not in everything and KEY.encode() not in everything and SECRET not in done.stderr


@pytest.mark.parametrize(
    ("name", "code"),
    [("fal-ai/typo", 3), ("nothing", 2), ("", 2), ("missing.json", 2), ("ftp://x/y", 2),
     ("http://example.org/a.json", 2), ("../../x", 2), ("fal-ai/\x1b[31m", 2)],
)  # fmt: skip
def test_what_cannot_be_added_is_told(command: Headless, fal: FalStandin, name: str, code: int) -> None:
    assert_in_words(command("endpoints", "add", name, "--base-url", fal.url), code)
    assert not any(row["own"] for row in listed(command).values())


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"3", b'{"a": 1}', b'{"type": "object"}'])
def test_pasted_text_that_is_no_endpoint(command: Headless, monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    give(monkeypatch, text)
    assert_in_words(command("endpoints", "add", "-"), 2)
    give(monkeypatch, text)
    done = command("fields", "-", "--json")
    if text == b'{"type": "object"}':
        assert json.loads(done.stdout)["problems"] == ["The schema has no fields."]
    else:
        assert_in_words(done, 2)


def test_nobody_there_is_told(command: Headless) -> None:
    for words in (("add", "fal-ai/x"), ("search", "x"), ("refresh", "fal-ai/inpaint")):
        assert_in_words(command("endpoints", *words, "--base-url", "http://127.0.0.1:9"), 3)


# -- search ----------------------------------------------------------------------------------------------------------


def test_a_search(command: Headless, fal: FalStandin) -> None:
    fal.titles["fal-ai/text"] = "Te\x1b[31mxt\tof"
    rows = command("endpoints", "search", "fal", "ai", "--base-url", fal.url).stdout.splitlines()
    assert rows == ["fal-ai/x/inpaint\tInpaint\tmask", "fal-ai/text\tTe\ufffd[31mxt of\t"]
    assert fal.asked[0].query["q"] == "fal ai"
    told = json.loads(command("endpoints", "search", "text", "--json", "--base-url", fal.url).stdout)
    assert told["next"] == "" and [row["id"] for row in told["endpoints"]] == ["fal-ai/text"]
    assert told["endpoints"][0]["takes_mask"] is False and "document" not in told["endpoints"][0]


def test_a_search_goes_on(command: Headless) -> None:
    with FalStandin({f"fal-ai/n{n:02}": openapi(f"fal-ai/n{n:02}", {"prompt": {}}) for n in range(60)}) as fal:
        first = command("endpoints", "search", "n", "--base-url", fal.url)
        assert len(first.stdout.splitlines()) == 50 and "--after 50" in first.stderr
        second = command("endpoints", "search", "n", "--base-url", fal.url, "--after", "50")
        assert len(second.stdout.splitlines()) == 10 and second.stderr == ""
        nothing = command("endpoints", "search", "zzz", "--base-url", fal.url)
        assert nothing.returncode == 0 and nothing.stdout == "" and "Nothing was found" in nothing.stderr


# -- refresh and remove ----------------------------------------------------------------------------------------------


def test_what_changed(command: Headless, fal: FalStandin) -> None:
    command("endpoints", "add", "fal-ai/x/inpaint", "--base-url", fal.url)
    refresh = ("endpoints", "refresh", "fal-ai/x/inpaint", "--base-url", fal.url)
    same = command(*refresh)
    assert same.returncode == 0 and same.stdout == "" and "has not changed" in same.stderr
    fal.documents["fal-ai/x/inpaint"] = inpainter("fal-ai/x/inpaint", steps={"type": "integer", "maximum": 8})
    shown = command(*refresh)
    assert shown.returncode == 0 and shown.stdout.startswith("steps\tadded\t") and "--accept" in shown.stderr
    told = json.loads(command(*refresh, "--json").stdout)
    assert told["endpoint"] == "fal-ai/x/inpaint" and told["accepted"] is False
    assert [(row["path"], row["kind"]) for row in told["changes"]] == [("steps", "added")]
    assert len(json.loads(command("fields", "fal-ai/x/inpaint", "--json").stdout)["fields"]) == 3
    assert json.loads(command(*refresh, "--accept", "--json").stdout)["accepted"] is True
    assert len(json.loads(command("fields", "fal-ai/x/inpaint", "--json").stdout)["fields"]) == 4
    assert command(*refresh).stdout == ""


def test_one_of_ours_is_refreshed_and_comes_back(command: Headless, fal: FalStandin) -> None:
    before = command("fields", "fal-ai/inpaint", "--json").stdout
    fal.documents["fal-ai/inpaint"] = inpainter("fal-ai/inpaint")
    done = command("endpoints", "refresh", "fal-ai/inpaint", "--accept", "--base-url", fal.url)
    assert done.returncode == 0 and "\tremoved\t" in done.stdout and listed(command)["fal-ai/inpaint"]["own"]
    assert command("endpoints", "remove", "fal-ai/inpaint").stdout == "fal-ai/inpaint\n"
    assert command("fields", "fal-ai/inpaint", "--json").stdout == before


def test_what_cannot_be_refreshed_or_removed(command: Headless, fal: FalStandin) -> None:
    assert_in_words(command("endpoints", "refresh", "no/such", "--base-url", fal.url), 2)
    assert_in_words(command("endpoints", "refresh", "local/fill", "--base-url", fal.url), 2)
    assert_in_words(command("endpoints", "refresh", "fal-ai/inpaint", "--base-url", fal.url), 3)
    assert_in_words(command("endpoints", "remove", "local/fill"), 2)
    assert_in_words(command("endpoints", "remove", "no/such"), 2)


def test_wrong_use(command: Headless) -> None:
    for words in (("add",), ("search",), ("refresh",), ("remove",), ("frobnicate",), ("add", "a/b", "c/d")):
        assert command("endpoints", *words).returncode == 2
    for word in ("add", "search", "refresh", "remove", "--json"):
        assert command("endpoints", word, "--help").returncode == 0


def test_a_question_is_stopped_by_a_signal(command: Headless, fal: FalStandin) -> None:
    fal.trouble = "slow"
    program = command.started("endpoints", "add", "fal-ai/text", "--base-url", fal.url)
    until = time.monotonic() + 20
    while not fal.asked and time.monotonic() < until:
        time.sleep(0.02)
    program.send_signal(signal.SIGTERM)
    _, told = program.communicate(timeout=20)
    assert program.returncode == 4 and told == "Cancelled.\n"


# -- fields ----------------------------------------------------------------------------------------------------------


def test_fields_of_stdin_and_of_an_engine_of_scenario(
    command: Headless, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"model": engine("model_x")}
    (tmp_path / "engine.json").write_text(json.dumps(document), "utf-8")
    give(monkeypatch, json.dumps(document).encode())
    ways = [json.loads(command("fields", name, "--json").stdout) for name in ("engine.json", "-")]
    for told in ways:
        assert told.keys() == {"endpoint", "fields", "problems"}
        roles = {field["path"]: field["role"] for field in told["fields"]}
        assert roles == {"prompt": "prompt", "image": "picture", "mask": "mask", "strength": "strength"}
    assert ways[0]["fields"] == ways[1]["fields"]


def test_a_hostile_document_is_printed_as_plain_lines(command: Headless, tmp_path: Path) -> None:
    odd = {"properties": {"a\x1b[2J\nb": {"enum": ["\ud800", "\x07"], "default": float("nan"), "title": "<b>\u202e"}}}
    (tmp_path / "odd.json").write_text(json.dumps(odd), "utf-8")
    done = command("fields", "odd.json")
    assert done.returncode == 0 and done.stdout.count("\n") == 1 and done.stdout[:-1].replace("\t", "").isprintable()
    told = command("fields", "odd.json", "--json").stdout
    json.loads(told, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    added = command("endpoints", "add", "odd.json")
    assert added.returncode == 0 and "\x1b" not in added.stdout + added.stderr + command("endpoints").stdout


def test_huge_and_hostile_files_end_in_time(command: Headless, tmp_path: Path) -> None:
    fields = {f"f{number}": {"anyOf": [{"$ref": "#"}, {"type": "null"}]} for number in range(10_000)}
    (tmp_path / "huge.json").write_text(json.dumps({"properties": fields, "description": "x" * 3_000_000}), "utf-8")
    os.mkfifo(tmp_path / "pipe.json")
    begun = time.monotonic()
    for words in (("fields", "huge.json", "--json"), ("endpoints", "add", "huge.json")):
        assert command(*words).returncode == 0
    assert_in_words(command("endpoints", "add", "pipe.json"), 2)
    assert time.monotonic() - begun < 10
