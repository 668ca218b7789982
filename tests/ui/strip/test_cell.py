"""How a job's cell says where it stands."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics, QGuiApplication

from app.ui.strip.cell import caption_font, ring_arc, two_lines
from tests.ui.strip.sources import AJob


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=30), max_size=8), st.integers(20, 120))
def test_words_take_two_lines_at_most_and_fit(qapp: QGuiApplication, parts: list[str], width: int) -> None:
    metrics = QFontMetrics(caption_font())
    words = " ".join(parts)
    lines = two_lines(words, metrics, width)
    assert len(lines) <= 2
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)
    if not any("…" in line for line in lines):
        assert " ".join(lines) == words


@pytest.mark.parametrize(
    ("job", "arc"),
    [
        (AJob("j", fraction=0.25), (90.0, -90.0)),
        (AJob("j", fraction=1.5), (90.0, -360.0)),
        (AJob("j", state="queued", fraction=0.5), (90.0, 0.0)),
        (AJob("j", fraction=None), (90.0, -90.0)),
        (AJob("j", fraction=nan), (90.0, -90.0)),
    ],
)
def test_the_ring_shows_how_far_it_is(job: AJob, arc: tuple[float, float]) -> None:
    assert ring_arc(job, 0.0) == arc


def test_the_ring_turns_while_nobody_can_say() -> None:
    job = AJob("j", fraction=None)
    assert ring_arc(job, 0.3)[0] != ring_arc(job, 0.6)[0]
