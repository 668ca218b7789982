"""Whole bodies held against their endpoint's schema by ``jsonschema`` (Draft 2020-12), with faults in our own words.

The checks of ``app.core.values`` are the ones made while typing without any library; here every keyword of the schema
counts, in nested places too. The schema is cleaned first, so that a provider's slips stop nobody.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from app.backends.validation_whole import faults_of_whole
from app.backends.validation_words import said
from app.core.attachments import read_attachment
from app.core.cleaned import cleaned_schema
from app.core.depth import is_deep
from app.core.endpoint import FROM_CANVAS, Endpoint, Field
from app.core.patterns import read_pattern
from app.core.rules import TYPE
from app.core.sentences import TOO_DEEP
from app.core.values import is_multiple

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

Json = Any

_MOST_KEPT: Final = 16
"""Endpoints whose compiled schemas are kept."""
_MOST_FAULTS: Final = 100


@dataclass(frozen=True)
class _Compiled:
    """An endpoint's schema, taken apart: what holds for one property, and what holds for the body as a whole."""

    endpoint: Endpoint
    whole: Validator
    properties: Mapping[str, Validator]
    known: Collection[str]


class Validation:
    """Checks bodies from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kind: Any = None
        self._kept: OrderedDict[int, _Compiled] = OrderedDict()

    @property
    def loaded(self) -> bool:
        """Whether a check can be made at once."""
        return self._kind is not None

    def load(self) -> None:
        """Import ``jsonschema``, which takes a tenth of a second: call this on a thread."""
        with self._lock:
            if self._kind is None:
                self._kind = _validator_kind()

    def faults(self, endpoint: Endpoint, body: Mapping[str, Json]) -> dict[str, str]:
        """Top-level field -> what its value breaks, in a sentence that names the place in it; empty when all fits.

        Nothing is asked of the fields for picture and mask: the canvas fills them.
        """
        self.load()
        compiled = self._compiled(endpoint)
        filled = {field.path: _stand_in(field) for field in endpoint.fields if field.role in FROM_CANVAS}
        found = {name: TOO_DEEP for name, value in body.items() if is_deep(value)}
        sent = {**filled, **{name: value for name, value in body.items() if name != TYPE and name not in found}}
        for name, value in sent.items():
            validator = compiled.properties.get(name)
            wrong = _first_fault(endpoint, name, validator, value) if validator is not None else ""
            if wrong:
                found[name] = wrong
        for error in _each_once(islice(compiled.whole.iter_errors(sent), _MOST_FAULTS)):
            for name, wrong in faults_of_whole(endpoint, compiled.known, error, sent):
                found.setdefault(name, wrong)
        return {name: wrong for name, wrong in found.items() if name not in filled}

    def _compiled(self, endpoint: Endpoint) -> _Compiled:
        with self._lock:
            kept = self._kept.get(id(endpoint))
            if kept is None or kept.endpoint is not endpoint:
                kept = _compile(endpoint, self._kind)
                self._kept[id(endpoint)] = kept
            self._kept.move_to_end(id(endpoint))
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            return kept


def _validator_kind() -> Any:
    # jsonschema takes a tenth of a second to import, which the window's start must not pay.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def multiple_of(_: Any, step: float, value: Json, __: Json) -> Iterator[ValidationError]:
        if isinstance(value, int | float) and not isinstance(value, bool) and not is_multiple(value, step):
            yield ValidationError("beside the steps")

    def pattern(_: Any, source: str, value: Json, __: Json) -> Iterator[ValidationError]:
        read = read_pattern(source)
        if isinstance(value, str) and read is not None and read_attachment(value) is None and read.refuses(value):
            yield ValidationError("another form")

    def of_texts(keyword: str) -> Any:
        check = Draft202012Validator.VALIDATORS[keyword]

        def check_text(validator: Any, limit: Json, value: Json, schema: Json) -> Iterator[ValidationError]:
            if read_attachment(value) is None:  # what is sent in its place has another length
                yield from check(validator, limit, value, schema) or ()

        return check_text

    return extend(
        Draft202012Validator,
        {
            "multipleOf": multiple_of,
            "pattern": pattern,
            "minLength": of_texts("minLength"),
            "maxLength": of_texts("maxLength"),
        },
    )


def _compile(endpoint: Endpoint, kind: Any) -> _Compiled:
    schema = cleaned_schema(endpoint)
    properties = schema.get("properties", {})
    whole = {**schema, "properties": dict.fromkeys(properties, True)}
    validators = {name: kind(node) for name, node in properties.items() if node is not True}
    return _Compiled(endpoint, kind(whole), validators, frozenset(properties))


def _each_once(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Of the errors about missing names the first of each list: it stands for all of them."""
    lists: set[int] = set()
    for error in errors:
        if error.validator != "required" or error.absolute_path or id(error.validator_value) not in lists:
            lists.add(id(error.validator_value))
            yield error


def _stand_in(field: Field) -> Json:
    return {"array": ["data:,"], "object": {}}.get(field.kind, "data:,")


def _first_fault(endpoint: Endpoint, name: str, validator: Validator, value: Json) -> str:
    error = next((error for error in validator.iter_errors(value) if not _is_slip(error)), None)
    return "" if error is None else said(endpoint, name, error, tuple(error.absolute_path))


def _is_slip(error: ValidationError) -> bool:
    """Whether a plain value fits several branches of a ``oneOf``: 3 is an integer and a number, and is meant well."""
    return error.validator == "oneOf" and not error.context and not isinstance(error.instance, list | dict)
