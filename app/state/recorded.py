"""An endpoint's document as the history keeps it beside the requests that were made by it. Without Qt."""

import hashlib
import json
from dataclasses import replace

from app.core.endpoint import Endpoint
from app.core.endpoint_file import endpoint_document
from app.core.errors import SchemaError
from app.core.schema import read_endpoint


def document_bytes(endpoint: Endpoint) -> bytes:
    """The endpoint as a file of our own form: what the history stores."""
    return json.dumps(endpoint_document(endpoint), ensure_ascii=False, indent=1).encode("utf-8", "replace")


def document_digest(endpoint: Endpoint) -> str:
    """The name (sha256) that the document is stored under; a recorded version has its own already."""
    return endpoint.version or hashlib.sha256(document_bytes(endpoint)).hexdigest()


def read_recorded(document: bytes, digest: str) -> Endpoint:
    """The endpoint that ``document``, stored under ``digest``, describes, as that version. Raises SchemaError."""
    try:
        return replace(read_endpoint(json.loads(document)), version=digest)
    except (ValueError, RecursionError) as error:
        raise SchemaError("The record of an endpoint is no JSON; the endpoint as it is now is used.") from error
