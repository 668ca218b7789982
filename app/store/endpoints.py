"""The endpoint files: ours in the program's resources, the user's own in the data folder, all in one form."""

import errno
import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from app.core.endpoint import Endpoint
from app.core.errors import SchemaError
from app.core.schema import read_endpoint
from app.store.wording import read_reason, shown

LARGEST = 10 << 20
"""Bytes of an endpoint document that are read at most."""


def read_endpoint_file(path: Path) -> Endpoint:
    """The endpoint in a JSON file (our form, an OpenAPI document or a JSON Schema). Raises SchemaError in words."""
    try:
        text = _start_of(path)
    except (OSError, ValueError) as error:
        reason = read_reason(error) if isinstance(error, OSError) else "its name cannot be used"
        raise SchemaError(f"“{shown(path)}” cannot be read: {reason}. Choose an endpoint's file.") from error
    if len(text) > LARGEST:
        raise SchemaError(
            f"“{shown(path)}” is larger than {LARGEST >> 20} MB; an endpoint's document is smaller than that."
        )
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"“{shown(path)}” is not a JSON document; give an OpenAPI or JSON Schema file.") from error
    return read_endpoint(document, name=path.stem.replace("__", "/"))


def _start_of(path: Path) -> bytes:
    """The file's bytes, one more than allowed at most. A pipe is not waited for, and a device not read."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file")
        return file.read(LARGEST + 1)


def _files(folder: Path, problems: list[str]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        problems.append(
            f"The folder “{shown(folder)}” cannot be read: {read_reason(error)}. Its endpoints are missing."
        )
        return []


def read_endpoints(folders: Iterable[Path]) -> tuple[list[Endpoint], list[str]]:
    """Every endpoint of ``folders``, local ones first, and a sentence for each file that could not be read.

    A later folder's file replaces an earlier one of the same id.
    """
    found: dict[str, Endpoint] = {}
    problems: list[str] = []
    for folder in folders:
        for path in _files(folder, problems):
            try:
                endpoint = read_endpoint_file(path)
            except SchemaError as error:
                problems.append(str(error))
            else:
                found[endpoint.id] = endpoint
    return sorted(found.values(), key=lambda endpoint: (endpoint.provider != "local", endpoint.provider)), problems
