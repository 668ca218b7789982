"""Values that come into a draft from a preset, the clipboard or an endpoint's new document, and back. Without Qt."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.core.carry import Carried, Move, carry
from app.core.endpoint import FROM_CANVAS, Endpoint, Field, Role
from app.core.request import BlendSettings
from app.state.settable import fitting, paths_of, settable, stands

Json = Any

_STAYS: Final[tuple[Role, ...]] = ("prompt", "negative_prompt", "seed")
"""Roles that a preset leaves as they are unless it names them."""


@dataclass(frozen=True)
class Trip:
    """A draft before values came into it and after: what ``take_back`` needs. ``key`` names the endpoint's version.

    ``blends`` are the blend before and after, where that came along.
    """

    key: str
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    blends: tuple[BlendSettings, BlendSettings] | None = None

    def undone(self, now: Mapping[str, Json]) -> dict[str, Json]:
        """``now`` without what came; a field that was changed since stays as it is."""
        values = dict(now)
        for path in self.before.keys() | self.after.keys():
            if stands(now, self.after, path) and not stands(self.before, self.after, path):
                values.pop(path, None)
                if path in self.before:
                    values[path] = self.before[path]
        return values


def updated(values: Mapping[str, Json], before: Endpoint, after: Endpoint) -> Carried:
    """The same endpoint's values under its new document: all of them, and what became of those whose field changed."""
    old = {field.path: field for field in before.fields}
    names = settable(after)
    stay = {field.path for field in after.fields if old.get(field.path) == field}
    kept = {path: value for path, value in values.items() if path in stay and path in names}
    moved = carry({path: value for path, value in values.items() if path not in stay}, before, after)
    arrived = {path: value for path, value in moved.values.items() if path in names and path not in kept}
    return Carried({**kept, **arrived}, moved.moves)


def remapped(
    values: dict[str, dict[str, Json]], before: Sequence[Endpoint], after: Sequence[Endpoint]
) -> dict[str, Carried]:
    """Bring the drafts in ``values`` (by key) from one list of endpoints to the next; the report of each that moved.

    The draft of an endpoint that is not in the next list stays: it may come again.
    """
    old = {one.id: one for one in before}
    reports: dict[str, Carried] = {}
    for one in after:
        own, known = values.get(one.key, {}), old.get(one.id)
        if known is None:
            values[one.key] = fitting(one, own)
        elif own and known != one:
            reports[one.id] = updated(own, known, one)
            values[one.key] = copy.deepcopy(dict(reports[one.id].values))
    return reports


def put_on(values: Mapping[str, Json], target: Endpoint, own: Mapping[str, Json]) -> Carried:
    """``values`` that were made for ``target`` itself (a preset's, pasted ones), as its whole draft.

    They are taken as they are, fitting or not: the check complains. Prompts and seed of ``own`` stay where ``values``
    do not name them; everything else that is not named is left to its default. A name that ``target`` does not have is
    understood by itself (``negativePrompt``), and dropped with the files of picture and mask where that fails.
    """
    taken = fitting(target, values)
    fields = {field.path: field for field in target.fields}
    strange = {path: value for path, value in values.items() if path not in fields and path not in taken}
    free = tuple(field for field in target.fields if field.path not in taken)
    found = carry(strange, Endpoint("", "", "", ()), replace(target, fields=free))
    said = {move.path: move for move in found.moves}
    moves = tuple(said.get(path) or _put(path, fields.get(path), path in taken) for path in values)
    return Carried({**_staying(own, target), **taken, **found.values}, moves)


def put_over(values: Mapping[str, Json], source: Endpoint, target: Endpoint, own: Mapping[str, Json]) -> Carried:
    """Like ``put_on``, for values that were made for ``source``: they are mapped as in a switch.

    Of an endpoint that is not here ``source`` is a bare one: its names are understood by themselves.
    """
    carried = carry(values, source, target)
    known = settable(target)
    taken = {path: value for path, value in carried.values.items() if path in known}
    return Carried({**_staying(own, target), **taken}, carried.moves)


def _staying(own: Mapping[str, Json], target: Endpoint) -> dict[str, Json]:
    paths = paths_of(target, _STAYS)
    return {path: value for path, value in own.items() if path in paths}


def _put(path: str, field: Field | None, taken: bool) -> Move:
    """What became of a value that was put on by its own name."""
    title = field.title if field is not None else path
    if taken:
        return Move("kept", path, path, title, title)
    why = "comes from the canvas" if field is not None and field.role in FROM_CANVAS else "no such field here"
    return Move("dropped", path, "", title, f"{title}: {why}")
