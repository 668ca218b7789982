"""The endpoints that come with the program, as the shelf reads them for somebody who has none of their own."""

from app.core.endpoint import Endpoint
from app.resources import resource
from app.store.endpoints import EndpointShelf


def bundled_endpoints() -> list[Endpoint]:
    """All of them, local ones first."""
    folder = resource("endpoints")
    return EndpointShelf(folder, folder / "none", folder / "none.json").read()[0]
