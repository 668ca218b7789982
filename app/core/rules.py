"""Rules between fields, kept as data in an endpoint file's ``rules`` list.

Each is an object with a ``rule``, its own keys, and a ``text`` for people; without a text a sentence is made of it.

- ``{"rule": "needs", "when": CONDITION, "then": CONDITION}``: when the first holds the second must; the text stands
  beside the second one's (first) field. Without a ``when`` the second must always hold.
- ``{"rule": "only_when", "fields": [...], "when": CONDITION}``: the fields count only while the condition holds.
  ``"idle_when"`` is the opposite: they do not count while it holds. Never an error; the text says why.
- ``{"rule": "size_text", "field": "...", "multiple": 8}``: a text "WIDTHxHEIGHT", both multiples of ``multiple``.
- ``{"rule": "at_most", "field": "...", "count": 5}``: a list of at most ``count`` entries.
- ``{"rule": "by_type", "types": [...], "limits": {"guidance": {"minimum": 0, "maximum": 10, "default": 3.5}}}``: other
  limits (``minimum``, ``maximum``, ``default``) for some types of the provider's checkpoints.
- ``{"rule": "type_of", "field": "modelId", "known": {"id": "type"}, "prefixes": {"flux.": "flux.1"}}``: what type a
  checkpoint has, by its whole id, else by the longest prefix of it.
- ``{"rule": "note", "fields": [...]}``: worth knowing, nothing to check.

Any rule but the last two but one may name ``"types": [...]``: it holds for those types of checkpoints only, and is
passed over while the type is not known. The user may state the type: it is kept among the values as ``TYPE`` and never
sent, and goes before what the id says.

A CONDITION is ``{"field": "name"}`` with one of ``"set": true`` (has a value that is not empty; also without a test),
``"set": false``, ``"equals": value``, ``"in": [values]``, ``"above": number``, ``"below": number``. A list of
conditions holds when all do, or when any does if the rule says ``"operator": "or"``; within a list
``{"operator": "and" | "or", "of": [...]}`` is such a list. A rule of another kind, or one that makes no sense, is
passed over: nothing here raises. (Prices stand among the rules too: ``app.core.price``.)
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from app.core import sentences
from app.core.keywords import is_number
from app.core.rule_words import fields_of, sentence

Json = Any

TYPE: Final = "@type"
"""The name under which the type of the chosen checkpoint is kept among the values."""
TYPE_TITLE: Final = "Checkpoint type"

MOST_RULES: Final = 500
"""Rules that are looked at; those after them are passed over."""
_MOST_TYPES: Final = 200
_DEEPEST: Final = 8
"""Lists of conditions within lists; deeper ones hold."""
_LIMITS: Final = ("minimum", "maximum", "default")
_EMPTY: Final[tuple[Json, ...]] = (None, "", [])

Rules = Iterable[Json]
Values = Mapping[str, Json]


def types_in(rules: Rules) -> tuple[str, ...]:
    """The types of checkpoints that any rule speaks of, each once, in the rules' order."""
    named = (name for rule in _first(rules) if isinstance(rule, Mapping) for name in _listed(rule, "types"))
    return tuple(dict.fromkeys(name for name in named if isinstance(name, str)))[:_MOST_TYPES]


def type_of(rules: Rules, values: Values) -> str:
    """The type of the chosen checkpoint: as stated, else by what is known of its id; "" when neither tells."""
    stated = values.get(TYPE)
    if isinstance(stated, str) and stated:
        return stated
    for rule in _first(rules):
        found = _known_type(rule, values) if _is(rule, "type_of") else ""
        if found:
            return found
    return ""


def limits(rules: Rules, values: Values) -> dict[str, Mapping[str, Json]]:
    """Field -> the ``minimum``, ``maximum`` and ``default`` (those that the rules give) for the checkpoint's type."""
    rules = _first(rules)
    now = type_of(rules, values)
    found: dict[str, Mapping[str, Json]] = {}
    for rule in rules:
        if _is(rule, "by_type") and now in _listed(rule, "types"):
            for name, told in _limits_of(rule):
                found[name] = {**found.get(name, {}), **told}
    return found


