"""An endpoint as data: its fields, its answer, and the binding that says which field takes what.

Endpoint files (``resources/endpoints/*.json``, and the user's own) have this form; ``app.core.schema`` reads them::

    {"format": 1, "id": "fal-ai/inpaint", "title": "...", "provider": "fal", "description": "...",
     "input": {JSON Schema of the body, with the keywords of ``app.core.hints``}, "output": {JSON Schema of the answer},
     "binding": {"picture": "image_url", "mask": "mask_url", "prompt": "prompt", ..., "polarity": "white",
                 "width": "width", "height": "height", "crop": "islands" | "one", "context": "context",
                 "results": "images[].url", "seed_out": "seed", "flags": "has_nsfw_concepts[]"},
     "rules": [ ... ], "sizes": [["Wide", 1536, 1024], ...], "source": "https://..."}

A role that the binding does not name is found by ``app.core.roles``; one that is null there has no field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

Kind = Literal["string", "integer", "number", "boolean", "array", "object", "any"]
BackendName = Literal["local", "remote", "practice"]
Polarity = Literal["white", "black"]
Media = Literal["", "picture", "mask", "audio", "video", "document", "file"]
Role = Literal["picture", "mask", "prompt", "negative_prompt", "seed", "size", "count", "format", "strength"]


class Missing:
    """The type of ``MISSING``."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
"""No default: not the same as a default of null."""

ROLES: Final[tuple[Role, ...]] = (
    "picture",
    "mask",
    "prompt",
    "negative_prompt",
    "seed",
    "size",
    "count",
    "format",
    "strength",
)

FROM_CANVAS: Final[tuple[Role, ...]] = ("picture", "mask")
"""Roles of the fields that are filled with the canvas's pixels; nobody sets them."""


@dataclass(frozen=True)
class Field:
    """One input field; names follow JSON Schema's keywords. ``path`` is "name", "loras" or "loras[].scale"."""

    path: str
    kind: Kind
    title: str
    description: str = ""
    required: bool = False
    nullable: bool = False
    default: Any = MISSING
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    step: float | None = None
    enum: tuple[Any, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    multiline: bool = False
    examples: tuple[Any, ...] = ()
    role: Role | None = None
    children: tuple["Field", ...] = ()
    """Fields of an object, or of an array's items."""
    pattern: str = ""
    """A regular expression that a text must contain a match of."""
    unique: bool = False
    """Whether a list may hold each value only once."""
    media: Media = ""
    """What kind of file the value names; "" for values that are no files."""
    mask_for: str = ""
    """The name of the picture field that this mask belongs to."""
    group: str = ""
    """The provider's own section of the panel."""
    labels: tuple[str, ...] = ()
    """Words for the choices of ``enum``, one each; empty when the values speak for themselves."""
    deprecated: bool = False
    rare: bool = False
    """Whether the provider itself folds it away."""
    anchored: bool = False
    """Whether steps count from zero whatever the minimum is, as ``multipleOf`` says."""
    key: str = ""
    """The key in the body where the path's last word is not it: a key may hold dots."""

    @property
    def name(self) -> str:
        """The key in the body, or in the object around this field."""
        return self.key or self.path.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class Binding:
    """Which field takes what, and where the answer keeps its pictures (paths such as "images[].url")."""

    roles: Mapping[Role, str] = field(default_factory=lambda: MappingProxyType({}))
    """Role -> field name; a role that no field has is absent."""
    polarity: Polarity = "white"
    """The mask colour that means repaint on the wire."""
    width: str = ""
    height: str = ""
    """Number fields for the size of the result, where the endpoint takes two instead of one; "" for none."""
    crop: Literal["islands", "one"] = "one"
    """"islands": a crop for each far island; "one": a single crop round the whole mask."""
    context: str = ""
    """The number field that says how much surroundings a crop takes, in mask sizes; "" for none, which means 1."""
    results: str = ""
    seed_out: str = ""
    flags: str = ""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that can be shown and asked. ``input`` and ``output`` are the JSON Schemas, ``$defs`` included."""

    id: str
    title: str
    provider: str
    fields: tuple[Field, ...]
    binding: Binding = field(default_factory=Binding)
    description: str = ""
    input: Mapping[str, Any] = field(default_factory=dict)
    output: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Mapping[str, Any], ...] = ()
    problems: tuple[str, ...] = ()
    """What the reader could not make sense of, in words."""
    sizes: tuple[tuple[str, int, int], ...] = ()
    """Sizes that the provider proposes: name, width, height in pixels."""
    source: str = ""
    """Where its document was fetched from, so that it can be fetched again; "" for files."""
    version: str = ""
    """Digest of the recorded document when this is not the current endpoint but the one that made an old entry."""
    own: bool = False
    """Whether the user added it; such a one can be taken away again."""

    @property
    def key(self) -> str:
        """Names this endpoint in this version: drafts are kept under it."""
        return f"{self.id}@{self.version}" if self.version else self.id

    @property
    def backends(self) -> tuple[BackendName, BackendName]:
        """Who can answer for it, the usual one first."""
        return ("local", "practice") if self.provider == "local" else ("remote", "practice")

    def field_for(self, role: Role) -> Field | None:
        """The top-level field bound to ``role``."""
        name = self.binding.roles.get(role)
        return self.field_at(name) if name is not None else None

    def field_at(self, path: str) -> Field | None:
        """The top-level field of that path."""
        return next((one for one in self.fields if one.path == path), None)

    def title_of(self, path: str) -> str:
        """What the top-level field of that path is called; the path itself where there is none."""
        found = self.field_at(path)
        return path if found is None else found.title
