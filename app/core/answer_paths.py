"""Where an endpoint's answer keeps its pictures, seed and flags, as far as the fields of its schema tell."""

from collections.abc import Iterable
from typing import Final

from app.core.endpoint import Field

_RESULTS: Final = (
    "images", "image", "output", "outputs", "result", "results", "output_image", "edited_image", "inpainted_image",
    "output_images", "image_url", "image_urls",
)  # fmt: skip


def answer_paths(fields: Iterable[Field]) -> dict[str, str]:
    """Where an answer made of ``fields`` keeps its pictures ("results"), seed ("seed_out") and flags ("flags")."""
    known = {field.path: field for field in fields}
    paths: dict[str, str] = {}
    for name in _RESULTS:
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
    unknown = {"any", "object"}  # a file whose schema is missing from the document
    if field.kind == "array":
        kinds = {child.kind for child in field.children if child.path == f"{field.path}[]"}
        if kinds & unknown and not any(child.children for child in field.children):
            return f"{field.path}[].url"
        return f"{field.path}[]" if kinds <= {"string"} and len(kinds) == len(field.children) else ""
    if field.kind in unknown and not field.children:
        return f"{field.path}.url"
    return field.path if field.kind == "string" else ""
