"""Numbers keep to the schema's step and ends; seeds of any length stay exact and can be used again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, Field
from app.core.values import fault
from app.ui.form.choose import editor_for
from app.ui.form.context import NOTHING, Context
from app.ui.form.face import Editor
from app.ui.form.slider import scale_of

Json = Any
Maker = Callable[..., tuple[Editor, QLineEdit]]


@pytest.fixture
def made(qtbot: QtBot) -> Maker:
    """Make a field's editor; it comes with its box."""
    holders: list[QWidget] = []

    def maker(field: Field, context: Context = NOTHING) -> tuple[Editor, QLineEdit]:
        holder = QWidget()
        qtbot.addWidget(holder)
        holders.append(holder)
        editor = editor_for(field, holder, context)
        box = editor.findChild(QLineEdit)
        assert isinstance(box, QLineEdit)
        return editor, box

    return maker


def test_a_step_of_a_ten_thousandth_is_kept(made: Maker) -> None:
    editor, box = made(Field("x", "number", "X", minimum=0, maximum=1, step=0.0001, default=0.5))
    QTest.keyClicks(box, "0.1234")
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert editor.value() == 0.1235 and box.text() == "0.1235"
    box.clear()
    QTest.keyClicks(box, "0.0000")
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert box.text() == "0.0001"


@pytest.mark.parametrize("number", [196619188014358660, 2**53 + 1, 2**63, 10**30])
def test_long_whole_numbers_stay_exact(number: int, made: Maker) -> None:
    for role in ("seed", None):
        editor, box = made(Field("x", "integer", "X", role=role))
        QTest.keyClicks(box, str(number))
        assert editor.value() == number
        QTest.keyClick(box, Qt.Key.Key_Up)
        assert editor.value() == number + 1


def test_ends_that_do_not_belong_are_never_offered(made: Maker) -> None:
    field = Field("x", "number", "X", exclusive_minimum=0, exclusive_maximum=1)
    editor, box = made(field)
    slider = editor.findChild(QSlider)
    assert isinstance(slider, QSlider)
    for end in (slider.minimum(), slider.maximum()):
        slider.setValue(slider.maximum() - end + slider.minimum())
        slider.setValue(end)
        assert fault(field, editor.value()) == "", editor.value()
    for key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        for _ in range(30):
            QTest.keyClick(box, key)
        assert fault(field, editor.value()) == "", editor.value()


def test_an_open_end_beside_a_closed_one_counts() -> None:
    scale = scale_of(Field("x", "integer", "X", minimum=0, exclusive_minimum=0, maximum=10, exclusive_maximum=10))
    assert scale is not None and (scale.number(0), scale.number(scale.last)) == (1, 9)


def test_multiples_count_from_zero_where_the_range_says_so() -> None:
    eights = scale_of(Field("x", "integer", "X", minimum=1, maximum=2048, step=8))
    assert eights is not None and [eights.number(place) for place in (0, 1, eights.last)] == [8, 16, 2048]
    odd = scale_of(Field("x", "integer", "X", minimum=1, maximum=9, step=2))
    assert odd is not None and [odd.number(place) for place in (0, 1, odd.last)] == [1, 3, 9]


def test_a_wide_range_is_set_in_proportion() -> None:
    scale = scale_of(Field("x", "integer", "X", minimum=0, maximum=1_000_000))
    assert scale is not None
    numbers = [scale.number(place) for place in range(scale.last + 1)]
    assert numbers[0] == 0 and numbers[-1] == 1_000_000 and numbers == sorted(numbers)
    assert numbers[scale.last // 2] < 2_000
    assert scale_of(Field("x", "integer", "X", minimum=0, maximum=2**32 - 1)) is None


@given(
    st.integers(-1000, 1000),
    st.integers(1, 500_000),
    st.sampled_from([None, 1, 2, 8, 0.5, 0.01, 0.0001]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_every_position_fits_the_field(
    low: int, width: int, step: float | None, whole: bool, above: bool, below: bool
) -> None:
    step = max(1, round(step)) if whole and step else step
    high = low + max(1, round(width / (step or 1))) * (step or 1)
    field = Field(
        "x",
        "integer" if whole else "number",
        "X",
        minimum=None if above else low,
        exclusive_minimum=low if above else None,
        maximum=None if below else high,
        exclusive_maximum=high if below else None,
        step=step,
    )
    scale = scale_of(field)
    if scale is None:
        return
    for place in {0, 1, scale.last // 3, scale.last // 2, scale.last - 1, scale.last}:
        number = scale.number(place)
        assert fault(field, number) == "", (field, place, number)
    assert scale.position(scale.number(0)) == 0 and scale.position(scale.number(scale.last)) == scale.last


def test_the_last_seed_is_used_again(made: Maker, qtbot: QtBot) -> None:
    seeds: list[int | None] = [None]
    context = replace(NOTHING, last_seed=lambda: seeds[0])
    editor, box = made(Field("seed", "integer", "Seed", role="seed"), context)
    last = next(one for one in editor.findChildren(QAbstractButton) if "last" in one.accessibleName())
    assert not last.isEnabled() and "No result yet" in last.toolTip()
    seeds[0] = 196619188014358660
    box.setFocus()
    editor.use(context)
    assert last.isEnabled() and "196619188014358660" in last.toolTip()
    with qtbot.waitSignal(editor.changed):
        QTest.mouseClick(last, Qt.MouseButton.LeftButton)
    assert editor.value() == 196619188014358660
    lock = next(one for one in editor.findChildren(QAbstractButton) if one.accessibleName().endswith("keep"))
    assert lock.isChecked()
    QTest.mouseClick(lock, Qt.MouseButton.LeftButton)
    assert editor.value() is MISSING
