"""Which field takes the picture, which the mask, which is the prompt, the seed, ...: read from what a document says.

The names are those measured over 551 image endpoints of fal.ai (June 2026), of Scenario's API and of common self-hosted
servers. What a document says outright (a mask's ``mask_for``, a file's kind) goes first, then whole names, then names
that are put together (``source_image_url``), and where a name says nothing (``url``) the description decides. Names
that speak of masks and take none (``mask_only``, ``max_masks``, ``invert_mask``, ...) are no masks. An endpoint file's
own binding goes before all of this, and the user's ``Correction`` before that.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final, get_args

from app.core.endpoint import ROLES, Endpoint, Field, Kind, Polarity, Role
from app.core.errors import SchemaError
from app.core.field_reader import FieldReader
from app.core.keywords import snake_case

Json = Any

NAMES: Final[Mapping[Role, tuple[str, ...]]] = {
    "mask": (
        "mask_url", "mask_image_url", "mask_image", "mask", "image_mask", "inpaint_mask_url", "inpaint_mask",
        "inpainting_mask", "inpainting_mask_url", "image_mask_url", "input_mask", "input_mask_url", "mask_base64",
        "mask_b64", "mask_img", "mask_uri", "mask_file", "mask_image_base64", "mask_urls", "masks",
    ),
    "picture": (
        "inpaint_image_url", "inpaint_image", "image_url", "image", "input_image_url", "input_image", "init_image",
        "init_image_url", "source_image_url", "source_image", "base_image_url", "base_image", "original_image_url",
        "original_image", "image_base64", "image_b64", "image_uri", "image_file", "img", "img_url", "picture", "photo",
        "image_urls", "images", "input_images", "input_image_urls", "init_images",
    ),
    "prompt": ("prompt", "text_prompt", "positive_prompt", "prompt_text", "inpaint_prompt", "edit_prompt"),
    "negative_prompt": ("negative_prompt", "neg_prompt", "negative_text_prompt", "negative_prompt_text"),
    "seed": ("seed", "random_seed", "noise_seed", "rng_seed", "sd_seed"),
    "size": ("image_size", "size", "output_size"),
    "count": (
        "num_images", "num_samples", "num_outputs", "number_of_images", "n", "num_results", "number_of_outputs",
        "number_of_results", "number_results", "image_count", "samples", "num_images_per_prompt", "batch_size",
        "n_samples", "n_iter",
    ),
    "format": ("output_format", "image_format", "format", "output_image_format", "file_format"),
    "strength": (
        "strength", "inpaint_strength", "denoising_strength", "inpainting_strength", "denoise_strength", "denoise",
        "sd_strength", "img2img_strength",
    ),
}  # fmt: skip
"""Names in snake case, the likeliest first."""

_KINDS: Final[Mapping[Role, tuple[Kind, ...]]] = {
    "mask": ("string", "array", "any", "object"),
    "picture": ("string", "array", "any", "object"),
    "prompt": ("string", "any"),
    "negative_prompt": ("string", "any"),
    "seed": ("integer", "number", "string", "any"),
    "size": ("string", "object", "any"),
    "count": ("integer", "number"),
    "format": ("string",),
    "strength": ("number", "integer"),
}
_SEARCHED: Final[tuple[Role, ...]] = ("mask", *(role for role in ROLES if role != "mask"))
"""The mask first: it may say which picture it belongs to."""
_FILE_ENDS: Final = r"(?:_(?:image|img|picture|photo|file))?(?:_(?:url|uri|urls|base64|b64))?"
_MASK_NAME: Final = re.compile(
    r"(?:(?:alpha|binary|canvas|edit|editing|erase|eraser|fill|object|region|removal|selection|source|target|user|image)_)?"
    rf"mask{_FILE_ENDS}s?"
)
_PICTURE_NAME: Final = re.compile(
    r"(?:(?:canvas|inpaint|input|init|initial|source|src|base|original|edit|main|raw|target)_)?"
    r"(?:image|img|picture|photo)(?:_(?:url|uri|urls|base64|b64|file))?s?"
)
_PLAIN_NAME: Final = re.compile(
    r"(?:(?:input|source|src|media|remote)_?)?(?:url|uri|file|data|image|picture|input|source|area|region|selection)"
    r"(?:_(?:url|uri|file|data|base64|b64))?s?"
)
"""Names that say nothing of what they hold, so that the description is asked."""
_LEAD: Final = (
    r"\W*(?:(?:a|an|the|your|url|uri|link|path|address|of|to|for|with|base64|encoded|data|public|optional|required|input"
    r"|binary|black|white|and|grayscale|greyscale|png|file|containing|inpainting|inpaint|source|or|url\(s\))\W+){0,12}"
)
_SAYS_MASK: Final = re.compile(rf"{_LEAD}(?:image\W+|picture\W+)?mask", re.IGNORECASE)
_SAYS_PICTURE: Final = re.compile(rf"{_LEAD}(?:image|picture|photo)\b(?!\W+mask)", re.IGNORECASE)
_SAYS_PROMPT: Final = re.compile(
    r"\b(?:prompt|describ\w+|instructions?|what to (?:paint|generate|draw))\b", re.IGNORECASE
)
_SAYS_WORDS: Final = re.compile(r"\b(?:text|prompt|words?|describ\w+|name of)\b", re.IGNORECASE)
_SAYS_FILE: Final = re.compile(
    r"\b(?:urls?|uri|files?|base64|png|jpe?g|binary|black|white|pixels?|images?)\b", re.IGNORECASE
)
_TEXT_NAMES: Final = ("text", "instruction", "instructions", "edit_instruction", "description", "caption", "query")
_ASIDE: Final = re.compile(
    r"(?:^|_)(?:reference|ref|style|control|controlnet|adapter|character|background|bg|garment|cloth|clothing|face|pose|"
    r"depth|last|end|tail|negative|example|logo|video|lora|light|watermark)s?(?=_|$)"
)
"""Words in the names of pictures that go beside the one that is edited."""
_SIZE: Final = re.compile(r"\s*\d{2,5}\s*[xX×*]\s*\d{2,5}\s*")
_FULL_DESTRUCTION: Final = re.compile(r"img2img|inpaint|init(?:ial)? image|destr", re.IGNORECASE)


_Free = Mapping[str, Field]
"""The top-level fields that have no role yet, by their names in snake case."""
_Rule = Callable[[_Free, Field | None], Iterator[Field]]
"""Free fields and the mask's -> the fields that may have a role, the likeliest first."""


