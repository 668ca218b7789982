"""Rules between fields, kept as data in an endpoint file's ``rules`` list.

Each is an object with a ``rule`` and its own keys:

- ``{"rule": "only_when", "fields": [...], "when": CONDITION, "text": "..."}``: the fields count only while the
  condition holds; ``text`` is shown beside them otherwise. Never an error. ``"idle_when"`` is the opposite: they do not
  count while it holds.
- ``{"rule": "needs", "when": CONDITION, "then": CONDITION, "text": "..."}``: when the first holds the second must;
  ``text`` stands beside the second one's field.
- ``{"rule": "size_text", "field": "...", "multiple": 8, "text": "..."}``: a text "WIDTHxHEIGHT", both multiples of
  ``multiple``.
- ``{"rule": "at_most", "field": "...", "count": 5, "text": "..."}``: a list of at most ``count`` entries.
- ``{"rule": "by_type", "types": [...], "limits": {"guidance": {"minimum": 0, "maximum": 10, "default": 3.5}}}``: other
  limits for some types of the provider's checkpoints; applied where the chosen checkpoint's type is known.
- ``{"rule": "note", "fields": [...], "text": "..."}``: worth knowing, nothing to check.

Any rule may name ``"types": [...]``: it holds for those types of checkpoints only, and is passed over while the type is
not known.

A CONDITION is ``{"field": "name"}`` with one of ``"set": true`` (has a value that is not empty), ``"equals": value``,
``"above": number``, ``"below": number``. A rule of another kind, or one that makes no sense, is passed over.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Json = Any


def broken(rules: Iterable[Mapping[str, Json]], values: Mapping[str, Json]) -> dict[str, str]:
    """Field -> the text of the rule that ``values`` break."""
    problems: dict[str, str] = {}
    for rule in rules:
        field = _broken_field(rule, values)
        if field:
            problems.setdefault(field, str(rule.get("text", "")) or "This does not fit the other values.")
    return problems


def idle(rules: Iterable[Mapping[str, Json]], values: Mapping[str, Json]) -> dict[str, str]:
    """Field -> why its value does not count at present, by the rules ``only_when`` and ``idle_when``."""
    notes: dict[str, str] = {}
    for rule in rules:
        if rule.get("types"):
            continue
        held = holds(rule.get("when"), values)
        if (rule.get("rule") == "only_when" and not held) or (rule.get("rule") == "idle_when" and held):
            notes.update({str(name): str(rule.get("text", "")) for name in _names(rule)})
    return notes


def holds(condition: Json, values: Mapping[str, Json]) -> bool:
    """Whether ``values`` meet a CONDITION; a field without a value meets none."""
    if not isinstance(condition, Mapping):
        return True
    value = values.get(str(condition.get("field")))
    if "equals" in condition:
        return bool(value == condition["equals"]) and isinstance(value, bool) == isinstance(condition["equals"], bool)
    if "above" in condition:
        return _is_number(value) and value > condition["above"]
    if "below" in condition:
        return _is_number(value) and value < condition["below"]
    return value not in (None, "", [])


def _broken_field(rule: Mapping[str, Json], values: Mapping[str, Json]) -> str:
    """The field that breaks ``rule``, "" if none does."""
    if rule.get("types"):
        return ""
    name = str(rule.get("field", ""))
    value = values.get(name)
    match rule.get("rule"):
        case "needs" if holds(rule.get("when"), values) and not holds(rule.get("then"), values):
            then = rule.get("then")
            return str(then.get("field", "")) if isinstance(then, Mapping) else ""
        case "size_text" if isinstance(value, str) and not _is_size(value, rule.get("multiple")):
            return name
        case "at_most" if isinstance(value, list) and _is_number(rule.get("count")) and len(value) > rule["count"]:
            return name
        case _:
            return ""


def _is_size(text: str, multiple: Json) -> bool:
    found = re.fullmatch(r"\s*(\d{1,5})\s*[xX×]\s*(\d{1,5})\s*", text)
    if found is None:
        return False
    step = multiple if isinstance(multiple, int) and multiple > 0 else 1
    return all(int(side) > 0 and int(side) % step == 0 for side in found.groups())


def _names(rule: Mapping[str, Json]) -> list[Json]:
    names = rule.get("fields")
    return names if isinstance(names, list) else []


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
