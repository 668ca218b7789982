"""The live sheet follows mask and values while it is watched, and rests while it is not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.core.endpoint import Binding, Endpoint, Field
from app.core.picture import Picture
from app.core.request import BlendSettings
from app.state.document import Document
from app.state.history import History
from app.state.parameters import Parameters
from app.state.planning import NO_MASK
from app.state.sending import SendingSheet
from app.state.sending_live import LiveSheet
from app.store.history import HistoryStore

PROMPT, STEPS = Field("prompt", "string", "Prompt"), Field("steps", "integer", "Steps", maximum=9)
ENDPOINT = Endpoint("fal-ai/b", "B", "fal", (PROMPT, STEPS), Binding(crop="one", results="images[].url"))
OTHER = Endpoint("fal-ai/c", "C", "fal", (PROMPT,), Binding(crop="one", results="images[].url"))


class Desk:
    """What a live sheet watches, and what it gave."""

    def __init__(self, folder: Path) -> None:
        self.executor = ThreadPoolExecutor(1)
        self.document = Document()
        self.parameters = Parameters([ENDPOINT, OTHER])
        self.store = HistoryStore(folder)
        self.history = History(self.store, self.executor)
        self.live = LiveSheet(self.document, self.parameters, self.history, self.executor)
        self.sheets: list[SendingSheet] = []
        self.live.changed.connect(self.sheets.append)

    def open(self, size: int = 400) -> None:
        self.document.open(Picture(np.zeros((size, size, 4), np.uint8)))

    def dab(self, x: int, y: int) -> None:
        assert self.document.begin("Brush")
        self.document.paint((x, y), (x, y), 5, 255)
        self.document.commit()

    @property
    def last(self) -> SendingSheet:
        return self.sheets[-1]


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.live.watch(False)
    made.executor.shutdown()
    made.store.close()


def test_nothing_is_made_until_somebody_looks(desk: Desk, qtbot: QtBot) -> None:
    desk.open()
    desk.dab(100, 100)
    qtbot.wait(250)
    assert desk.sheets == []
    desk.live.watch(True)
    qtbot.waitUntil(lambda: len(desk.sheets) == 1)
    desk.live.watch(False)
    desk.dab(200, 100)
    qtbot.wait(250)
    assert len(desk.sheets) == 1


def test_it_follows_mask_values_blend_endpoint_and_backend(desk: Desk, qtbot: QtBot) -> None:
    desk.live.watch(True)
    qtbot.waitUntil(lambda: bool(desk.sheets) and not desk.last.crops)
    desk.open()
    qtbot.waitUntil(lambda: desk.last.lacking == NO_MASK)
    desk.dab(100, 100)
    qtbot.waitUntil(lambda: len(desk.last.crops) == 1)
    painted = desk.last.crops[0].mask_pixels
    desk.parameters.set_blend(BlendSettings(grow=3))
    qtbot.waitUntil(lambda: desk.last.crops[0].mask_pixels > painted)
    desk.parameters.set_value("prompt", "a cat")
    qtbot.waitUntil(lambda: desk.last.body.get("prompt") == "a cat")
    desk.parameters.set_value("steps", 99)
    qtbot.waitUntil(lambda: "steps" in desk.last.faults)
    desk.parameters.choose_backend("practice")
    qtbot.waitUntil(lambda: desk.last.price.amount == 0)
    desk.parameters.choose("fal-ai/c")
    qtbot.waitUntil(lambda: desk.last.draft.endpoint is OTHER)
    desk.document.undo()
    qtbot.waitUntil(lambda: desk.last.crops == ())


def test_strokes_are_never_refused_for_it(desk: Desk, qtbot: QtBot) -> None:
    desk.open(2000)
    desk.dab(100, 100)
    desk.live.watch(True)
    for x in range(200, 1800, 100):
        desk.dab(x, 1000)  # asserts that the stroke could begin
        qtbot.wait(5)
    qtbot.waitUntil(lambda: bool(desk.sheets) and desk.last.crops[0].mask_pixels == int((desk_mask(desk) > 0).sum()))


def desk_mask(desk: Desk) -> np.ndarray:
    assert desk.document.mask is not None
    return desk.document.mask.pixels


def test_what_is_packed_is_packed_once_as_long_as_the_pixels_stay(desk: Desk, qtbot: QtBot) -> None:
    desk.open()
    desk.dab(100, 100)
    busy: list[bool] = []
    desk.live.working.connect(busy.append)
    desk.live.watch(True)
    qtbot.waitUntil(lambda: len(desk.sheets) == 1)
    assert busy == [True, False]
    first = desk.last.crops[0]
    desk.parameters.set_value("prompt", "a bench")
    qtbot.waitUntil(lambda: desk.last.body.get("prompt") == "a bench")
    again = desk.last.crops[0]
    assert again.files is first.files and again.size > first.size
    desk.parameters.set_blend(BlendSettings(grow=3))
    qtbot.waitUntil(lambda: desk.last.draft.blend.grow == 3)
    grown = desk.last.crops[0]
    assert grown.files is not first.files and grown.mask_pixels > first.mask_pixels
    desk.dab(300, 300)
    qtbot.waitUntil(lambda: desk.last.crops[0].box != grown.box)
    desk.document.undo()
    qtbot.waitUntil(lambda: desk.last.crops[0].mask_pixels == grown.mask_pixels)
    assert desk.last.crops[0].files.mask == grown.files.mask
    desk.parameters.choose("fal-ai/c")
    qtbot.waitUntil(lambda: desk.last.draft.endpoint.id == "fal-ai/c")
    assert desk.last.crops[0].files.polarity == "white"
    desk.live.watch(False)
