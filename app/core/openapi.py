"""The envelope of an OpenAPI document: where it keeps an endpoint's id, input schema and output schema.

Queue documents as fal.ai publishes them are the measure (OpenAPI "3.0.4" in name, 3.1 in content); a document with a
single POST operation of another origin reads the same way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True)
class Envelope:
    """What an OpenAPI document says about its endpoint; a schema that is not there is None."""

    id: str
    title: str
    provider: str
    description: str
    input: Json
    output: Json


def is_openapi(document: Mapping[str, Json]) -> bool:
    """Whether ``document`` is an OpenAPI or Swagger document rather than a schema."""
    return isinstance(document.get("paths"), Mapping) and ("openapi" in document or "info" in document)


def read_envelope(document: Mapping[str, Json], name: str) -> Envelope:
    """The envelope of ``document``; ``name`` is the id when the document gives none."""
    about = _at(document, "info", "x-fal-metadata")
    told = _text(_at(about, "endpointId"))
    path, operation = _post(document, told)
    identity = told or name or path.strip("/")
    return Envelope(
        id=identity,
        title=_text(_at(document, "info", "title")),
        provider="fal" if isinstance(about, Mapping) else "",
        description=_text(_at(about, "about")) or _said(_text(_at(document, "info", "description"))),
        input=_schema(_at(operation, "requestBody")),
        output=_answer(document, path, operation),
    )


def _post(document: Mapping[str, Json], identity: str) -> tuple[str, Json]:
    """The path and operation that starts a job: the endpoint's own path, else the first POST with a body."""
    paths = document["paths"]
    named = _at(paths, f"/{identity}", "post")
    if named is not None:
        return f"/{identity}", named
    posts = [(path, _at(item, "post")) for path, item in paths.items()]
    return next(((str(path), post) for path, post in posts if _at(post, "requestBody") is not None), ("", None))


def _answer(document: Mapping[str, Json], path: str, operation: Json) -> Json:
    """The schema of the finished answer: a queue answers at ``/requests/{request_id}``, others at once."""
    queued = _at(document, "paths", f"{path}/requests/{{request_id}}", "get", "responses")
    for responses in (queued, _at(operation, "responses")):
        found = next((schema for schema in _answers(responses) if schema is not None), None)
        if found is not None:
            return found
    return None


def _answers(responses: Json) -> Iterator[Json]:
    if isinstance(responses, Mapping):
        for status, response in responses.items():
            if str(status).startswith("2"):
                yield _schema(response)


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
