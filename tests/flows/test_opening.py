"""A large picture is seen before it can be painted on."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from app.state import files
from tests.flows.conftest import Hand


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_large_jpeg_is_seen_first_and_then_opened(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(files, "LARGE_FILE", 1)
    path = tmp_path / f"large{suffix}"
    Image.new("RGB", (1200, 900), (40, 160, 90)).save(path)
    seen: list[tuple[int, int, int]] = []

    def look(pixels: np.ndarray | None) -> None:
        if pixels is not None:
            QApplication.processEvents()
            canvas = hand.program.canvas
            colour = canvas.grab().toImage().pixelColor(canvas.rect().center() * canvas.devicePixelRatioF())
            seen.append((colour.red(), colour.green(), colour.blue()))

    hand.program.files.coming.connect(look)
    hand.open(path)
    assert [max(abs(a - b) for a, b in zip(one, (40, 160, 90), strict=True)) <= 3 for one in seen] == (
        [True] if suffix == ".jpg" else []
    )
    assert hand.program.document.picture is not None and hand.program.document.picture.width == 1200
    hand.stroke((100, 100), (300, 100))
    assert hand.program.document.mask is not None and hand.program.document.mask.pixels[100, 200] == 255


def test_a_broken_large_jpeg_leaves_the_old_picture_in_sight(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGE_FILE", 1)
    Image.new("RGB", (1200, 900), (40, 160, 90)).save(tmp_path / "whole.jpg", quality=95)
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: len(data) // 2])
    before = hand.program.document.picture
    hand.program.files.open(tmp_path / "cut.jpg")
    hand.until(lambda: bool(hand.said()))
    assert hand.program.document.picture is before
    hand.stroke((80, 90), (110, 90))
    assert hand.program.document.mask is not None and hand.program.document.mask.pixels[90, 95] == 255
