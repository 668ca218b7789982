"""The providers' own servers. Their endpoints and panels are here; sending to them is not, and this says so plainly."""

from collections.abc import AsyncGenerator

from app.core.endpoint import Endpoint
from app.core.errors import Refused
from app.core.request import Event, Failure, Request

PROVIDERS = {"fal": "fal.ai", "scenario": "Scenario"}


class RemoteBackend:
    """Answers every request with the reason why it cannot be sent; nothing leaves this computer."""

    name = "remote"

    def unavailable(self, endpoint: Endpoint) -> str | None:
        """Always a sentence: which provider, and what can be used instead."""
        if endpoint.provider == "local":
            return "This endpoint runs on this computer; choose Local."
        provider = PROVIDERS.get(endpoint.provider, "this provider")
        return f"Sending to {provider} is not there yet; choose Practice to try this endpoint without it."

    async def run(self, request: Request) -> AsyncGenerator[Event, None]:
        """One Failure, in words."""
        yield Failure(Refused(self.unavailable(request.endpoint) or ""))

    async def close(self) -> None:
        """Nothing is open."""
