"""The sentences that say what is wrong with a value: one wording for whoever finds it, here or at a provider."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

Json = Any

NEEDED: Final = "A value is needed here."
NOT_A_NUMBER: Final = "This must be a number."
NOT_WHOLE: Final = "This must be a whole number."
NOT_FINITE: Final = "This must be a number that is finite."
NOT_BOOLEAN: Final = "This must be true or false."
NOT_TEXT: Final = "This must be text."
NOT_A_LIST: Final = "This must be a list."
NOT_A_GROUP: Final = "This must be a group of named values."
TOO_DEEP: Final = "This holds lists and groups within each other without end; make it simpler."
NOT_UNIQUE: Final = "Each entry may be there only once."

_SHOWN: Final = 6
"""Allowed values named in a sentence before it says how many more there are."""
_LONGEST: Final = 60
_LONGEST_LINE: Final = 400


def at_least(limit: float) -> str:
    """For numbers below ``limit``."""
    return f"This must be {spell(limit)} or more."


def at_most(limit: float) -> str:
    """For numbers above ``limit``."""
    return f"This must be {spell(limit)} or less."


def above(limit: float) -> str:
    """For numbers of ``limit`` or less."""
    return f"This must be more than {spell(limit)}."


def below(limit: float) -> str:
    """For numbers of ``limit`` or more."""
    return f"This must be less than {spell(limit)}."


def multiple_of(step: float) -> str:
    """For numbers beside the steps."""
    return f"This must be a multiple of {spell(step)}."


def too_few(limit: int, noun: str, count: int | None = None) -> str:
    """For texts and lists with less than ``limit`` of ``noun`` ("character", "entry"); ``count`` if it is known."""
    return f"At least {counted(limit, noun)} needed{_and_has(count)}."


def too_many(limit: int, noun: str, count: int | None = None) -> str:
    """For texts and lists with more than ``limit`` of ``noun``; ``count`` if it is known."""
    return f"At most {counted(limit, noun)} allowed{_and_has(count)}."


def not_among(value: Json, choices: Sequence[Json]) -> str:
    """For a ``value`` that is none of ``choices``."""
    return not_one_of("This" if isinstance(value, list | Mapping) else shown(value), choices)


def not_one_of(subject: str, choices: Sequence[Json]) -> str:
    """For a value that is none of ``choices``; ``subject`` is the value as shown, or "This"."""
    named = ", ".join(shown(choice) for choice in choices[:_SHOWN])
    more = len(choices) - _SHOWN
    return f"{subject} is not one of: {named}{f' and {more} more' if more > 0 else ''}."


def not_matching(pattern: str) -> str:
    """For a text that does not have the form of a regular expression."""
    return f"This must match the pattern {shown(pattern)}"


def is_needed(title: str) -> str:
    """For a value inside a group that is not there."""
    return f"{title} is needed."


def line(text: str) -> str:
    """A document's text on one line that fits beside a field."""
    folded = " ".join(text[: 4 * _LONGEST_LINE].split())
    return folded if len(folded) <= _LONGEST_LINE else f"{folded[: _LONGEST_LINE - 1]}…"


def spell(number: float) -> str:
    """A number as people write it: 8 rather than 8.0, no digit lost."""
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else str(number)


def shown(value: Json) -> str:
    """A value on one short line; of lists and groups only what they are."""
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "a group of named values"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text[: 4 * _LONGEST].split()) or '""'
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def counted(number: int, noun: str) -> str:
    """ "1 entry", "2 entries"."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _and_has(count: int | None) -> str:
    return "" if count is None else f"; this has {count}"
