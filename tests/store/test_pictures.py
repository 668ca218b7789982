"""Opening pictures: every mode and format, and a sentence for everything else."""

import hashlib
import os
import time
import warnings
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, JpegImagePlugin

from app.core.arrays import Pixels
from app.core.errors import PictureError
from app.core.picture import Picture
from app.store.pictures import open_picture, picture_from_rgba, quick_preview
from tests.store.picture_files import chunk, exif_bytes, labelled, noise, png_bytes, saved, smooth, srgb_profile

FORMATS = [("PNG", ".png"), ("TIFF", ".tif"), ("BMP", ".bmp"), ("WEBP", ".webp")]


def rgb(picture: Picture) -> Pixels:
    return picture.rgb(picture.box)


def rgba(picture: Picture) -> Pixels:
    return picture.pixels[..., [2, 1, 0, 3]]


@pytest.mark.parametrize(("file_format", "ending"), FORMATS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_every_mode_in_every_format_that_holds_it(tmp_path: Path, file_format: str, ending: str, mode: str) -> None:
    image = Image.fromarray(noise(37, 53, 4)).convert(mode)
    path = tmp_path / f"a{ending}"
    try:
        image.save(path, file_format, **({"lossless": True, "exact": True} if file_format == "WEBP" else {}))
    except OSError:
        assert (file_format, mode) in {("BMP", "LA")}, "the format does not hold this mode"
        return
    with Image.open(path) as written:
        expected = np.asarray(written.convert("RGBA"))
        stored_mode, has_alpha = written.mode, bool(written.has_transparency_data)
    picture = open_picture(path)
    assert np.array_equal(rgba(picture), expected)
    assert picture.pixels.dtype == np.uint8 and picture.pixels.flags.c_contiguous and picture.pixels.flags.writeable
    assert picture.has_alpha == has_alpha
    assert (picture.source.format, picture.source.mode) == (file_format, stored_mode)
    assert picture.source.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert picture.source.notes == ()


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_jpeg_pixels_are_libjpegs_and_its_settings_are_kept(tmp_path: Path, mode: str) -> None:
    for subsampling in (0, 1, 2):
        path = saved(tmp_path / "a.jpg", smooth(67, 101), mode, quality=83, subsampling=subsampling, dpi=(300, 150))
        picture = open_picture(path)
        with Image.open(path) as written:
            assert np.array_equal(rgb(picture), np.asarray(written.convert("RGB")))
            assert isinstance(written, JpegImagePlugin.JpegImageFile)
            tables = [list(written.quantization[key]) for key in sorted(written.quantization)]
        assert picture.source.dpi == pytest.approx((300, 150))
        assert picture.source.jpeg is not None
        assert picture.source.jpeg["qtables"] == tables
        assert picture.source.jpeg["subsampling"] == (subsampling if mode == "RGB" else -1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("file_format", "ending"), [*FORMATS[:2], FORMATS[3], ("JPEG", ".jpg")])
def test_pictures_are_shown_upright(tmp_path: Path, file_format: str, ending: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Acme"
    path = saved(tmp_path / f"a{ending}", smooth(20, 30), exif=exif, dpi=(300, 150), lossless=True)
    picture = open_picture(path)
    with Image.open(path) as written:
        expected = np.asarray(ImageOps.exif_transpose(written).convert("RGB"))
    assert np.array_equal(rgb(picture), expected)
    assert picture.pixels.flags.c_contiguous
    kept = Image.Exif()
    kept.load(picture.source.exif)
    assert kept.get(0x0112, 1) == 1 and kept[0x010F] == "Acme"
    if file_format in ("PNG", "JPEG"):
        assert picture.source.dpi == pytest.approx((300, 150) if orientation < 5 else (150, 300), abs=0.02)


@pytest.mark.parametrize("transparency", [7, b"\x00\x80\xff\x40"])
def test_palettes_with_transparency(tmp_path: Path, transparency: int | bytes) -> None:
    image = Image.fromarray(noise(20, 30, 3)).quantize(16)
    image.save(tmp_path / "a.png", transparency=transparency)
    with Image.open(tmp_path / "a.png") as written:
        expected = np.asarray(written.convert("RGBA"))
    picture = open_picture(tmp_path / "a.png")
    assert picture.has_alpha and np.array_equal(rgba(picture), expected)
    assert picture.source.mode == "P"


@pytest.mark.parametrize(("mode", "transparency"), [("L", 5), ("RGB", (1, 2, 3)), ("1", 0)])
def test_a_transparent_colour_becomes_alpha(tmp_path: Path, mode: str, transparency: object) -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[1:3] = [1, 2, 3] if mode == "RGB" else 5 if mode == "L" else 255
    Image.fromarray(pixels).convert(mode).save(tmp_path / "a.png", transparency=transparency)
    picture = open_picture(tmp_path / "a.png")
    see_through = picture.pixels[..., 3] == 0
    assert picture.has_alpha
    assert np.array_equal(see_through[:, 0], [mode == "1", mode != "1", mode != "1", mode == "1"])


def test_sixteen_bits_of_grey_are_scaled_not_clipped(tmp_path: Path) -> None:
    values = np.array([[0, 128, 129, 1000, 32768, 65406, 65407, 65535]], np.uint16)
    Image.fromarray(values).save(tmp_path / "a.png")
    Image.fromarray(values).save(tmp_path / "a.tif")
    for name in ("a.png", "a.tif"):
        picture = open_picture(tmp_path / name)
        assert picture.pixels[0, :, 0].tolist() == [0, 0, 1, 4, 128, 254, 255, 255]
        assert picture.source.notes == ("16 bit per channel opened as 8 bit; saving writes 8 bit.",)
        assert not picture.has_alpha


@pytest.mark.parametrize(("colour_type", "channels"), [(2, 3), (6, 4), (4, 2), (0, 1)])
def test_sixteen_bits_of_colour_are_never_silent(tmp_path: Path, colour_type: int, channels: int) -> None:
    samples = np.random.default_rng(1).integers(0, 65536, (9, 11, channels), np.uint16)
    (tmp_path / "a.png").write_bytes(png_bytes(samples, colour_type, 16))
    picture = open_picture(tmp_path / "a.png")
    assert picture.source.notes == ("16 bit per channel opened as 8 bit; saving writes 8 bit.",)
    grey = colour_type in (0, 4)
    found = rgba(picture)[..., [0, 3] if colour_type == 4 else [0] if grey else list(range(channels))]
    assert np.abs(found.astype(int) - samples / 257).max() <= 1
    assert picture.has_alpha == (colour_type in (4, 6))


def test_sixteen_bits_of_colour_with_a_transparent_colour(tmp_path: Path) -> None:
    samples = np.full((2, 2, 3), 0x1234, np.uint16)
    samples[0, 0] = 0xABCD
    (tmp_path / "a.png").write_bytes(png_bytes(samples, 2, 16, chunk(b"tRNS", b"\x12\x34" * 3)))
    picture = open_picture(tmp_path / "a.png")
    assert picture.pixels[0, 0, :3].tolist() == [0xAB] * 3


def test_sixteen_bits_of_colour_in_tiff(tmp_path: Path) -> None:
    samples = np.random.default_rng(2).integers(0, 65536, (9, 11, 3), np.uint16)
    assert cv2.imwrite(str(tmp_path / "a.tif"), samples)
    picture = open_picture(tmp_path / "a.tif")
    assert "16 bit" in picture.source.notes[0]
    assert np.abs(picture.pixels[..., :3].astype(int) - samples / 257).max() <= 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([-1.0, 0.0, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([0.0, float("nan"), 1.0], [0, 0, 255]),
        ([0.0, float("inf"), 0.5], [0, 255, 128]),
        ([0.0, 65535.0, 257.0], [0, 255, 1]),
    ],
)
def test_floats_keep_their_meaning(tmp_path: Path, values: list[float], expected: list[int]) -> None:
    Image.fromarray(np.array([values], np.float32)).save(tmp_path / "a.tif")
    picture = open_picture(tmp_path / "a.tif")
    assert picture.pixels[0, :, 1].tolist() == expected
    assert "32 bit" in picture.source.notes[0]


def test_cmyk_is_converted_with_a_note(tmp_path: Path) -> None:
    image = Image.fromarray(smooth(20, 30)).convert("CMYK")
    for name in ("a.jpg", "a.tif"):
        image.save(tmp_path / name)
        picture = open_picture(tmp_path / name)
        with Image.open(tmp_path / name) as written:
            assert np.array_equal(rgb(picture), np.asarray(written.convert("RGB")))
        assert "CMYK" in picture.source.notes[0] and picture.source.icc == b""
        assert picture.source.mode == "CMYK"


def test_a_broken_cmyk_profile_is_no_obstacle(tmp_path: Path) -> None:
    Image.new("CMYK", (4, 4), (10, 20, 30, 40)).save(tmp_path / "a.jpg", icc_profile=b"nonsense" * 20)
    picture = open_picture(tmp_path / "a.jpg")
    assert "without a usable profile" in picture.source.notes[0]


def test_lab_is_converted_with_a_note(tmp_path: Path) -> None:
    Image.new("LAB", (4, 4), (128, 128, 128)).save(tmp_path / "a.tif")
    picture = open_picture(tmp_path / "a.tif")
    assert "Lab" in picture.source.notes[0] and picture.pixels[0, 0, 3] == 255


def test_profile_and_xmp_are_kept_byte_for_byte(tmp_path: Path) -> None:
    icc, xmp = srgb_profile(), b"<x:xmpmeta>\xc3\xa9</x:xmpmeta>"
    cases: list[tuple[str, dict[str, Any]]] = [
        ("a.jpg", {"xmp": xmp}),
        ("a.webp", {"xmp": xmp}),
        ("a.png", {}),
        ("a.tif", {}),
    ]
    for name, options in cases:
        source = open_picture(saved(tmp_path / name, noise(8, 8, 3), icc_profile=icc, **options)).source
        assert source.icc == icc and source.xmp == options.get("xmp", b"")


def test_a_profile_of_other_colours_is_left_out(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", noise(8, 8, 3), icc_profile=labelled(srgb_profile(), b"CMYK"))
    assert open_picture(path).source.icc == b""


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif"])
def test_the_first_of_several_pictures_is_opened_and_said(tmp_path: Path, name: str) -> None:
    frames = [Image.fromarray(noise(8, 9, 3, seed=seed)) for seed in range(3)]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], lossless=True)
    picture = open_picture(tmp_path / name)
    assert np.array_equal(rgb(picture), np.asarray(frames[0]))
    assert "3 pictures" in picture.source.notes[0]


def test_a_phones_double_jpeg_is_a_jpeg(tmp_path: Path) -> None:
    frames = [Image.fromarray(smooth(16, 16)), Image.fromarray(smooth(16, 16)[::-1])]
    frames[0].save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=frames[1:])
    picture = open_picture(tmp_path / "a.jpg")
    assert picture.source.format == "JPEG" and picture.source.jpeg is not None
    assert "2 pictures" in picture.source.notes[0]


