"""An endpoint's input schema made fit for a strict validator: valid JSON Schema 2020-12, bounded, self-contained.

Real documents hold what a validator refuses, misreads or never finishes: a boolean ``exclusiveMinimum``, ``nullable``,
``ge``/``le``/``gt``/``lt``/``min``/``max``, unknown types, ``items`` written as an object with the keys "0" and "1",
references to nowhere, to other documents or in circles, patterns that are no regular expressions or take for ever.
Here every keyword that checks something is read by itself and kept only where it makes sense; what does not accepts
anything. References are put in place. Titles, examples and the like are left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.core.cleaned_keywords import READ, checks
from app.core.endpoint import Endpoint
from app.core.patterns import read_pattern
from app.core.references import target

Json = Any

DEEPEST: Final = 24
"""Levels of schemas inside schemas; what lies deeper accepts anything."""
MOST_NODES: Final = 30_000
"""Schemas in one cleaned schema, references put in place; the rest accepts anything."""
MOST_OF_A_FIELD: Final = 3000
"""Of these at most so many in one top-level property, so that one does not use up what others need."""
_RECURSIONS: Final = 3
"""How often a reference is followed inside itself."""
_MOST_BRANCHES: Final = 200
_OF_OBJECTS: Final = frozenset(
    {"properties", "patternProperties", "additionalProperties", "propertyNames", "dependentSchemas", "dependencies"}
)
_OF_LISTS: Final = frozenset({"items", "prefixItems", "contains"})
_UNIONS: Final = frozenset({"anyOf", "oneOf", "not", "if"})
_MINGLING: Final = frozenset(
    {"additionalProperties", "patternProperties", "prefixItems", "contains", "minContains", "maxContains", "if"}
)
"""Keywords whose meaning depends on others beside them."""


@dataclass(frozen=True)
class _Spot:
    """Where the cleaner is: levels down, and the references followed to get here."""

    depth: int = 0
    seen: tuple[str, ...] = ()
    top: bool = True
    """Whether this speaks of the body itself."""
    part: bool = False
    """Whether others speak of the same value's properties."""

    @property
    def below(self) -> "_Spot":
        return _Spot(self.depth + 1, self.seen, top=False)

    @property
    def beside(self) -> "_Spot":
        return replace(self, depth=self.depth + 1)


def cleaned_schema(endpoint: Endpoint) -> dict[str, Json]:
    """The schema of a whole body for ``endpoint``, picture and mask included. Never raises."""
    schema = _Cleaner(endpoint.input).clean(endpoint.input, _Spot())
    return {**(schema if isinstance(schema, dict) else {}), "type": "object"}


