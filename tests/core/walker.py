"""An independent reader of schema documents, for checking ours against: plain, slow, and only for well-formed ones."""

from collections.abc import Iterator
from typing import Any

Json = Any


def input_schema(document: Json) -> tuple[Json, Json]:
    """The input schema and the document that its references point into."""
    if "input" in document:
        return document["input"], document["input"]
    identity = document["info"]["x-fal-metadata"]["endpointId"]
    body = document["paths"][f"/{identity}"]["post"]["requestBody"]
    return follow(body["content"]["application/json"]["schema"], document), document


def follow(node: Json, document: Json) -> Json:
    """``node`` with a reference on it replaced by what it names; what stands beside the reference wins."""
    while "$ref" in node or "allOf" in node:
        beside = {key: value for key, value in node.items() if key not in ("$ref", "allOf")}
        names = [node["$ref"]] if "$ref" in node else [part["$ref"] for part in node["allOf"]]
        named: Json = {}
        for name in names:
            found = document
            for key in name.removeprefix("#/").split("/"):
                found = found[key]
            named = {**named, **found}
        node = {**named, **beside}
    return node


def single(node: Json, document: Json) -> tuple[Json, bool]:
    """``node`` without "or null", and whether null is allowed."""
    node = follow(node, document)
    branches = node.get("anyOf", [])
    real = [branch for branch in branches if branch.get("type") != "null"]
    nullable = len(real) < len(branches) or node.get("nullable") is True
    if len(real) == 1:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return {**follow(real[0], document), **rest}, nullable
    return node, nullable


def order(schema: Json) -> list[str]:
    """The names of the properties as the provider shows them."""
    return list(schema.get("x-fal-order-properties") or schema["properties"])


def every(schema: Json, document: Json, prefix: str = "") -> Iterator[tuple[str, Json, bool]]:
    """Path, schema and "required" of every named property of an object schema, nested ones after their parent."""
    for name in order(schema):
        path = prefix + name
        node, _ = single(schema["properties"][name], document)
        yield path, node, name in schema.get("required", [])
        below = node
        while isinstance(below.get("items"), dict) and "0" not in below["items"]:
            below, path = single(below["items"], document)[0], f"{path}[]"
        branches = [follow(branch, document) for branch in below.get("anyOf", [])]
        objects = [branch for branch in [below, *branches] if "properties" in branch]
        if len(objects) == 1:
            yield from every(objects[0], document, f"{path}.")


def every_input(inputs: Json, prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Path and a few facts of every one of a provider's inputs, nested ones after their parent."""
    for told in inputs:
        many = told["type"].endswith("_array")
        required = told.get("required", False)
        facts = {
            "required": required["always"] if isinstance(required, dict) and "always" in required else required is True,
            "minimum": None if many else told.get("min"),
            "maximum": None if many else told.get("max"),
            "step": None if many else told.get("step"),
            "enum": told.get("allowedValues"),
            "min_items" if many else "min_length": told.get("minLength"),
            "max_items" if many else "max_length": told.get("maxLength"),
        }
        yield prefix + told["name"], facts | ({"default": told["default"]} if "default" in told else {})
        yield from every_input(told.get("inputs", []), f"{prefix}{told['name']}[].")
