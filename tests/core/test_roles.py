"""Which field takes what: each rule, what is no mask, and the user's word."""

from typing import Any

import pytest

from app.core.endpoint import Field, Role
from app.core.errors import SchemaError
from app.core.roles import (
    NAMES,
    Correction,
    corrected,
    correction_from_json,
    correction_to_json,
    takes,
)
from app.core.schema import read_endpoint

Json = Any

KINDS: dict[Role, Json] = {
    "picture": {"type": "string"},
    "mask": {"type": "string"},
    "prompt": {"type": "string"},
    "negative_prompt": {"type": "string"},
    "seed": {"type": "integer"},
    "size": {"type": "string", "enum": ["square", "wide"]},
    "count": {"type": "integer"},
    "format": {"type": "string", "enum": ["png"]},
    "strength": {"type": "number"},
}


def roles(properties: Json, required: tuple[str, ...] = (), **beside: Json) -> dict[str, str]:
    document = {"input": {"properties": properties, "required": list(required)}, **beside}
    return {str(role): path for role, path in read_endpoint(document).binding.roles.items()}


def text(description: str = "", **more: Json) -> Json:
    return {"type": "string", "description": description, **more}


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, names in NAMES.items() for name in names])
def test_a_whole_name_is_enough(role: Role, name: str) -> None:
    assert roles({"other": {"type": "boolean"}, name: KINDS[role]}) == {role: name}


@pytest.mark.parametrize(
    "name", ["negativePrompt", "numOutputs", "outputFormat", "maskImage", "initImage", "image-url"]
)
def test_names_count_in_any_spelling(name: str) -> None:
    node = {"type": "integer"} if name == "numOutputs" else {"type": "string"}
    assert list(roles({name: node}).values()) == [name]


NO_MASKS = (
    "apply_mask", "mask_only", "max_masks", "output_mask", "blur_mask", "expand_mask", "mask_type", "mask_expansion",
    "invert_mask", "reference_mask_urls", "mask_video_url", "mask_prompt", "mask_threshold", "mask_strength",
    "return_mask", "mask_grow", "mask_feather", "mask_padding", "unmask", "masked", "mask_color", "control_mask_url",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["string", "boolean", "integer", "array"])
@pytest.mark.parametrize("name", NO_MASKS)
def test_names_that_speak_of_masks_and_take_none(name: str, kind: str) -> None:
    assert "mask" not in roles({name: {"type": kind, "description": "Whether the mask is used."}})


@pytest.mark.parametrize(
    "node", [{"type": "boolean"}, {"type": "integer"}, {"type": "array", "items": {"type": "number"}}, {"enum": ["a"]}]
)
def test_a_mask_and_a_picture_need_a_kind_that_can_hold_them(node: Json) -> None:
    assert roles({"mask": node, "image": node}) == {}


def test_the_inpainted_picture_goes_before_the_other() -> None:
    assert roles({"image_url": text(), "inpaint_image_url": text()})["picture"] == "inpaint_image_url"


def test_a_list_of_pictures_takes_the_picture_only_when_there_is_no_single_one() -> None:
    many = {"type": "array", "items": {"type": "string"}}
    assert roles({"image_urls": many, "image_url": text()})["picture"] == "image_url"
    assert roles({"image_urls": many, "mask_url": text()}) == {"picture": "image_urls", "mask": "mask_url"}


def test_a_mask_that_names_its_picture_decides_both() -> None:
    properties = {
        "image": text(),
        "area": text(**{"x-mask-for": "referenceImages", "x-media": "mask"}),
        "referenceImages": {"type": "array", "items": {"type": "string"}},
        "mask": text(),
    }
    assert roles(properties) == {"picture": "referenceImages", "mask": "area"}


@pytest.mark.parametrize("hint", [{"ui": {"field": "image_mask"}}, {"_fal_ui_field": "image_mask"}])
def test_a_hint_for_a_mask_is_followed(hint: Json) -> None:
    assert roles({"image_url": text(), "paint_url": text(**hint)}) == {"picture": "image_url", "mask": "paint_url"}


def test_a_name_goes_before_a_hint() -> None:
    properties = {"sketch_url": text(_fal_ui_field="image_mask"), "mask_url": text()}
    assert roles(properties) == {"mask": "mask_url"}


