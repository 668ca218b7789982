"""The envelope of an OpenAPI document: where it keeps an endpoint's id, input schema and output schema.

Queue documents as fal.ai publishes them are the measure (OpenAPI "3.0.4" in name, 3.1 in content); documents of another
origin read the same way, those of Swagger 2.0 with their body among the parameters included. Of several calls the one
that the name asks for is taken, else the first that takes a mask, else the first with a body.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.references import target

Json = Any

_MOST_CALLS: Final = 2000
_MOST_REFERENCES: Final = 8
_OF_SCHEMAS: Final = {"properties", "$ref", "allOf", "anyOf", "oneOf"}
"""Keywords of a schema that only keeps its definitions where an OpenAPI document would."""


@dataclass(frozen=True)
class Envelope:
    """What an OpenAPI document says about its endpoint; a schema that is not there is None."""

    id: str
    title: str
    provider: str
    description: str
    input: Json
    output: Json
    problems: tuple[str, ...] = ()


def is_openapi(document: Mapping[str, Json]) -> bool:
    """Whether ``document`` is an OpenAPI or Swagger document rather than a schema."""
    stated = "openapi" in document or "swagger" in document or "info" in document
    if isinstance(document.get("paths"), Mapping) and stated:
        return True
    return bool(_components(document)) and not document.keys() & _OF_SCHEMAS


def read_envelope(document: Mapping[str, Json], name: str) -> Envelope:
    """The envelope of ``document``; ``name`` is the id when the document gives none."""
    about = _at(document, "info", "x-fal-metadata")
    told = _text(_at(about, "endpointId"))
    calls = _calls(document)
    path, operation = _chosen(document, calls, told or name)
    problem = f"The document describes {len(calls)} calls; this is {path}." if len(calls) > 1 else ""
    body = _body(document, operation)
    named = next((name for name in _components(document) if name.endswith("Input")), "") if body is None else ""
    if named:
        body, problem = _components(document)[named], f"The document describes no call; its part {named[:80]} is taken."
    return Envelope(
        id=told or name or path.strip("/"),
        title=_text(_at(document, "info", "title")),
        provider="fal" if isinstance(about, Mapping) else "",
        description=_text(_at(about, "about")) or _text(_at(document, "info", "description")),
        input=body,
        output=_answer(document, path, operation),
        problems=(problem,) if problem else (),
    )


def _components(document: Mapping[str, Json]) -> Mapping[str, Json]:
    """The named schemas, empty when there are none."""
    schemas = _at(document, "components", "schemas")
    return {str(name): schema for name, schema in schemas.items()} if isinstance(schemas, Mapping) else {}


def _calls(document: Mapping[str, Json]) -> dict[str, Json]:
    """Path -> operation of every POST (or else PUT) with a body."""
    found: dict[str, Json] = {}
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, Mapping) else ():
        for verb in ("post", "put"):
            operation = _at(_followed(document, item), verb)
            if _body(document, operation) is not None and len(found) < _MOST_CALLS:
                found.setdefault(str(path), operation)
    return found


def _chosen(document: Mapping[str, Json], calls: Mapping[str, Json], wanted: str) -> tuple[str, Json]:
    for path in (f"/{wanted.strip('/')}", wanted):
        if path in calls:
            return path, calls[path]
    masked = (path for path, operation in calls.items() if _takes_mask(document, _body(document, operation)))
    path = next(masked, next(iter(calls), ""))
    return path, calls.get(path)


def _takes_mask(document: Mapping[str, Json], schema: Json) -> bool:
    properties = _at(_followed(document, schema), "properties")
    return isinstance(properties, Mapping) and any("mask" in str(name).lower() for name in properties)


def _body(document: Mapping[str, Json], operation: Json) -> Json:
    """The schema of what an operation is sent, None when it is sent nothing."""
    body = _followed(document, _at(operation, "requestBody"))
    if body is not None:
        return _schema(body)
    listed = _at(operation, "parameters")
    parameters = [_followed(document, one) for one in listed] if isinstance(listed, list) else []
    whole = next((_at(one, "schema") for one in parameters if _at(one, "in") == "body"), None)
    if whole is not None:
        return whole
    form = {_text(_at(one, "name")): one for one in parameters if _at(one, "in") == "formData"}
    return _form(form) if form else None


def _form(parameters: Mapping[str, Json]) -> dict[str, Json]:
    """The parameters of a form as an object schema; a file in it is a text here."""
    properties = {
        name: {
            **{key: value for key, value in one.items() if key not in ("in", "name", "required")},
            **({"type": "string"} if one.get("type") == "file" else {}),
        }
        for name, one in parameters.items()
    }
    needed = [name for name, one in parameters.items() if one.get("required") is True]
    return {"type": "object", "properties": properties, "required": needed}


def _answer(document: Mapping[str, Json], path: str, operation: Json) -> Json:
    """The schema of the finished answer: a queue answers at ``/requests/{request_id}``, others at once."""
    queued = _at(document, "paths", f"{path}/requests/{{request_id}}", "get", "responses")
    for responses in (queued, _at(operation, "responses")):
        found = next((schema for schema in _answers(document, responses) if schema is not None), None)
        if found is not None:
            return found
    return None


def _answers(document: Mapping[str, Json], responses: Json) -> Iterator[Json]:
    if isinstance(responses, Mapping):
        for status, response in responses.items():
            if str(status).startswith("2"):
                yield _schema(_followed(document, response))


def _followed(document: Mapping[str, Json], node: Json) -> Json:
    """``node``, or what it refers to."""
    for _ in range(_MOST_REFERENCES):
        reference = _at(node, "$ref")
        if not isinstance(reference, str):
            break
        node = target(document, reference)
    return node


def _schema(body: Json) -> Json:
    """The JSON schema of a request body or response."""
    content = _at(body, "content")
    if not isinstance(content, Mapping):
        return _at(body, "schema")
    return _at(content.get("application/json") or next(iter(content.values()), None), "schema")


def _at(node: Json, *keys: str) -> Json:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _said(description: str) -> str:
    """``description``, unless it only says that this is a document."""
    return "" if description.startswith("The OpenAPI schema for") else description


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