def broken(
    rules: Rules, values: Values, titles: Mapping[str, str] | None = None, defaults: Values | None = None
) -> dict[str, str]:
    """Field -> the text of the rule that ``values`` break.

    ``titles`` name the fields where a rule has no text. ``defaults`` are the values that fields have while nobody sets
    them: they count, but they do not make a field set.
    """
    rules = _first(rules)
    now = type_of(rules, values)
    usual = {**(defaults or {}), **_usual(limits(rules, values))}
    problems: dict[str, str] = {}
    for rule in rules:
        field = _broken_field(rule, values, usual) if _applies(rule, now) else ""
        if field:
            problems.setdefault(field, _text(rule) or sentence(rule, titles or {}))
    return problems


def why_limited(rules: Rules, values: Values, field: str) -> str:
    """Why other limits than the schema's hold for ``field``: the texts of the rules that set them."""
    rules = _first(rules)
    now = type_of(rules, values)
    texts = (
        _text(rule)
        for rule in rules
        if _is(rule, "by_type") and now in _listed(rule, "types") and field in _spoken_of(rule)
    )
    return " ".join(text for text in dict.fromkeys(texts) if text)


def idle(rules: Rules, values: Values) -> dict[str, str]:
    """Field -> why its value does not count at present, by the rules ``only_when`` and ``idle_when``."""
    rules = _first(rules)
    now = type_of(rules, values)
    usual = _usual(limits(rules, values))
    notes: dict[str, str] = {}
    for rule in rules:
        if not (_is(rule, "only_when") or _is(rule, "idle_when")) or not _applies(rule, now):
            continue
        if _met(rule, values, usual) == _is(rule, "idle_when"):
            text = _text(rule) or "Does not count beside the other values."
            notes.update({str(name): text for name in _listed(rule, "fields")})
    return notes


def notes(rules: Rules, values: Values) -> dict[str, str]:
    """Field -> what the rules say of it, a line each: for the checkpoint's type, or for every type while it is unknown.

    A rule ``note`` with a ``when`` speaks only while that holds.
    """
    rules = _first(rules)
    now = type_of(rules, values)
    found: dict[str, dict[str, None]] = {}
    for rule in rules:
        types = _listed(rule, "types") if isinstance(rule, Mapping) else []
        if (now and types and now not in types) or (_is(rule, "note") and not _met(rule, values, {})):
            continue
        for name in _spoken_of(rule):
            if _text(rule):
                found.setdefault(name, {})[_text(rule)] = None
    return {name: "\n".join(texts) for name, texts in found.items()}


def holds(
    condition: Json, values: Values, defaults: Values | None = None, operator: Json = "and", depth: int = 0
) -> bool:
    """Whether ``values`` meet a CONDITION; no condition is always met, a field without a value meets only "not set".

    ``defaults`` stand in for what is not among the values, except where a condition asks whether a field is set.
    """
    if depth > _DEEPEST or not isinstance(condition, list | Mapping) or not condition:
        return True
    if isinstance(condition, list):
        each = (holds(part, values, defaults, "and", depth + 1) for part in condition)
        return any(each) if operator == "or" else all(each)
    if "of" in condition:
        return holds(condition["of"], values, defaults, condition.get("operator"), depth + 1)
    name = str(condition.get("field"))
    if _asks_whether_set(condition):
        return (values.get(name) not in _EMPTY) == (condition.get("set") is not False)
    return _meets(condition, values.get(name, (defaults or {}).get(name)))


def _asks_whether_set(test: Mapping[str, Json]) -> bool:
    return not {"equals", "in", "above", "below"} & test.keys()


