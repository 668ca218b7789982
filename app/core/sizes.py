"""Sizes of a result as endpoints write them: width and height, "1024x768", or a name for a size.

The names are fal's own (its toolkit's ``ImageSizeInput``); an endpoint may propose others.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.core.endpoint import Field
from app.core.keywords import is_number

Json = Any
Size = tuple[int, int]
"""Width and height in pixels."""

NAMED: Final[Mapping[str, Size]] = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
}
LONGEST_SIDE: Final = 100_000
_TEXT: Final = re.compile(r"\s*(\d{1,6})\s*([xX×*])\s*(\d{1,6})\s*")
_RATIO: Final = re.compile(r"\s*(\d{1,4}(?:\.\d{1,4})?)\s*:\s*(\d{1,4}(?:\.\d{1,4})?)\s*")


def read_size(value: Json, proposed: Iterable[tuple[str, int, int]] = ()) -> Size | None:
    """The size that ``value`` names, None when it names none ("auto", a ratio, something else)."""
    if isinstance(value, Mapping):
        return _whole(value.get("width"), value.get("height"))
    if not isinstance(value, str):
        return None
    if _TEXT.fullmatch(value) is not None:
        return written_size(value)
    named = {name: (width, height) for name, width, height in proposed}
    return named.get(value) or NAMED.get(value)


def written_size(value: Json) -> Size | None:
    """The size in a text such as "1024x768", "1024×768" or "1024*768"; None for any other value."""
    written = _TEXT.fullmatch(value) if isinstance(value, str) else None
    return _whole(int(written[1]), int(written[3])) if written is not None else None


def read_ratio(value: Json) -> float | None:
    """Width over height of a text such as "16:9", None for anything else."""
    written = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if written is None or not float(written[1]) or not float(written[2]):
        return None
    return float(written[1]) / float(written[2])


def spell_size(size: Size, like: Json = None) -> str:
    """``size`` as "1024x768", with the sign between the numbers that the text ``like`` has."""
    written = _TEXT.fullmatch(like) if isinstance(like, str) else None
    return f"{size[0]}{written[2] if written else 'x'}{size[1]}"


def sides(field: Field) -> tuple[Field, ...]:
    """The fields for width and height inside a size field, in this order; empty when it has no such two."""
    named = {child.name: child for child in field.children if child.kind in ("integer", "number")}
    return (named["width"], named["height"]) if {"width", "height"} <= named.keys() else ()


def _whole(width: Json, height: Json) -> Size | None:
    for side in (width, height):
        if not is_number(side) or not 1 <= side <= LONGEST_SIDE:
            return None
    return round(width), round(height)
