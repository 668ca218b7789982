"""The import rule: ui -> state -> (backends, store) -> core, and engines -> core.

Only compose and cli see all layers.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {
    "core": {"core"},
    "engines": {"engines", "core"},
    "backends": {"backends", "core"},
    "store": {"store", "core"},
    "state": {"state", "backends", "store", "core"},
    "ui": {"ui", "state", "core", "resources"},
    "resources": {"resources"},
    "compose": {"core", "engines", "backends", "store", "state", "ui", "resources", "version"},
    "cli": {
        "core",
        "engines",
        "backends",
        "store",
        "state",
        "ui",
        "resources",
        "compose",
        "terminal",
        "cli_dry_run",
        "cli_endpoints",
    },
    "cli_endpoints": {"core", "backends", "store", "state", "resources", "terminal"},
    "cli_dry_run": {"core", "backends", "store", "state", "terminal"},
    "selftest": {"core", "engines", "backends", "store", "state", "ui", "resources", "compose"},
    "start": {"state", "store", "ui"},
    "version": set(),
    "terminal": {"core"},
    "__main__": {"core", "terminal"},
}
OUTSIDE_CORE = {"PySide6", "httpx", "qasync", "keyring", "platformdirs", "asyncio", "sqlite3", "os", "time", "socket"}
HEAVY = {"torch", "onnxruntime", "diffusers", "transformers", "scipy", "patchmatch"}


def room(path: Path) -> str:
    """The layer a file belongs to: its folder below app, or its own name at the top."""
    return path.relative_to(ROOT / "app").with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """Every dotted module that a file imports, wherever the statement stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "app" else {node.module}
    return found


def files() -> list[Path]:
    """Every module of the program but the package's own ``__init__``."""
    return [path for path in sorted((ROOT / "app").rglob("*.py")) if path != ROOT / "app" / "__init__.py"]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_the_layers_below(path: Path) -> None:
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("app.")}
    assert ours <= LAYERS[room(path)]


def test_core_knows_no_qt_network_clock_or_environment() -> None:
    for path in (ROOT / "app" / "core").rglob("*.py"):
        assert not {name.split(".")[0] for name in imports(path)} & OUTSIDE_CORE, path


def test_heavy_libraries_stay_in_the_engines() -> None:
    for path in files():
        if room(path) != "engines":
            assert not {name.split(".")[0] for name in imports(path)} & HEAVY, path


def test_our_own_modules_are_imported_at_the_top() -> None:
    allowed = {"__main__", "cli", "compose"}  # they choose between the window and one command without it
    for path in files():
        if room(path) in allowed:
            continue
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    assert not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app")), path
