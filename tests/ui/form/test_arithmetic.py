"""Typed numbers: arithmetic that is exact for whole numbers and harmless for everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.form.arithmetic import evaluate


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("512*2", 1024), (" 1024 / 3 ", 1024 / 3), ("(64+8)*4", 288), ("0,5", 0.5), ("-3", -3), ("+3", 3), ("8/2", 4),
        ("2 × 3", 6), ("1e3", 1000.0), (".5", 0.5), ("1 000", 1000), ("007", 7), ("1.05", 1.05),
    ],
)  # fmt: skip
def test_arithmetic_is_worked_out(text: str, wanted: float) -> None:
    assert evaluate(text) == wanted
    assert type(evaluate(text)) is type(wanted)


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "1+", "2**9", "9**9**9", "1//2", "1/0", "__import__('os')", "[1]", "1 if 1 else 2", "True", "1j",
     "1e999", "1,2,3", "(" * 80 + "1" + ")" * 80, "9" * 101, "0x", "1;2", "lambda:1", "'1'"],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"not "):
        evaluate(text)


@given(st.integers())
def test_whole_numbers_of_any_length_stay_exact(number: int) -> None:
    assert evaluate(str(number)) == number
    assert evaluate(f"{number}*2/2") == number
