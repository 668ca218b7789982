"""Text from elsewhere is shown letter by letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.plain_text import escaped, one_line, several_lines, shortened, tip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("two\nlines\r\n\tand  blanks ", "two lines and blanks"),
        ("\x1b[31mred\x00", "\\x1b[31mred\\x00"),
        ("a\u202eb\u2066c\u200bd", "a\\u202eb\\u2066c\\u200bd"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("<img src=x> & <b>", "<img src=x> & <b>"),
        ("größer – 写真 👩\u200d🎨", "größer – 写真 👩\u200d🎨"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text(max_size=800), st.integers(2, 300))
def test_one_line_is_short_and_hides_nothing(text: str, limit: int) -> None:
    shown = one_line(text, limit)
    assert len(shown) <= limit
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)


def test_a_long_text_says_that_it_is_cut() -> None:
    assert one_line("x" * 301) == "x" * 299 + "…"
    assert shortened("x" * 300, 300) == "x" * 300


def test_several_lines_keep_their_breaks() -> None:
    assert several_lines("a\r\nb\rc\td\x07") == "a\nb\nc\td\\x07"
    assert len(several_lines("x\n" * 50_000)) == 20_000


def test_a_tip_is_not_markup() -> None:
    assert tip("<b>&\nx") == "<qt>&lt;b&gt;&amp;<br>x</qt>"


def test_some_characters_may_be_kept() -> None:
    assert escaped("\t\x01", keep="\t") == "\t\\x01"
