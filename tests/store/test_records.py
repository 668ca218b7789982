"""Jobs and results as JSON."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import StoreError
from app.core.geometry import Box
from app.core.request import BlendSettings
from app.store.records import Entry, JobRecord, entry_from_json, entry_to_json, job_from_json, job_to_json
from tests.store.samples import entry, job

texts = st.text(st.characters(), max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
boxes = st.builds(Box, *[st.integers(-10, 20000)] * 4)


@given(st.dictionaries(texts, plain, max_size=4), st.none() | st.integers(), st.lists(boxes, max_size=3), texts)
def test_a_job_survives_its_json(values: dict[str, Any], seed: int | None, crops: list[Box], note: str) -> None:
    record = dataclasses.replace(job("j"), values=values, seed=seed, boxes=tuple(crops), note=note)
    assert job_from_json(json.loads(json.dumps(job_to_json(record)))) == record


@given(plain, st.lists(st.tuples(boxes, texts), max_size=3), st.booleans(), st.none() | st.floats(0, 10))
def test_a_result_survives_its_json(
    value: Any, patches: list[tuple[Box, str]], starred: bool, cost: float | None
) -> None:
    record = dataclasses.replace(entry("e"), values={"x": value}, patches=tuple(patches), starred=starred, cost=cost)
    assert entry_from_json(json.loads(json.dumps(entry_to_json(record)))) == record


def test_a_missing_optional_member_takes_its_default() -> None:
    document = entry_to_json(entry("e"))
    del document["starred"], document["schema"]
    assert entry_from_json(document).starred is False and entry_from_json(document).schema == ""
    written_before = job_to_json(job("j"))
    del written_before["schema"]
    assert job_from_json(written_before) == job("j"), "records of older versions of the program are read"


@pytest.mark.parametrize("document", [None, [], "x", {}, {"format": "1"}, {"format": 1}])
def test_what_is_no_record_is_refused(document: Any) -> None:
    for read in (job_from_json, entry_from_json):
        with pytest.raises(StoreError, match="damaged"):
            read(document)


def test_each_member_is_checked() -> None:
    wrong: Any
    for wrong in ({"a": object}, -1.5, [[[]]]):
        for convert, sample in ((job_from_json, job_to_json(job("j"))), (entry_from_json, entry_to_json(entry("e")))):
            for name in sample.keys() - {"format", "values", "created", "seconds", "cost"}:
                with pytest.raises(StoreError):
                    convert({**sample, name: wrong})


def test_a_newer_form_is_not_guessed_at() -> None:
    with pytest.raises(StoreError, match="newer version"):
        job_from_json({**job_to_json(job("j")), "format": 2})


def test_a_record_names_every_file_it_needs() -> None:
    patches = ((Box(0, 0, 1, 1), "a"), (Box(1, 1, 2, 2), "b"))
    record = dataclasses.replace(entry("e"), picture="p", mask="m", thumbnail="", patches=patches, schema="s")
    assert record.digests == ("p", "m", "s", "a", "b")
    assert dataclasses.replace(record, schema="").digests == ("p", "m", "a", "b")
    assert dataclasses.replace(job("j"), picture="p", mask="m", schema="s").digests == ("p", "m", "s")


def test_records_hold_no_key_and_no_path() -> None:
    names = {part.name for kind in (JobRecord, Entry) for part in dataclasses.fields(kind)}
    assert not [name for name in names if any(word in name for word in ("key", "path", "file", "secret", "token"))]
    assert BlendSettings() == entry("e").blend
