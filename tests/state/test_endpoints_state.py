"""Endpoints from elsewhere, as the window sees them: added, searched, compared, taken away, on the one event loop."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from app.backends.catalogue import Catalogue, bases_at
from app.backends.download import Downloads
from app.core.endpoint import Endpoint
from app.core.errors import AppError, InputError, Refused, SchemaError, StoreError, TimedOut
from app.core.roles import Correction
from app.state.endpoints import Endpoints, Page, Refreshed
from app.store.endpoints import EndpointShelf
from tests.standin.fal import FalStandin, inpainter, openapi

Json = Any

OURS = {
    "id": "fal-ai/ours",
    "title": "Ours",
    "provider": "fal",
    "input": {
        "properties": {
            "prompt": {"type": "string", "title": "What to paint"},
            "image_url": {"type": "string"},
            "mask_url": {"type": "string"},
            "steps": {"type": "integer", "minimum": 1, "maximum": 50, "default": 30},
            "context": {"type": "number"},
        }
    },
    "binding": {"crop": "islands", "context": "context", "polarity": "black", "prompt": None},
    "rules": [{"rule": "multiple", "field": "steps", "of": 2, "text": "Steps are even."}],
}


class Bench:
    """The object under test and what it said."""

    def __init__(self, endpoints: Endpoints, qtbot: QtBot) -> None:
        self.endpoints, self._qtbot = endpoints, qtbot
        self.errors: list[AppError] = []
        self.words: list[str] = []
        self.changes = 0
        endpoints.failed.connect(self.errors.append)
        endpoints.working.connect(self.words.append)
        endpoints.changed.connect(self._changed)

    def until(self, done: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(done()), timeout=10_000)

    def added(self, add: Callable[..., None], *what: object) -> Endpoint:
        """What an adding gave."""
        got: list[Endpoint] = []
        add(*what, got.append)
        self.until(lambda: got or self.errors)
        assert not self.errors, self.errors
        return got[0]

    def failure(self, act: Callable[[], None]) -> AppError:
        """The error of an action."""
        self.errors.clear()
        act()
        self.until(lambda: self.errors)
        return self.errors[0]

    def _changed(self) -> None:
        self.changes += 1

    @property
    def ids(self) -> list[str]:
        return [endpoint.id for endpoint in self.endpoints.all]


@pytest.fixture
def fal() -> Iterator[FalStandin]:
    with FalStandin(
        {"fal-ai/x": inpainter("fal-ai/x"), "fal-ai/text": openapi("fal-ai/text", {"prompt": {}})}
    ) as standin:
        yield standin


@pytest.fixture
def bench(
    loop: asyncio.AbstractEventLoop, run: Callable[..., Any], qtbot: QtBot, tmp_path: Path, fal: FalStandin
) -> Iterator[Bench]:
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    (bundled / "a.json").write_text(json.dumps(OURS), "utf-8")
    shelf = EndpointShelf(bundled, tmp_path / "endpoints", tmp_path / "corrections.json")
    with ThreadPoolExecutor(2) as executor:
        endpoints = Endpoints(loop, executor, shelf, Catalogue(bases_at(fal.url), {}, Downloads(deadline=2.0)))
        yield Bench(endpoints, qtbot)
        run(endpoints.close())


def test_one_by_id(bench: Bench) -> None:
    seen: list[list[str]] = []
    bench.endpoints.changed.connect(lambda: seen.append(bench.ids))
    added = bench.added(bench.endpoints.add_by_id, "https://fal.ai/models/fal-ai/x/playground")
    assert added.id == "fal-ai/x" and added.own and added.source.endswith("endpoint_id=fal-ai%2Fx")
    # It can be chosen when ``done`` is called: the list comes first.
    assert seen == [["fal-ai/ours", "fal-ai/x"]] and bench.endpoints.all[1] == added
    assert bench.words[0] == "Reading https://fal.ai/models/fal-ai/x/playground" and bench.words[-1] == ""


def test_one_from_a_file_and_from_the_clipboard(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "my__own.json"
    path.write_text(json.dumps({"properties": {"prompt": {"type": "string"}}}), "utf-8")
    assert bench.added(bench.endpoints.add_file, path).id == "my/own"
    assert bench.added(bench.endpoints.add_text, json.dumps(inpainter("fal-ai/pasted"))).id == "fal-ai/pasted"
    assert bench.ids == ["my/own", "fal-ai/ours", "fal-ai/pasted"]


def test_what_cannot_be_added_is_told(bench: Bench, tmp_path: Path) -> None:
    endpoints, refused = bench.endpoints, lambda _: pytest.fail("nothing was added")
    assert isinstance(bench.failure(lambda: endpoints.add_by_id("fal-ai/typo", refused)), Refused)
    assert isinstance(bench.failure(lambda: endpoints.add_by_id("nothing", refused)), InputError)
    assert isinstance(bench.failure(lambda: endpoints.add_by_id("", refused)), InputError)
    assert isinstance(bench.failure(lambda: endpoints.add_text("{}", refused)), SchemaError)
    assert isinstance(bench.failure(lambda: endpoints.add_text("hello", refused)), SchemaError)
    assert isinstance(bench.failure(lambda: endpoints.add_file(tmp_path / "no.json", refused)), SchemaError)
    assert isinstance(bench.failure(lambda: endpoints.remove("fal-ai/ours")), StoreError)
    assert isinstance(bench.failure(lambda: endpoints.refresh("no/such", refused)), InputError)
    assert bench.ids == ["fal-ai/ours"] and bench.changes == 0


def test_a_search_and_what_it_offers(bench: Bench, fal: FalStandin) -> None:
    pages: list[Page] = []
    fal.titles["fal-ai/x"], fal.descriptions["fal-ai/x"] = "A title", "What it does."
    bench.endpoints.search("fal-ai", pages.append)
    bench.until(lambda: pages)
    assert [offer.id for offer in pages[0].offers] == ["fal-ai/x", "fal-ai/text"]
    asked = len(fal.asked)
    added = bench.added(bench.endpoints.add_offer, pages[0].offers[0])
    assert (added.id, added.title, added.description) == ("fal-ai/x", "A title", "What it does.")
    assert bench.endpoints.all[1] == added and bench.endpoints.why_not_refreshed(added) == ""
    assert len(fal.asked) == asked  # its document came with the offer
    fal.documents_missing = {"fal-ai/text"}
    bench.endpoints.search("text", pages.append, "0")
    bench.until(lambda: len(pages) == 2)
    assert pages[1].offers[0].document is None
    assert bench.added(bench.endpoints.add_offer, pages[1].offers[0]).id == "fal-ai/text"
    assert refreshed(bench, "fal-ai/x").changes == ()


def test_a_question_can_be_cancelled(bench: Bench, fal: FalStandin) -> None:
    fal.trouble = "slow"
    bench.endpoints.search("x", lambda _: pytest.fail("nothing came"))
    bench.endpoints.add_by_id("fal-ai/x", lambda _: pytest.fail("nothing came"))
    bench.until(lambda: len(fal.asked) == 2)
    bench.endpoints.cancel()
    bench.until(lambda: bench.words[-1] == "")
    assert bench.errors == [] and bench.words == ["Searching the catalogue", "Reading fal-ai/x", *bench.words[2:]]


def test_a_new_search_ends_the_one_before(bench: Bench, fal: FalStandin) -> None:
    pages: list[Page] = []
    fal.trouble = "slow"
    bench.endpoints.search("old", lambda _: pytest.fail("nobody waits for it"))
    bench.until(lambda: fal.asked)
    fal.trouble = ""
    bench.endpoints.search("text", pages.append)
    bench.until(lambda: pages and bench.words[-1] == "")
    assert [offer.id for offer in pages[0].offers] == ["fal-ai/text"] and bench.errors == []


def test_a_window_that_was_closed_meanwhile_is_not_told(
    bench: Bench, fal: FalStandin, loop: asyncio.AbstractEventLoop
) -> None:
    class Page(QObject):
        def show(self, found: object) -> None:
            told.append(found)
            self.objectName()  # Qt's half is gone

    told: list[object] = []
    page = Page()
    bench.endpoints.search("x", page.show)
    bench.endpoints.add_by_id("fal-ai/x", page.show)
    Shiboken.delete(page)
    bench.until(lambda: len(bench.ids) == 2 and bench.words[-1] == "")
    assert told == [] and bench.errors == []


def test_who_does_not_answer_is_given_up(bench: Bench, fal: FalStandin) -> None:
    fal.trouble = "slow"
    assert isinstance(bench.failure(lambda: bench.endpoints.search("x", lambda _: None)), TimedOut)


def test_closing_ends_a_question_and_finishes_what_is_written(
    bench: Bench, fal: FalStandin, run: Callable[..., Any], tmp_path: Path
) -> None:
    fal.trouble = "slow"
    bench.endpoints.search("x", lambda _: None)
    bench.endpoints.add_text(json.dumps(inpainter("fal-ai/late")), lambda _: None)
    bench.until(lambda: fal.asked)
    run(bench.endpoints.close())
    assert (tmp_path / "endpoints" / "fal-ai__late.json").is_file()
    bench.endpoints.search("x", lambda _: pytest.fail("closed"))
    bench.endpoints.add_text("{}", lambda _: pytest.fail("closed"))
    assert bench.errors == []


def test_taken_away_and_brought_back(bench: Bench) -> None:
    added = bench.added(bench.endpoints.add_by_id, "fal-ai/x")
    bench.endpoints.correct("fal-ai/x", Correction({"mask": None}))
    bench.until(lambda: "mask" not in bench.endpoints.all[1].binding.roles)
    bench.endpoints.remove("fal-ai/x")
    bench.until(lambda: bench.ids == ["fal-ai/ours"])
    bench.endpoints.bring_back(added)
    bench.until(lambda: len(bench.ids) == 2)
    assert "mask" not in bench.endpoints.all[1].binding.roles  # the correction is kept too
    assert bench.endpoints.read("fal-ai/x") == added


def test_a_correction_and_back(bench: Bench) -> None:
    endpoints = bench.endpoints
    endpoints.correct("fal-ai/ours", Correction({"prompt": "prompt"}, "white"))
    bench.until(lambda: endpoints.all[0].binding.polarity == "white")
    assert (
        endpoints.all[0].field_for("prompt") is not None and endpoints.read("fal-ai/ours").binding.polarity == "black"
    )
    assert endpoints.correction("fal-ai/ours") == Correction({"prompt": "prompt"}, "white")
    endpoints.correct("fal-ai/ours", None)
    bench.until(lambda: endpoints.all[0].binding.polarity == "black")
    assert endpoints.correction("fal-ai/ours") is None
    with pytest.raises(InputError):
        endpoints.read("no/such")


# -- refresh ---------------------------------------------------------------------------------------------------------


def refreshed(bench: Bench, endpoint_id: str) -> Refreshed:
    got: list[Refreshed] = []
    bench.endpoints.refresh(endpoint_id, got.append)
    bench.until(lambda: got or bench.errors)
    assert not bench.errors, bench.errors
    return got[0]


def test_nothing_changed(bench: Bench) -> None:
    added = bench.added(bench.endpoints.add_by_id, "fal-ai/x")
    found = refreshed(bench, "fal-ai/x")
    assert found.changes == () and found.before == added and found.after.fields == added.fields


def test_what_changed_is_shown_before_it_is_taken(bench: Bench, fal: FalStandin, tmp_path: Path) -> None:
    fal.documents["fal-ai/x"] = inpainter("fal-ai/x", steps={"type": "integer", "maximum": 50}, old={"type": "string"})
    before = bench.added(bench.endpoints.add_by_id, "fal-ai/x")
    path = tmp_path / "endpoints" / "fal-ai__x.json"
    kept = path.read_bytes()
    fal.documents["fal-ai/x"] = inpainter("fal-ai/x", steps={"type": "integer", "maximum": 8}, new={"type": "boolean"})
    found = refreshed(bench, "fal-ai/x")
    assert {(change.path, change.kind) for change in found.changes} == {
        ("steps", "range"), ("old", "removed"), ("new", "added"),
    }  # fmt: skip
    assert path.read_bytes() == kept and bench.endpoints.all[1] == before
    bench.endpoints.accept(found)
    bench.until(lambda: bench.endpoints.all[1].fields == found.after.fields)
    assert refreshed(bench, "fal-ai/x").changes == ()


def test_one_of_ours_keeps_what_we_know_of_it(bench: Bench, fal: FalStandin) -> None:
    steps = {"type": "integer", "minimum": 1, "maximum": 8, "default": 8}
    newer = inpainter("fal-ai/ours", steps=steps, context={"type": "number"}, seed={"type": "integer"})
    fal.documents["fal-ai/ours"] = newer
    assert bench.endpoints.why_not_refreshed(bench.endpoints.all[0]) == ""
    found = refreshed(bench, "fal-ai/ours")
    assert "text" not in {change.kind for change in found.changes}
    assert {"range", "default", "added"} <= {change.kind for change in found.changes}
    after = found.after.binding
    assert (after.crop, after.context, after.polarity) == ("islands", "context", "black")
    assert "prompt" not in after.roles and after.roles["seed"] == "seed"  # taken away on purpose; new
    assert found.after.rules == found.before.rules and found.after.title == "Ours"
    assert found.after.fields[0].title == "What to paint"
    bench.endpoints.accept(found)
    bench.until(lambda: bench.endpoints.all[0].own)
    assert bench.endpoints.all[0].fields == found.after.fields
    assert refreshed(bench, "fal-ai/ours").changes == ()  # the copy still has our words
    bench.endpoints.remove("fal-ai/ours")
    bench.until(lambda: not bench.endpoints.all[0].own)
    assert bench.endpoints.all[0] == found.before


def test_a_field_that_is_gone_takes_its_role_with_it(bench: Bench, fal: FalStandin) -> None:
    fal.documents["fal-ai/ours"] = openapi(
        "fal-ai/ours", {"image_url": {"type": "string"}, "mask_image_url": {"type": "string"}}
    )
    after = refreshed(bench, "fal-ai/ours").after
    assert after.binding.roles == {"picture": "image_url", "mask": "mask_image_url"} and after.binding.context == ""
    assert after.problems == ()


def test_what_came_from_a_file_cannot_be_asked_for(bench: Bench) -> None:
    endpoints = bench.endpoints
    added = bench.added(endpoints.add_text, json.dumps({"properties": {"prompt": {"type": "string"}}}))
    assert endpoints.why_not_refreshed(added)
    assert "came from a file" in str(bench.failure(lambda: endpoints.refresh(added.id, lambda _: None)))


def test_a_document_that_lost_its_fields_replaces_nothing(bench: Bench, fal: FalStandin) -> None:
    fal.documents["fal-ai/ours"] = {"openapi": "3.0.4", "info": {}, "paths": {}}
    error = bench.failure(lambda: bench.endpoints.refresh("fal-ai/ours", lambda _: pytest.fail("nothing to show")))
    assert "the old one stays" in str(error)


def test_the_hand_is_not_made_to_wait(bench: Bench, fal: FalStandin, loop: asyncio.AbstractEventLoop) -> None:
    """A page of large documents is read beside the loop."""
    many = {f"field_{number}": {"type": "string", "description": "x" * 200} for number in range(300)}
    fal.documents = {f"fal-ai/n{number}": inpainter(f"fal-ai/n{number}", **many) for number in range(30)}
    gaps: list[float] = []
    last = loop.time()

    async def ticking() -> None:
        nonlocal last
        while True:
            await asyncio.sleep(0.002)
            gaps.append(loop.time() - last)
            last = loop.time()

    task, pages, begun = loop.create_task(ticking()), list[Page](), loop.time()
    bench.endpoints.search("", pages.append)
    bench.until(lambda: pages)
    task.cancel()
    bench.until(task.done)
    assert len(pages[0].offers) == 30 and max(gaps) < max(0.1, 0.4 * (loop.time() - begun))
