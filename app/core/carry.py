"""Values of one endpoint for another: what maps moves, and each value's fate is told.

A field of the other endpoint is looked for by role, then by the same name, then by the name written otherwise
(``negativePrompt``, ``negative_prompt``), then among the few names that mean the same everywhere. Sizes move between
width and height in one field, in two, "1024x768" and named sizes. Picture and mask never move: the canvas fills them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from app.core.endpoint import FROM_CANVAS, MISSING, Endpoint, Role
from app.core.fitting import Fit, fitted, wrong_with
from app.core.keywords import snake_case
from app.core.roles import NAMES
from app.core.rules import TYPE, TYPE_TITLE
from app.core.sentences import shown
from app.core.size_moves import SizePlace, pair_of, resized, size_place
from app.core.sizes import read_size

Json = Any
Kind = Literal["kept", "renamed", "clamped", "dropped"]

MOST_NAMED: Final = 4
"""Values of one kind that the summary names before it counts the others."""
_LONGEST: Final = 64
_BY_ROLE: Final[tuple[Role, ...]] = ("prompt", "negative_prompt", "seed", "count", "format", "strength")
_SYNONYMS: Final = (
    ("guidance_scale", "guidance", "cfg_scale", "cfg"),
    ("num_inference_steps", "steps", "num_steps", "inference_steps", "sampling_steps"),
    ("enable_safety_checker", "safety_checker"),
)
_MEANING: Final[Mapping[str, str]] = {name: group[0] for group in _SYNONYMS for name in group}
_ROLE_OF: Final[Mapping[str, Role]] = {name: role for role, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class Move:
    """What became of the value of the field ``path``: ``target`` is where it went, "" when it was dropped.

    ``text`` says it in words and opens with ``title``, the field's. A size that went into two fields names the first.
    """

    kind: Kind
    path: str
    target: str
    title: str
    text: str


@dataclass(frozen=True)
class Carried:
    """The values for the other endpoint, and one move for each value that there was, in its order."""

    values: Mapping[str, Json]
    moves: tuple[Move, ...] = ()


def carry(values: Mapping[str, Json], source: Endpoint, target: Endpoint) -> Carried:
    """``values``, set for ``source``, as ``target`` takes them.

    Each passes the check of its new field, except texts that are too long: those are kept whole for the user to
    shorten. A name that ``source`` does not have is understood by itself, as in values copied from elsewhere.
    """
    return _Carrying(values, source, target).carried()


def summary(moves: tuple[Move, ...]) -> str:
    """All moves in one line of bounded length; "" when there are none."""
    by_kind: dict[str, list[str]] = {"kept": [], "renamed": [], "clamped": [], "dropped": []}
    for move in moves:
        by_kind[move.kind].append(_brief(move))
    if not moves:
        return ""
    parts = []
    if by_kind["kept"]:
        remarks = [text for text in by_kind["kept"] if text]
        parts.append(f"kept {len(by_kind['kept'])}{f' ({_listed(remarks)})' if remarks else ''}")
    if by_kind["renamed"]:
        parts.append(f"renamed {len(by_kind['renamed'])} ({_listed(by_kind['renamed'])})")
    parts += [f"{kind} {_listed(by_kind[kind])}" for kind in ("clamped", "dropped") if by_kind[kind]]
    line = "; ".join(parts)
    return f"{line[0].upper()}{line[1:]}."


def _brief(move: Move) -> str:
    """What the summary says of a move; "" for one that is only counted."""
    said = move.text.removeprefix(move.title).removeprefix(": ")
    match move.kind:
        case "kept":
            text = f"{move.title} {said}" if said else ""
        case "renamed":
            text = said or f"{move.path} → {move.target}"
        case "clamped":
            text = f"{move.title} {said}"
        case "dropped":
            text = move.title
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _listed(texts: list[str]) -> str:
    more = len(texts) - MOST_NAMED
    return ", ".join(texts[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


class _Carrying:
    """One call of ``carry``: values that are not yet placed, fields that are not yet taken."""

    def __init__(self, values: Mapping[str, Json], source: Endpoint, target: Endpoint) -> None:
        self._values = values
        self._source = source
        self._target = target
        self._fields = {field.path: field for field in source.fields}
        self._theirs = {field.path: field for field in target.fields}
        self._left = dict.fromkeys(values)
        self._free = {field.path: field for field in target.fields if field.role not in FROM_CANVAS}
        self._placed: dict[str, Json] = {}
        self._moves: dict[str, Move] = {}

    def carried(self) -> Carried:
        self._leave()
        self._stay()
        for role in _BY_ROLE:
            for name in [name for name in self._left if self._role(name) == role]:
                self._try(name, self._target.binding.roles.get(role, ""))
        self._sizes()
        for spell in (str, snake_case, _meaning):
            free: dict[str, str] = {}
            for path in self._free:
                free.setdefault(spell(path), path)
            for name in list(self._left):
                self._try(name, free.get(spell(name), ""))
        for name in list(self._left):
            self._drop(name, "no such field here")
        order = {field.path: place for place, field in enumerate(self._target.fields)}
        placed = dict(sorted(self._placed.items(), key=lambda item: order.get(item[0], -1)))
        return Carried(MappingProxyType(placed), tuple(self._moves[name] for name in self._values))

    def _leave(self) -> None:
        """What is no value to move: the stated type of a checkpoint, picture and mask."""
        for name in list(self._left):
            if name == TYPE and self._source.id == self._target.id:
                self._place(name, TYPE, Fit(self._values[name]))
            elif name == TYPE:
                self._drop(name, "said of the other endpoint’s checkpoint")
            elif self._role(name) in FROM_CANVAS:
                self._drop(name, "comes from the canvas")

    def _stay(self) -> None:
        """Fields that are the same in every respect take any value that fits as it is."""
        for name in list(self._left):
            field = self._free.get(name)
            if field is not None and field == self._fields.get(name) and not wrong_with(field, self._values[name]):
                self._place(name, name, Fit(self._values[name]))

    def _sizes(self) -> None:
        here, there = size_place(self._source), size_place(self._target)
        if not here.paths:
            here = self._size_among_names()
        if not here.paths or not there.paths or not all(path in self._free for path in there.paths):
            return
        if len(here.paths) == len(there.paths):
            for name, path in zip(here.paths, there.paths, strict=True):
                self._resize(name, path, there)
        elif len(here.paths) == 2:
            self._join(here, there)
        elif here.paths[0] in self._left:
            self._split(here, there)

    def _size_among_names(self) -> SizePlace:
        """Where values that name no endpoint keep their size."""
        known = [name for name in self._left if _ROLE_OF.get(snake_case(name)) == "size"]
        if known:
            return SizePlace((known[0],))
        return SizePlace(("width", "height")) if {"width", "height"} <= self._left.keys() else SizePlace(())

    def _resize(self, name: str, path: str, there: SizePlace) -> None:
        if name not in self._left:
            return
        field = self._free[path]
        value = self._values[name]
        one_field = len(there.paths) == 1
        self._settle(
            name, path, resized(field, value, there, self._source.sizes) if one_field else fitted(field, value)
        )

    def _join(self, here: SizePlace, there: SizePlace) -> None:
        """Two fields into one; a side that was not set is the one that its field has then."""
        given = [name for name in here.paths if name in self._left]
        if not given:
            return
        size = pair_of([self._values.get(name, self._default(name)) for name in here.paths])
        path = there.paths[0]
        if size is None:
            for name in given:
                self._drop(name, "the other side is not known")
            return
        fit = resized(self._free[path], {"width": size[0], "height": size[1]}, there)
        for name in given:
            self._settle(name, path, fit)

    def _split(self, here: SizePlace, there: SizePlace) -> None:
        """One field into two."""
        name = here.paths[0]
        size = read_size(self._values[name], self._source.sizes)
        if size is None:
            self._drop(name, "names no width and height")
            return
        fits = [fitted(self._free[path], side) for path, side in zip(there.paths, size, strict=True)]
        if any(fit.how == "lost" for fit in fits):
            self._drop(name, next(fit.words for fit in fits if fit.how == "lost"))
            return
        words = f"{size[0]} × {size[1]} → {fits[0].value} × {fits[1].value}"
        clamped = any(fit.how == "clamped" for fit in fits)
        fit = Fit(fits[0].value, "clamped", words) if clamped else fits[0]
        self._place(name, there.paths[0], fit, " and ".join(there.paths))
        self._free.pop(there.paths[1])
        self._placed[there.paths[1]] = fits[1].value

    def _default(self, name: str) -> Json:
        field = self._fields.get(name)
        return field.default if field is not None else MISSING

    def _role(self, name: str) -> Role | None:
        field = self._fields.get(name)
        return field.role if field is not None else _ROLE_OF.get(snake_case(name))

    def _try(self, name: str, path: str) -> None:
        """Put a value into the free field ``path``, if there is one that takes the same kind of thing."""
        field = self._free.get(path)
        own = self._fields.get(name)
        if field is None or (own is not None and own.media != field.media):
            return
        self._settle(name, path, fitted(field, self._values[name], _most(self._target, path)))

    def _settle(self, name: str, path: str, fit: Fit) -> None:
        if fit.how == "lost":
            self._drop(name, fit.words)
        else:
            self._place(name, path, fit)

    def _place(self, name: str, path: str, fit: Fit, where: str = "") -> None:
        self._free.pop(path, None)
        self._placed[path] = fit.value
        kind: Kind = "clamped" if fit.how == "clamped" else "renamed" if name != path or where else "kept"
        renamed = f"{name} → {where or path}" if name != path or where else ""
        self._report(kind, name, path, "; ".join(part for part in (renamed, fit.words) if part))

    def _drop(self, name: str, words: str) -> None:
        self._report("dropped", name, "", words)

    def _report(self, kind: Kind, name: str, target: str, words: str) -> None:
        del self._left[name]
        field = self._fields.get(name) or self._theirs.get(target)
        title = TYPE_TITLE if name == TYPE else field.title if field is not None else shown(name)
        self._moves[name] = Move(kind, name, target, title, f"{title}: {words}" if words else title)


def _meaning(name: str) -> str:
    """One name for all that mean the same."""
    spelled = snake_case(name)
    return _MEANING.get(spelled, spelled)


def _most(endpoint: Endpoint, path: str) -> int | None:
    """The most entries that the endpoint's rules allow in a list."""
    return min(_limits(endpoint, path), default=None)


def _limits(endpoint: Endpoint, path: str) -> Iterator[int]:
    for rule in endpoint.rules:
        count = rule.get("count")
        if (
            rule.get("rule") == "at_most"
            and rule.get("field") == path
            and isinstance(count, int)
            and not rule.get("types")
        ):
            yield max(count, 0)
