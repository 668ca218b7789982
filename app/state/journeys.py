"""Values that go along when another endpoint is chosen, and where each of them came from. Without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.carry import Carried, Move, carry
from app.core.endpoint import Endpoint, Role
from app.state.settable import paths_of, same, settable, stands

Json = Any
Stop = tuple[str, str, Json]
"""An endpoint's key, a field of it, and the value that stood there."""

_ALWAYS: Final[tuple[Role, ...]] = ("prompt", "negative_prompt", "seed", "size")
"""Roles whose value goes along to every endpoint, even to one that has its own."""


@dataclass(frozen=True)
class _Came:
    """A value that was not set where it stands; ``trail`` is where it stood before, each place once."""

    value: Json
    trail: tuple[Stop, ...]


class Journeys:
    """Remembers, as long as a picture is worked on, which values came along and were not touched since."""

    def __init__(self) -> None:
        self._came: dict[str, dict[str, _Came]] = {}
        self._left: dict[Role, tuple[Endpoint, tuple[Stop, ...]]] = {}
        """Where there last was a field for a role: the endpoint, and its value's trail from there on."""

    def switch(
        self, values: Mapping[str, Json], source: Endpoint, own: Mapping[str, Json], target: Endpoint
    ) -> Carried:
        """What goes along when ``target``, which has the values ``own``, is chosen in the place of ``source``.

        Prompts, seed and size always go along. Everything else fills only what is unset, or still is as it came with an
        earlier switch. What stands in the source only because it was carried there from the target's own value, clamped
        maybe, or by way of a third endpoint, does not come back in the place of that.
        """
        self._leave_behind(values, source)
        everything = carry(values, source, target)
        origins = _origins(everything, target)
        at_home = self._from_there(values, source, own, target)
        came = self._came.setdefault(target.key, {})
        always = paths_of(target, _ALWAYS)

        def gives_way(path: str) -> bool:
            found = origins.get(path, ())
            if found and all(origin in at_home for origin in found):
                return False
            return path not in own or path in always or (path in came and same(own[path], came[path].value))

        known = settable(target)
        taken = {path: value for path, value in everything.values.items() if path in known and gives_way(path)}
        for path, value in taken.items():
            trails = (self._trail(source, origin, values) for origin in origins.get(path, ()))
            stops = {stop[:2]: stop for trail in trails for stop in reversed(trail)}  # of each place the latest
            came[path] = _Came(value, tuple(stops.values()))
        after = {**own, **taken}
        moves = tuple(move for move in everything.moves if _arrived(move, after, everything.values))
        picked = self._picked_up(source, target, {**own, **taken})
        return Carried({**taken, **picked.values}, (*moves, *picked.moves))

    def _leave_behind(self, values: Mapping[str, Json], source: Endpoint) -> None:
        """Remember prompts, seed and size of ``source`` for when an endpoint without a field for them follows."""
        for role in _ALWAYS:
            path = source.binding.roles.get(role)
            if path is not None and path in values:
                self._left[role] = (source, self._trail(source, path, values))
            elif path is not None:
                self._left.pop(role, None)

    def _picked_up(self, source: Endpoint, target: Endpoint, after: Mapping[str, Json]) -> Carried:
        """What was left behind because ``source`` has no field for it, where ``target`` has one that is unset."""
        found: dict[str, Json] = {}
        moves: list[Move] = []
        known, came = settable(target), self._came.setdefault(target.key, {})
        for role, (origin, trail) in self._left.items():
            if role in source.binding.roles or origin.key == target.key:
                continue
            _, path, value = trail[0]
            carried = carry({path: value}, origin, target)
            if carried.values.keys() <= known and not carried.values.keys() & (after.keys() | found.keys()):
                found |= carried.values
                came |= {field: _Came(brought, trail) for field, brought in carried.values.items()}
                moves += [move for move in carried.moves if move.kind != "dropped"]
        return Carried(found, tuple(moves))

    def _from_there(
        self, values: Mapping[str, Json], source: Endpoint, own: Mapping[str, Json], target: Endpoint
    ) -> set[str]:
        """The fields of ``source`` whose value is what ``target``'s own value is there, or became on its way there."""
        back = carry(own, target, source).values
        found = {path for path in back if stands(back, values, path)}
        for path in values:
            for key, field, value in self._trail(source, path, values)[1:]:
                if key == target.key and stands(own, {field: value}, field):
                    found.add(path)
        return found

    def _trail(self, source: Endpoint, path: str, values: Mapping[str, Json]) -> tuple[Stop, ...]:
        """Where the value of ``path`` stands and, unless it was touched, where it stood before."""
        came = self._came.get(source.key, {}).get(path)
        before = came.trail if came is not None and stands(values, {path: came.value}, path) else ()
        return ((source.key, path, values.get(path)), *before)


def _origins(carried: Carried, target: Endpoint) -> dict[str, tuple[str, ...]]:
    """Field of the target -> the fields of the source that its value is made of."""
    origins: dict[str, tuple[str, ...]] = {}
    for move in carried.moves:
        if move.target:
            origins[move.target] = (*origins.get(move.target, ()), move.path)
    width, height = target.binding.width, target.binding.height
    if height in carried.values and height not in origins:
        origins[height] = origins.get(width, ())  # a size that went into two fields names the first
    return origins


def _arrived(move: Move, after: Mapping[str, Json], sent: Mapping[str, Json]) -> bool:
    """Whether the target's draft holds what ``move`` brought, or nothing could be brought."""
    return move.kind == "dropped" or move.target not in sent or stands(after, sent, move.target)