def test_another_formats_ending_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(saved(tmp_path / "a.png", noise(8, 8, 3)).read_bytes())
    assert open_picture(tmp_path / "a.jpg").source.notes == ("The file is a PNG although its name ends in .jpg.",)


@pytest.mark.parametrize("size", [(1, 1), (20000, 1), (1, 20000), (3, 1000)])
def test_extreme_shapes(tmp_path: Path, size: tuple[int, int]) -> None:
    pixels = noise(size[1], size[0], 3)
    for name in ("a.png", "a.tif", "a.bmp"):
        assert np.array_equal(rgb(open_picture(saved(tmp_path / name, pixels))), pixels)


@pytest.mark.parametrize("name", ["写真 🙂.png", "two\nlines.png", "n" * 251 + ".png", "-rf.png", "b\udcff.png"])
def test_any_name_opens(tmp_path: Path, name: str) -> None:
    pixels = noise(4, 5, 3)
    with (tmp_path / name).open("wb") as file:
        Image.fromarray(pixels).save(file, "PNG")
    assert np.array_equal(rgb(open_picture(tmp_path / name)), pixels)
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(PictureError) as caught:
        open_picture(tmp_path / name)
    assert str(caught.value).encode("utf-8") and "\n" not in str(caught.value)


def sentence(path: Path) -> str:
    started = time.monotonic()
    with pytest.raises(PictureError) as caught:
        open_picture(path)
    assert time.monotonic() - started < 2, "one second, on a machine that does nothing else"
    return str(caught.value)


