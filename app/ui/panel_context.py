"""What the panel's form is told by the window: earlier prompts, the last seed, the crop, and how the canvas looks."""

from typing import Final

import cv2
import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from app.core.arrays import Pixels
from app.core.endpoint import Role
from app.core.geometry import Box
from app.state.crop_plan import CropPlan
from app.state.document import Document
from app.state.parameters import Parameters
from app.ui.form.context import Attachments, Context

REST_MS: Final = 250
"""How long the canvas must rest before it is drawn small: longer than the crop plan takes, so both agree."""


class PanelContext(QObject):
    """Answers for the form; ``canvas_changed`` when picture, mask or crop look different."""

    canvas_changed = Signal()

    def __init__(
        self, document: Document, parameters: Parameters, plan: CropPlan, attachments: Attachments | None = None
    ) -> None:
        super().__init__()
        self._document, self._parameters, self._plan = document, parameters, plan
        self.context = Context(
            prompts=parameters.prompts,
            last_seed=lambda: parameters.last_seed,
            crop_size=lambda: plan.crop_size,
            canvas=self.thumbnail,
            attachments=attachments,
        )
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.canvas_changed)
        for signal in (document.opened, document.undo_changed, plan.boxes_changed):
            signal.connect(lambda *_: self._rest.start())

    def thumbnail(self, role: Role, side: int) -> QImage | None:
        """Picture or mask of the crop that would be sent, the whole of it without a mask; ``side`` pixels at most."""
        document = self._document
        if document.picture is None or document.mask is None:
            return None
        boxes = self._plan.boxes
        box = max(boxes, key=lambda one: one.area) if boxes else document.picture.box
        if role == "picture":
            return _image(_small(document.picture.pixels, box, side))
        if role == "mask" and boxes:
            sent = _small(document.mask.pixels, box, side)
            black = self._parameters.endpoint.binding.polarity == "black"
            return _image(255 - sent if black else sent)
        return None


def _small(pixels: Pixels, box: Box, side: int) -> Pixels:
    """The box of ``pixels`` with at most ``side`` pixels each way; rows are skipped first, so its size costs little."""
    region = pixels[box.slices]
    step = max(1, max(region.shape[:2]) // (side * 4))
    region = np.ascontiguousarray(region[::step, ::step])
    scale = min(1.0, side / max(region.shape[:2]))
    size = (max(1, round(region.shape[1] * scale)), max(1, round(region.shape[0] * scale)))
    return np.asarray(cv2.resize(region, size, interpolation=cv2.INTER_AREA), np.uint8)


def _image(pixels: Pixels) -> QImage:
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_ARGB32
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()
