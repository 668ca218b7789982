"""The draft of the next request: endpoint, backend and the values set, kept per endpoint and per picture.

What is only computed lies beside: ``journeys`` (values that go along to another endpoint), ``carrying`` (those that
come otherwise), ``checking`` (what is wrong with them), ``saved_drafts`` (their JSON), ``prompt_history``.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.core.carry import Carried
from app.core.depth import MOST_LEVELS, is_deep
from app.core.endpoint import BackendName, Endpoint, Role
from app.core.errors import InputError
from app.core.request import BlendSettings
from app.core.rules import TYPE
from app.state.carrying import Trip, put_on, put_over, remapped
from app.state.checking import Checking, Validator
from app.state.journeys import Journeys
from app.state.picture_drafts import PictureDrafts
from app.state.prompt_history import PromptHistory
from app.state.saved_drafts import Drafts, as_mapping, drafts_from_json, drafts_to_json
from app.state.settable import as_made_by, fitting, same, settable, stands

Json = Any

NONE_LEFT: Final = "No endpoint could be read: install the program again, or add an endpoint file."


class Parameters(QObject):
    """Owns the draft. A value is there only when the user set it; what is left out takes the provider's default."""

    endpoint_changed = Signal()
    endpoints_changed = Signal()
    backend_changed = Signal()
    value_changed = Signal(str)
    blend_changed = Signal()
    problems_changed = Signal()
    noted = Signal()
    """A prompt or a seed is remembered."""
    carried = Signal(object)
    """A ``Carried``: values came from another endpoint, a preset or the clipboard; ``take_back`` undoes it."""

    def __init__(self, endpoints: Sequence[Endpoint], saved: Mapping[str, Json] | None = None) -> None:
        """``saved`` is what ``to_save`` gave in an earlier run; whatever in it no longer fits is passed over.

        Raises InputError when there is no endpoint at all.
        """
        super().__init__()
        if not endpoints:
            raise InputError(NONE_LEFT)
        kept = as_mapping(saved)
        drafts = drafts_from_json(kept, endpoints, endpoints[0])
        self._endpoints = tuple(endpoints)
        self._endpoint, self._values, self._blend = drafts.endpoint, drafts.values, drafts.blend
        self._backends = {str(key): str(name) for key, name in as_mapping(kept.get("backends")).items()}
        self._prompts = PromptHistory(kept.get("prompts"))
        self._journeys = Journeys()
        self._trip: Trip | None = None
        self._pictures = PictureDrafts()
        self._checking = Checking()
        self._problems: dict[str, str] = {}
        self._complaints: dict[str, str] = {}
        self._recheck()

    # -- what stands ---------------------------------------------------------------------------------------------------

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All that can be chosen."""
        return self._endpoints

    @property
    def endpoint(self) -> Endpoint:
        """The chosen one: one of ``endpoints``, or a recorded version of one (``version`` is set then)."""
        return self._endpoint

    @property
    def backend(self) -> BackendName:
        """Who answers the next request."""
        wanted = self._backends.get(self._endpoint.id)
        return next((name for name in self.backends if name == wanted), self.backends[0])

    @property
    def backends(self) -> tuple[BackendName, BackendName]:
        """Who can answer for the chosen endpoint, the usual one first."""
        return self._endpoint.backends

    @property
    def values(self) -> dict[str, Json]:
        """A copy of what the user set for the chosen endpoint, by field name."""
        return copy.deepcopy(self._own)

    @property
    def blend(self) -> BlendSettings:
        """How a result will meet the picture."""
        return self._blend

    @property
    def problems(self) -> dict[str, str]:
        """Field -> what keeps it from being sent, in a sentence; in the fields' order."""
        return dict(self._problems)

    @property
    def complaints(self) -> dict[str, str]:
        """Field -> what the provider said of the value that still stands there; it may be sent again all the same."""
        return dict(self._complaints)

    # -- changing the draft --------------------------------------------------------------------------------------------

    def choose(self, endpoint_id: str) -> None:
        """Change to another endpoint: its own values come back, and what was set here goes along as far as it fits.

        Prompts, seed and size always go along, everything else where the endpoint has no value of its own; ``carried``
        says what became of each. Raises InputError for an id that is not there.
        """
        chosen = self._known(endpoint_id)
        if chosen.key == self._endpoint.key:
            return
        source, values = self._endpoint, dict(self._own)
        own = self._values.get(chosen.key, {})
        going = self._journeys.switch(values, source, own, chosen)
        self._trip = Trip(chosen.key, dict(own), {**own, **going.values})
        self._show(chosen, {**own, **copy.deepcopy(dict(going.values))})
        self._tell_carried(going)

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

        Raises InputError for a field that the chosen endpoint does not have, and for a value nested too deep to keep.
        """
        known = any(field.path == path for field in self._endpoint.fields)
        if not known and not (path == TYPE and TYPE in settable(self._endpoint)):
            raise InputError(f"{self._endpoint.title} has no field {path!r}.")
        if is_deep(value):
            raise InputError(f"{path} is nested more than {MOST_LEVELS} levels deep. Give a simpler value.")
        values = self._own
        if path in values and same(values[path], value):
            return
        values[path] = copy.deepcopy(value)
        self._changed(path)

    def reset(self, path: str) -> None:
        """Leave a field to its default again."""
        if self._own.pop(path, _ABSENT) is not _ABSENT:
            self._changed(path)

    def reset_all(self) -> None:
        """Leave every field of the chosen endpoint to its default."""
        self._replace({})

    def set_blend(self, blend: BlendSettings) -> None:
        """Set how results meet the picture; both widths are kept within 0 to 1000 pixels."""
        kept = blend.limited()
        if kept != self._blend:
            self._blend = kept
            self.blend_changed.emit()

    def apply(self, values: Mapping[str, Json], endpoint_id: str = "", blend: BlendSettings | None = None) -> Carried:
        """Put a preset's or pasted values onto the chosen endpoint, as its whole draft, and say what became of each.

        ``endpoint_id`` names the endpoint that they were made for; "" means the chosen one, whose values are taken as
        they are and complained about where they do not fit. Another endpoint's are mapped. Whatever is not named is
        left to its default, but for prompts and seed, which stay. ``take_back`` undoes it.
        """
        own = dict(self._own)
        if endpoint_id in ("", self._endpoint.id, self._endpoint.key):
            done = put_on(values, self._endpoint, own)
        else:
            source = self._found(endpoint_id)
            done = put_over(values, source or Endpoint(endpoint_id, endpoint_id, "", ()), self._endpoint, own)
        self._trip = Trip(self._endpoint.key, own, dict(done.values), (self._blend, blend or self._blend))
        self._replace(done.values)
        self.set_blend(blend or self._blend)
        self._tell_carried(done)
        return done

    def recall(
        self, endpoint_id: str, values: Mapping[str, Json], blend: BlendSettings, recorded: Endpoint | None = None
    ) -> tuple[str, ...]:
        """Take over what made a history entry; returns the names of values that the endpoint does not have.

        ``recorded`` is the endpoint as it was then. Where requests to it look different from those to the present one,
        or that one is gone, it is chosen itself: what is sent then is what was sent before. Raises InputError when the
        endpoint is not there any more and was not recorded.
        """
        present = self._found(endpoint_id)
        chosen = as_made_by(recorded, present) if recorded is not None else present or self._known(endpoint_id)
        fields = settable(chosen)
        own = self._values.get(chosen.key, {})
        kept = fitting(chosen, values)
        trip = Trip(chosen.key, dict(own), copy.deepcopy(kept), (self._blend, blend))
        if chosen.key == self._endpoint.key:
            self._replace(kept)
        else:
            self._show(chosen, kept)
        self._trip = trip
        self.set_blend(blend)
        return tuple(path for path in values if path not in fields)

    @property
    def can_take_back(self) -> bool:
        """Whether ``take_back`` has anything to undo."""
        return self._trip is not None and self._trip.key == self._endpoint.key

    def take_back(self) -> None:
        """Undo what the last switch, preset or recall put into the chosen endpoint's values; nothing after another one.

        Fields, and a blend, that were changed since stay as they are.
        """
        trip, self._trip = self._trip, None
        if trip is not None and trip.key == self._endpoint.key:
            self._replace(trip.undone(self._own))
            if trip.blends is not None and self._blend == trip.blends[1]:
                self.set_blend(trip.blends[0])

    def set_endpoints(self, endpoints: Sequence[Endpoint]) -> None:
        """These can be chosen from now on. Drafts are kept; those of an endpoint whose document changed are mapped.

        The chosen one stays chosen as long as it is among them, else the first is. Raises InputError for none at all.
        """
        if not endpoints:
            raise InputError(NONE_LEFT)
        reports = remapped(self._values, self._endpoints, endpoints)
        self._endpoints = tuple(endpoints)
        self.endpoints_changed.emit()
        self._settle_choice(reports)

    # -- per picture ---------------------------------------------------------------------------------------------------

    @property
    def picture_names(self) -> tuple[str, ...]:
        """The digests of the picture that the drafts belong to; none for one without a file."""
        return self._pictures.names

    def remembers(self, digest: str) -> bool:
        """Whether that picture was shown since the program started."""
        return self._pictures.remembers(digest)

    def show_picture(self, digest: str, kept: Mapping[str, Json] | None = None) -> None:
        """Another picture is edited: the endpoint, all values and the blend that it had come back.

        ``digest`` is of its file, "" when it has none; ``kept`` what ``drafts`` gave in an earlier run, for a picture
        that was not shown in this one. A picture never seen keeps what stands.
        """
        if digest and digest in self._pictures.names:
            return
        found = self._pictures.turn_to(digest, self.drafts()) or kept
        if found:
            self._take(drafts_from_json(found, self._endpoints, self._endpoint))

    def name_picture(self, digest: str) -> None:
        """The picture that is shown goes by this digest, too: it was saved, or kept by the history."""
        self._pictures.name(digest)

    def drafts(self) -> dict[str, Json]:
        """The chosen endpoint, all values and the blend as JSON, for ``show_picture`` in another run."""
        return drafts_to_json(Drafts(self._endpoint, self._values, self._blend))

    # -- what was asked and answered -----------------------------------------------------------------------------------

    def use(self, validator: Validator) -> None:
        """Check values against the whole schema, too, as soon as the validator is loaded; ``recheck`` tells of it."""
        self._checking.validator = validator
        self.recheck()

    def recheck(self) -> None:
        """Look again for problems: the validator is loaded now, or a provider said something."""
        if self._recheck():
            self.problems_changed.emit()

    def refused(self, key: str, sent: Mapping[str, Json], fields: Mapping[str, str]) -> None:
        """The provider declined ``sent``, a request's values to the endpoint with that key, and said why per field.

        It stands in ``complaints`` until the field is changed or the request is sent again.
        """
        self._checking.complain(key, sent, fields)
        self.recheck()

    def note_sent(self, endpoint: Endpoint, values: Mapping[str, Json]) -> None:
        """A request goes out: its prompts are remembered, and what was said of an earlier one is over."""
        self._prompts.note(endpoint, values)
        self._checking.forget(endpoint.key)
        self.recheck()
        self.noted.emit()

    def prompts(self, role: Role) -> Sequence[str]:
        """What was sent as prompt or as negative prompt, newest first, each text once, at most 200."""
        return self._prompts.prompts(role)

    @property
    def last_seed(self) -> int | None:
        """The seed of the last result that told one."""
        return self._prompts.last_seed

    def note_seed(self, seed: int | None) -> None:
        """A result came that was made with this seed; None when it did not say."""
        if seed is not None:
            self._prompts.last_seed = seed
            self.noted.emit()

    def to_save(self) -> dict[str, Json]:
        """Everything here as JSON, for the next run."""
        return {**self.drafts(), "backends": dict(self._backends), "prompts": self._prompts.to_save()}

    # -- inside --------------------------------------------------------------------------------------------------------

    @property
    def _own(self) -> dict[str, Json]:
        return self._values.setdefault(self._endpoint.key, {})

    def _found(self, endpoint_id: str) -> Endpoint | None:
        return next((endpoint for endpoint in self._endpoints if endpoint.id == endpoint_id), None)

    def _known(self, endpoint_id: str) -> Endpoint:
        found = self._found(endpoint_id)
        if found is None:
            raise InputError(f"There is no endpoint {endpoint_id!r} here: add it, or choose another one.")
        return found

    def _show(self, endpoint: Endpoint, values: dict[str, Json]) -> None:
        """Choose ``endpoint`` with these values."""
        before = self.backend
        self._endpoint = endpoint
        self._values[endpoint.key] = values
        self._recheck()
        self.endpoint_changed.emit()
        if self.backend != before:
            self.backend_changed.emit()
        self.problems_changed.emit()

    def _settle_choice(self, reports: Mapping[str, Carried]) -> None:
        """After the list changed: the chosen one in its new form, or the first when it is gone."""
        if self._endpoint.version:
            return
        found = self._found(self._endpoint.id)
        if found is None:
            self._trip = None
            self._show(self._endpoints[0], self._values.setdefault(self._endpoints[0].key, {}))
        elif found == self._endpoint:
            self._endpoint = found
        else:
            self._trip = None
            self._show(found, self._values.setdefault(found.key, {}))
            if found.id in reports and any(move.kind != "kept" for move in reports[found.id].moves):
                self.carried.emit(reports[found.id])

    def _take(self, drafts: Drafts) -> None:
        """Show these drafts in the place of all that stand."""
        before = self._own
        self._values = drafts.values
        self._journeys, self._trip = Journeys(), None
        if drafts.endpoint == self._endpoint:
            wanted = self._own
            self._values[self._endpoint.key] = before
            self._replace(wanted)
        else:
            self._show(drafts.endpoint, self._values.setdefault(drafts.endpoint.key, {}))
        self.set_blend(drafts.blend)

    def _replace(self, values: Mapping[str, Json]) -> None:
        """Make ``values`` the chosen endpoint's draft; every field that differs is told."""
        before, after = self._own, copy.deepcopy(dict(values))
        paths = [path for path in {**before, **after} if not stands(before, after, path)]
        self._values[self._endpoint.key] = after
        self._changed(*paths)

    def _changed(self, *paths: str) -> None:
        for path in paths:
            self._checking.settled(self._endpoint.key, path)
        differs = self._recheck()
        for path in paths:
            self.value_changed.emit(path)
        if differs:
            self.problems_changed.emit()

    def _recheck(self) -> bool:
        """Look for problems and complaints; whether they differ from those before."""
        before = self._problems, self._complaints
        self._problems = self._checking.problems(self._endpoint, self._own)
        self._complaints = self._checking.complaints(self._endpoint, self._own)
        return before != (self._problems, self._complaints)

    def _tell_carried(self, done: Carried) -> None:
        if done.moves:
            self.carried.emit(done)


_ABSENT: Final = object()
