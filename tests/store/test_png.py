"""The PNGs the history keeps."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.core.errors import StoreError
from app.core.picture import Picture
from app.store.png import grey_png, mask_from_png, mask_png, picture_png, rgb_from_png, rgb_png
from tests.store.picture_files import noise


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 5))
def test_masks_and_patches_come_back_exactly(height: int, width: int, seed: int) -> None:
    mask = np.where(noise(height, width, seed=seed) > 127, np.uint8(255), np.uint8(0))
    patch = noise(height, width, 3, seed=seed)
    assert np.array_equal(mask_from_png(mask_png(mask)), mask)
    assert np.array_equal(mask_from_png(grey_png(mask)), mask)
    assert np.array_equal(rgb_from_png(rgb_png(patch)), patch)


def test_other_programs_read_them_the_same() -> None:
    mask = np.where(noise(20, 30) > 127, np.uint8(255), np.uint8(0))
    patch = noise(20, 30, 3)
    with Image.open(io.BytesIO(mask_png(mask))) as read:
        assert read.mode == "1" and np.array_equal(np.asarray(read.convert("L")), mask)
    with Image.open(io.BytesIO(rgb_png(patch))) as read:
        assert np.array_equal(np.asarray(read), patch)


@pytest.mark.parametrize("has_alpha", [True, False])
def test_a_whole_picture(has_alpha: bool) -> None:
    picture = Picture(noise(20, 30, 4), has_alpha)
    with Image.open(io.BytesIO(picture_png(picture))) as read:
        assert read.mode == ("RGBA" if has_alpha else "RGB")
        order = [2, 1, 0, 3] if has_alpha else [2, 1, 0]
        assert np.array_equal(np.asarray(read), picture.pixels[..., order])


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff" * 30, mask_png(np.zeros((9, 9), np.uint8))[:40]]
)
def test_damage_is_a_sentence(data: bytes) -> None:
    for read in (mask_from_png, rgb_from_png):
        with pytest.raises(StoreError, match="damaged"):
            read(data)


def test_a_header_that_promises_too_much_is_not_believed() -> None:
    data = bytearray(rgb_png(noise(4, 4, 3)))
    data[16:24] = (100_000).to_bytes(4) * 2
    with pytest.raises(StoreError, match="damaged"):
        rgb_from_png(bytes(data))
