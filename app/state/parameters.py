"""The draft of the next request: the endpoint, the backend that answers, and the values set, kept per endpoint."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.core.endpoint import BackendName, Endpoint
from app.core.errors import InputError
from app.core.request import BlendSettings
from app.core.values import check

Json = Any

MOST_GROW: Final = 1000
"""Pixels: the limit of both blend settings."""

_FROM_CANVAS: Final = ("picture", "mask")


class Parameters(QObject):
    """Owns the draft. A value is there only when the user set it; what is left out takes the provider's default."""

    endpoint_changed = Signal()
    backend_changed = Signal()
    value_changed = Signal(str)
    blend_changed = Signal()
    problems_changed = Signal()

    def __init__(self, endpoints: Sequence[Endpoint], saved: Mapping[str, Json] | None = None) -> None:
        """``saved`` is what ``to_save`` gave in an earlier run; whatever in it no longer fits is passed over.

        Raises InputError when there is no endpoint at all.
        """
        super().__init__()
        if not endpoints:
            raise InputError("No endpoint could be read: install the program again, or add an endpoint file.")
        self._endpoints = tuple(endpoints)
        self._endpoint = self._endpoints[0]
        self._values: dict[str, dict[str, Json]] = {endpoint.id: {} for endpoint in self._endpoints}
        self._backends: dict[str, BackendName] = {}
        self._blend = BlendSettings()
        self._restore(saved if isinstance(saved, Mapping) else {})
        self._problems = check(self._endpoint, self._values[self._endpoint.id])

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All that can be chosen."""
        return self._endpoints

    @property
    def endpoint(self) -> Endpoint:
        """The chosen one."""
        return self._endpoint

    @property
    def backend(self) -> BackendName:
        """Who answers the next request."""
        return self._backends.get(self._endpoint.id, self.backends[0])

    @property
    def backends(self) -> tuple[BackendName, BackendName]:
        """Who can answer for the chosen endpoint, the usual one first."""
        return self._endpoint.backends

    @property
    def values(self) -> dict[str, Json]:
        """A copy of what the user set for the chosen endpoint, by field name."""
        return copy.deepcopy(self._values[self._endpoint.id])

    @property
    def blend(self) -> BlendSettings:
        """How a result will meet the picture."""
        return self._blend

    @property
    def problems(self) -> dict[str, str]:
        """Field -> what keeps it from being sent, in a sentence; in the fields' order."""
        order = {field.path: place for place, field in enumerate(self._endpoint.fields)}
        return dict(sorted(self._problems.items(), key=lambda entry: order.get(entry[0], len(order))))

    def choose(self, endpoint_id: str) -> None:
        """Change to another endpoint; its own values come back. Raises InputError for an id that is not there."""
        chosen = self._known(endpoint_id)
        if chosen is self._endpoint:
            return
        before = self.backend
        self._endpoint = chosen
        self._problems = check(chosen, self._values[chosen.id])
        self.endpoint_changed.emit()
        if self.backend != before:
            self.backend_changed.emit()
        self.problems_changed.emit()

    def choose_backend(self, name: str) -> None:
        """Choose who answers. Raises InputError for a backend that cannot answer for the chosen endpoint."""
        wanted = next((backend for backend in self.backends if backend == name), None)
        if wanted is None:
            raise InputError(f"{self._endpoint.title} cannot run on {name!r}: choose {' or '.join(self.backends)}.")
        if wanted != self.backend:
            self._backends[self._endpoint.id] = wanted
            self.backend_changed.emit()

    def set_value(self, path: str, value: Json) -> None:
        """Set a top-level field. A value that does not fit is kept and stands in ``problems``.

        Raises InputError for a field that the chosen endpoint does not have.
        """
        if not any(field.path == path for field in self._endpoint.fields):
            raise InputError(f"{self._endpoint.title} has no field {path!r}.")
        values = self._values[self._endpoint.id]
        if path in values and _same(values[path], value):
            return
        values[path] = copy.deepcopy(value)
        self._changed(path)

    def reset(self, path: str) -> None:
        """Leave a field to its default again."""
        if self._values[self._endpoint.id].pop(path, _ABSENT) is not _ABSENT:
            self._changed(path)

    def reset_all(self) -> None:
        """Leave every field of the chosen endpoint to its default."""
        for path in list(self._values[self._endpoint.id]):
            self.reset(path)

    def set_blend(self, blend: BlendSettings) -> None:
        """Set how results meet the picture; both widths are kept within 0 to 1000 pixels."""
        kept = replace(
            blend, grow=min(max(blend.grow, 0), MOST_GROW), feather=min(max(blend.feather, 0.0), float(MOST_GROW))
        )
        if kept != self._blend:
            self._blend = kept
            self.blend_changed.emit()

    def recall(self, endpoint_id: str, values: Mapping[str, Json], blend: BlendSettings) -> tuple[str, ...]:
        """Take over what made a history entry; returns the names of values that the endpoint no longer has.

        Raises InputError when the endpoint is not there any more.
        """
        fields = _settable(self._known(endpoint_id))
        self.choose(endpoint_id)
        for path in self.values:
            if path not in values:
                self.reset(path)
        for path, value in values.items():
            if path in fields:
                self.set_value(path, value)
        self.set_blend(blend)
        return tuple(path for path in values if path not in fields)

    def to_save(self) -> dict[str, Json]:
        """Everything here as JSON, for the next run."""
        return {
            "endpoint": self._endpoint.id,
            "values": {name: copy.deepcopy(values) for name, values in self._values.items() if values},
            "backends": dict(self._backends),
            "blend": {"grow": self._blend.grow, "feather": self._blend.feather},
        }

    def _restore(self, saved: Mapping[str, Json]) -> None:
        kept, backends, blend = (_mapping(saved.get(key)) for key in ("values", "backends", "blend"))
        for endpoint in self._endpoints:
            fields = _settable(endpoint)
            values = _mapping(kept.get(endpoint.id))
            self._values[endpoint.id] = {path: copy.deepcopy(values[path]) for path in values if path in fields}
            name = next((name for name in endpoint.backends if name == backends.get(endpoint.id)), None)
            if name is not None:
                self._backends[endpoint.id] = name
        wanted = saved.get("endpoint")
        self._endpoint = next((known for known in self._endpoints if known.id == wanted), self._endpoints[0])
        self.set_blend(BlendSettings(int(_width(blend.get("grow"))), _width(blend.get("feather"))))

    def _known(self, endpoint_id: str) -> Endpoint:
        found = next((endpoint for endpoint in self._endpoints if endpoint.id == endpoint_id), None)
        if found is None:
            raise InputError(f"There is no endpoint {endpoint_id!r} here: add it, or choose another one.")
        return found

    def _changed(self, path: str) -> None:
        problems = check(self._endpoint, self._values[self._endpoint.id])
        differs = problems != self._problems
        self._problems = problems
        self.value_changed.emit(path)
        if differs:
            self.problems_changed.emit()


_ABSENT: Final = object()


def _same(one: Json, other: Json) -> bool:
    """Equal as JSON: 1, 1.0 and true are three things."""
    return type(one) is type(other) and bool(one == other) and repr(one) == repr(other)


def _settable(endpoint: Endpoint) -> set[str]:
    return {field.path for field in endpoint.fields if field.role not in _FROM_CANVAS}


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _width(value: Json) -> float:
    """A width in pixels from a saved file, 0 for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_GROW:
        return 0.0
    return float(value)
