"""Masks from and to files."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.arrays import Pixels
from app.core.errors import MaskError, PictureError
from app.core.mask import Mask
from app.store.masks import open_mask, save_mask
from tests.store.picture_files import chunk, noise, png_bytes, saved


def random_mask(height: int = 37, width: int = 53) -> Pixels:
    return np.where(noise(height, width) > 127, np.uint8(255), np.uint8(0))


def colour(grey: Pixels, *more: Pixels) -> Pixels:
    return np.stack([grey, grey, grey, *more], axis=2)


@pytest.mark.parametrize("ending", [".png", ".tif", ".bmp", ".webp"])
def test_masks_survive_save_and_open(tmp_path: Path, ending: str) -> None:
    pixels = random_mask()
    path = tmp_path / f"a{ending}"
    save_mask(path, Mask(pixels.copy()))
    mask, notes = open_mask(path, (53, 37))
    assert np.array_equal(mask.pixels, pixels) and notes == []
    with Image.open(path) as written:
        assert np.array_equal(np.asarray(written.convert("L")), pixels)
        assert written.mode == ("RGB" if ending == ".webp" else "L"), "WebP knows no grey"


def test_a_jpeg_mask_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"blur.*\.png"):
        save_mask(tmp_path / "a.jpg", Mask(random_mask()))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "LA", "RGBA", "I;16"])
def test_every_mode_of_a_black_and_white_file(tmp_path: Path, mode: str) -> None:
    pixels = random_mask()
    if mode == "I;16":
        Image.fromarray(pixels.astype(np.uint16) * 257).save(tmp_path / "a.png")
    else:
        saved(tmp_path / "a.png", pixels, mode)
    mask, notes = open_mask(tmp_path / "a.png", None)
    assert np.array_equal(mask.pixels, pixels) and notes == []


@pytest.mark.parametrize("rgb", [0, 255])
def test_where_only_the_transparency_varies_it_is_the_mask(tmp_path: Path, rgb: int) -> None:
    pixels = random_mask()
    flat = np.full_like(pixels, rgb)
    mask, notes = open_mask(saved(tmp_path / "a.png", colour(flat, pixels)), None)
    assert np.array_equal(mask.pixels, pixels) and "opaque is repainted" in notes[0]


def test_where_the_colours_vary_the_transparency_is_left_out(tmp_path: Path) -> None:
    pixels = random_mask()
    mask, notes = open_mask(saved(tmp_path / "a.png", colour(pixels, noise(37, 53))), None)
    assert np.array_equal(mask.pixels, pixels) and notes == []


def test_colours_count_by_their_luminance(tmp_path: Path) -> None:
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [255, 255, 255], [0, 0, 0]]], np.uint8)
    mask, notes = open_mask(saved(tmp_path / "a.png", pixels), None)
    assert mask.pixels.tolist() == [[0, 255, 0, 255, 255, 0]] and "128" in notes[0]


def test_grey_levels_are_decided_at_128_and_said_once(tmp_path: Path) -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    mask, notes = open_mask(saved(tmp_path / "a.png", grey), None)
    assert np.array_equal(mask.pixels, np.where(grey >= 128, 255, 0)) and len(notes) == 1


def test_sixteen_bits_are_scaled(tmp_path: Path) -> None:
    samples = np.array([[[0], [1000], [32000], [40000], [65535]]], np.uint16)
    (tmp_path / "a.png").write_bytes(png_bytes(samples, 0, 16))
    mask, _ = open_mask(tmp_path / "a.png", None)
    assert mask.pixels.tolist() == [[0, 0, 0, 255, 255]]


def test_masks_of_nought_and_one_are_understood(tmp_path: Path) -> None:
    pixels = random_mask()
    mask, notes = open_mask(saved(tmp_path / "a.png", np.where(pixels > 0, np.uint8(1), np.uint8(0))), None)
    assert np.array_equal(mask.pixels, pixels) and "value 1 " in notes[0] and len(notes) == 1


@pytest.mark.parametrize("channel", [0, 2])
def test_one_dark_colour_on_black_is_understood(tmp_path: Path, channel: int) -> None:
    pixels = random_mask()
    painted = np.zeros((*pixels.shape, 3), np.uint8)
    painted[..., channel] = pixels
    mask, notes = open_mask(saved(tmp_path / "a.png", painted), None)
    assert np.array_equal(mask.pixels, pixels) and len(notes) == 1


@pytest.mark.parametrize("value", [2, 15, 127])
@pytest.mark.parametrize("everywhere", [False, True])
def test_dark_grey_is_black(tmp_path: Path, value: int, everywhere: bool) -> None:
    painted = np.where(random_mask() > 0, np.uint8(value), np.uint8(value if everywhere else 0))
    for name, pixels in (("grey.png", painted), ("rgb.png", np.stack([painted] * 3, axis=2))):
        mask, notes = open_mask(saved(tmp_path / name, pixels), None)
        assert mask.is_empty() and len(notes) == 1 and "128" in notes[0]


def test_an_empty_mask_stays_empty(tmp_path: Path) -> None:
    mask, notes = open_mask(saved(tmp_path / "a.png", np.zeros((4, 5), np.uint8)), (5, 4))
    assert mask.is_empty() and notes == []


def test_another_size_is_refused_with_both(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", random_mask())
    for wanted in ((37, 53), (53, 38), (1, 1)):
        with pytest.raises(MaskError, match=rf"53 × 37 pixels, the picture {wanted[0]} × {wanted[1]}"):
            open_mask(path, wanted)


def test_another_size_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    header = chunk(b"IHDR", (20000).to_bytes(4) * 2 + b"\x08\0\0\0\0")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"x") + chunk(b"IEND", b""))
    with pytest.raises(MaskError, match="20000 × 20000"):
        open_mask(tmp_path / "a.png", (37, 53))


def test_a_mask_too_wide_for_its_format_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="16383 pixels a side"):
        save_mask(tmp_path / "a.webp", Mask.blank(16384, 1))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_a_mask_is_turned_as_its_picture_is(tmp_path: Path, orientation: int, name: str) -> None:
    pixels = random_mask()
    exif = Image.Exif()
    exif[0x0112] = orientation
    mask, _ = open_mask(saved(tmp_path / name, pixels, exif=exif), None)
    turned = {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: pixels.T,
        6: np.rot90(pixels, -1),
        7: pixels.T[::-1, ::-1],
        8: np.rot90(pixels),
    }
    assert np.array_equal(mask.pixels, turned[orientation])


def test_what_is_no_mask_is_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "text.png").write_bytes(b"no")
    for name in ("pipe.png", "text.png", "none.png", "."):
        with pytest.raises(PictureError):
            open_mask(tmp_path / name, None)
    with pytest.raises(PictureError, match="cannot be written"):
        save_mask(tmp_path / "a.gif", Mask(random_mask()))
