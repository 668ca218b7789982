"""One schema node -> one ``Field``, whatever form the node has.

Read are the keywords of JSON Schema 2020-12 and of OpenAPI 3.0, and the slips met in real documents: unions with null,
a ``$ref`` with siblings, a boolean ``exclusiveMinimum``, ``ge``/``le``/``min``/``max`` for bounds, missing types,
``example``. Nothing raises and no property is dropped: what has no form of its own is edited as JSON, and what makes no
sense is said in ``problems``. Depth and number of fields are bounded, so a hostile or circular document costs little.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from app.core.bounds import limits, pattern
from app.core.endpoint import MISSING, Field, Kind
from app.core.flattening import Flattener, Read, Seen
from app.core.hints import (
    group_of,
    is_multiline,
    is_rare,
    labels_of,
    limit_words,
    mask_for,
    told_order,
    unread,
    with_media,
)
from app.core.keywords import (
    MOST_CHOICES,
    allows_null,
    choices,
    examples,
    is_long_text,
    is_number,
    kind_of,
    named_kind,
    tidy,
    title_of,
)
from app.core.oddities import MOST_PROBLEMS, Oddities
from app.core.unions import MOST_BRANCHES, Node, branch_labels, merged, with_conditional, with_named_values
from app.core.values import fault

Json = Any

DEEPEST: Final = 5
"""Levels of fields inside fields; what lies deeper is edited as JSON."""
MOST_FIELDS: Final = 20_000
"""Fields of an endpoint."""
MOST_NESTED: Final = 4000
"""Fields inside fields in all; groups that come after them are edited as JSON."""
MOST_INSIDE_ONE: Final = 500
_LONGEST_PREFIX: Final = 2000
_CLASS_NAME: Final = re.compile(r"(?:[A-Z][a-z0-9]+){2,}[A-Z]*|[A-Z][A-Za-z0-9]*(?:Input|Output|Enum|Request)")
"""What programs call their classes: words in capitals joined, "ImageFillInput"."""
"""Characters of a path that may stand before the names of further fields: each of them holds them again."""


class FieldReader:
    """Reads the fields of schemas that live in ``document`` (where their references point)."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._oddities = Oddities()
        self._flattener = Flattener(document, self._oddities)
        self._nested = MOST_NESTED
        self._inside = MOST_INSIDE_ONE

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read, in words, each thing once."""
        return self._oddities.sentences

    def report(self, sentence: str) -> None:
        """Note a problem."""
        self._oddities.note(sentence)

    def fields(self, schema: Json) -> tuple[Field, ...]:
        """The fields of an object schema in the provider's order."""
        node, seen = self._form(schema)
        names = self._names(node)
        if len(names) > MOST_FIELDS:
            self.report(f"The schema has {len(names)} fields; only the first {MOST_FIELDS} are shown.")
        needed = _needed(node)
        for name in sorted(needed.difference(names))[:MOST_PROBLEMS]:
            self.report(f"The schema requires {name[:80]!r} and does not say what it is; it is not asked for.")
        read: list[Field] = []
        for name in names[:MOST_FIELDS]:
            self._inside = MOST_INSIDE_ONE
            read.append(self._field(name, name, node["properties"][name], name in needed, 0, seen))
        return tuple(read)

    def _form(self, schema: Json) -> tuple[Node, Seen]:
        """The whole input as one object: where it is a union of several forms, with the fields of all of them."""
        node, seen = self._flattener.flat(schema, (), "The input")
        listed = [branch for key in ("anyOf", "oneOf") if isinstance(node.get(key), list) for branch in node[key]]
        forms = [self._flattener.flat(branch, seen, "The input") for branch in listed[:MOST_BRANCHES]]
        objects = [form for form in forms if isinstance(form[0].get("properties"), Mapping)]
        if objects:
            self.report("The input can have one of several forms; the fields of all of them are shown.")
            joined: Node = {}
            for form, below in objects:
                joined = {**joined, **_joined_forms(joined, form)}
                seen = (*seen, *(reference for reference in below if reference not in seen))
            always = set.intersection(*(_needed(form) for form, _ in objects))
            both = merged({**joined, "required": sorted(always)}, node)
            own = node.get("properties")
            if isinstance(own, Mapping):  # what all forms share comes first
                both["properties"] = {name: both["properties"][name] for name in (*own, *both["properties"])}
            node = both
        elif forms and "properties" in node:
            self.report("The input says which fields are needed together; the panel does not show that.")
        self._report_unread("The input", node)
        return with_conditional(node), seen

    def _inner(self, schema: Json, prefix: str, depth: int, seen: Seen) -> tuple[Field, ...]:
        """The fields inside a field, ``prefix`` ("loras[].") before their names."""
        flat, seen = self._flattener.flat(schema, seen, prefix.rstrip("."))
        node = with_conditional(flat)
        properties = node.get("properties")
        count = len(properties) if isinstance(properties, Mapping) else 0
        if count > min(self._nested, self._inside) or len(prefix) > _LONGEST_PREFIX:
            self.report(f"{prefix.rstrip('.')}: it has too many fields inside; it is edited as JSON.")
            return ()
        names = self._names(node)
        self._nested -= len(names)
        self._inside -= len(names)
        needed = _needed(node)
        return tuple(
            self._field(prefix + name, name, node["properties"][name], name in needed, depth, seen) for name in names
        )

    def _names(self, node: Mapping[str, Json]) -> list[str]:
        """The names of the properties: those whose order is told first, then the others as they come."""
        properties = node.get("properties")
        if not isinstance(properties, Mapping):
            if properties is not None:
                self.report("The properties of a part of the schema are no JSON object and were left out.")
            return []
        return [name for name in dict.fromkeys([*told_order(node), *properties]) if name in properties]

    def _field(self, path: str, key: str, schema: Json, required: bool, depth: int, seen: Seen) -> Field:
        node, below = self._flattener.flat(schema, seen, path)
        read = self._flattener.union(path, node, below)
        node, branches = with_named_values(read.node, read.nodes), read.nodes
        kind = self._kind(path, node, branches)
        self._report_unread(path, node)
        default = node.get("default", MISSING)
        field = Field(
            path=path,
            kind=kind,
            title=title_of(None if _is_class_name(node.get("title"), schema) else node.get("title"), path),
            description=_description(node),
            required=required or node.get("required") is True,
            nullable=read.nullable or default is None,
            default=default,
            enum=choices(node, branches),
            examples=examples(node),
            children=self._children(path, kind, read, depth) if depth < DEEPEST else (),
            pattern=pattern(path, node, self._oddities),
            unique=node.get("uniqueItems") is True,
            anchored=is_number(node.get("multipleOf")),
            mask_for=mask_for(node),
            group=group_of(node),
            deprecated=node.get("deprecated") is True,
            rare=is_rare(node),
            key="" if path.rsplit(".", 1)[-1] == key else key,
            **limits(path, node, self._oddities),
        )
        return self._finished(field, node, branches)

    def _finished(self, field: Field, node: Node, branches: Sequence[Node]) -> Field:
        """``field`` with what follows from the rest of it."""
        field = self._choosable(field, node)
        if field.kind == "array" and field.examples and not any(isinstance(one, list) for one in field.examples):
            field = replace(field, examples=(list(field.examples),))  # one example, written without its own brackets
        items = next((child for child in field.children if child.path == f"{field.path}[]"), None)
        if field.kind == "array" and not field.enum and items is not None:
            field = replace(field, enum=items.enum, labels=items.labels)
        told = labels_of(node, len(field.enum)) or labels_of({"x-labels": branch_labels(branches)}, len(field.enum))
        return self._sound(
            replace(
                field,
                labels=told or field.labels,
                media=with_media(field, node),
                multiline=is_long_text(field) or (field.kind == "string" and not field.enum and is_multiline(node)),
            )
        )

    def _choosable(self, field: Field, node: Node) -> Field:
        """``field`` whose choices are of its kind: where none is, the choices say what kind it is."""
        listed = node.get("enum")
        if isinstance(listed, list) and len(listed) > MOST_CHOICES:
            self.report(f"{field.path}: it has {len(listed)} allowed values, too many to choose among.")
        if not field.enum or field.kind in ("any", "array", "object"):
            return field
        bare = Field(field.path, field.kind, field.title)
        fitting = tuple(value for value in field.enum if not fault(bare, value))
        if len(fitting) == len(field.enum):
            return field
        self.report(f"{field.path}: some allowed values are no {field.kind}.")
        return replace(field, enum=fitting) if fitting else replace(field, kind=kind_of({"enum": list(field.enum)}))

    def _sound(self, field: Field) -> Field:
        """``field`` without a default that its own limits forbid."""
        if field.default is MISSING:
            return field
        wrong = fault(field, field.default)
        if not wrong:
            return field
        self.report(f"{field.path}: the default does not fit the field and was left out ({wrong})")
        return replace(field, default=MISSING)

    def _kind(self, path: str, node: Mapping[str, Json], branches: Sequence[Node]) -> Kind:
        if branches:
            kinds = {kind_of(branch) for branch in branches}
            if kinds == {"integer", "number"}:
                return "number"
            return kinds.pop() if len(kinds) == 1 else "any"
        told = node.get("type")
        if told is not None and told != "null" and not named_kind(told):
            self.report(f"{path}: the type {str(told)[:40]!r} is not known; the field is edited as JSON.")
            return "any"
        return kind_of(node)

    def _children(self, path: str, kind: Kind, read: Read, depth: int) -> tuple[Field, ...]:
        if kind == "object" and not read.branches:
            return self._inner(read.node, f"{path}.", depth + 1, read.seen)
        if kind == "any":
            forms = [branch for branch in read.branches if kind_of(branch.node) == "object"]
            # Two forms of an object have no fields in common that could be asked for.
            return self._inner(forms[0].node, f"{path}.", depth + 1, forms[0].seen) if len(forms) == 1 else ()
        items = read.node.get("items")
        if kind != "array" or not isinstance(items, Mapping) or {"0", "1"} & items.keys():
            return ()
        return self._items(path, items, depth, read.seen)

    def _items(self, path: str, items: Json, depth: int, seen: Seen) -> tuple[Field, ...]:
        """The fields of an array's items: those of the items' object, else one field "name[]" for the item itself."""
        flat, below = self._flattener.flat(items, seen, f"{path}[]")
        if isinstance(flat.get("properties"), Mapping) and not allows_null(flat):
            return self._inner(flat, f"{path}[].", depth + 1, below)
        if self._nested < 1 or self._inside < 1:
            self.report(f"{path}: it has too many fields inside; it is edited as JSON.")
            return ()
        self._nested -= 1
        self._inside -= 1
        last = f"{path}[]".rsplit(".", 1)[-1]
        return (self._field(f"{path}[]", last, items, False, depth + 1, seen),)

    def _report_unread(self, path: str, node: Mapping[str, Json]) -> None:
        for keyword in unread(node):
            self.report(f"{path}: the schema also says {keyword!r}, which the panel does not show.")


