"""Values that go from one endpoint to another: which fields of the target they fill, and the way back. Without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.carry import Carried, Move, carry
from app.core.endpoint import Endpoint, Field, Role
from app.state.settable import FROM_CANVAS, fitting, same, settable

Json = Any

_ALWAYS: Final[tuple[Role, ...]] = ("prompt", "negative_prompt", "seed", "size")
"""Roles whose value goes along to every endpoint, even to one that has its own."""

_STAYS: Final[tuple[Role, ...]] = ("prompt", "negative_prompt", "seed")
"""Roles that a preset leaves as they are unless it names them."""


@dataclass(frozen=True)
class Trip:
    """A draft before values came into it and after: what ``take_back`` needs. ``key`` names the endpoint's version."""

    key: str
    before: Mapping[str, Json]
    after: Mapping[str, Json]

    def undone(self, now: Mapping[str, Json]) -> dict[str, Json]:
        """``now`` without what came; a field that was changed since stays as it is."""
        values = dict(now)
        for path in self.before.keys() | self.after.keys():
            if _stands(now, self.after, path) and not _stands(self.before, self.after, path):
                values.pop(path, None)
                if path in self.before:
                    values[path] = self.before[path]
        return values


def switched(
    values: Mapping[str, Json], source: Endpoint, own: Mapping[str, Json], target: Endpoint, came: Mapping[str, Json]
) -> Carried:
    """What goes along when ``target`` is chosen in the place of ``source``; ``values`` are the source's.

    Prompts, seed and size always go along. Everything else fills only what is unset in ``own``, the target's values, or
    still is as it ``came`` with an earlier switch. What stands in the source only because it was carried there from the
    target's own value, clamped maybe, does not come back in the place of that.
    """
    everything = carry(values, source, target)
    back = carry(own, target, source).values
    origins = {move.target: move.path for move in everything.moves}
    origins.setdefault(target.binding.height, origins.get(target.binding.width, ""))  # a size names the first of two
    always = _paths(target, _ALWAYS)

    def gives_way(path: str) -> bool:
        if path not in own or (path in came and same(own[path], came[path])):
            return True
        origin = origins.get(path, "")
        returns = origin in back and _stands(back, values, origin)
        return path in always and not returns

    known = settable(target)
    taken = {path: value for path, value in everything.values.items() if path in known and gives_way(path)}
    after = {**own, **taken}
    moves = tuple(
        move for move in everything.moves if move.kind == "dropped" or _arrived(move, after, everything.values)
    )
    return Carried(taken, moves)


def updated(values: Mapping[str, Json], before: Endpoint, after: Endpoint) -> Carried:
    """The same endpoint's values under its new document: all of them, and what became of those whose field changed."""
    old = {field.path: field for field in before.fields}
    names = settable(after)
    stay = {field.path for field in after.fields if old.get(field.path) == field}
    kept = {path: value for path, value in values.items() if path in stay and path in names}
    moved = carry({path: value for path, value in values.items() if path not in stay}, before, after)
    arrived = {path: value for path, value in moved.values.items() if path in names and path not in kept}
    return Carried({**kept, **arrived}, moved.moves)


def put_on(values: Mapping[str, Json], target: Endpoint, own: Mapping[str, Json]) -> Carried:
    """``values`` that were made for ``target`` itself (a preset's, pasted ones), as its whole draft.

    They are taken as they are, fitting or not: the check complains. Prompts and seed of ``own`` stay where ``values``
    do not name them; everything else that is not named is left to its default. Unknown names and the files of picture
    and mask are dropped.
    """
    taken = fitting(target, values)
    fields = {field.path: field for field in target.fields}
    moves = [Move("kept", path, path, _title(fields, path), "") for path in taken]
    for path in values:
        if path not in taken:
            moves.append(Move("dropped", path, "", _title(fields, path), _why_not(fields.get(path))))
    return Carried({**_staying(own, target), **taken}, tuple(moves))


def put_over(values: Mapping[str, Json], source: Endpoint, target: Endpoint, own: Mapping[str, Json]) -> Carried:
    """Like ``put_on``, for values that were made for ``source``: they are mapped as in a switch.

    Of an endpoint that is not here ``source`` is a bare one: its names are understood by themselves.
    """
    carried = carry(values, source, target)
    known = settable(target)
    taken = {path: value for path, value in carried.values.items() if path in known}
    return Carried({**_staying(own, target), **taken}, carried.moves)


def _staying(own: Mapping[str, Json], target: Endpoint) -> dict[str, Json]:
    paths = _paths(target, _STAYS)
    return {path: value for path, value in own.items() if path in paths}


def _paths(endpoint: Endpoint, roles: tuple[Role, ...]) -> set[str]:
    """The fields of these roles, and those of width and height where the size has two."""
    sizes = {endpoint.binding.width, endpoint.binding.height} if "size" in roles else set()
    return {field.path for field in endpoint.fields if field.role in roles} | sizes - {""}


def _arrived(move: Move, after: Mapping[str, Json], sent: Mapping[str, Json]) -> bool:
    """Whether the target's draft holds what ``move`` brought."""
    return move.target not in sent or _stands(after, sent, move.target)


def _stands(one: Mapping[str, Json], other: Mapping[str, Json], path: str) -> bool:
    """Whether both have the same there, or nothing."""
    if path in one and path in other:
        return same(one[path], other[path])
    return path not in one and path not in other


def _title(fields: Mapping[str, Field], path: str) -> str:
    return fields[path].title if path in fields else path


def _why_not(field: Field | None) -> str:
    if field is not None and field.role in FROM_CANVAS:
        return "It is filled from the canvas."
    return "There is no such field."
