"""What changed between two versions of an endpoint, in words: for whoever refreshes one and has values kept for it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.core.endpoint import MISSING, ROLES, Binding, Endpoint, Field, Role
from app.core.fitting import shown
from app.core.sentences import spell

Json = Any

ChangeKind = Literal["added", "removed", "kind", "range", "default", "choices", "required", "role", "answer", "text"]

MOST_CHOICES: Final = 4
"""Choices that are named before the others are counted."""
_KINDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "on or off",
    "array": "a list",
    "object": "a group of values",
    "any": "any value",
}
_MEDIA: Final = {"": "no file", "picture": "a picture", "mask": "a mask", "audio": "a sound", "video": "a video"}
_ROLES: Final[Mapping[Role, str]] = {
    "picture": "the picture",
    "mask": "the mask",
    "prompt": "the prompt",
    "negative_prompt": "the negative prompt",
    "seed": "the seed",
    "size": "the size",
    "count": "the number of results",
    "format": "the file format",
    "strength": "the strength",
}


@dataclass(frozen=True)
class Change:
    """One difference. ``path`` is the field's ("loras[].scale"), "" for what concerns the endpoint as a whole."""

    path: str
    kind: ChangeKind
    text: str


def changes(before: Endpoint, after: Endpoint) -> tuple[Change, ...]:
    """Every difference that matters to a user, in the panel's order; changes of mere words come last.

    A field that was renamed is one that is gone and one that is new: nothing is guessed.
    """
    old, new = _flat(before), _flat(after)
    found: list[Change] = []
    for path in _merged_order(list(old), list(new)):
        found += _of_field(old.get(path), new.get(path))
    found += _of_roles(before, after)
    found += _of_binding(before.binding, after.binding)
    found += _of_rules(before, after)
    found += _of_words(before, after)
    return tuple(sorted(found, key=lambda change: change.kind == "text"))


@dataclass(frozen=True)
class _Placed:
    """A field with the titles of those it lies in, and whether what holds it is a list's only item."""

    field: Field
    within: tuple[str, ...]
    parent: str

    @property
    def name(self) -> str:
        return ", ".join((*self.within, self.field.title))


def _flat(endpoint: Endpoint) -> dict[str, _Placed]:
    """Every field by path, nested ones after what holds them."""
    return {placed.field.path: placed for field in endpoint.fields for placed in _below(field, (), "")}


def _below(field: Field, within: tuple[str, ...], parent: str) -> Iterator[_Placed]:
    yield _Placed(field, within, parent)
    for child in field.children:
        yield from _below(child, (*within, field.title), field.path)


def _merged_order(old: list[str], new: list[str]) -> list[str]:
    """All paths: the new ones in their order, each gone one behind what stood before it."""
    known = set(new)
    behind: dict[str, list[str]] = {}
    last = ""
    for path in old:
        if path in known:
            last = path
        else:
            behind.setdefault(last, []).append(path)
    return [*behind.get("", []), *(path for place in new for path in (place, *behind.get(place, [])))]


def _of_field(old: _Placed | None, new: _Placed | None) -> Iterator[Change]:
    if old is None or new is None:
        yield from _come_or_gone(old, new)
        return
    one, two, path = old.field, new.field, new.field.path
    for kind, text in (
        *_kinds(one, two),
        *_needs(one, two),
        *_ranges(one, two),
        *_defaults(one, two),
        *_choices(one, two),
        *_titles(old, new),
    ):
        yield Change(path, kind, text if kind == "text" else f"{new.name}: {text}")


def _come_or_gone(old: _Placed | None, new: _Placed | None) -> Iterator[Change]:
    """A field that is new or gone."""
    placed = new or old
    if placed is None:
        return
    where = f"{', '.join(placed.within)}: " if placed.within else ""
    title = f"“{placed.field.title}”"
    if new is None:
        yield Change(placed.field.path, "removed", f"{where}{title} is gone")
    else:
        needed = placed.field.required and placed.field.default is MISSING
        yield Change(placed.field.path, "added", f"{where}{title} is new{' and needs a value' if needed else ''}")


def _kinds(one: Field, two: Field) -> Iterator[tuple[ChangeKind, str]]:
    if one.kind != two.kind:
        yield "kind", f"{_KINDS[two.kind]} instead of {_KINDS[one.kind]}"
    if one.media != two.media:
        yield "kind", f"takes {_MEDIA.get(two.media, 'a file')} instead of {_MEDIA.get(one.media, 'a file')}"


