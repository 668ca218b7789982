"""A schema node made plain: references and ``allOf`` merged in, a union with null taken off, other unions as branches.

Circular references end, dangling ones are noted, and the work done for one document is bounded: a small document can
otherwise ask for any amount of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from app.core.keywords import allows_null, own_choices
from app.core.oddities import Oddities
from app.core.references import target
from app.core.unions import CONDITIONAL, MOST_BRANCHES, Node, common, conditional_parts, is_condition, merged

Json = Any
Seen = tuple[str, ...]
"""The references followed on the way to a node."""

MOST_WORK: Final = 500_000
"""Keywords and listed values looked at in one document, those of shared definitions each time."""
_EACH: Final = 10
"""What a node costs beside its keywords."""
_DEEPEST_UNION: Final = 5
_MOST_REFERENCES: Final = 64


class Branch(NamedTuple):
    """One of the things that a union can be, and the references followed to it."""

    node: Node
    seen: Seen


class Read(NamedTuple):
    """A node with everything that surrounds it merged in; ``branches`` only where it is a union of several things."""

    node: Node
    branches: tuple[Branch, ...]
    nullable: bool
    seen: Seen

    @property
    def nodes(self) -> list[Node]:
        return [branch.node for branch in self.branches]


class Flattener:
    """Makes nodes plain whose references point into ``document``; what is odd goes to ``oddities``."""

    def __init__(self, document: Mapping[str, Json], oddities: Oddities) -> None:
        self._document = document
        self._oddities = oddities
        self._left = MOST_WORK

    def flat(self, schema: Json, seen: Seen, path: str) -> tuple[Node, Seen]:
        """``schema`` with its references and ``allOf`` merged in (its own words win); the references followed."""
        if not isinstance(schema, Mapping):
            if schema is not True and schema is not None:
                what = "no value is allowed by the schema" if schema is False else "the schema is no JSON object"
                self._oddities.note(f"{path}: {what}; it is edited as JSON.")
            return {}, seen
        if not self._spend(schema):
            return {key: schema[key] for key in ("title", "description") if key in schema}, seen
        node = {str(key): value for key, value in schema.items() if key not in ("$ref", "allOf")}
        parts = list(schema["allOf"]) if isinstance(schema.get("allOf"), list) else []
        reference = schema.get("$ref")
        if isinstance(reference, str) and self._may_follow(path, reference, seen):
            seen = (*seen, reference)
            parts.append(target(self._document, reference))
        base: Node = {}
        followed = seen
        for part in parts[:MOST_BRANCHES]:
            below, further = self.flat(part, seen, path)
            if isinstance(below.get("properties"), Mapping):
                self._left -= len(below["properties"])
            followed = tuple(dict.fromkeys((*followed, *further)))
            base = merged(base, below)
        if len(parts) > MOST_BRANCHES:
            self._oddities.note(f"{path}: it is made of too many parts; only the first {MOST_BRANCHES} were read.")
        return merged(base, self._with_conditions(node, followed, path)), followed

    def _with_conditions(self, node: Node, seen: Seen, path: str) -> Node:
        """``node`` with the properties of what holds only under a condition put aside in it."""
        found: dict[str, Json] = {}
        for part in conditional_parts(node)[:MOST_BRANCHES]:
            below, _ = self.flat(part, seen, path)
            listed = (below.get(key) for key in ("anyOf", "oneOf"))
            branches = [branch for told in listed if isinstance(told, list) for branch in told[:MOST_BRANCHES]]
            for form in (below, *(self.flat(branch, seen, path)[0] for branch in branches)):
                told = form.get("properties")
                for name, schema in told.items() if isinstance(told, Mapping) else ():
                    known = found.setdefault(str(name), schema)
                    found[str(name)] = schema if known == schema else {"anyOf": [known, schema]}
                found = {**form.get(CONDITIONAL, {}), **found}
        return {**node, CONDITIONAL: found} if found else node

    def _may_follow(self, path: str, reference: str, seen: Seen) -> bool:
        if target(self._document, reference) is None:
            self._oddities.note(f"{path}: the schema refers to {reference[:80]}, which is not in the document.")
        elif reference in seen or len(seen) >= _MOST_REFERENCES:
            self._oddities.note(f"{path}: the schema holds itself; from there on it is edited as JSON.")
        else:
            return True
        return False

    def union(self, path: str, node: Node, seen: Seen, depth: int = 0) -> Read:
        """``node`` with a union of one thing and null merged in, else with its branches."""
        nullable = allows_null(node)
        kinds = node.get("type")
        if isinstance(kinds, list):
            others = list(dict.fromkeys(kind for kind in kinds if isinstance(kind, str) and kind != "null"))
            rest = {key: value for key, value in node.items() if key != "type"}
            if len(others) < 2:
                return Read({**rest, "type": others[0]} if others else rest, (), nullable, seen)
            return _shared(rest, [Branch({**rest, "type": kind}, seen) for kind in others], nullable, seen)
        listed = next((node[key] for key in ("anyOf", "oneOf") if isinstance(node.get(key), list) and node[key]), None)
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "oneOf")}
        if listed is None:
            return Read(rest, (), nullable, seen)
        if len(listed) > MOST_BRANCHES or depth > _DEEPEST_UNION:
            self._oddities.note(f"{path}: it can be one of too many things; it is edited as JSON.")
            return Read({key: value for key, value in rest.items() if key != "type"}, (), True, seen)
        if "anyOf" in node and "oneOf" in node:
            self._oddities.note(f"{path}: the schema has anyOf and oneOf; only the first is shown.")
        reads = [self._branch(path, rest, branch, seen, depth) for branch in listed]
        if all(is_condition(read.node) for read in reads):
            self._oddities.note(f"{path}: the schema says what is needed together; the panel does not show that.")
            return Read(rest, (), nullable, seen)
        nullable = nullable or any(read.nullable for read in reads)
        real = [branch for read in reads for branch in read.branches or _one(read)]
        if len(real) == 1:
            return Read(merged(real[0].node, rest), (), nullable, real[0].seen)
        return _shared(rest, real[:MOST_BRANCHES], nullable, seen) if real else Read(rest, (), nullable, seen)

    def _branch(self, path: str, around: Node, branch: Json, seen: Seen, depth: int) -> Read:
        """One branch of a union, which may be a union itself; a type told beside the union is that of its branches."""
        node, below = self.flat(branch, seen, path)
        if (
            isinstance(around.get("type"), str)
            and "type" not in node
            and not is_condition(node)
            and "const" not in node
        ):
            node = {"type": around["type"], **node}
        return self.union(path, node, below, depth + 1)

    def _spend(self, node: Mapping[str, Json]) -> bool:
        """Whether there is work left after that for ``node``; its properties are paid for where they are read."""
        lists = sum(len(part) for key, part in node.items() if key != "properties" and isinstance(part, list | Mapping))
        self._left -= _EACH + len(node) + lists
        if self._left < 0:
            self._oddities.note("The document is too entangled to be followed everywhere; the rest is edited as JSON.")
        return self._left >= 0


def _shared(rest: Node, branches: list[Branch], nullable: bool, seen: Seen) -> Read:
    """A union; bounds that its branches share are those of the whole."""
    shared = common([branch.node for branch in branches])
    open_ones = [branch.node for branch in branches if not own_choices(branch.node)]
    if shared.get("type") == "array" and not open_ones:
        shared.pop("items", None)
    return Read(
        {**shared, **rest, **({"type": shared["type"]} if "type" in shared else {})}, tuple(branches), nullable, seen
    )


def _one(read: Read) -> Iterator[Branch]:
    """The branch that ``read`` is, unless it is null and nothing else."""
    only_null = read.node.get("type") == "null" or (
        read.nullable
        and not read.node.keys() - {"title", "description", "const", "enum"}
        and not own_choices(read.node)
    )
    if not only_null:
        yield Branch(read.node, read.seen)
