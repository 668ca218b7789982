"""One schema node -> one ``Field``, whatever form the node has.

Read are the keywords of JSON Schema 2020-12 and of OpenAPI 3.0, and the slips met in real documents: unions with null,
a ``$ref`` with siblings, a boolean ``exclusiveMinimum``, ``ge``/``le``/``min``/``max`` for bounds, missing types,
``example``. Nothing raises and no property is dropped: what has no form of its own is edited as JSON, and what makes no
sense is said in ``problems``. Depth and number of fields are bounded, so a hostile or circular document costs little.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from app.core.endpoint import MISSING, Field, Kind
from app.core.hints import group_of, is_rare, labels_of, limit_words, mask_for, unread, with_media
from app.core.keywords import (
    MOST_CHOICES,
    allows_null,
    choices,
    examples,
    is_long_text,
    is_number,
    kind_of,
    named_kind,
    own_choices,
    tidy,
    title_of,
)
from app.core.references import target
from app.core.unions import MOST_BRANCHES, branch_labels, common, is_condition, merged, with_named_values
from app.core.values import fault

Json = Any
Node = dict[str, Json]
Seen = tuple[str, ...]

DEEPEST: Final = 5
"""Levels of fields inside fields; what lies deeper is edited as JSON."""
MOST_FIELDS: Final = 20_000
"""Fields of an endpoint."""
MOST_NESTED: Final = 4000
"""Fields inside fields in all; groups that come after them are edited as JSON."""
MOST_INSIDE_ONE: Final = 500
MOST_PROBLEMS: Final = 50
LONGEST_PATTERN: Final = 1000
_MOST_REFERENCES: Final = 64
_LARGEST_COUNT: Final = 2**31


class _Branch(NamedTuple):
    node: Node
    seen: Seen


class _Read(NamedTuple):
    """A node with everything that surrounds it merged in; ``branches`` only where it is a union of several things."""

    node: Node
    branches: tuple[_Branch, ...]
    nullable: bool
    seen: Seen

    @property
    def nodes(self) -> list[Node]:
        return [branch.node for branch in self.branches]


class FieldReader:
    """Reads the fields of schemas that live in ``document`` (where their references point)."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        self._problems: dict[str, None] = {}
        self._more_problems = 0
        self._nested = MOST_NESTED
        self._inside = MOST_INSIDE_ONE

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read, in words, each thing once."""
        more = (f"{self._more_problems} more of the kind were found.",) if self._more_problems else ()
        return (*self._problems, *more)

    def report(self, sentence: str) -> None:
        """Note a problem."""
        if sentence in self._problems:
            return
        if len(self._problems) < MOST_PROBLEMS:
            self._problems[sentence] = None
        else:
            self._more_problems += 1

    def fields(self, schema: Json) -> tuple[Field, ...]:
        """The fields of an object schema in the provider's order."""
        node, seen = self._form(schema)
        names = self._names(node)
        if len(names) > MOST_FIELDS:
            self.report(f"The schema has {len(names)} fields; only the first {MOST_FIELDS} are shown.")
        needed = _needed(node)
        read: list[Field] = []
        for name in names[:MOST_FIELDS]:
            self._inside = MOST_INSIDE_ONE
            read.append(self._field(name, name, node["properties"][name], name in needed, 0, seen))
        return tuple(read)

    def _form(self, schema: Json) -> tuple[Node, Seen]:
        """The whole input as one object: where it is a union of several forms, with the fields of all of them."""
        node, seen = self._flat(schema, (), "The input")
        listed = [branch for key in ("anyOf", "oneOf") if isinstance(node.get(key), list) for branch in node[key]]
        forms = [self._flat(branch, seen, "The input") for branch in listed[:MOST_BRANCHES]]
        objects = [form for form in forms if isinstance(form[0].get("properties"), Mapping)]
        if objects:
            self.report("The input can have one of several forms; the fields of all of them are shown.")
            joined: Node = {}
            for form, below in objects:
                joined = {**joined, **_joined_forms(joined, form)}
                seen = (*seen, *(reference for reference in below if reference not in seen))
            always = set.intersection(*(_needed(form) for form, _ in objects))
            node = merged({**joined, "required": sorted(always)}, node)
        elif forms and "properties" in node:
            self.report("The input says which fields are needed together; the panel does not show that.")
        self._report_unread("The input", node)
        return node, seen

    def _inner(self, schema: Json, prefix: str, depth: int, seen: Seen) -> tuple[Field, ...]:
        """The fields inside a field, ``prefix`` ("loras[].") before their names."""
        node, seen = self._flat(schema, seen, prefix.rstrip("."))
        names = self._names(node)
        if len(names) > min(self._nested, self._inside):
            self.report(f"{prefix.rstrip('.')}: it has too many fields inside; it is edited as JSON.")
            return ()
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
        told = node.get("x-fal-order-properties")
        first = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
        return [name for name in dict.fromkeys([*first, *properties]) if name in properties]

    def _field(self, path: str, key: str, schema: Json, required: bool, depth: int, seen: Seen) -> Field:
        node, below = self._flat(schema, seen, path)
        read = self._union(path, node, below, 0)
        node, branches = with_named_values(read.node, read.nodes), read.nodes
        kind = self._kind(path, node, branches)
        self._report_unread(path, node)
        default = node.get("default", MISSING)
        field = Field(
            path=path,
            kind=kind,
            title=title_of(node.get("title"), path),
            description=_description(node),
            required=required or node.get("required") is True,
            nullable=read.nullable or default is None,
            default=default,
            enum=choices(node, branches),
            examples=examples(node),
            children=self._children(path, kind, read, depth) if depth < DEEPEST else (),
            pattern=self._pattern(path, node),
            unique=node.get("uniqueItems") is True,
            mask_for=mask_for(node),
            group=group_of(node),
            deprecated=node.get("deprecated") is True,
            rare=is_rare(node),
            key="" if path.rsplit(".", 1)[-1] == key else key,
            **self._limits(path, node),
        )
        return self._finished(field, node, branches)

    def _finished(self, field: Field, node: Node, branches: Sequence[Node]) -> Field:
        """``field`` with what follows from the rest of it."""
        field = self._choosable(field, node)
        items = next((child for child in field.children if child.path == f"{field.path}[]"), None)
        if field.kind == "array" and not field.enum and items is not None:
            field = replace(field, enum=items.enum, labels=items.labels)
        told = labels_of(node, len(field.enum)) or labels_of({"x-labels": branch_labels(branches)}, len(field.enum))
        return self._sound(
            replace(
                field,
                labels=told or field.labels,
                media=with_media(field, node),
                multiline=is_long_text(field) or (field.kind == "string" and node.get("x-multiline") is True),
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

    def _flat(self, schema: Json, seen: Seen, path: str) -> tuple[Node, Seen]:
        """``schema`` with its references and ``allOf`` merged in (its own words win); the references followed."""
        if not isinstance(schema, Mapping):
            if schema is not True and schema is not None:
                what = "no value is allowed by the schema" if schema is False else "the schema is no JSON object"
                self.report(f"{path}: {what}; it is edited as JSON.")
            return {}, seen
        node = {str(key): value for key, value in schema.items() if key not in ("$ref", "allOf")}
        parts = list(schema["allOf"]) if isinstance(schema.get("allOf"), list) else []
        reference = schema.get("$ref")
        if isinstance(reference, str):
            found = target(self._document, reference)
            if found is None:
                self.report(f"{path}: the schema refers to {reference[:80]}, which is not in the document.")
            elif reference not in seen and len(seen) < _MOST_REFERENCES:
                seen = (*seen, reference)
                parts.append(found)
        base: Node = {}
        for part in parts[:MOST_BRANCHES]:
            below, seen = self._flat(part, seen, path)
            base = merged(base, below)
        return merged(base, node), seen

    def _union(self, path: str, node: Node, seen: Seen, depth: int) -> _Read:
        """``node`` with a union of one thing and null merged in, else with its branches."""
        nullable = allows_null(node)
        kinds = node.get("type")
        if isinstance(kinds, list):
            others = list(dict.fromkeys(kind for kind in kinds if isinstance(kind, str) and kind != "null"))
            rest = {key: value for key, value in node.items() if key != "type"}
            if len(others) < 2:
                return _Read({**rest, "type": others[0]} if others else rest, (), nullable, seen)
            return _shared(rest, [_Branch({**rest, "type": kind}, seen) for kind in others], nullable, seen)
        listed = next((node[key] for key in ("anyOf", "oneOf") if isinstance(node.get(key), list) and node[key]), None)
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "oneOf")}
        if listed is None:
            return _Read(rest, (), nullable, seen)
        if len(listed) > MOST_BRANCHES or depth > DEEPEST:
            self.report(f"{path}: it can be one of too many things; it is edited as JSON.")
            return _Read({key: value for key, value in rest.items() if key != "type"}, (), True, seen)
        if "anyOf" in node and "oneOf" in node:
            self.report(f"{path}: the schema has anyOf and oneOf; only the first is shown.")
        reads = [self._branch(path, rest, branch, seen, depth) for branch in listed]
        if all(is_condition(read.node) for read in reads):
            self.report(f"{path}: the schema says what is needed together; the panel does not show that.")
            return _Read(rest, (), nullable, seen)
        nullable = nullable or any(read.nullable for read in reads)
        real = [branch for read in reads for branch in read.branches or _one(read)]
        if len(real) == 1:
            return _Read(merged(real[0].node, rest), (), nullable, real[0].seen)
        return _shared(rest, real[:MOST_BRANCHES], nullable, seen) if real else _Read(rest, (), nullable, seen)

    def _branch(self, path: str, around: Node, branch: Json, seen: Seen, depth: int) -> _Read:
        """One branch of a union, which may be a union itself; a type told beside the union is that of its branches."""
        node, below = self._flat(branch, seen, path)
        if (
            isinstance(around.get("type"), str)
            and "type" not in node
            and not is_condition(node)
            and "const" not in node
        ):
            node = {"type": around["type"], **node}
        return self._union(path, node, below, depth + 1)

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
            limits[ours] = None if number is None or not 0 <= number < _LARGEST_COUNT else int(number)
        return self._possible(path, limits)

    def _possible(self, path: str, limits: dict[str, Any]) -> dict[str, Any]:
        """``limits`` without pairs that no value fits."""
        for low, high in (
            ("minimum", "maximum"),
            ("exclusive_minimum", "exclusive_maximum"),
            ("min_length", "max_length"),
            ("min_items", "max_items"),
        ):
            if limits[low] is not None and limits[high] is not None and limits[low] > limits[high]:
                self.report(f"{path}: its lowest limit lies above its highest; both were left out.")
                limits[low] = limits[high] = None
        return limits

    def _number(self, path: str, node: Mapping[str, Json], *keys: str) -> float | None:
        for key in keys:
            value = node.get(key)
            if is_number(value):
                return value
            if value is not None and not isinstance(value, bool):
                self.report(f"{path}: {key} is not a number and was left out.")
        return None

    def _pattern(self, path: str, node: Mapping[str, Json]) -> str:
        told = node.get("pattern")
        if told is None:
            return ""
        if isinstance(told, str) and len(told) <= LONGEST_PATTERN:
            return told
        self.report(f"{path}: its pattern cannot be read and is left to the provider.")
        return ""

    def _children(self, path: str, kind: Kind, read: _Read, depth: int) -> tuple[Field, ...]:
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
        flat, below = self._flat(items, seen, f"{path}[]")
        if isinstance(flat.get("properties"), Mapping) and not allows_null(flat):
            return self._inner(flat, f"{path}[].", depth + 1, below)
        if not self._nested or not self._inside:
            return ()
        self._nested -= 1
        self._inside -= 1
        last = f"{path}[]".rsplit(".", 1)[-1]
        return (self._field(f"{path}[]", last, items, False, depth + 1, seen),)

    def _report_unread(self, path: str, node: Mapping[str, Json]) -> None:
        for keyword in unread(node):
            self.report(f"{path}: the schema also says {keyword!r}, which the panel does not show.")


def _shared(rest: Node, branches: list[_Branch], nullable: bool, seen: Seen) -> _Read:
    """A union; bounds that its branches share are those of the whole."""
    shared = common([branch.node for branch in branches])
    open_ones = [branch.node for branch in branches if not own_choices(branch.node)]
    if shared.get("type") == "array" and not open_ones:
        shared.pop("items", None)
    return _Read(
        {**shared, **rest, **({"type": shared["type"]} if "type" in shared else {})}, tuple(branches), nullable, seen
    )


def _one(read: _Read) -> Iterator[_Branch]:
    """The branch that ``read`` is, unless it is null and nothing else."""
    only_null = read.node.get("type") == "null" or (
        read.nullable
        and not read.node.keys() - {"title", "description", "const", "enum"}
        and not own_choices(read.node)
    )
    if not only_null:
        yield _Branch(read.node, read.seen)


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
