"""Which field takes the picture, which the mask, which is the prompt, the seed, ...: read from the fields' names.

The names are those measured over 551 image endpoints of fal.ai (June 2026) and Scenario's API; an endpoint file's own
binding always wins. Names that speak of masks and take none (``mask_only``, ``max_masks``, ``invert_mask``, ...) are no
masks, so only whole names count.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.core.endpoint import Field, Kind, Role

Json = Any

NAMES: Final[Mapping[Role, tuple[str, ...]]] = {
    "mask": ("mask_url", "mask_image_url", "mask_image", "mask", "image_mask", "inpaint_mask_url"),
    "picture": (
        "inpaint_image_url",
        "image_url",
        "image",
        "input_image_url",
        "input_image",
        "init_image",
        "image_urls",
    ),
    "prompt": ("prompt", "text_prompt", "positive_prompt"),
    "negative_prompt": ("negative_prompt",),
    "seed": ("seed",),
    "size": ("image_size", "size"),
    "count": ("num_images", "num_samples", "num_outputs", "number_of_images", "n"),
    "format": ("output_format", "image_format", "format"),
    "strength": ("strength", "inpaint_strength", "denoising_strength"),
}
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


def roles_by_name(fields: Iterable[Field]) -> dict[Role, str]:
    """Role -> path of the top-level field whose name and kind fit it best; a role that none fits is absent."""
    known = {snake_case(field.path): field for field in fields}
    found: dict[Role, str] = {}
    for role, names in NAMES.items():
        fitting = (known[name] for name in names if name in known and known[name].kind in _KINDS[role])
        field = next(fitting, None)
        if field is not None:
            found[role] = field.path
    return found


def snake_case(name: str) -> str:
    """``negativePrompt`` -> ``negative_prompt``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:200]).lower()


def answer_paths(fields: Iterable[Field]) -> dict[str, str]:
    """Where an answer made of ``fields`` keeps its pictures ("results"), seed ("seed_out") and flags ("flags")."""
    known = {field.path: field for field in fields}
    paths: dict[str, str] = {}
    for name in ("images", "image", "output", "outputs", "result"):
        path = _link_below(known.get(name))
        if path:
            paths["results"] = path
            break
    if "seed" in known:
        paths["seed_out"] = "seed"
    if "has_nsfw_concepts" in known:
        paths["flags"] = "has_nsfw_concepts[]" if known["has_nsfw_concepts"].kind == "array" else "has_nsfw_concepts"
    return paths


def _link_below(field: Field | None) -> str:
    """The path of the link inside ``field``: "images[].url", "image.url", or the text itself."""
    if field is None:
        return ""
    links = [child.path for child in field.children if child.name == "url"]
    if links:
        return links[0]
    if field.kind == "array" and all(child.kind == "string" for child in field.children):
        return f"{field.path}[]"
    return field.path if field.kind == "string" else ""