def test_what_is_no_picture_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    assert "not an ordinary file" in sentence(tmp_path / "pipe.png")
    assert "not an ordinary file" in sentence(Path("/dev/zero"))
    assert "is a folder" in sentence(tmp_path)
    assert "empty (0 bytes)" in sentence(tmp_path / "empty.png")
    assert "not there" in sentence(tmp_path / "none.png")
    assert "leads back" in sentence(tmp_path / "loop.png")
    assert "name cannot be used" in sentence(tmp_path / "a\0b.png")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a" + bytes(50), "a GIF picture"),
        (b"%PDF-1.7" + bytes(50), "a PDF document"),
        (b"\0\0\0\x20ftypheic" + bytes(50), "a HEIC picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a PostScript document"),
        (b"SIMPLE  =                    T" + bytes(3000), "not a picture"),
        (b"hello, world", "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "not a picture"),
    ],
)
def test_other_files_are_named(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.png").write_bytes(data)
    assert words in sentence(tmp_path / "a.png")


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif", "a.bmp"])
@pytest.mark.filterwarnings("ignore")  # Pillow warns of the damage it then raises for
def test_files_cut_off_anywhere_are_a_sentence(tmp_path: Path, name: str) -> None:
    data = saved(tmp_path / name, noise(64, 64, 3)).read_bytes()
    for length in (len(data) // 50, len(data) // 3, len(data) * 9 // 10):
        (tmp_path / name).write_bytes(data[:length])
        assert sentence(tmp_path / name).count("“") == 1


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif", "a.bmp"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8))
def test_altered_bytes_are_a_picture_or_a_sentence(tmp_path: Path, name: str, changes: list[tuple[float, int]]) -> None:
    original = tmp_path / f"original{name[1:]}"
    if not original.exists():
        saved(original, smooth(12, 13), exif=exif_bytes(6), icc_profile=srgb_profile()[:200])
    data = bytearray(original.read_bytes())
    for place, value in changes:
        data[int(place**3 * len(data))] = value
    (tmp_path / name).write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = open_picture(tmp_path / name, limit_pixels=10_000_000)
        except PictureError as error:
            assert "“" in str(error)
        else:
            assert picture.pixels.shape[2] == 4


@pytest.mark.parametrize("side", [9500, 14000, 30000, 100_000])
def test_a_bomb_is_measured_by_its_header(tmp_path: Path, side: int) -> None:
    header = chunk(b"IHDR", side.to_bytes(4) * 2 + b"\x08\x02\0\0\0")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"x") + chunk(b"IEND", b""))
    text = sentence_of_limited(tmp_path / "a.png", 50_000_000)
    assert f"{side} × {side}" in text and "at most 50 " in text


