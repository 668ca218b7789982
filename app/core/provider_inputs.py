"""Inputs as Scenario lists them for its engines (``inputs[]`` of GET /models/{id}) -> an endpoint file of our own form.

Read are all keys of its SDK's ModelInput and of ``uiConfig``: an input becomes a property of a JSON Schema, in the
order given, ``required`` with conditions becomes rules between fields (``app.core.rules``), ``uiConfig`` becomes
labels, sizes and folded fields. A key without a keyword of its own stays beside the others with "x-" before its name;
an input of a type that is not known stays and is edited as JSON. ``min`` and ``max`` of an array bound the numbers of
a ``number_array`` and the count of any other. Nothing here raises.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.core.keywords import is_number
from app.core.polarity import described_polarity, known_polarity, needs_alpha

Json = Any

MOST_INPUTS: Final = 20_000
DEEPEST: Final = 8
"""Levels of inputs within inputs."""
RESULTS: Final = "job.metadata.assetIds[]"

_ITEMS: Final[Mapping[str, str]] = {
    "string_array": "string",
    "number_array": "number",
    "file_array": "string",
    "model_array": "string",
    "inputs_array": "object",
}
_TEXTS: Final = ("string", "file", "model")
_FILES: Final = ("file", "file_array")
_MEDIA: Final[Mapping[str, str]] = {
    "image": "picture",
    "image-hdr": "picture",
    "video": "video",
    "audio": "audio",
    "document": "document",
}
_READ: Final = frozenset(
    (
        "name", "type", "label", "description", "hint", "group", "placeholder", "default", "allowedValues", "min",
        "max", "step", "minLength", "maxLength", "maxSize", "kind", "maskFrom", "required", "prompt", "costImpact",
        "inputs",
    )
)  # fmt: skip
_ANSWER: Final[Mapping[str, Json]] = {
    "type": "object",
    "properties": {
        "job": {
            "type": "object",
            "properties": {
                "jobId": {"type": "string"},
                "jobType": {"type": "string"},
                "status": {"type": "string"},
                "progress": {"type": "number", "minimum": 0, "maximum": 1},
                "metadata": {
                    "type": "object",
                    "properties": {
                        "assetIds": {"type": "array", "title": "Result assets", "items": {"type": "string"}},
                        "error": {"type": "string"},
                        "hint": {"type": "string"},
                    },
                    "required": ["assetIds"],
                },
            },
            "required": ["jobId", "status", "metadata"],
        },
        "creativeUnitsCost": {"type": "number", "title": "Cost", "description": "Creative units."},
    },
    "required": ["job"],
}


def provider_inputs(document: Json) -> Mapping[str, Json] | None:
    """The model object (at least ``inputs``) of such a document, None when ``document`` is something else."""
    if isinstance(document, list):
        named = all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in document)
        return {"inputs": document} if named and any("type" in item for item in document) else None
    if not isinstance(document, Mapping):
        return None
    listing = document.get("model")
    if isinstance(listing, Mapping) and isinstance(listing.get("inputs"), list):
        return listing
    return document if isinstance(document.get("inputs"), list) else None


def input_document(listing: Mapping[str, Json], name: str = "") -> tuple[dict[str, Json], tuple[str, ...]]:
    """The endpoint file of ``listing`` and what of it could not be read, in words.

    Its id is "scenario/<model id>"; ``name`` stands in for an id that the document does not give.
    """
    return _Translation(listing, name).document()


class _Translation:
    """One model's inputs, rules and presentation, and what was odd about them."""

    def __init__(self, listing: Mapping[str, Json], name: str) -> None:
        told = _text(listing.get("id"))
        self._id = told or name.removeprefix("scenario/") or "model"
        self._listing = listing
        self._shown = _mapping(listing.get("uiConfig"))
        self._problems: dict[str, None] = {}
        self._rules: list[dict[str, Json]] = []

    def document(self) -> tuple[dict[str, Json], tuple[str, ...]]:
        """The endpoint file and the problems."""
        inputs = list(self._inputs(self._listing["inputs"]))
        names = {told["name"] for told in inputs}
        for told in inputs:
            self._rules.extend(self._rules_of(told, names))
        schema = self._object(inputs, 0)
        self._present(schema["properties"])
        document = {
            "format": 1,
            "id": f"scenario/{self._id}",
            "title": _text(self._listing.get("name")) or self._id,
            "provider": "scenario",
            "description": _text(self._listing.get("description")) or _text(self._listing.get("shortDescription")),
            "input": schema,
            "output": _ANSWER,
            "binding": self._binding(inputs, names),
            "rules": self._rules,
            "sizes": list(self._sizes()),
        }
        return document, tuple(self._problems)

    def _inputs(self, listed: Json) -> Iterator[Mapping[str, Json]]:
        """The inputs that have a name of their own; the rest is reported."""
        seen: set[str] = set()
        for place, told in enumerate(listed if isinstance(listed, list) else (), 1):
            name = told.get("name") if isinstance(told, Mapping) else None
            if not isinstance(name, str) or len(seen) >= MOST_INPUTS:
                self._report(
                    f"Input {place} has no name and was left out."
                    if len(seen) < MOST_INPUTS
                    else f"Only the first {MOST_INPUTS} inputs were read."
                )
            elif name in seen:
                self._report(f"The input {name[:60]!r} is listed twice; the first one is taken.")
            else:
                seen.add(name)
                yield told

    def _object(self, inputs: list[Mapping[str, Json]], depth: int) -> dict[str, Json]:
        return {
            "type": "object",
            "properties": {told["name"]: self._property(told, depth) for told in inputs},
            "required": [told["name"] for told in inputs if _is_always(told.get("required"))],
            "x-fal-order-properties": [told["name"] for told in inputs],
        }

    def _property(self, told: Mapping[str, Json], depth: int) -> dict[str, Json]:
        kind = told.get("type")
        kind = kind if kind is None or isinstance(kind, str) else str(kind)[:40]
        node: dict[str, Json] = {f"x-{key}": value for key, value in told.items() if key not in _READ}
        node |= {"title": _text(told.get("label")), "description": _words(told)}
        for ours, theirs in (("default", "default"), ("x-group", "group"), ("x-mask-for", "maskFrom")):
            if told.get(theirs) is not None:
                node[ours] = told[theirs]
        if isinstance(told.get("placeholder"), str) and told["placeholder"]:
            node["examples"] = [told["placeholder"]]
        if told.get("prompt") is True:
            node["x-multiline"] = True
        if kind in _FILES:
            node["x-media"] = (
                "mask" if _text(told.get("maskFrom")) else _MEDIA.get(str(told.get("kind", "image")), "file")
            )
        return {**node, **self._typed(told, kind, depth)}

    def _typed(self, told: Mapping[str, Json], kind: str | None, depth: int) -> dict[str, Json]:
        """The type and what bounds it."""
        if kind is not None and kind in _ITEMS:
            return self._list(told, kind, depth)
        if kind == "number":
            return {**_number(told), **_choices(told)}
        if kind in _TEXTS:
            return {"type": "string", **_picked(told, minLength="minLength", maxLength="maxLength"), **_choices(told)}
        bounds = _picked(told, minimum="min", maximum="max", step="step")
        return {**({"type": kind} if kind is not None else {}), **bounds, **_choices(told)}

    def _list(self, told: Mapping[str, Json], kind: str, depth: int) -> dict[str, Json]:
        node: dict[str, Json] = {"type": "array", **_picked(told, minItems="minLength", maxItems="maxLength")}
        if kind == "inputs_array":
            inner = list(self._inputs(told.get("inputs"))) if depth < DEEPEST else []
            node["items"] = self._object(inner, depth + 1)
        elif kind == "number_array":
            node["items"] = {**_number(told, told.get("default")), **_choices(told)}
        else:
            node["items"] = {"type": _ITEMS[kind], **_choices(told)}
        if kind != "number_array":
            node = {**_picked(told, minItems="min", maxItems="max"), **node}
        return node

    def _rules_of(self, told: Mapping[str, Json], names: set[str]) -> Iterator[dict[str, Json]]:
        """``required`` with conditions: when they hold, the input must have a value."""
        required = told.get("required")
        if not isinstance(required, Mapping) or required.get("always") is True:
            return
        then = {"field": told["name"], "set": True}
        for key, is_set in (("ifDefined", True), ("ifNotDefined", False)):
            for other, said in _mapping(required.get(key)).items():
                if self._known(told["name"], other, names):
                    text = _text(_mapping(said).get("message")) or _text(said)
                    when = {"field": other, "set": is_set}
                    yield {"rule": "needs", "when": when, "then": then, **({"text": text} if text else {})}
        yield from self._conditional(required, then, names)

    def _conditional(
        self, required: Mapping[str, Json], then: Mapping[str, Json], names: set[str]
    ) -> Iterator[dict[str, Json]]:
        told = _mapping(required.get("conditional")) or _mapping(required.get("conditionalValues"))
        values = _mapping(told.get("values")) or {
            key: value for key, value in told.items() if key not in ("operator", "message") and isinstance(value, list)
        }
        tests = [
            {"field": other, "in": list(listed) if isinstance(listed, list) else [listed]}
            for other, listed in values.items()
            if self._known(str(then["field"]), other, names)
        ]
        if not tests or (len(tests) < len(values) and told.get("operator") != "or"):
            return
        text = _text(told.get("message"))
        rule: dict[str, Json] = {"rule": "needs", "when": tests, "then": dict(then)}
        rule |= {"operator": "or"} if told.get("operator") == "or" else {}
        yield {**rule, **({"text": text} if text else {})}

    def _known(self, name: str, other: str, names: set[str]) -> bool:
        if other not in names:
            self._report(f"{name}: whether it is needed depends on {other[:60]!r}, which is no input here.")
        return other in names

    def _present(self, properties: dict[str, dict[str, Json]]) -> None:
        """Labels, folded inputs and LoRA lists of ``uiConfig``."""
        for name, labels in _mapping(self._shown.get("selects")).items():
            if name in properties and isinstance(labels, Mapping):
                _label(properties[name], labels)
        for name, told in _mapping(self._shown.get("inputProperties")).items():
            if name in properties and _mapping(told).get("collapsed") is True:
                properties[name]["x-rare"] = True
        self._present_loras(properties)
        if self._shown.get("presets"):
            self._report("The provider’s own presets are not offered.")

    def _present_loras(self, properties: dict[str, dict[str, Json]]) -> None:
        told = _mapping(self._shown.get("lorasComponent"))
        named = [_text(told.get(key)) for key in ("modelInput", "scaleInput", "modelIdInput")]
        fields = [name for name in named if name and name in properties]
        for name in fields:
            properties[name].setdefault("x-group", _text(told.get("label")) or "LoRAs")
        if len(fields) > 1:
            text = "Each LoRA has its own entry in every one of these lists, in the same order."
            self._rules.append({"rule": "note", "fields": fields, "text": text})

    def _binding(self, inputs: list[Mapping[str, Json]], names: set[str]) -> dict[str, Json]:
        binding: dict[str, Json] = {"results": RESULTS, "crop": "one"}
        told = _mapping(self._shown.get("resolutionComponent"))
        width, height = _text(told.get("widthInput")), _text(told.get("heightInput"))
        if width and height and {width, height} <= names:
            binding |= {"width": width, "height": height}
        known = known_polarity(self._id)
        if known:
            binding["polarity"] = known
        self._doubt_mask(inputs, known is not None)
        return binding

    def _doubt_mask(self, inputs: list[Mapping[str, Json]], known: bool) -> None:
        """Say what the schema leaves open about the mask: no key of an input tells its colours."""
        mask = next((told for told in inputs if told.get("maskFrom")), None)
        mask = mask or next((told for told in inputs if told["name"] == "mask"), None)
        if mask is None:
            return
        words = _words(mask)
        if needs_alpha(self._id, words):
            self._report("The mask may be wanted with transparency; it is sent as white on black.")
        elif not known and described_polarity(words) is None:
            self._report("It is not said which colour of the mask is repainted; white is taken unless you correct it.")

    def _sizes(self) -> Iterator[list[Json]]:
        """The sizes that the provider proposes; one without numbers stands for leaving both fields empty."""
        presets = _mapping(self._shown.get("resolutionComponent")).get("presets")
        for preset in presets[:200] if isinstance(presets, list) else ():
            sides = [_mapping(preset).get(key) for key in ("width", "height")]
            if all(is_number(side) and side >= 1 for side in sides):
                width, height = (int(side or 0) for side in sides)
                yield [_text(preset.get("label")) or f"{width} × {height}", width, height]

    def _report(self, sentence: str) -> None:
        if len(self._problems) < 50:
            self._problems[sentence] = None