@pytest.mark.parametrize("name", ["binary_mask_url", "object_mask_image", "selection_mask", "edit_mask_base64"])
def test_names_put_together_of_mask_and_file(name: str) -> None:
    assert roles({name: text()}) == {"mask": name}


@pytest.mark.parametrize(
    "name", ["main_image_url", "raw_image", "edit_image_url", "target_image_base64", "source_photo"]
)
def test_names_put_together_of_picture_and_file(name: str) -> None:
    assert roles({name: text()}) == {"picture": name}


@pytest.mark.parametrize(
    "words",
    [
        "URL of the mask image. White is edited.", "The mask.", "Mask of the area to edit", "A binary mask",
        "Black and white mask image", "Base64 encoded mask", "URL to the mask", "The inpainting mask",
    ],
)  # fmt: skip
def test_a_description_tells_a_mask_where_the_name_says_nothing(words: str) -> None:
    assert roles({"image_url": text(), "url": text(words)}) == {"picture": "image_url", "mask": "url"}


@pytest.mark.parametrize(
    "words", ["URL of the image to edit.", "The input image", "Image for img2img or inpainting", "Link to your photo"]
)
def test_a_description_tells_a_picture_where_the_name_says_nothing(words: str) -> None:
    assert roles({"url": text(words), "mask": text()}) == {"picture": "url", "mask": "mask"}


def test_a_picture_whose_size_must_be_the_masks_is_no_mask() -> None:
    properties = {
        "file": text("Needs to match the dimensions of the mask."),
        "image_url": text("The image. MUST have the exact same dimensions as the mask image."),
    }
    assert roles(properties) == {"picture": "image_url"}


def test_a_mask_in_words_is_no_mask() -> None:
    assert roles({"mask": text("Text prompt that describes what to mask")}) == {}
    assert roles({"mask": text("Mask image, black and white, described by a URL")}) == {"mask": "mask"}


def test_the_only_picture_that_is_needed_is_the_picture() -> None:
    assert roles({"room_image_url": text()}, ("room_image_url",)) == {"picture": "room_image_url"}
    assert roles({"room_image_url": text(), "mask_url": text()})["picture"] == "room_image_url"
    assert roles({"room_image_url": text()}) == {}
    two = {"room_image_url": text(), "wall_image_url": text()}
    assert roles(two, tuple(two)) == {}


@pytest.mark.parametrize("name", ["reference_image_url", "style_image_url", "control_image_url", "garment_image_url"])
def test_pictures_that_go_beside_the_edited_one_are_not_it(name: str) -> None:
    assert roles({name: text()}, (name,)) == {}


def test_the_mask_of_a_video_is_not_the_mask_of_a_picture() -> None:
    assert roles({"video_url": text(), "mask_video_url": text()}) == {}


def test_a_text_that_is_described_as_the_prompt() -> None:
    assert roles({"instruction": text("What to paint there.")}) == {"prompt": "instruction"}
    assert roles({"text": text("Label drawn on the chart.")}) == {}


def test_prompt_strength_is_told_from_the_prompts_weight() -> None:
    number = {"type": "number"}
    assert roles({"prompt_strength": {**number, "description": "1.0 is full destruction of the image"}}) == {
        "strength": "prompt_strength"
    }
    assert roles({"prompt_strength": {**number, "description": "How much the prompt counts"}}) == {}


def test_a_field_has_one_role_and_a_role_one_field() -> None:
    properties: Json = {**KINDS, "image": text(), "num_images": {"type": "integer"}}
    found = roles(properties)
    assert len(set(found.values())) == len(found)


def test_the_files_binding_goes_before_everything() -> None:
    properties = {"image_url": text(), "mask_url": text(), "prompt": text(), "area": text()}
    assert roles(properties, binding={"mask": "area", "prompt": None}) == {"picture": "image_url", "mask": "area"}