def _needs(one: Field, two: Field) -> Iterator[tuple[ChangeKind, str]]:
    if one.required != two.required:
        yield "required", "needs a value now" if two.required else "may be left out now"
    if one.nullable != two.nullable:
        yield "required", "may be empty now" if two.nullable else "may not be empty any more"


def _ranges(one: Field, two: Field) -> Iterator[tuple[ChangeKind, str]]:
    pairs = (
        (_low(one), _low(two), "no lower limit"),
        (_high(one), _high(two), "no upper limit"),
        (_spelled("steps of", one.step), _spelled("steps of", two.step), "no steps"),
        *(
            (_spelled(words, getattr(one, name), noun), _spelled(words, getattr(two, name), noun), none)
            for name, words, noun, none in _LENGTHS
        ),
    )
    for was, now, none in pairs:
        if was != now:
            yield "range", _instead(was, now, none)
    if one.pattern != two.pattern:
        yield "range", f"must match {shown(two.pattern)}" if two.pattern else "no pattern to match any more"
    if one.unique != two.unique:
        yield "range", "each entry only once" if two.unique else "entries may stand twice"


_LENGTHS: Final = (
    ("min_length", "at least", " characters", "no shortest length"),
    ("max_length", "at most", " characters", "no longest length"),
    ("min_items", "at least", " entries", "no fewest entries"),
    ("max_items", "at most", " entries", "no most entries"),
)


_OPENINGS: Final = ("at least ", "at most ", "more than ", "less than ", "steps of ")


def _low(field: Field) -> str:
    """The bound below which nothing is allowed, in words."""
    if field.exclusive_minimum is not None and (field.minimum is None or field.exclusive_minimum >= field.minimum):
        return f"more than {spell(field.exclusive_minimum)}"
    return _spelled("at least", field.minimum)


def _high(field: Field) -> str:
    if field.exclusive_maximum is not None and (field.maximum is None or field.exclusive_maximum <= field.maximum):
        return f"less than {spell(field.exclusive_maximum)}"
    return _spelled("at most", field.maximum)


def _spelled(words: str, number: float | None, noun: str = "") -> str:
    return "" if number is None else f"{words} {spell(number)}{noun}"


def _instead(was: str, now: str, none: str) -> str:
    """ "at most 8 instead of 50", with the words that both share said once."""
    if not was:
        return f"{now} ({none} before)"
    if not now:
        return f"{none} any more ({was} before)"
    shared = next((words for words in _OPENINGS if was.startswith(words) and now.startswith(words)), "")
    tail = next((noun for noun in (" characters", " entries") if was.endswith(noun)), "")
    return f"{now} instead of {was.removeprefix(shared).removesuffix(tail)}"


def _defaults(one: Field, two: Field) -> Iterator[tuple[ChangeKind, str]]:
    if _equal(one.default, two.default):
        return
    if one.default is MISSING:
        yield "default", f"default {_said(two.default)} (none before)"
    elif two.default is MISSING:
        yield "default", f"no default any more ({_said(one.default)} before)"
    else:
        yield "default", f"default {_said(one.default)} → {_said(two.default)}"


def _choices(one: Field, two: Field) -> Iterator[tuple[ChangeKind, str]]:
    if _is_mirrored(one) and _is_mirrored(two):
        return
    if bool(one.enum) != bool(two.enum):
        yield "choices", f"only {_named(two.enum)}" if two.enum else "any value instead of a list of choices"
        return
    known, offered = ({_spelling(choice) for choice in field.enum} for field in (one, two))
    fresh = [choice for choice in two.enum if _spelling(choice) not in known]
    gone = [choice for choice in one.enum if _spelling(choice) not in offered]
    if fresh:
        yield "choices", f"{'new choice' if len(fresh) == 1 else 'new choices'} {_named(fresh)}"
    if gone:
        yield "choices", f"no longer {_named(gone)}"


def _is_mirrored(field: Field) -> bool:
    """Whether these choices are said of the list already that the field is the item of."""
    return field.path.endswith("[]")