def _is_always(required: Json) -> bool:
    return required is True or (isinstance(required, Mapping) and required.get("always") is True)


def _number(told: Mapping[str, Json], default: Json = None) -> dict[str, Json]:
    """A number and its bounds: a whole one if step, default and bounds are, as there is no type for whole numbers.

    A range of at most 1 without a step is no range of whole numbers.
    """
    default = told.get("default") if default is None else default
    stated = [told.get(key) for key in ("step", "min", "max")]
    stated += default if isinstance(default, list) else [default]
    choices = told.get("allowedValues")
    stated += choices if isinstance(choices, list) else []
    numbers = [value for value in stated if is_number(value)]
    whole = bool(numbers) and all(float(value).is_integer() for value in numbers)
    low, high = told.get("min"), told.get("max")
    if told.get("step") is None and not choices and is_number(low) and is_number(high) and high - low <= 1:
        whole = False
    bounds = _picked(told, minimum="min", maximum="max", step="step")
    if whole:
        bounds = {key: int(value) if is_number(value) else value for key, value in bounds.items()}
    return {"type": "integer" if whole else "number", **bounds}


def _choices(told: Mapping[str, Json]) -> dict[str, Json]:
    choices = told.get("allowedValues")
    return {"enum": list(choices)} if isinstance(choices, list) and choices else {}


