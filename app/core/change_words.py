"""What tells two versions of a field apart, in words: each difference with the kind of thing that differs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from app.core.endpoint import MISSING, Field
from app.core.sentences import counted, shown, spell

Json = Any

ChangeKind = Literal["added", "removed", "kind", "range", "default", "choices", "required", "role", "answer", "text"]
Difference = tuple[ChangeKind, str]

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


def differences(one: Field, two: Field) -> Iterator[Difference]:
    """How the field ``two`` differs from the same field ``one`` of an earlier version, but for mere words."""
    yield from _kinds(one, two)
    yield from _needs(one, two)
    yield from _ranges(one, two)
    yield from _defaults(one, two)
    yield from _choices(one, two)


def _kinds(one: Field, two: Field) -> Iterator[Difference]:
    if one.kind != two.kind:
        yield "kind", f"{_KINDS[two.kind]} instead of {_KINDS[one.kind]}"
    if one.media != two.media and one.role == two.role:
        yield "kind", f"takes {_MEDIA.get(two.media, 'a file')} instead of {_MEDIA.get(one.media, 'a file')}"


def _needs(one: Field, two: Field) -> Iterator[Difference]:
    if one.required != two.required:
        yield "required", "needs a value now" if two.required else "may be left out now"
    if one.nullable != two.nullable:
        yield "required", "may be empty now" if two.nullable else "may not be empty any more"


def _ranges(one: Field, two: Field) -> Iterator[Difference]:
    pairs = (
        (_low(one), _low(two), "no lower limit"),
        (_high(one), _high(two), "no upper limit"),
        (_spelled("steps of", one.step), _spelled("steps of", two.step), "no steps"),
        *(
            (_length(words, getattr(one, name), noun), _length(words, getattr(two, name), noun), none)
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
    ("min_length", "at least", "character", "no shortest length"),
    ("max_length", "at most", "character", "no longest length"),
    ("min_items", "at least", "entry", "no fewest entries"),
    ("max_items", "at most", "entry", "no most entries"),
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


def _spelled(words: str, number: float | None) -> str:
    return "" if number is None else f"{words} {spell(number)}"


def _length(words: str, number: int | None, noun: str) -> str:
    return "" if number is None else f"{words} {counted(number, noun)}"


def _instead(was: str, now: str, none: str) -> str:
    """ "at most 8 instead of 50": the words that both share are said once."""
    if not was:
        return f"{now} ({none} before)"
    if not now:
        return f"{none} any more ({was} before)"
    opening = next((words for words in _OPENINGS if was.startswith(words) and now.startswith(words)), "")
    number = was.removeprefix(opening)
    return f"{now} instead of {number.split()[0] if opening else number}"


def _defaults(one: Field, two: Field) -> Iterator[Difference]:
    if _equal(one.default, two.default):
        return
    if one.default is MISSING:
        yield "default", f"default {_said(two.default)} (none before)"
    elif two.default is MISSING:
        yield "default", f"no default any more ({_said(one.default)} before)"
    else:
        was, now = _said(one.default), _said(two.default)
        yield "default", f"default {was} → {now}" if was != now else f"another default: {now}"


def _choices(one: Field, two: Field) -> Iterator[Difference]:
    if _is_mirrored(one) and _is_mirrored(two):
        return
    if bool(one.enum) != bool(two.enum):
        yield "choices", f"only {_named(two.enum)}" if two.enum else "any value instead of a list of choices"
        return
    known, offered = ({spelling(choice) for choice in field.enum} for field in (one, two))
    fresh = [choice for choice in two.enum if spelling(choice) not in known]
    gone = [choice for choice in one.enum if spelling(choice) not in offered]
    if fresh:
        yield "choices", f"{'new choice' if len(fresh) == 1 else 'new choices'} {_named(fresh)}"
    if gone:
        yield "choices", f"no longer {_named(gone)}"


def _is_mirrored(field: Field) -> bool:
    """Whether these choices are said of the list already that the field is the item of."""
    return field.path.endswith("[]")


def _equal(one: Json, other: Json) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    return spelling(one) == spelling(other)


def spelling(value: Json) -> str:
    """One text for all ways to write the same JSON value: 8 and 8.0 are one number, 1 and true are two things."""
    try:
        return json.dumps(_plain(value), sort_keys=True)
    except RecursionError:
        return "a value that is nested too deep to be compared"


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
        return "nothing"
    if value == "":
        return "an empty text"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return spell(value)
    if isinstance(value, list) and not any(isinstance(part, list | Mapping) for part in value):
        return _named(value) or "an empty list"
    return f"“{shown(value)}”" if isinstance(value, str) else shown(value)


def _named(choices: Sequence[Json]) -> str:
    named = ", ".join(_said(choice) for choice in choices[:MOST_CHOICES])
    more = len(choices) - MOST_CHOICES
    return f"{named}{f' and {more} more' if more > 0 else ''}"
