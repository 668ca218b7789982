"""The one transform between widget and picture."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect

from app.core.geometry import Box
from app.ui.canvas.view import KEPT, LADDER, View

views = st.builds(
    View,
    size=st.tuples(st.integers(1, 12000), st.integers(1, 9000)),
    port=st.tuples(st.integers(40, 3000), st.integers(40, 2000)),
    ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    scale=st.sampled_from(LADDER),
    x=st.floats(-5000, 5000),
    y=st.floats(-5000, 5000),
)
points = st.builds(QPointF, st.floats(0, 1500), st.floats(0, 1000))


def test_ladder_rises_from_a_32nd_through_1_to_64() -> None:
    assert LADDER[0] == 1 / 32 and LADDER[-1] == 64 and 1.0 in LADDER
    assert all(low < high for low, high in itertools.pairwise(LADDER))


@given(views, points)
def test_there_and_back(view: View, point: QPointF) -> None:
    back = view.to_widget(view.to_picture(point))
    assert abs(back.x() - point.x()) < 1e-6 and abs(back.y() - point.y()) < 1e-6


@given(views, points, st.integers(-5, 5))
def test_zooming_keeps_the_place_under_the_pointer_within_a_device_pixel(
    view: View, point: QPointF, steps: int
) -> None:
    view = view.zoomed(view.scale)
    place = view.to_picture(point)
    zoomed = view.stepped(steps, point)
    unclamped = zoomed.to_widget(place)
    if _far_from_edges(zoomed):
        assert abs(unclamped.x() - point.x()) * view.ratio <= 1 + zoomed.scale / view.scale
        assert abs(unclamped.y() - point.y()) * view.ratio <= 1 + zoomed.scale / view.scale


def _far_from_edges(view: View) -> bool:
    rect = view.picture_rect
    kept = KEPT * view.ratio + 2
    inner = QRect(0, 0, *view.port)
    seen = rect.intersected(inner)
    return seen.width() > kept and seen.height() > kept


def test_zooming_out_and_in_again_comes_back_exactly() -> None:
    start = View((6000, 4000), (1600, 1000)).fit().stepped(4, QPointF(700, 400))
    there = start
    for _ in range(3):
        there = there.stepped(-1, QPointF(801, 503))
    for _ in range(3):
        there = there.stepped(1, QPointF(801, 503))
    assert there.scale == pytest.approx(start.scale)
    assert there.offset == start.offset


@given(views)
def test_zooming_in_from_anywhere_lands_on_100_percent(view: View) -> None:
    scales = {view.stepped(steps).scale for steps in range(-22, 23)}
    assert 1.0 in scales


@given(views)
def test_the_picture_cannot_be_lost(view: View) -> None:
    placed = view.panned(QPointF(1e6, -1e6))
    seen = placed.picture_rect.intersected(QRect(0, 0, *placed.port))
    wanted = [
        min(KEPT * view.ratio, side * placed.scale, port) - 1 for side, port in zip(view.size, view.port, strict=True)
    ]
    assert seen.width() >= wanted[0] - 1 and seen.height() >= wanted[1] - 1


@given(views)
def test_fit_shows_everything(view: View) -> None:
    fitted = view.fit()
    if fitted.scale < LADDER[-1]:
        assert QRect(0, 0, *view.port).adjusted(-2, -2, 2, 2).contains(fitted.picture_rect) or fitted.scale <= 1 / 32


def test_fit_enlarges_small_pictures_by_whole_numbers_and_keeps_a_margin() -> None:
    fitted = View((100, 80), (1000, 1000)).fit()
    assert fitted.scale == 9.0
    assert min(fitted.offset) >= 24


def test_fit_to_a_box_shows_it_in_the_middle() -> None:
    view = View((6000, 4000), (1000, 800)).fit_box(Box(1000, 1000, 1200, 1100))
    area = view.device_area(Box(1000, 1000, 1200, 1100))
    assert QRect(0, 0, 1000, 800).contains(area.toAlignedRect())
    assert abs(area.center().x() - 500) <= 1 and abs(area.center().y() - 400) <= 1
    assert view.scale == 4.0


def test_resizing_keeps_the_middle() -> None:
    view = View((6000, 4000), (1000, 800)).fit().zoomed(1.0)
    middle = view.to_picture(QPointF(500, 400))
    wider = view.resized((1400, 900), 1.0)
    again = wider.to_picture(QPointF(700, 450))
    assert abs(again.x() - middle.x()) <= 1 and abs(again.y() - middle.y()) <= 1


@given(views)
def test_columns_and_rows_are_those_under_the_device_pixels_centres(view: View) -> None:
    columns = view.columns(0, min(200, view.port[0]))
    for device in (0, 3, 39):
        place = view.to_picture(QPointF((device + 0.5) / view.ratio, 0)).x()
        assert columns[device] == np.clip(np.floor(round(place, 9)), 0, view.size[0] - 1)


@given(views, st.integers(0, 11000), st.integers(0, 8000), st.integers(1, 300), st.integers(1, 300))
def test_a_changed_boxs_rectangle_covers_it(view: View, x: int, y: int, width: int, height: int) -> None:
    box = Box(x, y, x + width, y + height)
    rect = view.to_device_rect(view.widget_rect(box))
    assert rect.contains(view.device_rect(box))


def test_pixels_beside_the_picture_are_none() -> None:
    view = View((10, 10), (100, 100)).fit()
    left, top = view.offset
    assert view.pixel_at(QPointF(left, top)) == (0, 0)
    assert view.pixel_at(QPointF(left - 1, top)) is None
    assert view.pixel_at(QPointF(left + 10 * view.scale, top)) is None
