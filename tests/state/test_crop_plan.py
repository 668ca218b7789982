"""The regions that would be sent, known a moment after each step, and never from a half-finished one."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.core.endpoint import Binding, Endpoint, Field
from app.core.geometry import Box
from app.core.picture import Picture
from app.core.request import BlendSettings
from app.state.crop_plan import CropPlan
from app.state.document import Document
from app.state.parameters import Parameters
from app.state.planning import plan

CONTEXT = Field("context", "number", "Context", default=1.0)
ISLANDS = Endpoint("local/a", "A", "local", (CONTEXT,), Binding(crop="islands", context="context"))
ONE = Endpoint("fal-ai/b", "B", "fal", (), Binding(crop="one"))


class Slow(Executor):
    """Keeps work until it is told to do it."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Future[Any]]] = []

    def submit(self, work: Any, /, *_: Any, **__: Any) -> Future[Any]:
        done: Future[Any] = Future()
        self.waiting.append((work, done))
        return done

    def go(self) -> None:
        work, done = self.waiting.pop(0)
        done.set_result(work())


@pytest.fixture
def document() -> Document:
    made = Document()
    made.open(Picture(np.zeros((600, 800, 4), np.uint8)))
    return made


@pytest.fixture
def parameters() -> Parameters:
    return Parameters([ISLANDS, ONE])


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def dab(document: Document, x: int, y: int, radius: int = 5, value: int = 255) -> None:
    assert document.begin("Brush")
    document.paint((x, y), (x, y), radius, value)
    document.commit()


def test_regions_are_those_of_the_request(
    qtbot: QtBot, document: Document, parameters: Parameters, threads: ThreadPoolExecutor
) -> None:
    regions = CropPlan(document, parameters, threads)

    def agrees() -> bool:
        draft = (parameters.endpoint, parameters.backend, parameters.values, parameters.blend)
        assert document.picture is not None and document.mask is not None
        sent = plan(document.picture, document.mask.pixels, *draft)
        return regions.boxes == tuple(crop.box for crop in sent.crops)

    dab(document, 100, 100)
    dab(document, 700, 500)
    qtbot.waitUntil(lambda: len(regions.boxes) == 2 and agrees())
    parameters.set_blend(BlendSettings(grow=40))
    qtbot.waitUntil(agrees)
    parameters.set_value("context", 3.0)
    qtbot.waitUntil(agrees)
    parameters.choose("fal-ai/b")
    qtbot.waitUntil(lambda: len(regions.boxes) == 1 and agrees())
    document.undo()
    qtbot.waitUntil(agrees)
    document.clear()
    qtbot.waitUntil(lambda: regions.boxes == ())
    regions.close()


def test_the_crop_size_is_the_largest_regions(
    qtbot: QtBot, document: Document, parameters: Parameters, threads: ThreadPoolExecutor
) -> None:
    regions = CropPlan(document, parameters, threads)
    sizes = [regions.crop_size]
    dab(document, 100, 100, 4)
    dab(document, 700, 500, 90)
    qtbot.waitUntil(lambda: len(regions.boxes) == 2)
    sizes.append(regions.crop_size)
    largest = max(regions.boxes, key=lambda box: box.area)
    assert sizes == [None, (largest.width, largest.height)] and largest.width > 181
    regions.close()


def test_a_step_that_ends_meanwhile_is_read_again(qtbot: QtBot, document: Document, parameters: Parameters) -> None:
    slow = Slow()
    regions = CropPlan(document, parameters, slow)
    told: list[object] = []
    regions.boxes_changed.connect(told.append)
    dab(document, 100, 100)
    qtbot.waitUntil(lambda: len(slow.waiting) == 1)
    dab(document, 700, 500)
    slow.go()  # it saw both dabs, or one of them: it does not count
    qtbot.waitUntil(lambda: len(slow.waiting) == 1)
    assert told == []
    slow.go()
    qtbot.waitUntil(lambda: len(regions.boxes) == 2)
    assert len(told) == 1
    regions.close()


def test_one_at_a_time(qtbot: QtBot, document: Document, parameters: Parameters) -> None:
    slow = Slow()
    regions = CropPlan(document, parameters, slow)
    for x in (100, 200, 300):
        dab(document, x, 100)
        qtbot.wait(200)
    assert len(slow.waiting) == 1
    regions.close()


def test_a_stroke_under_way_does_not_count(
    qtbot: QtBot, document: Document, parameters: Parameters, threads: ThreadPoolExecutor
) -> None:
    regions = CropPlan(document, parameters, threads)
    dab(document, 100, 100)
    qtbot.waitUntil(lambda: len(regions.boxes) == 1)
    before = regions.boxes
    document.begin("Brush")
    document.paint((700, 500), (700, 500), 5, 255)
    parameters.set_blend(BlendSettings(grow=1))
    qtbot.waitUntil(lambda: regions.boxes != before)
    assert len(regions.boxes) == 1
    document.abandon()
    regions.close()


def test_another_picture_has_no_regions_yet(
    qtbot: QtBot, document: Document, parameters: Parameters, threads: ThreadPoolExecutor
) -> None:
    regions = CropPlan(document, parameters, threads)
    dab(document, 100, 100)
    qtbot.waitUntil(lambda: len(regions.boxes) == 1)
    document.open(Picture(np.zeros((50, 60, 4), np.uint8)))
    assert regions.boxes == ()
    dab(document, 10, 10)
    qtbot.waitUntil(lambda: regions.boxes == (Box(0, 0, 60, 50),))
    regions.close()


def test_after_closing_nothing_is_worked_out(qtbot: QtBot, document: Document, parameters: Parameters) -> None:
    slow = Slow()
    regions = CropPlan(document, parameters, slow)
    regions.close()
    dab(document, 100, 100)
    qtbot.wait(200)
    assert slow.waiting == []
