"""fal.ai on this computer: the documents of its endpoints and its catalogue, in the shapes that it publishes.

One server stands for all of fal's hosts: ``bases_at(standin.url)`` leads there.
"""

from collections.abc import Mapping
from typing import Any

from tests.standin.server import Answer, Asked, Standin

Json = Any

DOCUMENT = "/api/openapi/queue/openapi.json"


class FalStandin(Standin):
    """Knows ``documents`` (id -> OpenAPI document); ``titles`` and ``categories`` are what the catalogue says."""

    def __init__(self, documents: Mapping[str, Json], **options: Any) -> None:
        super().__init__(**options)
        self.documents = dict(documents)
        self.titles: dict[str, str] = {}
        self.categories: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.documents_missing: set[str] = set()
        """Ids whose document the catalogue cannot give (it says so in its place)."""
        self.most = 100
        """Rows of the catalogue at once, whatever is asked for."""
        self.page_is_down = False
        """The documents' own page fails; the catalogue still works."""

    def __enter__(self) -> "FalStandin":
        super().__enter__()
        return self

    def answer(self, asked: Asked) -> Answer:
        if asked.path == DOCUMENT:
            return self._document(asked.query.get("endpoint_id", ""))
        if asked.path == "/v1/models":
            return self._models(asked.query)
        return super().answer(asked)

    def _document(self, identity: str) -> Answer:
        if self.page_is_down:
            return Answer(b"<html>Bad gateway</html>", 502, {"content-type": "text/html"})
        if identity not in self.documents:
            return Answer({"error": {"type": "not_found", "message": "Endpoint not found"}}, 404)
        return Answer(self.documents[identity])

    def _models(self, query: Mapping[str, str]) -> Answer:
        if "endpoint_id" in query:
            found = [query["endpoint_id"]] if query["endpoint_id"] in self.documents else []
        else:
            words = query.get("q", "").lower().split()
            found = [name for name in self.documents if all(word in self._searched(name) for word in words)]
        start, limit = (
            int("0" + "".join(filter(str.isdecimal, query.get("cursor", "")))),
            min(self.most, int(query.get("limit", 50))),
        )
        part, end = found[start : start + limit], start + limit
        rows = [self._row(name, query.get("expand") == "openapi-3.0") for name in part]
        return Answer(
            {"models": rows, "next_cursor": str(end) if end < len(found) else None, "has_more": end < len(found)}
        )

    def _searched(self, name: str) -> str:
        return f"{name} {self.titles.get(name, '')} {self.categories.get(name, '')}".lower()

    def _row(self, name: str, expand: bool) -> Json:
        about = {
            "display_name": self.titles.get(name, name.rsplit("/", 1)[-1].title()),
            "category": self.categories.get(name, "image-to-image"),
            "description": self.descriptions.get(name, ""),
            "status": "active",
            "tags": [],
            "updated_at": "2026-06-11T00:00:00Z",
            "thumbnail_url": "https://v3.fal.media/files/x.webp",
            "model_url": f"https://fal.run/{name}",
        }
        row: dict[str, Json] = {"endpoint_id": name, "metadata": about}
        if expand:
            failed = {"error": {"code": "expansion_failed", "message": "Failed to fetch"}}
            row["openapi"] = failed if name in self.documents_missing else self.documents[name]
        return row


def openapi(identity: str, properties: Mapping[str, Json], required: tuple[str, ...] = ()) -> Json:
    """A queue document of ``identity`` as fal publishes them, small: the input's ``properties``, pictures as answer."""
    name = "".join(part.title() for part in identity.replace("-", "/").split("/")[1:])
    return {
        "openapi": "3.0.4",
        "info": {
            "title": f"Queue OpenAPI for {identity}",
            "version": "1.0.0",
            "x-fal-metadata": {"endpointId": identity, "category": "image-to-image"},
        },
        "components": {
            "securitySchemes": {"apiKeyAuth": {"type": "apiKey", "in": "header", "name": "Authorization"}},
            "schemas": {
                "QueueStatus": {"type": "object", "properties": {"status": {"type": "string"}}},
                f"{name}Input": {
                    "type": "object",
                    "properties": dict(properties),
                    "required": list(required),
                    "x-fal-order-properties": list(properties),
                },
                f"{name}Output": {
                    "type": "object",
                    "properties": {
                        "images": {"type": "array", "items": {"$ref": "#/components/schemas/Image"}},
                        "seed": {"type": "integer"},
                    },
                },
                "Image": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]},
            },
        },
        "paths": {
            f"/{identity}": {
                "post": {
                    "requestBody": _content(f"{name}Input"),
                    "responses": {"200": _content("QueueStatus")},
                }
            },
            f"/{identity}/requests/{{request_id}}": {"get": {"responses": {"200": _content(f"{name}Output")}}},
        },
        "servers": [{"url": "https://queue.fal.run"}],
    }


def inpainter(identity: str, **more: Json) -> Json:
    """A document of an endpoint with prompt, picture and mask, and ``more``."""
    properties = {
        "prompt": {"type": "string", "title": "Prompt"},
        "image_url": {"type": "string", "title": "Image Url"},
        "mask_url": {"type": "string", "title": "Mask Url"},
        **more,
    }
    return openapi(identity, properties, ("prompt", "image_url", "mask_url"))


def _content(name: str) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
