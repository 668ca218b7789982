"""The guard against a PySide6 that loses references: 6.12.0 on Python 3.11 takes one of True with every emit."""

import subprocess
import sys

CALLS = 20_000

# In a process of its own: with a broken release it aborts before it can answer. From Python 3.12 on, both objects are
# immortal and their count does not move.
PROGRAM = f"""
import sys
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    changed = Signal(int)

source = Source()
source.changed.connect(lambda value: None)
before = sys.getrefcount(True), sys.getrefcount(None)
for value in range({CALLS}):
    source.changed.emit(value)
    source.setObjectName("x")
    source.parent()
print(sys.getrefcount(True) - before[0], sys.getrefcount(None) - before[1])
"""


def test_emitting_signals_keeps_the_references_of_true_and_none() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    of_true, of_none = map(int, done.stdout.split())
    # A handful comes and goes with caches; a leak in either direction is of the order of the calls.
    assert abs(of_true) < CALLS // 100
    assert abs(of_none) < CALLS // 100