def _joined_forms(joined: Node, form: Node) -> Node:
    """The properties and their order of two forms of one object; what both have may be either."""
    mine, theirs = joined.get("properties", {}), form["properties"]
    shared = {
        name: {"anyOf": [mine[name], theirs[name]]} for name in theirs if name in mine and mine[name] != theirs[name]
    }
    orders = (joined.get("x-fal-order-properties"), form.get("x-fal-order-properties"))
    order = [name for told in orders if isinstance(told, list) for name in told]
    return {**form, "properties": {**mine, **theirs, **shared}, **({"x-fal-order-properties": order} if order else {})}


def _needed(node: Mapping[str, Json]) -> set[str]:
    required = node.get("required")
    return {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()


def _description(node: Mapping[str, Json]) -> str:
    """The description, and a file's limits where it does not say them itself."""
    text, limits = tidy(node.get("description")), limit_words(node)
    return text if not limits or limits in text else f"{text}\n{limits}".strip()


def _is_class_name(title: Json, schema: Json) -> bool:
    """Whether the title that a property came to is the name of the class it refers to, and not its own."""
    if not isinstance(schema, Mapping) or not isinstance(title, str) or schema.get("title") == title:
        return False
    listed = [schema.get(key) for key in ("anyOf", "oneOf", "allOf")]
    branches = [branch for one in listed if isinstance(one, list) for branch in one[:MOST_BRANCHES]]
    targets = [part.get("$ref") for part in (schema, *branches) if isinstance(part, Mapping)]
    names = [target.rsplit("/", 1)[-1] for target in targets if isinstance(target, str)]
    return title in names or (bool(names) and _CLASS_NAME.fullmatch(title[:200]) is not None)