def _picked(told: Mapping[str, Json], **keys: str) -> dict[str, Json]:
    return {ours: told[theirs] for ours, theirs in keys.items() if told.get(theirs) is not None}


def _words(told: Mapping[str, Json]) -> str:
    """Description, hint, and what else a person should know of an input."""
    lines = [_text(told.get("description")), _text(told.get("hint"))]
    size = told.get("maxSize")
    if is_number(size) and size > 0:
        lines.append(f"At most {size / 1e6:.3g} MB." if size >= 1e5 else f"At most {size / 1e3:.3g} kB.")
    types = told.get("modelTypes")
    if isinstance(types, list) and types and all(isinstance(one, str) for one in types):
        lines.append(f"Checkpoints of type {', '.join(types)[:500]}.")
    if told.get("costImpact") is True:
        lines.append("Changes the price.")
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _label(node: dict[str, Json], labels: Mapping[str, Json]) -> None:
    """Words for the choices of ``node``; without choices the labelled values are the choices."""
    place = node["items"] if isinstance(node.get("items"), dict) else node
    if "enum" not in place and place.get("type") in ("string", "integer", "number"):
        place["enum"] = list(labels) if place["type"] == "string" else [_as_number(value) for value in labels]
    values = place.get("enum")
    if isinstance(values, list):
        node["x-labels"] = [_text(labels.get(_key(value))) or _key(value) for value in values]


def _key(value: Json) -> str:
    """A value as the keys of a JSON object spell it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _as_number(text: str) -> Json:
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
