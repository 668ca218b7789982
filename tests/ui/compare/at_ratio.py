"""Run with QT_SCALE_FACTOR set: is the comparison exact at that pixel ratio? Exits with 1 when it is not."""

import os
import random
import sys

import numpy as np
from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QApplication

from app.core.geometry import Box
from app.ui.compare.panes import Mode
from app.ui.compare.stage import CompareStage
from tests.ui.compare.pictures import Seen, pair, seen
from tests.ui.compare.test_stage import expected


def wanted(stage: CompareStage, shown: Seen) -> Seen:
    """What should be seen: both panes by brute force, and as it is whatever lies between and over them."""
    made = shown.copy()
    ratio = stage.devicePixelRatioF()
    for pane in stage._panes():
        area, origin = pane.area, pane.origin
        whole = expected(stage, pane.side)
        rows, columns = slice(area.top(), area.bottom() + 1), slice(area.left(), area.right() + 1)
        made[rows, columns] = whole[
            area.top() - origin.y() : area.bottom() + 1 - origin.y(),
            area.left() - origin.x() : area.right() + 1 - origin.x(),
        ]
    label = round(34 * ratio)
    made[:label], made[-label:] = shown[:label], shown[-label:]
    made[:, :4], made[:, -4:] = shown[:, :4], shown[:, -4:]
    return made


def outside(differs: Seen, rects: list[QRect], ratio: float) -> bool:
    """Whether a changed pixel lies in none of the rectangles that were to be painted again."""
    left = differs.copy()
    for rect in rects:
        top, bottom = int(np.ceil(rect.top() * ratio)), int((rect.bottom() + 1) * ratio)
        left[max(0, top) : bottom, max(0, int(np.ceil(rect.left() * ratio))) : int((rect.right() + 1) * ratio)] = 0
    return bool(left.any())


class Watched(CompareStage):
    """Writes down what it was asked to paint again."""

    asked: list[QRect] | None = None

    def update(self, *where: object) -> None:
        if self.asked is not None:
            self.asked.append(where[0] if where and isinstance(where[0], QRect) else self.rect())
        super().update()


def main() -> int:
    """Try many views and divider positions."""
    app = QApplication([])
    stage = Watched()
    stage.resize(603, 401)
    stage.show_pictures(*pair(box=Box(0, 0, 64, 48)))
    stage.show()
    app.processEvents()
    ratio, dice = stage.devicePixelRatioF(), random.Random(4)
    assert ratio == float(os.environ["QT_SCALE_FACTOR"])
    for _ in range(25):
        stage.set_mode(dice.choice(list(Mode)))
        stage.set_divider(dice.random())
        stage.actual_size()
        stage.zoom(dice.randint(0, 9), QPointF(dice.uniform(0, 600), dice.uniform(0, 400)))
        stage.pan_by(QPointF(dice.uniform(-200, 200), dice.uniform(-200, 200)))
        before = seen(stage)
        if not np.array_equal(before, wanted(stage, before)):
            return 1
        stage.asked = []
        stage.set_divider(stage.divider + dice.uniform(-0.1, 0.1))
        if outside((before != seen(stage)).any(axis=2).astype(np.uint8), stage.asked, ratio):
            return 1
        stage.asked = None
    return 0


if __name__ == "__main__":
    sys.exit(main())
