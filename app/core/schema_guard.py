"""What changed between two versions of an endpoint, in words: for whoever refreshes one and has values kept for it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.change_words import ChangeKind, differences, spelling
from app.core.endpoint import MISSING, ROLES, Binding, Endpoint, Field, Role
from app.core.sentences import shown

Json = Any

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
    old, new = _named(before), _named(after)
    found: list[Change] = []
    for path in _merged_order(list(old), list(new)):
        found += _of_field(old, new, path)
    found += _of_roles(before, after)
    found += _of_binding(before.binding, after.binding)
    found += _of_rules(before, after)
    found += _of_words(before, after)
    if not found and (before.input != after.input or before.output != after.output):
        found.append(Change("", "text", "Details of the document have changed that no field shows"))
    return tuple(sorted(found, key=lambda change: change.kind == "text"))


@dataclass(frozen=True)
class _Named:
    """A field, what it is called among all of its endpoint, and the path of the field that it lies in."""

    field: Field
    name: str
    within: str
    parent: str


def _named(endpoint: Endpoint) -> dict[str, _Named]:
    """Every field by path, nested ones after what holds them."""
    titles = Counter(field.title for field in endpoint.fields)
    found: dict[str, _Named] = {}
    for field in endpoint.fields:
        name = field.title if titles[field.title] == 1 else f"{field.title} ({field.path})"
        for named in _below(field, name, "", ""):
            found[named.field.path] = named
    return found


def _below(field: Field, name: str, within: str, parent: str) -> Iterator[_Named]:
    yield _Named(field, name, within, parent)
    for child in field.children:
        title = "each entry" if child.path == f"{field.path}[]" else child.title
        yield from _below(child, f"{name}, {title}", name, field.path)


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


def _of_field(old: Mapping[str, _Named], new: Mapping[str, _Named], path: str) -> Iterator[Change]:
    one, two = old.get(path), new.get(path)
    if one is not None and two is not None:
        for kind, text in differences(one.field, two.field):
            yield Change(path, kind, f"{two.name}: {text}")
        for text in _retold(one, two):
            yield Change(path, "text", text)
    elif two is not None and (two.parent in old or not two.parent):
        needed = two.field.required and two.field.default is MISSING
        yield Change(path, "added", f"{_quoted(two)} is new{' and needs a value' if needed else ''}")
    elif one is not None and (one.parent in new or not one.parent):
        yield Change(path, "removed", f"{_quoted(one)} is gone")


def _quoted(named: _Named) -> str:
    own = named.name.removeprefix(f"{named.within}, ") if named.within else named.name
    return f"{named.within}: “{own}”" if named.within else f"“{own}”"


def _retold(old: _Named, new: _Named) -> Iterator[str]:
    """What differs in words only."""
    one, two = old.field, new.field
    if one.title != two.title and not two.path.endswith("[]"):
        yield f"“{old.name}” is called “{two.title}” now"
    if one.description != two.description:
        yield f"“{new.name}” is described anew"
    if one.labels != two.labels and one.enum == two.enum:
        yield f"“{new.name}”: other words for the choices"
    if one.deprecated != two.deprecated:
        yield f"“{new.name}” {'is going to be removed' if two.deprecated else 'is not going to be removed any more'}"
    if (one.group, one.rare) != (two.group, two.rare):
        yield f"“{new.name}” stands in another section"


def _of_roles(before: Endpoint, after: Endpoint) -> Iterator[Change]:
    """Which field takes what; a field that is new or gone has been said already, its role has not."""
    for role in ROLES:
        one, two = (endpoint.binding.roles.get(role, "") for endpoint in (before, after))
        if one == two:
            continue
        if not two:
            text = f"No field takes {_ROLES[role]} any more (“{before.title_of(one)}” before)"
        elif not one:
            text = f"“{after.title_of(two)}” takes {_ROLES[role]} now"
        else:
            text = f"“{after.title_of(two)}” takes {_ROLES[role]} instead of “{before.title_of(one)}”"
        yield Change(two or one, "role", text)


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
    old, new = ({spelling(dict(rule)): rule for rule in endpoint.rules} for endpoint in (before, after))
    for known, rules, words in ((old, new, "New rule"), (new, old, "No rule any more")):
        for spelled, rule in rules.items():
            if spelled not in known:
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
