"""Regular expressions of unknown origin: what they refuse, and that none of them takes long."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.core.patterns import read_pattern


@pytest.mark.parametrize(
    ("source", "fits", "other"),
    [
        ("^[0-9]+$", "0123", "12a"),
        (r"^\d+x\d+$", "64x64", "64"),
        ("^#[0-9a-fA-F]{6}$", "#00ffAA", "#00ffA"),
        ("^(jpe?g|png)$", "jpg", "gif"),
        (r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", "00000000-0000-0000-0000-000000000000", "0"),
        (r"(?<year>\d{4})", "in 1999", "in 99"),
        ("cat", "a cat", "a dog"),
        (r"^https?://", "http://a", "ftp://a"),
        (r"^[^\]\[]+$", "ab", "a]"),
        ("^a{2}b{1,3}$", "aabb", "ab"),
    ],
)
def test_a_pattern_refuses_what_has_another_form(source: str, fits: str, other: str) -> None:
    pattern = read_pattern(source)
    assert pattern is not None
    assert not pattern.refuses(fits)
    assert pattern.refuses(other)
    assert read_pattern(pattern.expression.pattern) is not None


@pytest.mark.parametrize(
    "source",
    ["(", "[a-", r"\p{L}+", "*a", "(a+)+$", "(a|a)*b", "(a?){40}a{40}", "a" * 501, r"(a)\1", "(?:x+x+)+y", "(((a*)))*",
     "a?" * 30 + "a" * 30, "[[a]", "[a||b]", "(?x)(a+ #)\n)+$", "(a{1000}){1000}", "(.*a){20}", "(a|ab)(c|bcd){9}"],
)  # fmt: skip
def test_what_is_no_pattern_or_may_take_for_ever_is_left_out(source: str) -> None:
    assert read_pattern(source) is None


PIECES = st.sampled_from(
    ["a", "b", ".", r"\w", "[ab]", "(", "(?:", ")", "*", "+", "?", "{2,9}", "{3}", "{1,}", "|", "^", "$", "*?", r"\1"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(["a", "ab", "b", "aab"]))
@example("(a*)*b", "a")
@example("a" * 400 + "b", "a")
@example("a{3000}b", "a")
@example("a*a*a*a*a*a*c", "a")
@example("(a|b|ab)(a|b|ab)(a|b|ab)(a|b|ab)(a|b|ab)(a|b|ab)c", "ab")
def test_no_pattern_that_is_taken_is_slow(source: str, unit: str) -> None:
    pattern = read_pattern(source)
    if pattern is None:
        return
    for length in (20, 200, 2000, 20_000):
        text = unit * length + "!"
        started = time.thread_time()
        pattern.refuses(text)
        assert time.thread_time() - started < 0.25, (source, length, pattern.longest)


def test_a_text_that_is_too_long_for_a_pattern_is_not_looked_at() -> None:
    pattern = read_pattern("a+a+a+c$")
    assert pattern is not None and pattern.longest < 100
    assert pattern.refuses("b") and not pattern.refuses("b" * 1000)
