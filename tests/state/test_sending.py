"""The sheet against the request that Generate would make: the same pixels, the same values, nothing left unsaid."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.core.attachments import Attachment, attachment_text
from app.core.endpoint import MISSING, Endpoint
from app.core.errors import StoreError
from app.core.geometry import Box
from app.core.morphology import grown
from app.core.picture import Picture
from app.core.price import Spent
from app.core.request import BlendSettings
from app.core.schema import read_endpoint
from app.state.planning import NO_MASK
from app.state.sending import (
    KEY_HIDDEN,
    NO_PICTURE,
    THUMBNAIL,
    Draft,
    SendingSheet,
    faults_of,
    make_sheet,
    save_parts,
    sheet_document,
    spent,
)
from app.state.sending_files import GONE
from app.store.blobs import Blobs
from app.store.records import Entry
from tests.bundled import bundled_endpoints

ENDPOINTS = {endpoint.id: endpoint for endpoint in bundled_endpoints()}
FAL, LOCAL, SCENARIO = (ENDPOINTS[name] for name in ("fal-ai/inpaint", "local/fill", "scenario/generate/inpaint"))
PLAIN = BlendSettings()


def picture(width: int = 600, height: int = 400) -> Picture:
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return Picture(pixels)


def mask(*boxes: Box, width: int = 600, height: int = 400) -> np.ndarray:
    made = np.zeros((height, width), np.uint8)
    for box in boxes or (Box(200, 150, 220, 180),):
        made[box.slices] = 255
    return made


def sheet_of(endpoint: Endpoint, values: Mapping[str, Any] | None = None, **more: Any) -> SendingSheet:
    backend = more.pop("backend", endpoint.backends[0])
    blend = more.pop("blend", PLAIN)
    drawn = more.pop("mask", mask())
    return make_sheet(Draft(endpoint, backend, values or {}, blend), more.pop("picture", picture()), drawn, **more)


def decoded(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def test_the_files_hold_exactly_the_crop_and_its_mask() -> None:
    crop = sheet_of(FAL, {"prompt": "a", "model_name": "m"}).crops[0]
    assert crop.box == Box(136, 86, 284, 244)
    assert (decoded(crop.files.picture) == picture().rgb(crop.box)).all()
    assert (decoded(crop.files.mask) == mask()[crop.box.slices]).all()
    assert crop.mask_pixels == 20 * 30


def test_the_mask_is_the_grown_one() -> None:
    crop = sheet_of(FAL, blend=BlendSettings(grow=9)).crops[0]
    box, pixels = grown(mask(), 9) or pytest.fail("nothing grew")
    whole = mask()
    whole[box.slices] = pixels
    assert (decoded(crop.files.mask) == whole[crop.box.slices]).all()


def test_an_endpoint_that_repaints_black_gets_black() -> None:
    black = replace(FAL, binding=replace(FAL.binding, polarity="black"))
    crop = sheet_of(black).crops[0]
    assert (decoded(crop.files.mask) == 255 - mask()[crop.box.slices]).all()
    assert crop.mask_pixels == 20 * 30  # what is repainted, whatever its colour


def test_the_body_is_what_was_set_in_the_panels_order() -> None:
    sheet = sheet_of(FAL, {"seed": 2**53 + 1, "prompt": "a", "model_name": "m"})
    assert list(sheet.body) == ["model_name", "prompt", "image_url", "mask_url", "seed"]
    assert sheet.body["seed"] == 2**53 + 1
    size = len(sheet.crops[0].files.picture)
    assert sheet.body["image_url"] == f"data:image/png;base64,<{size:,} bytes>"
    assert sheet.left_out == {"negative_prompt": "", "num_inference_steps": 30, "guidance_scale": 7.5}


def test_seeds_are_written_as_each_endpoint_does() -> None:
    assert sheet_of(SCENARIO, {"seed": "5", "modelId": "m"}).body["seed"] == "5"


def test_a_default_that_is_not_stated_is_not_null() -> None:
    assert sheet_of(SCENARIO, {"modelId": "m"}).left_out["scheduler"] is MISSING
    assert sheet_document(sheet_of(SCENARIO))["left_out"]["scheduler"] is None


def test_islands_are_crops_of_one_job_here() -> None:
    far = mask(Box(10, 10, 20, 20), Box(550, 350, 560, 360))
    sheet = sheet_of(LOCAL, {"seed": 4}, mask=far)
    assert len(sheet.crops) == 2 and sheet.body == {"seed": 4}
    assert sheet.price.amount == 0 and not sheet.leaves and sheet.destination.url == ""
    assert sheet.file_names(1) == ("picture-2.png", "mask-2.png")
    assert "picture-2.png --mask mask-2.png" in sheet.curl(1) and sheet.curl(1).startswith("mendbrush inpaint")


def test_islands_of_a_provider_are_requests_of_their_own() -> None:
    several = replace(FAL, binding=replace(FAL.binding, crop="islands"))
    far = mask(Box(10, 10, 20, 20), Box(550, 350, 560, 360))
    sheet = sheet_of(several, {"prompt": "a"}, mask=far, earlier=[Spent(0.5)])
    assert sheet.bytes == sum(crop.size for crop in sheet.crops) and sheet.price.amount == 1.0
    assert "picture-2.png" in sheet.curl(1) and "mask-2.png" in sheet.python(1)


def test_without_a_mask_or_a_picture_the_body_is_shown_all_the_same() -> None:
    empty = sheet_of(FAL, {"prompt": "a", "model_name": "m"}, mask=mask() * 0)
    assert empty.lacking == NO_MASK and empty.crops == () and empty.body == {"model_name": "m", "prompt": "a"}
    none = sheet_of(FAL, {"prompt": "a"}, picture=None, mask=None)
    assert none.problems[0] == NO_PICTURE and none.bytes == len(b'{"prompt":"a"}')


def test_faults_are_told_by_field() -> None:
    sheet = sheet_of(FAL, faults=faults_of(FAL, {"guidance_scale": 21}))
    assert set(sheet.faults) == {"prompt", "model_name", "guidance_scale"}
    assert any(text.startswith("guidance_scale: ") for text in sheet.problems)


def test_the_schema_is_asked_where_the_form_is_not_enough() -> None:
    fooocus = ENDPOINTS["fal-ai/fooocus/inpaint"]
    assert "image_prompt_1" in faults_of(fooocus, {"image_prompt_1": {"weight": 7}})
    assert faults_of(fooocus, {"prompt": "a"}) == {}


def test_thumbnails_are_small_and_keep_their_shape() -> None:
    crop = sheet_of(FAL, mask=mask(Box(0, 0, 600, 400)) | 255).crops[0]
    assert crop.picture_thumbnail.shape == (213, THUMBNAIL, 3) and crop.mask_thumbnail.shape == (213, THUMBNAIL)


def test_saved_files_are_the_ones_that_are_sent(tmp_path: Path) -> None:
    sheet = sheet_of(FAL)
    assert [path.name for path in save_parts(sheet, tmp_path)] == ["picture.png", "mask.png"]
    save_parts(sheet, tmp_path)  # the same once more
    assert (tmp_path / "picture.png").read_bytes() == sheet.crops[0].files.picture
    assert (tmp_path / "mask.png").read_bytes() == sheet.crops[0].files.mask


@pytest.mark.parametrize("name", ["picture.png", "mask.png"])
def test_saving_never_replaces_a_file_that_holds_something_else(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"the picture that is being edited")
    with pytest.raises(StoreError, match="holds something else"):
        save_parts(sheet_of(FAL), tmp_path)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"the picture that is being edited"]


@pytest.mark.shared
def test_every_document_of_the_provider_has_a_sheet(shared: Path) -> None:
    paths = sorted((shared / "data" / "fal-openapi").glob("*.json"))
    assert len(paths) == 25
    for path in paths:
        endpoint = read_endpoint(json.loads(path.read_text("utf-8")))
        sheet = sheet_of(endpoint, faults=faults_of(endpoint, {}))
        told = json.loads(json.dumps(sheet_document(sheet)))
        assert told["url"] == f"https://queue.fal.run/{endpoint.id}" and sheet.curl() and sheet.python()
        sent = {field.path for field in endpoint.fields if field.role in ("picture", "mask")}
        assert sent <= told["body"].keys()
        named = {*told["body"], *told["left_out"], *sheet.faults}
        assert named == {field.path for field in endpoint.fields}  # nothing goes unsaid


def test_kept_files_are_counted_saved_and_missed(tmp_path: Path) -> None:
    kept = Blobs(tmp_path / "blobs")
    digest = kept.put(b"cat" * 100, ".png")
    fooocus = ENDPOINTS["fal-ai/fooocus/inpaint"]
    values = {"image_prompt_1": {"image_url": attachment_text(Attachment(digest, ".png"))}}
    sheet = sheet_of(fooocus, values, kept=kept)
    assert sheet.body["image_prompt_1"] == {"image_url": "data:image/png;base64,<300 bytes>"}
    (tmp_path / "out").mkdir()
    save_parts(sheet, tmp_path / "out")
    assert (tmp_path / "out" / "file-1.png").read_bytes() == b"cat" * 100
    assert "file-1.png" in sheet.curl()
    lost = {"image_prompt_1": {"image_url": attachment_text(Attachment("0" * 64, ".png"))}}
    assert sheet_of(fooocus, lost, kept=kept).faults == {"image_prompt_1": GONE}


def test_what_jobs_cost_is_counted_once_for_all_their_pictures() -> None:
    rows = [
        ("a", 0.2, "remote"),
        ("a", 0.2, "remote"),
        ("b", 0.1, "remote"),
        ("c", 9.0, "practice"),
        ("d", None, "remote"),
    ]
    entries = [
        Entry(
            id=f"{job}-{at}", job=job, index=at, created=0.0, seconds=1.0, endpoint=FAL.id, backend=backend, values={},
            seed=None, blend=PLAIN, picture="", picture_size=(1, 1), base=(), mask="", patches=(), thumbnail="",
            cost=cost, flags=(),
        )
        for at, (job, cost, backend) in enumerate(rows)
    ]  # fmt: skip
    assert spent(entries, FAL) == (Spent(0.2, 2), Spent(0.1, 1))
    assert spent(entries, LOCAL) == ()


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda endpoint: str(endpoint.id))
def test_the_document_is_json_and_holds_no_key(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FAL_KEY", "SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"):
        monkeypatch.setenv(name, "canary")
    for backend in endpoint.backends:
        sheet = sheet_of(endpoint, {}, backend=backend)
        told = json.loads(json.dumps(sheet_document(sheet)))
        assert told["crops"][0]["size"] == [148, 158] and told["crops"][0]["mask_pixels"] == 600
        assert told["bytes"] == sheet.bytes and told["price"]["source"]
        assert "canary" not in json.dumps(told) + sheet.curl() + sheet.python() + sheet.json()


def test_packed_crops_of_another_polarity_are_not_taken() -> None:
    white = sheet_of(FAL, {"prompt": "a"})
    turned = replace(FAL, binding=replace(FAL.binding, polarity="black"))
    black = sheet_of(turned, {"prompt": "a"}, packed=white.crops)
    assert (
        black.crops[0].files.mask == sheet_of(turned, {"prompt": "a"}).crops[0].files.mask != white.crops[0].files.mask
    )
    assert sheet_of(FAL, {"prompt": "b"}, packed=white.crops).crops[0].files is white.crops[0].files


def test_a_hidden_key_is_said_because_copied_commands_lack_it() -> None:
    key = "hf_" + "aB3" * 10
    assert KEY_HIDDEN in sheet_of(FAL, {"prompt": f"a {key}"}).notes
    assert key not in (sheet := sheet_of(FAL, {"prompt": f"a {key}"})).curl() + sheet.python() + sheet.json()
    assert KEY_HIDDEN not in sheet_of(FAL, {"prompt": "a"}).notes
