"""One schema node -> one ``Field``, whatever form the node has.

Read are the keywords of JSON Schema 2020-12 and of OpenAPI 3.0, and the slips met in real documents: unions with null,
a ``$ref`` with siblings, a boolean ``exclusiveMinimum``, ``ge``/``le``/``min``/``max`` for bounds, missing types,
``example``. Nothing raises: what makes no sense is left out and said in ``problems``. Depth and number of fields are
bounded, so a hostile or circular document costs little.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from app.core.endpoint import MISSING, Field, Kind
from app.core.keywords import (
    KINDS,
    MOST_CHOICES,
    choices,
    examples,
    is_long_text,
    is_number,
    kind_of,
    merged,
    tidy,
    title_of,
    with_named_texts,
)
from app.core.references import target
from app.core.values import fault

Json = Any

DEEPEST: Final = 5
"""Levels of fields inside fields; what lies deeper is edited as JSON."""
MOST_FIELDS: Final = 2000
MOST_PROBLEMS: Final = 50


class FieldReader:
    """Reads the fields of schemas that live in ``document`` (where their references point)."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        self._problems: dict[str, None] = {}
        self._count = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read, in words, each thing once."""
        return tuple(self._problems)

    def fields(self, schema: Json, prefix: str = "", depth: int = 0, seen: tuple[str, ...] = ()) -> tuple[Field, ...]:
        """The fields of an object schema in the provider's order, ``prefix`` ("loras[].") before their paths."""
        node, seen = self._flat(schema, seen)
        properties = node.get("properties")
        if not isinstance(properties, Mapping):
            return ()
        required = node.get("required")
        needed = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
        return tuple(
            self._field(prefix + name, properties[name], name in needed, depth, seen)
            for name in self._order(node, properties)
            if self._admit()
        )

    def report(self, sentence: str) -> None:
        """Note a problem."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems[sentence] = None

    def _admit(self) -> bool:
        self._count += 1
        if self._count > MOST_FIELDS:
            self.report(f"Only the first {MOST_FIELDS} fields were read.")
        return self._count <= MOST_FIELDS

    def _order(self, node: Mapping[str, Json], properties: Mapping[str, Json]) -> Iterator[str]:
        told = node.get("x-fal-order-properties")
        first = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
        names = dict.fromkeys([*(name for name in first if name in properties), *map(str, properties)])
        return (name for name in names if name in properties)

    def _field(self, path: str, schema: Json, required: bool, depth: int, seen: tuple[str, ...]) -> Field:
        node, seen = self._flat(schema, seen)
        node, branches, nullable = self._union(path, node, seen)
        kind = self._kind(path, node, branches)
        node = with_named_texts(kind, node, branches)
        default = node.get("default", MISSING)
        field = Field(
            path=path,
            kind=kind,
            title=title_of(node.get("title"), path),
            description=tidy(node.get("description")),
            required=required,
            nullable=nullable or default is None,
            default=default,
            enum=choices(node, branches),
            examples=examples(node),
            children=self._children(path, kind, node, branches, depth, seen),
            **self._limits(path, node),
        )
        if kind == "array" and not field.enum:
            field = replace(field, enum=next((child.enum for child in field.children if child.path == f"{path}[]"), ()))
        return self._sound(replace(field, multiline=is_long_text(field)))

    def _sound(self, field: Field) -> Field:
        """``field`` without a default that its own limits forbid."""
        if field.default is MISSING:
            return field
        wrong = fault(field, field.default)
        if not wrong:
            return field
        self.report(f"{field.path}: the default does not fit the field and was left out ({wrong})")
        return replace(field, default=MISSING)

    def _flat(self, schema: Json, seen: tuple[str, ...]) -> tuple[dict[str, Json], tuple[str, ...]]:
        """``schema`` with its references and ``allOf`` merged in (its own keywords win); the references followed."""
        if not isinstance(schema, Mapping):
            if schema is not True and schema is not None:
                self.report("A part of the schema is not an object and accepts any value.")
            return {}, seen
        node = {str(key): value for key, value in schema.items() if key not in ("$ref", "allOf")}
        parts = list(schema["allOf"]) if isinstance(schema.get("allOf"), list) else []
        reference = schema.get("$ref")
        if isinstance(reference, str):
            found = target(self._document, reference)
            if found is None:
                self.report(f"The schema refers to {reference[:80]}, which is not in the document.")
            elif reference not in seen and len(seen) < 64:
                seen = (*seen, reference)
                parts.append(found)
        base: dict[str, Json] = {}
        for part in parts[:32]:
            below, seen = self._flat(part, seen) if len(seen) < 64 else ({}, seen)
            base = merged(base, below)
        return merged(base, node), seen

    def _union(
        self, path: str, node: dict[str, Json], seen: tuple[str, ...]
    ) -> tuple[dict[str, Json], list[dict[str, Json]], bool]:
        """``node`` with a union of one thing and null merged in, else the branches; whether null is allowed."""
        nullable = node.get("nullable") is True
        kinds = node.get("type")
        if isinstance(kinds, list):
            nullable = nullable or "null" in kinds
            others = [kind for kind in kinds if kind != "null"]
            rest = {key: value for key, value in node.items() if key != "type"}
            if len(others) > 1:
                return rest, [{**rest, "type": kind} for kind in others], nullable
            return ({**rest, "type": others[0]} if others else rest), [], nullable
        listed = node.get("anyOf") or node.get("oneOf")
        if not isinstance(listed, list):
            return node, [], nullable
        branches = [self._flat(branch, seen)[0] for branch in listed[:MOST_CHOICES]]
        real = [branch for branch in branches if branch.get("type") != "null"]
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "oneOf")}
        nullable = nullable or len(real) < len(branches)
        if len(real) == 1:
            inner, deeper, below = self._union(path, real[0], seen)
            return merged(inner, rest), deeper, nullable or below
        return rest, real, nullable

    def _kind(self, path: str, node: Mapping[str, Json], branches: list[dict[str, Json]]) -> Kind:
        if branches:
            kinds = {kind_of(branch) for branch in branches}
            return "string" if kinds == {"string"} else "any"
        told = node.get("type")
        if told is not None and (not isinstance(told, str) or told not in {*KINDS, "null"}):
            self.report(f"{path}: the type {str(told)[:40]!r} is not known; the field is edited as JSON.")
            return "any"
        return kind_of(node)

    def _limits(self, path: str, node: Mapping[str, Json]) -> dict[str, Any]:
        limits: dict[str, Any] = {
            "minimum": self._number(path, node, "minimum", "ge", "min"),
            "maximum": self._number(path, node, "maximum", "le", "max"),
            "exclusive_minimum": self._number(path, node, "exclusiveMinimum", "gt"),
            "exclusive_maximum": self._number(path, node, "exclusiveMaximum", "lt"),
            "step": self._number(path, node, "multipleOf", "step"),
        }
        for ours, theirs in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if node.get(theirs) is True:
                limits[f"exclusive_{ours}"], limits[ours] = limits[ours], None
        if limits["step"] is not None and limits["step"] <= 0:
            limits["step"] = None
        names = {"min_length": "minLength", "max_length": "maxLength", "min_items": "minItems", "max_items": "maxItems"}
        for ours, theirs in names.items():
            number = self._number(path, node, theirs)
            limits[ours] = None if number is None or number < 0 else int(number)
        return limits

    def _number(self, path: str, node: Mapping[str, Json], *keys: str) -> float | None:
        for key in keys:
            value = node.get(key)
            if is_number(value):
                return value
            if value is not None and not isinstance(value, bool):
                self.report(f"{path}: {key} is not a number and was left out.")
        return None

    def _children(
        self,
        path: str,
        kind: Kind,
        node: Mapping[str, Json],
        branches: list[dict[str, Json]],
        depth: int,
        seen: tuple[str, ...],
    ) -> tuple[Field, ...]:
        if depth >= DEEPEST:
            return ()
        if kind == "object":
            return self.fields(node, f"{path}.", depth + 1, seen)
        if kind == "any":
            form = next((branch for branch in branches if isinstance(branch.get("properties"), Mapping)), None)
            return self.fields(form, f"{path}.", depth + 1, seen) if form else ()
        items = node.get("items")
        if kind != "array" or not isinstance(items, Mapping) or {"0", "1"} & items.keys():
            return ()
        return self._items(path, items, depth, seen)

    def _items(self, path: str, items: Json, depth: int, seen: tuple[str, ...]) -> tuple[Field, ...]:
        """The fields of an array's items: those of the items' object, else one field "name[]" for the item itself."""
        if not self._admit():
            return ()
        flat, below = self._flat(items, seen)
        if isinstance(flat.get("properties"), Mapping):
            return self.fields(flat, f"{path}[].", depth + 1, below)
        return (self._field(f"{path}[]", items, False, depth + 1, seen),)
