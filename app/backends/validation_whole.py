"""Faults that ``jsonschema`` finds in a body as a whole: which field each one is about, and what to say there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from app.backends.validation_words import OTHERWISE, first_of_branches, said, unknown_names
from app.core import sentences
from app.core.endpoint import FROM_CANVAS, MISSING, Endpoint
from app.core.values import implied

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Json = Any

_DEEPEST: Final = 6
_MOST_NAMED: Final = 5


def faults_of_whole(
    endpoint: Endpoint, known: Collection[str], error: ValidationError, sent: Mapping[str, Json]
) -> Iterator[tuple[str, str]]:
    """Top-level field and sentence for ``error`` of the whole body ``sent``; ``known`` are the schema's properties."""
    path = tuple(error.absolute_path)
    if path:
        yield str(path[0]), said(endpoint, str(path[0]), error, path[1:])
        return
    match error.validator:
        case "required":
            yield from dict.fromkeys(_missing(endpoint, known, error.validator_value, sent), sentences.NEEDED).items()
        case "additionalProperties":
            yield from dict.fromkeys(unknown_names(error), f"{endpoint.title} has no field of this name.").items()
        case "dependentRequired":
            yield from _missing_beside(endpoint, error.validator_value, sent)
        case "anyOf" | "oneOf" if error.context:
            yield from _of_branches(endpoint, known, error, sent)
        case _:
            yield from _of_several(endpoint, error, sent)


def _missing(
    endpoint: Endpoint, known: Collection[str], required: list[str], sent: Mapping[str, Json]
) -> Iterator[str]:
    """The required names that can be given and are not; what answers itself is put in where a body is made."""
    fields = {field.path: field for field in endpoint.fields}
    for name in required:
        there = name in fields or name in known
        if name not in sent and there and (name not in fields or implied(fields[name]) is MISSING):
            yield name


def _missing_beside(
    endpoint: Endpoint, needs: Mapping[str, list[str]], sent: Mapping[str, Json]
) -> Iterator[tuple[str, str]]:
    for name, needed in needs.items():
        for missing in needed if name in sent else ():
            if missing not in sent:
                yield missing, f"A value is needed here when “{_title(endpoint, name)}” is set."


def _of_branches(
    endpoint: Endpoint, known: Collection[str], error: ValidationError, sent: Mapping[str, Json]
) -> Iterator[tuple[str, str]]:
    """A body must fit one of several forms and fits none."""
    first = first_of_branches(error)
    inside = next((inner for inner in first if inner.relative_path), None)
    wanted = [name for inner in first if inner.validator == "required" for name in inner.validator_value]
    missing = [name for name in dict.fromkeys(wanted) if name not in sent and (name in known)]
    if inside is not None:
        yield from faults_of_whole(endpoint, known, inside, sent)
    elif len(missing) > 1:
        yield missing[0], f"One of these is needed: {_titles(endpoint, missing)}."
    elif missing:
        yield missing[0], sentences.NEEDED
    else:
        yield from _of_several(endpoint, error, sent)


def _of_several(endpoint: Endpoint, error: ValidationError, sent: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Values that do not go together; told beside the last of them, or beside the last that is set."""
    named = [name for name in dict.fromkeys(_mentioned(error.validator_value)) if name in sent]
    together = len(named) > 1 and error.validator in ("not", "oneOf")
    text = f"These do not go together: {_titles(endpoint, named)}." if together else OTHERWISE
    settable = [field.path for field in endpoint.fields if field.role not in FROM_CANVAS]
    place = [name for name in named or sent if name in settable] or settable
    if place:
        yield place[-1], text


def _mentioned(schema: Json, depth: int = 0) -> Iterator[str]:
    """The properties that a part of a schema speaks of."""
    if depth > _DEEPEST:
        return
    if isinstance(schema, list):
        for part in schema:
            yield from _mentioned(part, depth + 1)
    elif isinstance(schema, Mapping):
        yield from schema.get("required", ())
        yield from schema.get("properties", ())
        for key in ("allOf", "anyOf", "oneOf", "not", "if", "then", "else"):
            yield from _mentioned(schema.get(key), depth + 1)


def _titles(endpoint: Endpoint, names: list[str]) -> str:
    return ", ".join(_title(endpoint, name) for name in islice(names, _MOST_NAMED))


def _title(endpoint: Endpoint, name: str) -> str:
    return next((field.title for field in endpoint.fields if field.path == name), sentences.shown(name))
