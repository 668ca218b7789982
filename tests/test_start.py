"""What is loaded before the first frame, and what never is by the process that paints."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEVER = {"torch", "onnxruntime", "diffusers", "scipy", "patchmatch", "jsonschema", "httpx"}
"""Not before the first frame, and not for the window itself."""
LATER = {"numpy", "cv2", "PIL", "asyncio"}
"""Only when the first frame has been painted."""

SCRIPT = """
import importlib, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.start import first_frame
from app.state.settings import Settings
from app.store.places import Places
app = QApplication([])
places = Places.below(Path(sys.argv[1]))
settings = Settings(places.settings)
window = first_frame(app, settings)
print(*sorted(name for name in sys.modules if "." not in name))
compose = importlib.import_module("app.compose")
loop = compose.make_loop(app)
program = compose.Program(app, loop, places, settings, window)
program.document.opened.connect(lambda: QTimer.singleShot(0, program.leave))
with loop:
    loop.call_soon(program.start, None)
    loop.run_forever()
print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_the_window_is_painted_before_the_pixel_libraries_load(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    first, last = (set(line.split()) for line in done.stdout.splitlines())
    assert not first & (NEVER | LATER)
    assert not last & NEVER
    assert done.stderr == ""