class _Cleaner:
    """Copies what checks something, and counts what it makes and what it had to leave out."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        self._left = MOST_NODES
        self._lost = 0

    def clean(self, node: Json, spot: _Spot) -> Json:
        """``node`` without what makes no sense: a mapping, or True for anything and False for nothing."""
        if isinstance(node, bool):
            return node
        if not isinstance(node, Mapping) or spot.depth > DEEPEST or self._left <= 0:
            return self._open()
        self._left -= 1
        found = checks(node)
        self._lost += sum(key in node and key not in found for key in READ)
        told = _parts(node)
        mingled = not spot.part and len(told) + ("properties" in node) > 1
        shared = replace(spot, part=True) if mingled else spot
        for speaks, read in ((_OF_OBJECTS, self._of_objects), (_OF_LISTS, self._of_lists), (_UNIONS, self._unions)):
            if not speaks.isdisjoint(node):
                found |= read(node, shared)
        if told:
            found = _together(found, [self._part(part, shared) for part in told])
        if found and (node.get("nullable") is True or node.get("default", 0) is None):
            return {"anyOf": [found, {"type": "null"}]}
        return found

    def _open(self) -> bool:
        """In place of what cannot be read."""
        self._lost += 1
        return True

    def _whole(self, node: Json, spot: _Spot) -> Json | None:
        """``node`` cleaned, None when something had to be left out: there looser would mean stricter."""
        before = self._lost
        found = self.clean(node, spot)
        return found if self._lost == before else None

    def _part(self, node: Json, spot: _Spot) -> Json:
        """One of a node's parts; a reference is followed, unless it leads nowhere or round in circles."""
        if not isinstance(node, str):
            return self.clean(node, spot.beside)
        found = target(self._document, node)
        if found is None or spot.seen.count(node) >= _RECURSIONS:
            return self._open()
        return self.clean(found, replace(spot.beside, seen=(*spot.seen, node)))

    def _unions(self, node: Mapping[str, Json], spot: _Spot) -> dict[str, Json]:
        found: dict[str, Json] = {}
        beside = replace(spot.beside, part=True)
        for key in ("anyOf", "oneOf"):
            listed = node.get(key)
            if isinstance(listed, list) and 0 < len(listed) <= _MOST_BRANCHES:
                before = self._lost
                branches = [self.clean(branch, spot.beside) for branch in listed]
                # A branch that had to be loosened may overlap with others: then one of several is enough.
                found["anyOf" if self._lost > before and "anyOf" not in found else key] = branches
        for key in ("not", "if"):
            whole = self._whole(node[key], beside) if key in node else None
            if whole is not None:
                found[key] = whole
        if "if" in found:
            found |= {key: self.clean(node[key], beside) for key in ("then", "else") if key in node}
        return found

    def _of_objects(self, node: Mapping[str, Json], spot: _Spot) -> dict[str, Json]:
        found: dict[str, Json] = {}
        properties = node.get("properties")
        if isinstance(properties, Mapping):
            found["properties"] = {str(name): self._property(value, spot) for name, value in properties.items()}
        patterned = self._patterned(node.get("patternProperties"), spot)
        if patterned:
            found["patternProperties"] = patterned
        others = node.get("additionalProperties")
        lost = isinstance(node.get("patternProperties"), Mapping) and len(patterned) < len(node["patternProperties"])
        if others is False and (spot.part or lost or not found):
            self._lost += 1
        elif isinstance(others, bool | Mapping):
            found["additionalProperties"] = self.clean(others, spot.below)
        if isinstance(node.get("propertyNames"), Mapping):
            found["propertyNames"] = self.clean(node["propertyNames"], spot.below)
        dependent = {str(name): part for name, part in _dependent(node)}
        if dependent:
            beside = replace(spot.beside, part=True)
            found["dependentSchemas"] = {name: self.clean(part, beside) for name, part in dependent.items()}
        return found

    def _property(self, node: Json, spot: _Spot) -> Json:
        if not spot.top:
            return self.clean(node, spot.below)
        kept = self._left - MOST_OF_A_FIELD
        self._left = min(self._left, MOST_OF_A_FIELD)
        granted = self._left
        found = self.clean(node, spot.below)
        self._left = kept + MOST_OF_A_FIELD - (granted - self._left)
        return found

    def _patterned(self, told: Json, spot: _Spot) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name, part in told.items() if isinstance(told, Mapping) else ():
            pattern = read_pattern(name) if isinstance(name, str) else None
            if pattern is not None:
                found[pattern.expression.pattern] = self.clean(part, spot.below)
        return found

    def _of_lists(self, node: Mapping[str, Json], spot: _Spot) -> dict[str, Json]:
        found: dict[str, Json] = {}
        items = node.get("items")
        first = _first_entries(node, items)
        if first:
            found["prefixItems"] = [self.clean(part, spot.below) for part in first[:_MOST_BRANCHES]]
        elif isinstance(items, bool | Mapping):
            found["items"] = self.clean(items, spot.below)
        if "contains" in node:
            whole = self._whole(node["contains"], spot.below)
            found |= {} if whole is None else {"contains": whole}
        return found


def _parts(node: Mapping[str, Json]) -> list[Json]:
    """What a node consists of beside its own keywords: the text of its reference, then the schemas of ``allOf``."""
    reference, listed = node.get("$ref"), node.get("allOf")
    own = [reference] if isinstance(reference, str) else []
    return [
        *own,
        *(
            None if isinstance(part, str) else part
            for part in (listed if isinstance(listed, list) else [])[:_MOST_BRANCHES]
        ),
    ]


def _dependent(node: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Name and schema of what holds beside others, also in the older form that mingles it with lists of names."""
    for key in ("dependencies", "dependentSchemas"):
        told = node.get(key)
        for name, part in told.items() if isinstance(told, Mapping) else ():
            if not isinstance(part, list):
                yield name, part


def _together(found: dict[str, Json], parts: list[Json]) -> dict[str, Json]:
    """``found`` and ``parts`` as one schema: what does not meet is put side by side, the rest stays in ``allOf``."""
    rest = []
    for part in parts:
        if isinstance(part, dict) and _apart(found, part):
            properties = {**part.get("properties", {}), **found.get("properties", {})}
            required = list(dict.fromkeys([*part.get("required", ()), *found.get("required", ())]))
            found = {**part, **found}
            found |= {"properties": properties} if properties else {}
            found |= {"required": required} if required else {}
        elif part not in (True, {}):
            rest.append(part)
    whole = {**found, "allOf": [*found.get("allOf", ()), *rest]} if rest else found
    return {**{key: whole[key] for key in READ if key in whole}, **whole}


def _apart(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """Whether two schemas can be written as one without a keyword of one changing what the other's mean."""
    if not one or not other:
        return True
    if _MINGLING & (one.keys() | other.keys()) or (one.keys() & other.keys()) - {"properties", "required"}:
        return False
    return not one.get("properties", {}).keys() & other.get("properties", {}).keys()


def _first_entries(node: Mapping[str, Json], items: Json) -> list[Json]:
    """The schemas of a list's first entries, also in the older form and in the one that some documents make of it."""
    told = node.get("prefixItems")
    if isinstance(told, list):
        return told
    if isinstance(items, list):
        return items
    if isinstance(items, Mapping) and items and all(str(key).isdecimal() for key in items):
        return [items[key] for key in sorted(items, key=lambda key: (len(str(key)), str(key)))]
    return []
