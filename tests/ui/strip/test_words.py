"""What the strip says of results and jobs."""

from math import nan

import pytest

from app.ui.strip.words import (
    clamped,
    clock,
    entry_caption,
    entry_name,
    entry_tip,
    job_name,
    job_stage,
    minutes,
    short_name,
)
from tests.ui.strip.sources import NOON, AJob, AnEntry, today_at


@pytest.mark.parametrize(
    ("endpoint", "short"),
    [
        ("local/fill", "local/fill"),
        ("fal-ai/inpaint", "fal-ai/inpaint"),
        ("fal-ai/flux-general/inpainting", "flux-general/inpainting"),
        ("mine", "mine"),
        ("a/\x1b[31m\nb", "a/\\x1b[31m b"),
    ],
)
def test_an_endpoint_is_named_by_its_last_parts(endpoint: str, short: str) -> None:
    assert short_name(endpoint) == short


def test_a_result_is_named_for_those_who_hear_it() -> None:
    entry = AnEntry("x", created=today_at(12, 4))
    assert entry_name(entry, 3) == "Result 3, local fill, seed 5, 12:04"
    entry = AnEntry("x", backend="practice", seed=None, created=today_at(0, 0), starred=True, flags=("NSFW",))
    assert entry_name(entry, 1) == "Result 1, local fill, 00:00, practice, starred, NSFW"


def test_a_result_of_another_day_has_its_date() -> None:
    assert len(clock(NOON)) == len("2026-05-28 12:00")


def test_the_caption_and_the_tip_tell_what_made_it() -> None:
    entry = AnEntry("x", endpoint="fal-ai/fooocus/inpaint", backend="practice", cost=0.03, flags=("nsfw",))
    assert entry_caption(entry, 12) == "12 · fooocus/inpaint"
    lines = entry_tip(entry, 12).splitlines()
    assert lines[1:] == ["fal-ai/fooocus/inpaint, practice backend", "Seed 5, took 1.2 s", "Cost $0.03", "nsfw"]
    assert "Seed not told" in entry_tip(AnEntry("x", seed=None), 1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (59.9, "0:59"), (60, "1:00"), (754, "12:34"), (3600, "1:00:00"), (7325, "2:02:05"), (-3, "0:00")],
)
def test_durations(seconds: float, words: str) -> None:
    assert minutes(seconds) == words


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (AJob("j", state="sending"), "Sending"),
        (AJob("j", state="queued"), "Queued"),
        (AJob("j", state="queued", position=0), "Next in the queue"),
        (AJob("j", state="queued", position=3), "Queued, 3 ahead"),
        (AJob("j", fraction=0.4), "Filling 40 %"),
        (AJob("j", fraction=None, stage=""), "Running"),
        (AJob("j", fraction=17.0, stage="x"), "X 100 %"),
    ],
)
def test_where_a_job_stands(job: AJob, words: str) -> None:
    assert job_stage(job) == words


def test_a_job_is_named_with_its_time() -> None:
    assert job_name(AJob("j")) == "Running, Local fill, Filling 50 %, 0:12"


@pytest.mark.parametrize(("fraction", "sane"), [(nan, 0.0), (-1.0, 0.0), (2.0, 1.0), (0.3, 0.3)])
def test_a_provider_may_report_any_fraction(fraction: float, sane: float) -> None:
    assert clamped(fraction) == sane
