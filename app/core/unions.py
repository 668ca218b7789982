"""Schemas put together: what ``allOf`` and a reference's siblings add, and what the branches of a union share."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.core.keywords import choices, is_number, kind_of, own_choices

Json = Any
Node = dict[str, Json]

MOST_BRANCHES: Final = 100
"""Branches of a union that are read; a wider one is edited as JSON."""
_TIGHTEST: Final = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "minItems": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
}
CONDITIONAL: Final = " conditional"
"""Where a node that was made plain keeps the properties that it has only under a condition."""
_ONLY_CONDITIONS: Final = frozenset(
    (
        CONDITIONAL,
        "required",
        "not",
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "minProperties",
        "maxProperties",
    )
)


def merged(base: Node, over: Mapping[str, Json]) -> Node:
    """``base`` under ``over``: words of the latter win, bounds of both hold, properties and required names add up."""
    both = {**base, **over}
    for key, tightest in _TIGHTEST.items():
        if is_number(base.get(key)) and is_number(over.get(key)):
            both[key] = tightest(base[key], over[key])
    mine, theirs = base.get("properties"), over.get("properties")
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        shared = {
            name: {"allOf": [mine[name], theirs[name]]}
            for name in mine
            if name in theirs and mine[name] != theirs[name]
        }
        both["properties"] = {**mine, **theirs, **shared}
    if CONDITIONAL in base and CONDITIONAL in over:
        both[CONDITIONAL] = {**base[CONDITIONAL], **over[CONDITIONAL]}
    if isinstance(base.get("required"), list) and isinstance(over.get("required"), list):
        both["required"] = [*base["required"], *over["required"]]
    return both


def conditional_parts(node: Mapping[str, Json]) -> list[Json]:
    """The schemas that hold for a node only under a condition."""
    dependent = (node.get(key) for key in ("dependentSchemas", "dependencies"))
    listed = [part for told in dependent if isinstance(told, Mapping) for part in told.values()]
    return [part for part in (node.get("then"), node.get("else"), *listed) if isinstance(part, Mapping)]


def with_conditional(node: Node) -> Node:
    """``node`` with the properties, none of them required, that it has only under a condition; they come last."""
    own = node.get("properties", {})
    extra = {
        name: part for name, part in node.get(CONDITIONAL, {}).items() if isinstance(own, Mapping) and name not in own
    }
    return {**node, "properties": {**own, **extra}} if extra else node


def is_condition(branch: Mapping[str, Json]) -> bool:
    """Whether a branch describes no value of its own and only says when the node around it is complete."""
    return bool(branch) and branch.keys() <= _ONLY_CONDITIONS


def common(branches: Sequence[Node]) -> Node:
    """What branches of one kind have in common as one node: their loosest bounds, and lists of any of their items."""
    shared: Node = {}
    for key, tightest in _TIGHTEST.items():
        told = [branch.get(key) for branch in branches]
        if all(is_number(value) for value in told):
            shared[key] = (min if tightest is max else max)(value for value in told if value is not None)
    kinds = {kind_of(branch) for branch in branches}
    if kinds == {"array"} and all("items" in branch for branch in branches):
        shared["items"] = {"anyOf": [branch["items"] for branch in branches]}
    if kinds <= {"integer", "number"}:
        shared["type"] = "number" if "number" in kinds else "integer"
    elif len(kinds) == 1 and "any" not in kinds:
        shared["type"] = kinds.pop()
    return shared


def branch_labels(branches: Sequence[Node]) -> list[str]:
    """Titles of branches that are one value each, in the order of the values; empty when any has no title."""
    titles = [branch.get("title") for branch in branches]
    single = all(len(own_choices(branch)) == 1 for branch in branches)
    return [str(title) for title in titles] if single and all(isinstance(title, str) for title in titles) else []


def with_named_values(node: Node, branches: Sequence[Node]) -> Node:
    """A union that allows more than the values it names: those become its examples."""
    if not branches or "examples" in node or "example" in node or choices(node, branches):
        return node
    named = [value for branch in branches for value in own_choices(branch)]
    return {**node, "examples": named} if named else node
