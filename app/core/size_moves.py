"""Where an endpoint takes the size of its result, and a size written as that place takes it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.endpoint import Endpoint, Field
from app.core.fitting import Fit, fitted, lost
from app.core.keywords import snake_case
from app.core.sentences import shown
from app.core.sizes import Size, read_ratio, read_size, sides, spell_size, written_size

Json = Any
Proposed = tuple[tuple[str, int, int], ...]
"""Sizes by name: name, width, height in pixels."""


@dataclass(frozen=True)
class SizePlace:
    """No path, one field's, or those of the fields for width and height.

    ``written`` is set for a text such as "1024x768"; both numbers are then multiples of ``multiple``.
    """

    paths: tuple[str, ...] = ()
    written: str = ""
    multiple: int = 1
    proposed: Proposed = ()


def size_place(endpoint: Endpoint) -> SizePlace:
    """Where ``endpoint`` takes the size: by role, by two number fields, by a text that is a size, by a ratio."""
    field = endpoint.field_for("size")
    texts = dict(_size_texts(endpoint))
    if field is None and endpoint.binding.width and endpoint.binding.height:
        return SizePlace((endpoint.binding.width, endpoint.binding.height))
    if field is None:
        field = next((field for field in endpoint.fields if field.path in texts or _takes_ratio(field)), None)
    if field is None:
        numbers = {field.path for field in endpoint.fields if field.kind in ("integer", "number")}
        return SizePlace(("width", "height") if {"width", "height"} <= numbers else ())
    like = next((text for text in (field.default, *field.examples) if written_size(text)), "")
    written = (like or "1024x1024") if field.path in texts or like else ""
    return SizePlace((field.path,), written, texts.get(field.path, 1), endpoint.sizes)


def resized(field: Field, value: Json, place: SizePlace, names: Proposed = ()) -> Fit:
    """A size, however it is written, as ``field`` takes it; ``names`` are those that its old endpoint proposes."""
    size = read_size(value, names)
    if _is_open_text(field) and place.written:
        return _as_text(field, value, size, place)
    as_it_is = fitted(field, value)
    if as_it_is.how in ("same", "spelled") and not (_is_open_text(field) and size is not None):
        return as_it_is
    if field.enum and not sides(field):
        return _chosen(field, value, size, place.proposed)
    if size is None or (isinstance(value, Mapping) and sides(field)):
        return as_it_is
    if sides(field):
        fit = fitted(field, {"width": size[0], "height": size[1]})
        return replace(fit, how="spelled") if fit.how == "same" else fit
    return fitted(field, spell_size(size)) if field.kind == "string" else as_it_is


def pair_of(values: Iterable[Json]) -> Size | None:
    """Width and height from two values, None when either is no length in pixels."""
    width, height = values
    return read_size({"width": width, "height": height})


def _as_text(field: Field, value: Json, size: Size | None, place: SizePlace) -> Fit:
    if size is None:
        return lost("names no width and height")
    kept = (_to_multiple(size[0], place.multiple), _to_multiple(size[1], place.multiple))
    if kept == size and written_size(value) and ("*" in value) == ("*" in place.written):
        return fitted(field, value)
    fit = fitted(field, spell_size(kept, place.written))
    if fit.how == "lost":
        return fit
    return Fit(fit.value, "spelled" if kept == size else "clamped", "" if kept == size else _words(size, kept))


def _chosen(field: Field, value: Json, size: Size | None, proposed: Proposed) -> Fit:
    """The choice of exactly this size, else the one nearest in shape, of those the nearest in area."""
    said = f"{size[0]} × {size[1]}" if size else shown(value)
    shape = size[0] / size[1] if size else read_ratio(value)
    sized = [(choice, named) for choice in field.enum if (named := read_size(choice, proposed))]
    exact = next((choice for choice, named in sized if named == size), None)
    if exact is not None:
        return Fit(exact, "spelled")
    area = size[0] * size[1] if size else 0
    shapes = [(choice, named[0] / named[1], named[0] * named[1]) for choice, named in sized]
    shapes += [(choice, ratio, area) for choice in field.enum if (ratio := read_ratio(choice))]
    if not shapes or not shape:
        return lost(f"“{said}” cannot be chosen here")
    best = min(shapes, key=lambda one: (round(abs(math.log(one[1] / shape)), 3), abs(one[2] - area)))
    return Fit(best[0], "clamped", f"{said} → {best[0]}")


def _size_texts(endpoint: Endpoint) -> Iterable[tuple[str, int]]:
    """Text fields for a size "1024x768", with what its numbers are multiples of."""
    for field in endpoint.fields:
        if field.kind == "string" and not field.enum and field.role is None and written_size(field.default):
            yield field.path, 1
    for rule in endpoint.rules:
        if rule.get("rule") == "size_text" and isinstance(rule.get("field"), str):
            multiple = rule.get("multiple")
            yield rule["field"], multiple if isinstance(multiple, int) and multiple > 0 else 1


def _takes_ratio(field: Field) -> bool:
    return snake_case(field.path) in ("aspect_ratio", "ratio") and any(read_ratio(choice) for choice in field.enum)


def _is_open_text(field: Field) -> bool:
    return field.kind == "string" and not field.enum


def _to_multiple(side: int, multiple: int) -> int:
    return max(multiple, (2 * side + multiple) // (2 * multiple) * multiple)


def _words(before: Size, after: Size) -> str:
    return f"{before[0]} × {before[1]} → {after[0]} × {after[1]}"
