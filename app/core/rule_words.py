"""What a rule between fields asks for, in a sentence: for rules that bring no text of their own."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.core import sentences
from app.core.keywords import is_number

Json = Any

_DEEPEST: Final = 8
_MOST_NAMED: Final = 6


def fields_of(condition: Json, depth: int = 0) -> Iterator[str]:
    """The fields that a CONDITION (see ``app.core.rules``) asks about, in its order."""
    if depth > _DEEPEST:
        return
    if isinstance(condition, list):
        for part in condition:
            yield from fields_of(part, depth + 1)
    elif isinstance(condition, Mapping) and "of" in condition:
        yield from fields_of(condition["of"], depth + 1)
    elif isinstance(condition, Mapping) and isinstance(condition.get("field"), str):
        yield condition["field"]


def sentence(rule: Mapping[str, Json], titles: Mapping[str, str]) -> str:
    """What ``rule`` asks of the field that breaks it; ``titles`` are what the fields are called."""
    match rule.get("rule"):
        case "needs":
            wanted = _wanted(rule.get("then"))
            cause = _cause(rule.get("when"), titles, rule.get("operator"))
            return f"{wanted} when {cause}." if cause else f"{wanted}."
        case "at_most":
            return sentences.too_many(int(rule["count"]), "entry")
        case _:
            multiple = rule.get("multiple")
            steps = f", both multiples of {multiple}" if is_number(multiple) else ""
            return f"Write this as width x height{steps}, such as 1024x1024."


def _wanted(condition: Json) -> str:
    """What the second condition of a rule asks of its field."""
    test = condition if isinstance(condition, Mapping) else {}
    if "equals" in test:
        return f"This must be {sentences.shown(test['equals'])}"
    if isinstance(test.get("in"), list):
        return f"This must be {_either(test['in'])}"
    for word, say in (("above", sentences.above), ("below", sentences.below)):
        if is_number(test.get(word)):
            return say(test[word]).removesuffix(".")
    return "This must be left empty" if test.get("set") is False else "A value is needed here"


def _cause(condition: Json, titles: Mapping[str, str], operator: Json = "and", depth: int = 0) -> str:
    """A condition in words: "“Seed” is set"."""
    if isinstance(condition, list):
        parts = [_cause(part, titles, "and", depth + 1) for part in condition[:_MOST_NAMED]] if depth < _DEEPEST else []
        return (" or " if operator == "or" else " and ").join(part for part in parts if part)
    if not isinstance(condition, Mapping):
        return ""
    if "of" in condition:
        return _cause(condition["of"], titles, condition.get("operator"), depth + 1) if depth < _DEEPEST else ""
    name = str(condition.get("field", ""))
    title = f"“{titles.get(name, sentences.shown(name))}”"
    if "equals" in condition:
        return f"{title} is {sentences.shown(condition['equals'])}"
    if isinstance(condition.get("in"), list):
        return f"{title} is {_either(condition['in'])}"
    for word in ("above", "below"):
        if is_number(condition.get(word)):
            return f"{title} is {word} {sentences.spell(condition[word])}"
    return f"{title} is {'not set' if condition.get('set') is False else 'set'}"


def _either(values: list[Json]) -> str:
    named = [sentences.shown(value) for value in values[:_MOST_NAMED]]
    more = len(values) - len(named)
    return " or ".join([*named, *([f"{more} more"] if more > 0 else [])])