@dataclass(frozen=True)
class Correction:
    """What the user says of an endpoint's roles: role -> field, None for "no field"; roles not named stay."""

    roles: Mapping[Role, str | None] = field(default_factory=lambda: MappingProxyType({}))
    polarity: Polarity | None = None


def takes(role: Role, field: Field) -> bool:
    """Whether ``field`` is of a kind that ``role`` can be given to: a mask is no boolean and no list of numbers."""
    if field.kind not in _KINDS[role]:
        return False
    if role in ("picture", "mask") and field.kind == "array":
        return all(child.path == f"{field.path}[]" and child.kind in ("string", "any") for child in field.children)
    return not (role in ("picture", "mask", "prompt", "negative_prompt") and field.enum)


def roles_by_name(fields: Iterable[Field]) -> dict[Role, str]:
    """Role -> path of the top-level field that fits it best; a role that none fits is absent, a field has one role."""
    free: dict[str, Field] = {}
    for one in fields:
        free.setdefault(snake_case(one.path), one)
    found: dict[Role, Field] = {}
    for role in _SEARCHED:
        fits = partial(takes, role)
        candidates = (one for rule in _RULES[role] for one in rule(free, found.get("mask")))
        best = next(filter(fits, candidates), None)
        if best is not None:
            found[role] = best
            del free[snake_case(best.path)]
    return {role: found[role].path for role in ROLES if role in found}


def _named(role: Role) -> "_Rule":
    """Whole names."""

    def rule(free: _Free, mask: Field | None) -> Iterator[Field]:
        found = (free[name] for name in NAMES[role] if name in free)
        return (one for one in found if role not in ("picture", "mask") or not _is_about_words(one))

    return rule


def _told_mask(free: _Free, mask: Field | None) -> Iterator[Field]:
    """A field that says which picture it is the mask of."""
    return (one for one in free.values() if one.mask_for)


def _hinted_mask(free: _Free, mask: Field | None) -> Iterator[Field]:
    """A field that the document's own hint calls a mask."""
    return (one for name, one in free.items() if one.media == "mask" and not _ASIDE.search(name))


def _mask_like(free: _Free, mask: Field | None) -> Iterator[Field]:
    return (one for name, one in free.items() if _MASK_NAME.fullmatch(name) and not _is_about_words(one))


def _described_mask(free: _Free, mask: Field | None) -> Iterator[Field]:
    """A field whose name says nothing and whose description begins with the mask."""
    return (one for name, one in free.items() if _PLAIN_NAME.fullmatch(name) and _SAYS_MASK.match(one.description))


def _masked_picture(free: _Free, mask: Field | None) -> Iterator[Field]:
    """The field that the mask says it belongs to."""
    return (one for one in free.values() if mask is not None and mask.mask_for and one.path == mask.mask_for)


def _picture_like(free: _Free, mask: Field | None) -> Iterator[Field]:
    return (one for name, one in free.items() if _PICTURE_NAME.fullmatch(name) and not _is_about_words(one))


def _described_picture(free: _Free, mask: Field | None) -> Iterator[Field]:
    """A field whose name says nothing and whose description begins with the picture."""
    return (one for name, one in free.items() if _PLAIN_NAME.fullmatch(name) and _SAYS_PICTURE.match(one.description))


