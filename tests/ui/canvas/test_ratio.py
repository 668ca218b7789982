"""Screens of other pixel ratios: each in a process of its own, because Qt reads the ratio once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("ratio", ["1.25", "1.5", "2"])
def test_the_canvas_is_exact_at_this_pixel_ratio(ratio: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": ratio, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-m", "tests.ui.canvas.ratio_check", ratio]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout == "exact\n", done.stderr
