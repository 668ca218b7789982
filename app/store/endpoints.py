"""The endpoint files: ours in the program's resources, the user's own in the data folder, all in one form."""

import json
from collections.abc import Iterable
from pathlib import Path

from app.core.endpoint import Endpoint
from app.core.errors import SchemaError
from app.core.schema import read_endpoint

LARGEST = 10 << 20
"""Bytes of an endpoint document that are read at most."""


def read_endpoint_file(path: Path) -> Endpoint:
    """The endpoint in a JSON file (our form, an OpenAPI document or a JSON Schema). Raises SchemaError in words."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
    except OSError as error:
        raise SchemaError(f"Cannot read {path}: {error.strerror or error}; check the name.") from error
    if len(text) > LARGEST:
        raise SchemaError(f"{path} is larger than {LARGEST >> 20} MB; an endpoint's document is smaller than that.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{path} is not a JSON document; give an OpenAPI or JSON Schema file.") from error
    return read_endpoint(document, name=path.stem.replace("__", "/"))


def read_endpoints(folders: Iterable[Path]) -> tuple[list[Endpoint], list[str]]:
    """Every endpoint of ``folders``, local ones first, and a sentence for each file that could not be read.

    A later folder's file replaces an earlier one of the same id.
    """
    found: dict[str, Endpoint] = {}
    problems: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            try:
                endpoint = read_endpoint_file(path)
            except SchemaError as error:
                problems.append(str(error))
            else:
                found[endpoint.id] = endpoint
    return sorted(found.values(), key=lambda endpoint: (endpoint.provider != "local", endpoint.provider)), problems
