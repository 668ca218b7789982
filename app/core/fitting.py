"""A value made to fit a field: as it is, spelled otherwise, clamped, or not at all, with words for what changed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from app.core.endpoint import MISSING, Field
from app.core.keywords import snake_case
from app.core.nearest import nearest
from app.core.sentences import shown, spell
from app.core.values import fault, implied

Json = Any

_NUMBER: Final = re.compile(r"-?\d{1,300}(\.\d{1,40})?")
MOST_ENTRIES: Final = 10_000
"""Entries of a list that are looked at; nobody sets more, and a pasted list may have a million."""


@dataclass(frozen=True)
class Fit:
    """``how``: "same" (as it was), "spelled" (the same thing written otherwise), "clamped" (changed), or "lost": then
    ``value`` is MISSING. ``words`` says what was changed, or why it does not fit; "" where nothing is to be said.
    ``long``: a text in it is longer than its field allows, and whole.
    """

    value: Json
    how: Literal["same", "spelled", "clamped", "lost"] = "same"
    words: str = ""
    long: bool = False


def fitted(field: Field, value: Json, most: int | None = None) -> Fit:
    """``value`` as ``field`` takes it; a list is cut after ``most`` entries even where the schema has no limit.

    Whatever is not "lost" passes the check of values, texts that are too long apart: to cut those would lose words.
    """
    fit = _fitted(field, value, most)
    if fit.how == "lost" or fit.long:
        return fit
    wrong = wrong_with(field, fit.value)
    return _lost(wrong) if wrong else fit


def wrong_with(field: Field, value: Json) -> str:
    """What keeps ``value`` out of ``field``, "" when it fits."""
    try:
        return fault(field, value)
    except OverflowError:
        return "This number is too large."


def lost(words: str) -> Fit:
    """Nothing of the value can be kept."""
    return Fit(MISSING, "lost", words)


def _lost(sentence: str) -> Fit:
    return lost(sentence.rstrip("."))


def _fitted(field: Field, value: Json, most: int | None) -> Fit:
    if value is None:
        return Fit(None) if field.nullable or field.kind == "any" else lost("cannot be empty here")
    match field.kind:
        case "string":
            return _text(field, value)
        case "integer" | "number":
            return _number(field, value)
        case "array":
            return _list(field, value, most)
        case "object":
            return _group(field, value)
        case "any":
            return _union(field, value)
        case "boolean":
            return Fit(value) if isinstance(value, bool) else lost("is on or off here")


def _text(field: Field, value: Json) -> Fit:
    if isinstance(value, int | float) and not isinstance(value, bool):
        spelled = _text(field, spell(value))
        return replace(spelled, how="spelled") if spelled.how == "same" else spelled
    if not isinstance(value, str):
        return lost("takes text here")
    if field.enum:
        return _choice(field, value)
    if field.max_length is not None and len(value) > field.max_length:
        return Fit(value, "same", f"is longer than the {field.max_length} characters allowed here", long=True)
    return Fit(value)


def _choice(field: Field, value: Json) -> Fit:
    if not wrong_with(field, value):
        return Fit(value)
    alike = next((choice for choice in field.enum if _plain(choice) == _plain(value)), MISSING)
    if alike is MISSING:
        return lost(f"“{shown(value)}” cannot be chosen here")
    return Fit(alike, "spelled", f"“{shown(value)}” is written “{shown(alike)}” here")


def _plain(choice: Json) -> Json:
    """A choice without what only its spelling tells apart."""
    if not isinstance(choice, str):
        return [choice]
    word = choice.strip().casefold().removeprefix("image/")
    return "jpeg" if word == "jpg" else word


def _number(field: Field, value: Json) -> Fit:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        read = _number(field, float(value) if "." in value else int(value))
        return Fit(read.value, "spelled") if read.how == "same" else read
    if isinstance(value, bool) or not isinstance(value, int | float):
        return lost(f"“{shown(value)}” is not a number" if isinstance(value, str) else "takes a number here")
    wrong = wrong_with(field, value)
    if not wrong:
        return Fit(value)
    if field.enum:
        return lost(f"{spell_any(value)} cannot be chosen here")
    if isinstance(value, float) and value - value != 0:
        return lost("is not a finite number")
    number = nearest(field, value)
    if number is None:
        return _lost(wrong)
    return Fit(number, "clamped", f"{spell_any(value)} → {spell_any(number)}")


def spell_any(number: int | float) -> str:
    """A number in a sentence, however large."""
    return shown(spell(number)) if abs(number) < 1e300 else "a number of more than 300 digits"


def _list(field: Field, value: Json, most: int | None) -> Fit:
    if not isinstance(value, list):
        return lost("takes a list here")
    limits = [limit for limit in (field.max_items, most) if limit is not None]
    fits = [_item(field, item) for item in value[:MOST_ENTRIES]]
    kept = [fit for fit in fits if fit.how != "lost"]
    if field.unique:
        kept = list({json.dumps(fit.value, sort_keys=True): fit for fit in reversed(kept)}.values())[::-1]
    kept = kept[: min(limits)] if limits else kept
    if (value and not kept) or (field.min_items is not None and len(kept) < field.min_items):
        return lost(_first_words(fits) or "does not have enough entries")
    changed = sum(fit.how == "clamped" for fit in kept)
    out = len(value) - len(kept)
    words = [f"{out} of {len(value)} entries left out"] if out else []
    words += [f"{changed} {'entry' if changed == 1 else 'entries'} changed"] if changed else []
    return _joined([fit.value for fit in kept], kept, ", ".join(words))


def _item(field: Field, item: Json) -> Fit:
    if not field.children:
        return Fit(item)
    only = field.children[0]
    return fitted(only, item) if only.path == f"{field.path}[]" else _group(field, item)


def _group(field: Field, value: Json) -> Fit:
    if not isinstance(value, Mapping):
        return lost("takes a group of values here")
    if not field.children:
        return Fit(dict(value))
    by_name = {child.name: child for child in field.children}
    by_spelling = {snake_case(name): child for name, child in by_name.items()}
    parts: dict[str, Json] = {}
    fits: list[Fit] = []
    words: list[str] = []
    for name, part in value.items():
        child = by_name.get(name) or by_spelling.get(snake_case(name))
        fit = fitted(child, part) if child is not None and child.name not in parts else lost("no such field here")
        title = child.title if child is not None else shown(name)
        if fit.how in ("clamped", "lost"):
            words.append(f"{title}: {fit.words}")
        if child is not None and fit.how != "lost":
            parts[child.name] = fit.value
            fits.append(fit)
    if (value and not parts) or any(
        child.required and child.name not in parts and implied(child) is MISSING for child in field.children
    ):
        return lost(words[0] if words else "lacks what is needed here")
    return _joined(parts, fits, "; ".join(words[:3]) if len(fits) < len(value) or _changed(fits) else "")


def _union(field: Field, value: Json) -> Fit:
    if isinstance(value, Mapping) and field.children:
        return _group(field, value)
    if isinstance(value, str) and any(isinstance(choice, str) for choice in field.enum):
        return _choice(field, value)
    return Fit(value)


def _joined(value: Json, fits: list[Fit], words: str) -> Fit:
    """The fit of a list or a group made of ``fits``; ``words`` says what was changed in it, "" for nothing."""
    long = next((fit.words for fit in fits if fit.long), "")
    said = "; ".join(dict.fromkeys(part for part in (words, long) if part))
    return Fit(value, "clamped" if words else "same", said, bool(long))


def _changed(fits: list[Fit]) -> bool:
    return any(fit.how == "clamped" for fit in fits)


def _first_words(fits: list[Fit]) -> str:
    return next((fit.words for fit in fits if fit.how == "lost"), "")
