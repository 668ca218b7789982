"""Documents -> endpoints: our own endpoint files, OpenAPI documents, and bare JSON Schemas.

Reading never stops at an oddity: it is left out or edited as JSON, and ``Endpoint.problems`` says so. Only what holds
no schema at all is refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Literal

from app.core.endpoint import ROLES, Binding, Endpoint, Field, Role
from app.core.errors import SchemaError
from app.core.field_reader import FieldReader
from app.core.keywords import LONGEST_TITLE, tidy
from app.core.openapi import is_openapi, read_envelope
from app.core.references import self_contained
from app.core.roles import answer_paths, roles_by_name

Json = Any

_SCHEMA_KEYS: Final = ("properties", "$ref", "allOf", "$schema", "type")


def read_endpoint(document: Json, *, name: str = "") -> Endpoint:
    """The endpoint that ``document`` (what ``json.loads`` gave) describes; ``name`` is its id when it names none.

    Raises SchemaError when it is not a JSON object or holds no schema.
    """
    if not isinstance(document, Mapping):
        raise SchemaError(f"{name or 'This'} is not an endpoint: a JSON object is needed.")
    if isinstance(document.get("input"), Mapping):
        return _from_file(document, name)
    if is_openapi(document):
        return _from_openapi(document, name)
    if any(key in document for key in _SCHEMA_KEYS):
        return _from_schema(document, name)
    raise SchemaError(f"{name or 'This'} holds no schema: give an endpoint file, an OpenAPI document or a JSON Schema.")


def _from_file(document: Mapping[str, Json], name: str) -> Endpoint:
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
    )


def _from_openapi(document: Mapping[str, Json], name: str) -> Endpoint:
    envelope = read_envelope(document, name)
    lost = [] if isinstance(envelope.input, Mapping) else ["The document has no input schema."]
    return _assemble(
        id=_line(envelope.id),
        title=_line(envelope.title.removeprefix("Queue OpenAPI for ")),
        provider=envelope.provider,
        description=envelope.description,
        input=self_contained(envelope.input, document) if isinstance(envelope.input, Mapping) else {},
        output=self_contained(envelope.output, document) if isinstance(envelope.output, Mapping) else {},
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
    lost: tuple[str, ...] = (),
) -> Endpoint:
    reader = FieldReader(input)
    fields = reader.fields(input)
    if not fields and not lost:
        reader.report("The schema has no fields.")
    told = binding if isinstance(binding, Mapping) else {}
    roles = _roles(fields, told, reader)
    answers = {**answer_paths(FieldReader(output).fields(output)), **told}
    return Endpoint(
        id=id or "endpoint",
        title=title or id or "Endpoint",
        provider=provider,
        fields=tuple(_with_role(field, roles) for field in fields),
        binding=Binding(
            roles=MappingProxyType(roles),
            polarity=_polarity(told, reader),
            crop="islands" if told.get("crop") == "islands" else "one",
            context=_line(told.get("context")),
            results=_line(answers.get("results")),
            seed_out=_line(answers.get("seed_out")),
            flags=_line(answers.get("flags")),
        ),
        description=tidy(description),
        input=input,
        output=output,
        rules=rules,
        problems=(*lost, *reader.problems),
    )


def _roles(fields: tuple[Field, ...], told: Mapping[str, Json], reader: FieldReader) -> dict[Role, str]:
    """Roles by name, over which the file's own binding wins; null there takes a role away."""
    roles = roles_by_name(fields)
    known = {field.path for field in fields}
    for role in ROLES:
        if role not in told:
            continue
        roles.pop(role, None)
        if told[role] in known:
            roles[role] = told[role]
        elif told[role] is not None:
            reader.report(f"The binding gives {role} to {str(told[role])[:60]!r}, which is not a field.")
    return roles


def _with_role(field: Field, roles: Mapping[Role, str]) -> Field:
    role = next((role for role, path in roles.items() if path == field.path), None)
    if role in ("prompt", "negative_prompt") and field.kind == "string" and not field.enum:
        return replace(field, role=role, multiline=True)
    return replace(field, role=role)


def _polarity(told: Mapping[str, Json], reader: FieldReader) -> Literal["white", "black"]:
    wanted = told.get("polarity", "white")
    if wanted not in ("white", "black"):
        reader.report("The binding's polarity is neither white nor black; white is taken.")
    return "black" if wanted == "black" else "white"


def _line(value: Json) -> str:
    """One line of text, "" for anything else."""
    return " ".join(value[: LONGEST_TITLE * 4].split())[: LONGEST_TITLE * 2] if isinstance(value, str) else ""
