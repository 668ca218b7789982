"""Only what must change in an EXIF block does."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.store.exif import orientation_of, upright_exif, upright_xmp
from tests.store.picture_files import exif_bytes

XMP = b'<x:xmpmeta><rdf:Description tiff:Orientation="6" dc:title="t"/></x:xmpmeta>'


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_read_and_reset_where_it_stands(order: str, orientation: int) -> None:
    block = exif_bytes(orientation, order=order)
    assert orientation_of(block) == orientation
    assert upright_exif(block) == exif_bytes(1, order=order)


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_thumbnail_goes_and_the_makers_note_stays(order: str) -> None:
    block = exif_bytes(8, thumbnail=b"\xff\xd8 the old picture", order=order)
    changed = upright_exif(block)
    assert b"old picture" not in changed and b"maker's note" in changed
    read = Image.Exif()
    read.load(changed)
    assert read[0x010F] == "Acme" and read[0x0112] == 1 and not read.get_ifd(1)
    place = block.index(b"maker's note")
    assert changed[place : place + 12] == block[place : place + 12], "no offset moved"


def test_a_thumbnail_in_the_middle_is_blanked() -> None:
    block = exif_bytes(1, thumbnail=b"OLDPICTURE") + b"behind it"
    changed = upright_exif(block)
    assert len(changed) == len(block) and b"OLDPICTURE" not in changed and changed.endswith(b"behind it")


def test_pillows_own_blocks_are_understood() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9286] = b"comment"
    file = io.BytesIO()
    Image.new("RGB", (4, 2)).save(file, "JPEG", exif=exif)
    block = Image.open(file).info["exif"]
    assert orientation_of(block) == 6
    again = Image.Exif()
    again.load(upright_exif(block))
    assert again[0x0112] == 1 and again.get_ifd(0x8769)[0x9286] == b"comment"


def test_xmp_stands_in_for_a_missing_orientation_and_is_reset_too() -> None:
    assert orientation_of(b"", XMP) == 6
    assert orientation_of(exif_bytes(3), XMP) == 3
    assert upright_xmp(XMP) == XMP.replace(b'"6"', b'"1"')
    assert upright_xmp(b"<tiff:Orientation>8</tiff:Orientation>") == b"<tiff:Orientation>1</tiff:Orientation>"
    assert upright_xmp(b"<x/>") == b"<x/>"


@given(st.binary(max_size=80), st.integers(0, 120), st.binary(max_size=6))
def test_no_bytes_upset_it(tail: bytes, cut: int, patch: bytes) -> None:
    whole = exif_bytes(6, thumbnail=b"thumb")
    for block in (tail, b"Exif\0\0II*\0" + tail, whole[:cut], whole[:cut] + patch + whole[cut + len(patch) :]):
        assert 1 <= orientation_of(block, tail) <= 8
        assert isinstance(upright_exif(block), bytes)


def test_a_block_that_cannot_be_read_is_left_out() -> None:
    assert upright_exif(b"Exif\0\0nonsense") == b""
    assert upright_exif(b"Exif\0\0II*\0\xff\xff\xff\xff") == b""
