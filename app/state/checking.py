"""What is wrong with a draft: what its check finds before it is sent, and what a provider said of it afterwards."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from app.core.endpoint import Endpoint
from app.core.values import body, check
from app.state.settable import same

Json = Any


class Validator(Protocol):
    """Checks a whole body against the endpoint's own schema; ``loaded`` once that costs no waiting."""

    @property
    def loaded(self) -> bool: ...

    def faults(self, endpoint: Endpoint, body: Mapping[str, Json]) -> Mapping[str, str]:
        """Top-level field -> what is wrong, in a sentence."""


class Checking:
    """Knows no draft: it is asked about one. Remembers only what providers said, by endpoint and value."""

    def __init__(self) -> None:
        self.validator: Validator | None = None
        self._said: dict[str, dict[str, tuple[str, Json]]] = {}

    def problems(self, endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, str]:
        """Field -> what keeps it from being sent, in a sentence; in the fields' order.

        The check that speaks of single fields comes first; the whole schema is asked for what that one finds right,
        and only once its library is loaded.
        """
        problems = check(endpoint, values)
        if self.validator is not None and self.validator.loaded:
            found = self.validator.faults(endpoint, body(endpoint, values))
            problems = {**found, **problems}
        return _in_order(endpoint, problems)

    def complaints(self, endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, str]:
        """Field -> what the provider said of the value that still stands there; in the fields' order."""
        said = self._said.get(endpoint.key, {})
        sent = body(endpoint, values)
        standing = {path: text for path, (text, value) in said.items() if same(sent.get(path, _UNSET), value)}
        return _in_order(endpoint, standing)

    def complain(self, key: str, sent: Mapping[str, Json], fields: Mapping[str, str]) -> None:
        """Keep what was said of the values in ``sent``, in the place of what was said of this endpoint before."""
        self._said[key] = {path: (text, sent.get(path, _UNSET)) for path, text in fields.items()}

    def forget(self, key: str) -> None:
        """What was said of this endpoint is over: it is asked again."""
        self._said.pop(key, None)

    def settled(self, key: str, path: str) -> None:
        """A field was changed: what was said of its value is over, even when that value comes back."""
        self._said.get(key, {}).pop(path, None)


_UNSET: Final = object()


def _in_order(endpoint: Endpoint, texts: Mapping[str, str]) -> dict[str, str]:
    order = {field.path: place for place, field in enumerate(endpoint.fields)}
    return dict(sorted(texts.items(), key=lambda entry: order.get(entry[0], len(order))))
