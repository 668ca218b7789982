"""Documents -> endpoints: our own endpoint files, OpenAPI documents, and bare JSON Schemas.

Reading never stops at an oddity: it is left out or edited as JSON, and ``Endpoint.problems`` says so. Only what holds
no schema at all is refused.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from app.core.answer_paths import answer_paths
from app.core.endpoint import ROLES, Binding, Endpoint, Field, Polarity, Role
from app.core.errors import SchemaError
from app.core.field_reader import FieldReader
from app.core.keywords import LONGEST_TITLE, tidy
from app.core.openapi import is_openapi, read_envelope
from app.core.polarity import described_polarity
from app.core.provider_inputs import input_document, provider_inputs
from app.core.references import self_contained
from app.core.roles import roles_by_name, with_roles

Json = Any

MOST_SIZES: Final = 200
_SCHEMA_KEYS: Final = ("properties", "$ref", "allOf", "anyOf", "oneOf", "$schema", "type")


def read_endpoint(document: Json, *, name: str = "") -> Endpoint:
    """The endpoint that ``document`` (what ``json.loads`` gave) describes; ``name`` is its id when it names none.

    Raises SchemaError when it is not a JSON object or holds no schema.
    """
    document, name = _unwrapped(document, name)
    model = provider_inputs(document)
    if model is not None and (not isinstance(document, Mapping) or not isinstance(document.get("input"), Mapping)):
        return _from_inputs(model, name)
    if not isinstance(document, Mapping):
        raise SchemaError(f"{name or 'This'} is not an endpoint: a JSON object is needed.")
    if isinstance(document.get("input"), Mapping):
        return _from_file(document, name)
    if is_openapi(document):
        return _from_openapi(document, name)
    if any(key in document for key in _SCHEMA_KEYS):
        return _from_schema(document, name)
    raise SchemaError(f"{name or 'This'} holds no schema: give an endpoint file, an OpenAPI document or a JSON Schema.")


def _unwrapped(document: Json, name: str) -> tuple[Json, str]:
    """The OpenAPI document in an answer of a provider's catalogue, alone or in a list of one, and the id beside it."""
    listed = document.get("models") if isinstance(document, Mapping) else None
    entry = listed[0] if isinstance(listed, list) and len(listed) == 1 else document
    if isinstance(entry, Mapping) and isinstance(entry.get("openapi"), Mapping):
        return entry["openapi"], _line(entry.get("endpoint_id")) or name
    return document, name


def _from_inputs(model: Mapping[str, Json], name: str) -> Endpoint:
    """Inputs as a provider lists them; read by way of the endpoint file that says the same."""
    document, lost = input_document(model, name)
    return _from_file(document, name, lost)


def _from_file(document: Mapping[str, Json], name: str, lost: tuple[str, ...] = ()) -> Endpoint:
    """An endpoint file of our own form."""
    output = document.get("output")
    rules = document.get("rules")
    return _assemble(
        id=_line(document.get("id")) or name,
        title=_line(document.get("title")),
        provider=_line(document.get("provider")),
        description=document.get("description"),
        input=document["input"],
        output=output if isinstance(output, Mapping) else {},
        binding=document.get("binding"),
        rules=tuple(rule for rule in rules if isinstance(rule, Mapping)) if isinstance(rules, list) else (),
        sizes=_sizes(document.get("sizes")),
        source=_line(document.get("source")),
        lost=lost,
    )


def _from_openapi(document: Mapping[str, Json], name: str) -> Endpoint:
    envelope = read_envelope(document, name)
    lost = list(envelope.problems)
    if not isinstance(envelope.input, Mapping):
        lost.append("The document has no input schema.")
    return _assemble(
        id=_line(envelope.id),
        title=_line(envelope.title.removeprefix("Queue OpenAPI for ")),
        provider=envelope.provider,
        description=envelope.description,
        input=envelope.input if isinstance(envelope.input, Mapping) else {},
        output=envelope.output if isinstance(envelope.output, Mapping) else {},
        document=document,
        lost=tuple(lost),
    )


def _from_schema(document: Mapping[str, Json], name: str) -> Endpoint:
    title = _line(document.get("title"))
    return _assemble(
        id=name or title, title=title, provider="", description=document.get("description"), input=document, output={}
    )


