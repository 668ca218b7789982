"""The comparison on screens of other pixel ratios, each in a process of its own: Qt reads the ratio once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("ratio", ["1", "1.25", "2"])
def test_both_pictures_are_exact_and_dirty_rectangles_suffice(ratio: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": ratio, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.ui.compare.at_ratio"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