def _meets(test: Mapping[str, Json], value: Json) -> bool:
    if "equals" in test:
        return _same(value, test["equals"])
    if "in" in test:
        return any(_same(value, wanted) for wanted in _listed(test, "in"))
    word = "above" if "above" in test else "below"
    limit = test[word]
    return is_number(value) and is_number(limit) and (value > limit if word == "above" else value < limit)


def _first(rules: Rules) -> list[Json]:
    """As many rules as are looked at: real files have a dozen."""
    return list(islice(rules, MOST_RULES))


def _same(value: Json, wanted: Json) -> bool:
    """Equal as JSON: true is not 1."""
    try:
        return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)
    except RecursionError:
        return False


def _met(rule: Mapping[str, Json], values: Values, defaults: Values) -> bool:
    return holds(rule.get("when"), values, defaults, rule.get("operator"))


def _usual(limited: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
    """The defaults among limits."""
    return {name: told["default"] for name, told in limited.items() if "default" in told}


def _applies(rule: Json, now: str) -> bool:
    """Whether ``rule`` can be read and is for checkpoints of the type ``now``."""
    return isinstance(rule, Mapping) and ("types" not in rule or now in _listed(rule, "types"))


def _is(rule: Json, kind: str) -> bool:
    return isinstance(rule, Mapping) and rule.get("rule") == kind


def _broken_field(rule: Mapping[str, Json], values: Values, defaults: Values) -> str:
    """The field that breaks ``rule``, "" if none does."""
    name = str(rule.get("field", ""))
    value = values.get(name)
    match rule.get("rule"):
        case "needs" if (
            "then" in rule and _met(rule, values, defaults) and not holds(rule["then"], {**defaults, **values})
        ):
            return next(fields_of(rule["then"]), "")
        case "size_text" if isinstance(value, str) and not _is_size(value, rule.get("multiple")):
            return name
        case "at_most" if isinstance(value, list) and is_number(rule.get("count")) and len(value) > rule["count"]:
            return name
        case _:
            return ""


def _known_type(rule: Mapping[str, Json], values: Values) -> str:
    chosen = values.get(str(rule.get("field")))
    known, prefixes = rule.get("known"), rule.get("prefixes")
    if not isinstance(chosen, str):
        return ""
    told = known.get(chosen) if isinstance(known, Mapping) else None
    if told is None and isinstance(prefixes, Mapping):
        fitting = [prefix for prefix in prefixes if isinstance(prefix, str) and chosen.startswith(prefix)]
        told = prefixes[max(fitting, key=len)] if fitting else None
    return told if isinstance(told, str) else ""


def _limits_of(rule: Mapping[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    told = rule.get("limits")
    for name, given in told.items() if isinstance(told, Mapping) else ():
        if isinstance(given, Mapping):
            yield (
                str(name),
                {key: given[key] for key in _LIMITS if _is_limit(given, key)},
            )


def _is_limit(given: Mapping[str, Json], key: str) -> bool:
    return key in given and (key == "default" or is_number(given[key]))


def _spoken_of(rule: Json) -> list[str]:
    """The fields beside which a rule's text belongs whether or not it is broken."""
    if not isinstance(rule, Mapping):
        return []
    told = rule.get("limits")
    names = [
        *_listed(rule, "fields"),
        *([rule["field"]] if "field" in rule else []),
        *(told if isinstance(told, Mapping) else ()),
    ]
    return [name for name in names if isinstance(name, str)]


def _is_size(text: str, multiple: Json) -> bool:
    found = re.fullmatch(r"\s*(\d{1,5})\s*[xX×]\s*(\d{1,5})\s*", text)
    if found is None:
        return False
    step = multiple if isinstance(multiple, int) and multiple > 0 else 1
    return all(int(side) > 0 and int(side) % step == 0 for side in found.groups())


def _text(rule: Json) -> str:
    text = rule.get("text") if isinstance(rule, Mapping) else None
    return sentences.line(text) if isinstance(text, str) else ""


def _listed(rule: Mapping[str, Json], key: str) -> list[Json]:
    listed = rule.get(key)
    return listed if isinstance(listed, list) else []
