"""Picture files to test with, some of which no library writes."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from app.core.arrays import Pixels


def noise(*shape: int, seed: int = 0) -> Pixels:
    """Random bytes."""
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def smooth(height: int, width: int) -> Pixels:
    """(h, w, 3) RGB that JPEG keeps well."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], axis=2).astype(np.uint8)


def png_bytes(samples: NDArray[np.uint16] | Pixels, colour_type: int, depth: int, extra: bytes = b"") -> bytes:
    """A PNG of (h, w, channels) samples, written by hand: Pillow cannot write 16 bits of colour."""
    height, width = samples.shape[:2]
    rows = samples.astype(f">u{depth // 8}").reshape(height, -1)
    body = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    parts = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def srgb_profile() -> bytes:
    """A colour profile of RGB pixels."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def labelled(data: bytes, space: bytes) -> bytes:
    """A profile that says it is of another colour space."""
    return data[:16] + space + data[20:]


def exif_bytes(orientation: int = 1, thumbnail: bytes = b"", order: str = "<", maker: bytes = b"maker's note") -> bytes:
    """An EXIF block with a maker's note and, if given, a thumbnail in a second directory."""
    entries: list[tuple[int, int, int | bytes]] = [(0x010F, 2, b"Acme\0"), (0x0112, 3, orientation), (0x927C, 7, maker)]
    start = 8 + 2 + 12 * len(entries) + 4
    blob, body = b"", b""
    for tag, kind, value in entries:
        if not isinstance(value, bytes):
            body += struct.pack(f"{order}HHIHH", tag, kind, 1, value, 0)
        else:
            body += struct.pack(f"{order}HHII", tag, kind, len(value), start + len(blob))
            blob += value
    second = start + len(blob) if thumbnail else 0
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    block = head + struct.pack(f"{order}H", len(entries)) + body + struct.pack(f"{order}I", second) + blob
    if thumbnail:
        at = second + 2 + 24 + 4
        block += struct.pack(f"{order}HHHIIHHII", 2, 0x0201, 4, 1, at, 0x0202, 4, 1, len(thumbnail)) + bytes(4)
        block += thumbnail
    return b"Exif\0\0" + block


def saved(path: Path, pixels: Pixels, mode: str | None = None, **options: Any) -> Path:
    """``pixels`` as a file, by Pillow."""
    image = Image.fromarray(pixels)
    (image if mode is None else image.convert(mode)).save(path, **options)
    return path