def _only_picture(free: _Free, mask: Field | None) -> Iterator[Field]:
    """The one field that takes a picture file, where one is needed or there is a mask for it."""
    pictures = {name: one for name, one in free.items() if one.media == "picture"}
    return (
        one
        for name, one in pictures.items()
        if len(pictures) == 1 and (one.required or mask is not None) and not _ASIDE.search(name)
    )


def _described_prompt(free: _Free, mask: Field | None) -> Iterator[Field]:
    """A text whose name could mean anything and whose description speaks of a prompt."""
    named = (free[name] for name in _TEXT_NAMES if name in free)
    return (one for one in named if one.kind == "string" and _SAYS_PROMPT.search(f"{one.title} {one.description}"))


def _written_size(free: _Free, mask: Field | None) -> Iterator[Field]:
    """A text that is a size, such as fooocus' ``aspect_ratio`` "1024x1024"."""
    named = (free[name] for name in ("aspect_ratio", "resolution", "dimensions") if name in free)
    return (one for one in named if not one.enum and any(_is_size(text) for text in (one.default, *one.examples)))


def _is_size(text: Json) -> bool:
    return isinstance(text, str) and bool(_SIZE.fullmatch(text[:40]))


def _prompt_strength(free: _Free, mask: Field | None) -> Iterator[Field]:
    """How far an edit may go is called the prompt's strength by some; the description tells it from its weight."""
    named = (free[name] for name in ("prompt_strength",) if name in free)
    return (one for one in named if _FULL_DESTRUCTION.search(one.description))


_RULES: Final[Mapping[Role, tuple[_Rule, ...]]] = {
    **{role: (_named(role),) for role in ROLES},
    "mask": (_told_mask, _named("mask"), _hinted_mask, _mask_like, _described_mask),
    "picture": (_masked_picture, _named("picture"), _picture_like, _described_picture, _only_picture),
    "prompt": (_named("prompt"), _described_prompt),
    "size": (_named("size"), _written_size),
    "strength": (_named("strength"), _prompt_strength),
}


def _is_about_words(one: Field) -> bool:
    """Whether a field called "mask" or "image" takes words that describe one: no file is spoken of, but a prompt is."""
    return one.media == "" and bool(_SAYS_WORDS.search(one.description)) and not _SAYS_FILE.search(one.description)


def with_roles(fields: Iterable[Field], roles: Mapping[Role, str]) -> tuple[Field, ...]:
    """``fields`` that know their roles; a prompt gets several lines, and picture and mask are files of that kind."""
    names = {path: role for role, path in roles.items()}
    return tuple(_with_role(one, names.get(one.path)) for one in fields)


def _with_role(one: Field, role: Role | None) -> Field:
    if role in ("prompt", "negative_prompt") and one.kind == "string" and not one.enum:
        return replace(one, role=role, multiline=True)
    if role == "picture" or role == "mask":
        return replace(one, role=role, media=role)
    return one if one.role == role else replace(one, role=role)


def corrected(endpoint: Endpoint, correction: Correction) -> Endpoint:
    """``endpoint`` with the user's word on its roles; what names fields that are gone is passed over."""
    known = {one.path: one for one in endpoint.fields}
    roles = dict(endpoint.binding.roles)
    for role, path in correction.roles.items():
        if path is None:
            roles.pop(role, None)
        elif path in known and takes(role, known[path]):
            roles = {other: taken for other, taken in roles.items() if taken != path}
            roles[role] = path
    ordered = {role: roles[role] for role in ROLES if role in roles}
    binding = replace(
        endpoint.binding, roles=MappingProxyType(ordered), polarity=correction.polarity or endpoint.binding.polarity
    )
    fields = FieldReader(endpoint.input).fields(endpoint.input)  # afresh: a role that goes leaves nothing behind
    return replace(endpoint, fields=with_roles(fields, ordered), binding=binding)


def correction_to_json(correction: Correction) -> dict[str, Json]:
    """The correction as JSON: ``{"roles": {"mask": "mask_url", "seed": null}, "polarity": "black"}``."""
    document: dict[str, Json] = {"roles": dict(correction.roles)}
    return {**document, "polarity": correction.polarity} if correction.polarity else document


def correction_from_json(document: Json) -> Correction:
    """Read what ``correction_to_json`` wrote. Raises SchemaError when it is none."""
    roles = document.get("roles", {}) if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(roles, Mapping):
        raise SchemaError("This is no correction of roles: a JSON object with roles is needed.")
    polarity = document.get("polarity")
    if polarity not in (None, "white", "black"):
        raise SchemaError("The correction's polarity must be white or black.")
    wrong = [str(role) for role in roles if role not in get_args(Role)]
    if wrong or not all(path is None or isinstance(path, str) for path in roles.values()):
        raise SchemaError(
            f"The correction names a role that there is not ({', '.join(wrong)[:80]}), or no field for it."
        )
    return Correction({role: roles[role] for role in ROLES if role in roles}, polarity)