def _assemble(
    *,
    id: str,
    title: str,
    provider: str,
    description: Json,
    input: Mapping[str, Json],
    output: Mapping[str, Json],
    binding: Json = None,
    rules: tuple[Mapping[str, Json], ...] = (),
    sizes: tuple[tuple[str, int, int], ...] = (),
    source: str = "",
    lost: tuple[str, ...] = (),
    document: Mapping[str, Json] | None = None,
) -> Endpoint:
    """The endpoint of what a document says; ``document`` is where its references point, if not into their schema."""
    cut: list[str] = []
    input, output = (self_contained(schema, document or schema, cut) for schema in (input, output))
    reader = FieldReader(input)
    fields = reader.fields(input)
    if not fields and not lost:
        reader.report("The schema has no fields.")
    told = binding if isinstance(binding, Mapping) else {}
    roles = _roles(fields, told, reader)
    fields = with_roles(fields, roles)
    return Endpoint(
        id=id or "endpoint",
        title=title or id or "Endpoint",
        provider=provider,
        fields=fields,
        binding=_binding(told, fields, roles, output, reader),
        description=tidy(description),
        input=input,
        output=output,
        rules=rules,
        sizes=sizes,
        source=source,
        problems=tuple(dict.fromkeys((*lost, *cut, *reader.problems))),
    )


def _binding(
    told: Mapping[str, Json],
    fields: tuple[Field, ...],
    roles: dict[Role, str],
    output: Mapping[str, Json],
    reader: FieldReader,
) -> Binding:
    """What the file's own binding says, and what the schemas tell beside it."""
    answers = {**answer_paths(FieldReader(output).fields(output)), **told}
    width, height = _sides(fields, told, roles)
    return Binding(
        roles=MappingProxyType(roles),
        polarity=_polarity(told, fields, reader),
        width=width,
        height=height,
        crop="islands" if told.get("crop") == "islands" else "one",
        context=_line(told.get("context")),
        results=_line(answers.get("results")),
        seed_out=_line(answers.get("seed_out")),
        flags=_line(answers.get("flags")),
    )


def _roles(fields: tuple[Field, ...], told: Mapping[str, Json], reader: FieldReader) -> dict[Role, str]:
    """Roles by name, over which the file's own binding wins; null there takes a role away."""
    roles = roles_by_name(fields)
    known = {field.path for field in fields}
    for role in ROLES:
        if role not in told:
            continue
        roles.pop(role, None)
        if isinstance(told[role], str) and told[role] in known:
            roles[role] = told[role]
        elif told[role] is not None:
            reader.report(f"The binding gives {role} to {str(told[role])[:60]!r}, which is not a field.")
    return roles


def _sides(fields: tuple[Field, ...], told: Mapping[str, Json], roles: Mapping[Role, str]) -> tuple[str, str]:
    """The number fields for width and height: as told, else those of these names where no one field takes the size."""
    numbers = {field.path for field in fields if field.kind in ("integer", "number")}
    if "width" in told or "height" in told:
        sides = (told.get("width"), told.get("height"))
    else:
        sides = ("", "") if "size" in roles else ("width", "height")
    are_two = all(isinstance(side, str) and side in numbers for side in sides) and sides[0] != sides[1]
    return (str(sides[0]), str(sides[1])) if are_two else ("", "")


def _polarity(told: Mapping[str, Json], fields: tuple[Field, ...], reader: FieldReader) -> Polarity:
    """As told, else as the mask's description says, else white: so it is wherever providers say anything."""
    wanted = told.get("polarity")
    if wanted is None:
        mask = next((field for field in fields if field.role == "mask"), None)
        wanted = described_polarity(mask.description) if mask else None
    elif wanted not in ("white", "black"):
        reader.report("The binding's polarity is neither white nor black; white is taken.")
    return "black" if wanted == "black" else "white"


def _sizes(listed: Json) -> tuple[tuple[str, int, int], ...]:
    """Sizes that make sense: a name, and two sides of at least one pixel."""
    found = (size for size in listed if isinstance(size, list) and len(size) == 3) if isinstance(listed, list) else ()
    sides = ((_line(size[0]), size[1], size[2]) for size in found)
    return tuple(
        (label, width, height)
        for label, width, height in sides
        if type(width) is int and type(height) is int and width > 0 and height > 0
    )[:MOST_SIZES]


def _line(value: Json) -> str:
    """One line of text, "" for anything else."""
    return " ".join(value[: LONGEST_TITLE * 4].split())[: LONGEST_TITLE * 2].strip() if isinstance(value, str) else ""