def sentence_of_limited(path: Path, limit: int) -> str:
    with pytest.raises(PictureError) as caught:
        open_picture(path, limit_pixels=limit)
    return str(caught.value)


def test_the_usual_limit_is_seven_hundred_megapixels(tmp_path: Path) -> None:
    header = chunk(b"IHDR", (30000).to_bytes(4) * 2 + b"\x08\x02\0\0\0")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"x") + chunk(b"IEND", b""))
    assert "900 megapixels, and at most 700" in sentence(tmp_path / "a.png")


def test_huge_metadata_is_left_out_with_a_note(tmp_path: Path) -> None:
    pixels = noise(4, 4, 3)
    extra = chunk(b"eXIf", exif_bytes()[6:] + bytes(17 << 20))
    (tmp_path / "a.png").write_bytes(png_bytes(pixels, 2, 8, extra))
    picture = open_picture(tmp_path / "a.png")
    assert np.array_equal(rgb(picture), pixels)
    assert picture.source.exif == b"" and "EXIF was left out" in picture.source.notes[0]


@pytest.mark.parametrize(("gamma", "said"), [(100_000, True), (45_455, False), (45_000, False)])
def test_a_gamma_that_is_not_kept_is_said(tmp_path: Path, gamma: int, said: bool) -> None:
    (tmp_path / "a.png").write_bytes(png_bytes(noise(4, 4, 3), 2, 8, chunk(b"gAMA", gamma.to_bytes(4))))
    assert bool(open_picture(tmp_path / "a.png").source.notes) == said


def test_a_text_bomb_is_a_sentence(tmp_path: Path) -> None:
    bomb = chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(80 << 20)))
    (tmp_path / "a.png").write_bytes(png_bytes(noise(4, 4, 3), 2, 8, bomb))
    assert "a.png" in sentence(tmp_path / "a.png")


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_large_jpeg_has_a_quick_preview(tmp_path: Path, orientation: int, mode: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "a.jpg", smooth(600, 900), mode, exif=exif, quality=95)
    small = quick_preview(path, (100, 80))
    whole = open_picture(path).pixels
    assert small is not None and small.shape[:2] == ((67, 100) if orientation < 5 else (80, 53))
    expected = cv2.resize(whole, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - expected).max() <= 6
    assert (small[..., 3] == 255).all()


def test_no_preview_where_there_is_no_short_cut(tmp_path: Path) -> None:
    assert quick_preview(saved(tmp_path / "a.png", noise(20, 20, 3)), (10, 10)) is None
    assert quick_preview(tmp_path / "none.jpg", (10, 10)) is None
    small = quick_preview(saved(tmp_path / "a.jpg", noise(20, 30, 3)), (100, 100))
    assert small is not None and small.shape == (20, 30, 4), "never enlarged"


def test_a_pasted_picture() -> None:
    pixels = noise(5, 6, 4)
    picture = picture_from_rgba(pixels)
    assert picture.has_alpha and np.array_equal(rgba(picture), pixels) and picture.source.digest == ""
    pixels[..., 3] = 255
    assert not picture_from_rgba(pixels).has_alpha