def _titles(old: _Placed, new: _Placed) -> Iterator[tuple[ChangeKind, str]]:
    one, two = old.field, new.field
    if one.title != two.title:
        yield "text", f"“{old.name}” is called “{two.title}” now"
    if one.description != two.description:
        yield "text", f"“{new.name}” is described anew"
    if one.labels != two.labels:
        yield "text", f"“{new.name}”: other words for the choices"
    if one.deprecated != two.deprecated:
        yield "text", f"“{new.name}” {'is going to be removed' if two.deprecated else 'stays after all'}"


def _of_roles(before: Endpoint, after: Endpoint) -> Iterator[Change]:
    """Which field takes what; a field that is new or gone has been said already, its role has not."""
    for role in ROLES:
        one, two = (endpoint.binding.roles.get(role, "") for endpoint in (before, after))
        if one == two:
            continue
        if not two:
            text = f"No field takes {_ROLES[role]} any more (“{_title(before, one)}” before)"
        elif not one:
            text = f"“{_title(after, two)}” takes {_ROLES[role]} now"
        else:
            text = f"“{_title(after, two)}” takes {_ROLES[role]} instead of “{_title(before, one)}”"
        yield Change(two or one, "role", text)


def _title(endpoint: Endpoint, path: str) -> str:
    return next((field.title for field in endpoint.fields if field.path == path), path)


def _of_binding(one: Binding, two: Binding) -> Iterator[Change]:
    if one.polarity != two.polarity:
        words = f"The mask’s {two.polarity} part is repainted instead of its {one.polarity} one"
        yield Change(two.roles.get("mask", ""), "role", words)
    if (one.width, one.height) != (two.width, two.height):
        words = (
            f"The size goes into {two.width} and {two.height}" if two.width else "The size has no two fields any more"
        )
        yield Change(two.width, "role", words)
    if one.crop != two.crop:
        words = "A crop for each island of the mask" if two.crop == "islands" else "One crop round the whole mask"
        yield Change("", "role", f"{words} is sent now")
    if one.context != two.context:
        yield Change(two.context, "role", "Another field says how much surroundings a crop takes")
    for name, what in _ANSWERS.items():
        was, now = getattr(one, name), getattr(two, name)
        if was != now:
            yield Change("", "answer", _answered(what, was, now))


_ANSWERS: Final = {"results": "its pictures", "seed_out": "the seed", "flags": "its warnings"}


def _answered(what: str, was: str, now: str) -> str:
    if not now:
        return f"The answer says no more where it keeps {what} (“{shown(was)}” before)"
    if not was:
        return f"The answer keeps {what} in “{shown(now)}”"
    return f"The answer keeps {what} in “{shown(now)}” instead of “{shown(was)}”"


def _of_rules(before: Endpoint, after: Endpoint) -> Iterator[Change]:
    """Rules between fields, by their own words."""
    old, new = ({_spelling(dict(rule)): rule for rule in endpoint.rules} for endpoint in (before, after))
    for known, rules, words in ((old, new, "New rule"), (new, old, "No rule any more")):
        for spelling, rule in rules.items():
            if spelling not in known:
                path = rule.get("field")
                text = rule.get("text")
                said = shown(text) if isinstance(text, str) and text else shown(rule.get("rule", ""))
                yield Change(path if isinstance(path, str) else "", "range", f"{words}: {said}")


def _of_words(before: Endpoint, after: Endpoint) -> Iterator[Change]:
    if before.sizes != after.sizes:
        yield Change("", "choices", "The sizes that are proposed have changed")
    if before.title != after.title:
        yield Change("", "text", f"The endpoint is called “{shown(after.title)}” now")
    if before.description != after.description:
        yield Change("", "text", "The endpoint is described anew")


def _equal(one: Json, other: Json) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    return _spelling(one) == _spelling(other)


def _spelling(value: Json) -> str:
    """One text for all ways to write the same JSON value: 8 and 8.0 are one number, 1 and true are two things."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Json) -> Json:
    match value:
        case bool() | str() | None:
            return value
        case float() if value.is_integer():
            return int(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
    return value


def _said(value: Json) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return spell(value)
    return f"“{shown(value)}”" if isinstance(value, str) else shown(value)


def _named(choices: Sequence[Json]) -> str:
    named = ", ".join(_said(choice) for choice in choices[:MOST_CHOICES])
    more = len(choices) - MOST_CHOICES
    return f"{named}{f' and {more} more' if more > 0 else ''}"