@pytest.mark.parametrize(
    ("description", "polarity"),
    [
        ("Black areas will be preserved, white areas will be inpainted.", "white"),
        ("White (255) indicates areas to erase", "white"),
        ("White regions are regenerated, black regions are preserved. Requires image_url.", "white"),
        ("Black pixels are repainted, white pixels are kept.", "black"),
        ("The black area is the sketch area", "black"),
        ("Areas to edit should be black", "black"),
        ("White and black mask of the area to edit", "white"),
        ("A black/white mask", "white"),
        ("", "white"),
    ],
)
def test_what_a_mask_says_of_its_colours(description: str, polarity: str) -> None:
    endpoint = read_endpoint({"properties": {"image_url": text(), "mask_url": text(description)}})
    assert endpoint.binding.polarity == polarity
    told = read_endpoint({"input": endpoint.input, "binding": {"polarity": "white"}})
    assert told.binding.polarity == "white"


def test_width_and_height_stand_for_a_size_where_there_is_no_other() -> None:
    sides = {"width": {"type": "integer"}, "height": {"type": "number"}}
    endpoint = read_endpoint({"properties": sides})
    assert (endpoint.binding.width, endpoint.binding.height) == ("width", "height")
    endpoint = read_endpoint({"properties": {**sides, "image_size": {"enum": ["a", "b"]}}})
    assert (endpoint.binding.width, endpoint.binding.height) == ("", "")


def test_a_text_that_is_a_size_takes_the_size() -> None:
    assert roles({"aspect_ratio": text(default="1024x1024")}) == {"size": "aspect_ratio"}
    assert roles({"resolution": text(examples=["832×1216"])}) == {"size": "resolution"}
    assert roles({"aspect_ratio": text(default="16:9"), "resolution": text(enum=["1K", "2K"], default="1K")}) == {}


DOCUMENT = {
    "properties": {
        "image_url": text(),
        "mask_url": text(),
        "prompt": text(),
        "words": text(),
        "area": text(),
        "seed": {"type": "integer"},
    }
}


def test_a_correction_wins_over_everything() -> None:
    endpoint = read_endpoint({"input": DOCUMENT, "binding": {"mask": "mask_url"}}, name="mine")
    ours = corrected(endpoint, Correction({"mask": "area", "seed": None, "prompt": "words"}, "black"))
    assert dict(ours.binding.roles) == {"picture": "image_url", "mask": "area", "prompt": "words"}
    assert ours.binding.polarity == "black"
    fields = {field.path: field for field in ours.fields}
    assert (fields["area"].role, fields["area"].media, fields["words"].multiline) == ("mask", "mask", True)
    assert (fields["mask_url"].role, fields["seed"].role, fields["prompt"].role) == (None, None, None)
    assert corrected(ours, Correction({"mask": "mask_url", "seed": "seed", "prompt": "prompt"}, "white")) == endpoint


def test_a_field_that_gets_another_role_loses_the_first() -> None:
    ours = corrected(read_endpoint(DOCUMENT), Correction({"mask": "image_url"}))
    assert dict(ours.binding.roles) == {"mask": "image_url", "prompt": "prompt", "seed": "seed"}


def test_a_correction_for_a_field_that_is_gone_or_unfit_changes_nothing() -> None:
    endpoint = read_endpoint(DOCUMENT)
    assert corrected(endpoint, Correction({"mask": "gone", "picture": "seed"})) == endpoint


@pytest.mark.parametrize(
    "correction", [Correction(), Correction({"mask": "area", "seed": None}), Correction({"size": None}, "black")]
)
def test_corrections_are_kept_as_json(correction: Correction) -> None:
    assert correction_from_json(correction_to_json(correction)) == correction


@pytest.mark.parametrize(
    "document", [None, [], "a", {"roles": 3}, {"roles": {"brush": "x"}}, {"roles": {"mask": 3}}, {"polarity": "grey"}]
)
def test_what_is_no_correction_is_refused_in_words(document: Json) -> None:
    with pytest.raises(SchemaError):
        correction_from_json(document)


def test_what_a_role_can_be_given_to() -> None:
    listed = Field("x", "array", "X", children=(Field("x[]", "string", "X"),))
    assert (
        takes("mask", listed)
        and takes("picture", Field("x", "string", "X"))
        and takes("count", Field("x", "integer", ""))
    )
    assert not takes("mask", Field("x", "boolean", "X"))
    assert not takes("mask", Field("x", "array", "X", children=(Field("x[].a", "string", "A"),)))
