"""What will be sent: the drawn mask, grown as the blend says, cut into crops round its islands. Without Qt."""

import uuid
from collections.abc import Mapping
from typing import Any

from app.core.arrays import Pixels
from app.core.crop import context_boxes, cut, one_box
from app.core.endpoint import Endpoint
from app.core.errors import MaskError
from app.core.geometry import Box
from app.core.morphology import bounding_box, grown
from app.core.picture import Picture
from app.core.request import BlendSettings, Request
from app.core.values import body

NO_MASK = "Paint a mask first: what is painted will be filled."


def plan(
    picture: Picture, mask: Pixels, endpoint: Endpoint, backend: str, values: Mapping[str, Any], blend: BlendSettings
) -> Request:
    """The frozen request for ``mask`` (height, width, as drawn). Raises MaskError when nothing is masked."""
    sent = sent_mask(mask, blend.grow)
    boxes = crop_boxes(sent, endpoint, values)
    if not boxes:
        raise MaskError(NO_MASK)
    return Request(
        id=uuid.uuid4().hex,
        endpoint=endpoint,
        backend=backend,
        picture_size=(picture.width, picture.height),
        crops=cut(picture, sent, boxes),
        values=body(endpoint, values),
        seed=fixed_seed(endpoint, values),
        blend=blend,
    )


def crop_boxes(sent: Pixels, endpoint: Endpoint, values: Mapping[str, Any]) -> tuple[Box, ...]:
    """The regions that ``sent``, the mask (height, width) as it is sent, asks for; none when nothing is masked."""
    bounds = bounding_box(sent)
    if bounds is None:
        return ()
    factor = context_factor(endpoint, values)
    if endpoint.binding.crop == "islands":
        return context_boxes(sent, bounds, factor=factor)
    return (one_box(bounds, Box.of_size(int(sent.shape[1]), int(sent.shape[0])), factor=factor),)


def context_factor(endpoint: Endpoint, values: Mapping[str, Any]) -> float:
    """How much of its surroundings a crop takes, in mask sizes: what the endpoint's field says, else 1."""
    told = values.get(endpoint.binding.context, 1.0) if endpoint.binding.context else 1.0
    return float(told) if isinstance(told, int | float) else 1.0


def sent_mask(drawn: Pixels, radius: int) -> Pixels:
    """The mask that is sent and blended: ``drawn`` (height, width) grown by ``radius``; the same array at radius 0."""
    region = grown(drawn, radius) if radius else None
    if region is None:
        return drawn
    box, pixels = region
    mask = drawn.copy()
    mask[box.slices] = pixels
    return mask


def fixed_seed(endpoint: Endpoint, values: Mapping[str, Any]) -> int | None:
    """The seed among ``values``, whether the endpoint writes it as a number or as text; None when there is none."""
    field = endpoint.field_for("seed")
    text = str(values.get(field.path, "")) if field else ""
    return int(text) if text.isdecimal() else None
