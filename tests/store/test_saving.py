"""Saving pictures: the pixels, and everything the source's file said beside them."""

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.core.errors import PictureError, StoreError
from app.core.geometry import Box
from app.core.picture import Picture, Source
from app.store.pictures import open_picture, picture_from_rgba, save_picture
from tests.store.failing_disk import FailingDisk
from tests.store.picture_files import exif_bytes, labelled, noise, png_bytes, saved, smooth, srgb_profile

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">\xc3\xa9</x:xmpmeta>'
LOSSLESS = [".png", ".tif", ".webp", ".bmp"]


@pytest.mark.parametrize("ending", LOSSLESS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_untouched_pixels_survive_open_save_open(tmp_path: Path, ending: str, mode: str) -> None:
    image = Image.fromarray(noise(41, 67, 4)).convert(mode)
    image.save(tmp_path / "a.png")
    picture = open_picture(tmp_path / "a.png")
    if ending == ".bmp" and picture.has_alpha:
        with pytest.raises(PictureError, match="transparent"):
            save_picture(tmp_path / "b.bmp", picture)
        return
    save_picture(tmp_path / f"b{ending}", picture)
    again = open_picture(tmp_path / f"b{ending}")
    assert np.array_equal(again.pixels, picture.pixels) and again.has_alpha == picture.has_alpha
    assert again.source.notes == ()


def test_hidden_colours_under_full_transparency_survive(tmp_path: Path) -> None:
    pixels = noise(20, 30, 4)
    pixels[..., 3] = 0
    picture = open_picture(saved(tmp_path / "a.png", pixels))
    for ending in (".png", ".tif", ".webp"):
        save_picture(tmp_path / f"b{ending}", picture)
        assert np.array_equal(open_picture(tmp_path / f"b{ending}").pixels, picture.pixels)


@pytest.mark.parametrize(("mode", "stored"), [("L", "L"), ("1", "L"), ("LA", "LA"), ("RGB", "RGB"), ("RGBA", "RGBA")])
@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_grey_stays_grey_until_it_is_coloured(tmp_path: Path, mode: str, stored: str, ending: str) -> None:
    Image.fromarray(noise(9, 9, 4)).convert(mode).save(tmp_path / "a.png")
    picture = open_picture(tmp_path / "a.png")
    save_picture(tmp_path / f"b{ending}", picture)
    with Image.open(tmp_path / f"b{ending}") as written:
        assert written.mode == stored
    picture.put_rgb(Box(0, 0, 1, 1), np.array([[[200, 10, 10]]], np.uint8))
    save_picture(tmp_path / f"b{ending}", picture)
    with Image.open(tmp_path / f"b{ending}") as written:
        assert written.mode == ("RGBA" if picture.has_alpha else "RGB")
    assert np.array_equal(open_picture(tmp_path / f"b{ending}").pixels, picture.pixels)


def test_a_grey_profile_goes_when_colour_comes(tmp_path: Path) -> None:
    icc = labelled(srgb_profile(), b"GRAY")
    picture = open_picture(saved(tmp_path / "a.png", noise(9, 9), icc_profile=icc))
    assert save_picture(tmp_path / "b.png", picture) == () and open_picture(tmp_path / "b.png").source.icc == icc
    picture.put_rgb(Box(0, 0, 1, 1), np.array([[[200, 10, 10]]], np.uint8))
    assert "colour profile" in save_picture(tmp_path / "b.png", picture)[0]
    assert open_picture(tmp_path / "b.png").source.icc == b""


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tif", ".webp"])
@pytest.mark.parametrize("origin", [".png", ".jpg", ".webp"])
def test_metadata_survives(tmp_path: Path, origin: str, ending: str) -> None:
    exif, icc = exif_bytes(6, thumbnail=b"\xff\xd8old"), srgb_profile()
    options: dict[str, Any] = {} if origin == ".webp" else {"dpi": (300, 240)}
    path = saved(tmp_path / f"a{origin}", smooth(30, 40), exif=exif, icc_profile=icc, **options)
    if origin == ".png":
        picture = open_picture(path)
        source = Source(**{**vars(picture.source), "xmp": XMP})
        picture = Picture(picture.pixels, picture.has_alpha, source)
    else:
        picture = open_picture(saved(path, smooth(30, 40), exif=exif, icc_profile=icc, xmp=XMP, **options))
    assert save_picture(tmp_path / f"b{ending}", picture) == ()
    kept = open_picture(tmp_path / f"b{ending}").source
    assert (kept.icc, kept.xmp) == (icc, XMP)
    if ending != ".tif":
        assert kept.exif == picture.source.exif == exif_bytes(1)
    else:
        read = Image.Exif()
        read.load(kept.exif)
        assert read[0x010F] == "Acme"
    if origin != ".webp" and ending != ".webp":
        assert kept.dpi == pytest.approx((240, 300), abs=0.02), "turned with the picture"


def test_a_tiffs_description_survives(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271], exif[270], exif[306] = "Acme", "a bench", "2026:11:20 10:00:00"
    exif[0x8769], exif[0x8825] = {0x829A: 0.5}, {1: "N"}
    picture = open_picture(saved(tmp_path / "a.tif", smooth(9, 12), exif=exif.tobytes()))
    for name in ("b.tif", "b.jpg", "b.png", "b.webp"):
        save_picture(tmp_path / name, picture)
        with Image.open(tmp_path / name) as written:
            read = written.getexif()
            assert [read[271], read[270], read[306]] == ["Acme", "a bench", "2026:11:20 10:00:00"]
            assert read.get_ifd(0x8769)[0x829A] == 0.5 and read.get_ifd(0x8825)[1] == "N"


@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_jpeg_keeps_its_quality_settings(tmp_path: Path, subsampling: int) -> None:
    path = saved(tmp_path / "a.jpg", smooth(64, 96), quality=71, subsampling=subsampling)
    picture = open_picture(path)
    save_picture(tmp_path / "b.jpg", picture)
    kept = open_picture(tmp_path / "b.jpg")
    assert kept.source.jpeg == picture.source.jpeg
    assert np.abs(kept.pixels.astype(int) - picture.pixels).max() <= 24
    assert np.abs(kept.pixels.astype(int) - picture.pixels).mean() < 1


def test_a_jpeg_keeps_its_caption(tmp_path: Path) -> None:
    caption = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x06\x1c\x02\x78\x00\x01X"
    segment = b"\xff\xed" + (len(caption) + 2).to_bytes(2) + caption
    picture = open_picture(saved(tmp_path / "a.jpg", smooth(16, 16), extra=segment))
    save_picture(tmp_path / "b.jpg", picture)
    assert segment in (tmp_path / "b.jpg").read_bytes()


def test_other_pictures_become_fine_jpegs(tmp_path: Path) -> None:
    picture = open_picture(saved(tmp_path / "a.png", smooth(64, 96)))
    save_picture(tmp_path / "b.jpg", picture)
    kept = open_picture(tmp_path / "b.jpg")
    assert kept.source.jpeg is not None and kept.source.jpeg["subsampling"] == 0
    assert np.abs(kept.pixels.astype(int) - picture.pixels).max() <= 6
    save_picture(tmp_path / "grey.jpeg", open_picture(saved(tmp_path / "grey.png", noise(9, 9))))
    with Image.open(tmp_path / "grey.jpeg") as written:
        assert written.mode == "L"


def test_what_a_format_cannot_hold_is_said(tmp_path: Path) -> None:
    see_through = picture_from_rgba(noise(4, 4, 4))
    for name in ("a.jpg", "a.bmp"):
        with pytest.raises(PictureError, match="cannot be transparent"):
            save_picture(tmp_path / name, see_through)
    wide = Picture(np.zeros((1, 16384, 4), np.uint8))
    with pytest.raises(PictureError, match="16383 pixels a side"):
        save_picture(tmp_path / "a.webp", wide)
    save_picture(tmp_path / "wide.png", wide)
    long = Picture(noise(4, 4, 4), source=Source(exif=exif_bytes() + bytes(70000), xmp=b"x" * 70000))
    assert [note.split()[1] for note in save_picture(tmp_path / "a.jpg", long)] == ["EXIF", "XMP"]
    assert "BMP" in save_picture(tmp_path / "a.bmp", long)[0]
    opaque = Picture(np.full((4, 4, 4), 255, np.uint8), has_alpha=True)
    assert save_picture(tmp_path / "b.jpg", opaque) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.bmp", "a.jpg", "b.jpg", "wide.png"]


@pytest.mark.parametrize("name", ["a.gif", "a", "a.", ".png", "a.p\udcff", "a.png.exe"])
def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(PictureError, match=r"\.png, \.jpg, \.webp, \.tif or \.bmp") as caught:
        save_picture(tmp_path / name, picture_from_rgba(noise(4, 4, 4)))
    assert str(caught.value).encode("utf-8")


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif"])
def test_a_still_never_replaces_several_pictures(tmp_path: Path, name: str) -> None:
    frames = [Image.fromarray(noise(8, 9, 3, seed=seed)) for seed in range(2)]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    before = (tmp_path / name).read_bytes()
    picture = open_picture(tmp_path / name)
    with pytest.raises(PictureError, match="Save As"):
        save_picture(tmp_path / name, picture)
    assert (tmp_path / name).read_bytes() == before
    save_picture(tmp_path / f"new-{name}", picture)


def test_sixteen_bits_become_eight_and_stay_readable(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).integers(0, 65536, (9, 11, 3), np.uint16)
    (tmp_path / "a.png").write_bytes(png_bytes(samples, 2, 16))
    picture = open_picture(tmp_path / "a.png")
    save_picture(tmp_path / "a.png", picture)
    again = open_picture(tmp_path / "a.png")
    assert np.array_equal(again.pixels, picture.pixels) and again.source.notes == ()


def test_saving_twice_over_itself_changes_nothing_more(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", noise(30, 40, 3), exif=exif_bytes(), icc_profile=srgb_profile(), dpi=(72, 72))
    save_picture(path, open_picture(path))
    once = path.read_bytes()
    save_picture(path, open_picture(path))
    assert path.read_bytes() == once


@pytest.mark.parametrize("ending", [*LOSSLESS, ".jpg"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_no_failure_harms_the_old_file(tmp_path: Path, ending: str, code: int) -> None:
    path = saved(tmp_path / f"a{ending}", smooth(60, 60))
    picture = open_picture(path)
    old = path.read_bytes()
    for fail_at in range(1, 200):
        try:
            save_picture(path, picture, disk=FailingDisk(fail_at, code))
        except StoreError as error:
            renamed = path.read_bytes() != old
            assert not renamed or open_picture(path).width == 60
            assert os.listdir(tmp_path) == [path.name] and f"a{ending}" in str(error)  # noqa: PTH208 - names, not paths
            path.write_bytes(old)
            continue
        return
    pytest.fail("it never came through")


@pytest.mark.parametrize("name", ["写真 🙂.png", "two\nlines.webp", "n" * 251 + ".jpg", "-rf.tif", "b\udcff.png"])
def test_any_name_saves(tmp_path: Path, name: str) -> None:
    picture = Picture(np.full((9, 9, 4), 255, np.uint8))
    save_picture(tmp_path / name, picture)
    assert np.array_equal(open_picture(tmp_path / name).pixels, picture.pixels)


def test_a_jpegs_thumbnail_never_shows_the_old_picture(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", smooth(20, 20), exif=exif_bytes(1, thumbnail=b"\xff\xd8SECRET"))
    save_picture(tmp_path / "b.jpg", open_picture(path))
    assert b"SECRET" not in (tmp_path / "b.jpg").read_bytes()


def test_exif_a_tiff_cannot_hold_does_not_stop_the_picture(tmp_path: Path) -> None:
    picture = Picture(noise(9, 9, 4), source=Source(exif=exif_bytes(maker=b"x" * 40)))
    broken = Picture(
        picture.pixels, source=Source(exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0f\x01\x63\0\x01\0\0\0abcd" + bytes(4))
    )
    for one in (picture, broken):
        save_picture(tmp_path / "a.tif", one)
        assert np.array_equal(open_picture(tmp_path / "a.tif").pixels[..., :3], picture.pixels[..., :3])


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif"])
def test_xmp_that_is_no_text_is_kept_as_it_is(tmp_path: Path, ending: str) -> None:
    damaged = XMP.replace(b"</x:", b"\xcc\xff</x:")
    save_picture(tmp_path / f"a{ending}", Picture(noise(4, 4, 4), source=Source(xmp=damaged)))
    assert open_picture(tmp_path / f"a{ending}").source.xmp == damaged
