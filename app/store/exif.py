"""The few bytes of an EXIF block that must change when a picture is turned upright: nothing else of it is touched.

Written anew, a block would lose its maker's notes, whose offsets count from the block's start. So the orientation is
overwritten where it stands, and the embedded thumbnail, which would still show the old picture, is cut out. (EXIF 2.32,
section 4.6; TIFF 6.0, section 2.)
"""

import re
import struct
from dataclasses import dataclass
from typing import Final

PREFIX: Final = b"Exif\x00\x00"
_ORIENTATION: Final = 0x0112
_THUMBNAIL_START: Final = 0x0201
_THUMBNAIL_LENGTH: Final = 0x0202
_SHORT: Final = 3
_MOST_TAGS: Final = 1000
_XMP_ORIENTATION = re.compile(rb"""(tiff:Orientation(?:\s*=\s*["']|>)\s*)([1-8])""")


@dataclass
class _Block:
    """A TIFF structure: ``bytes`` without the prefix, ``order`` "<" or ">"."""

    bytes: bytearray
    order: str

    def number(self, kind: str, offset: int) -> int:
        return int(struct.unpack_from(self.order + kind, self.bytes, offset)[0])

    def tags(self, directory: int) -> dict[int, int]:
        """Where each tag of a directory stands."""
        count = min(self.number("H", directory), _MOST_TAGS)
        places = [directory + 2 + 12 * index for index in range(count)]
        return {self.number("H", place): place for place in places}

    def next_place(self, directory: int) -> int:
        """Where the offset of the following directory stands."""
        return directory + 2 + 12 * self.number("H", directory)


def orientation_of(exif: bytes, xmp: bytes = b"") -> int:
    """1 to 8 as EXIF counts them: 1 is upright. 1 too when there is none or the block cannot be read."""
    try:
        block = _block(exif)
        place = block.tags(block.number("I", 4)).get(_ORIENTATION)
        found = 0 if place is None else block.number("H", place + 8)
    except (struct.error, ValueError):
        found = 0
    if not found and (match := _XMP_ORIENTATION.search(xmp)):
        found = int(match[2])
    return found if 1 <= found <= 8 else 1


def upright_exif(exif: bytes) -> bytes:
    """``exif`` for the picture turned upright: orientation 1, no thumbnail; "" when the block cannot be read.

    A block that needs neither change comes back as it is.
    """
    try:
        block = _block(exif)
        first = block.number("I", 4)
        _reset_orientation(block, first)
        _cut_thumbnail(block, first)
    except (struct.error, ValueError):
        return b""
    return PREFIX + bytes(block.bytes)


def upright_xmp(xmp: bytes) -> bytes:
    """``xmp`` with its copy of the orientation, if any, set to 1."""
    return _XMP_ORIENTATION.sub(rb"\g<1>1", xmp)


def _block(exif: bytes) -> _Block:
    plain = exif.removeprefix(PREFIX)
    match plain[:4]:
        case b"II*\x00":
            return _Block(bytearray(plain), "<")
        case b"MM\x00*":
            return _Block(bytearray(plain), ">")
    raise ValueError("not a TIFF structure")


def _reset_orientation(block: _Block, directory: int) -> None:
    place = block.tags(directory).get(_ORIENTATION)
    if place is not None:
        struct.pack_into(block.order + "HIHH", block.bytes, place + 2, _SHORT, 1, 1, 0)


def _cut_thumbnail(block: _Block, first: int) -> None:
    link = block.next_place(first)
    if link + 4 > len(block.bytes):
        return
    second = block.number("I", link)
    if second == 0:
        return
    struct.pack_into(block.order + "I", block.bytes, link, 0)
    tags = block.tags(second)
    if _THUMBNAIL_START not in tags or _THUMBNAIL_LENGTH not in tags:
        return
    start = block.number("I", tags[_THUMBNAIL_START] + 8)
    end = min(start + block.number("I", tags[_THUMBNAIL_LENGTH] + 8), len(block.bytes))
    if start < second:
        return
    # It nearly always comes last; elsewhere it is blanked, so that no offset moves.
    if end == len(block.bytes):
        behind = block.next_place(second) + 4
        del block.bytes[second if behind == start else start :]
    else:
        block.bytes[start:end] = bytes(max(0, end - start))
