"""The lock files: complete, hashed, without an address, and what pyproject.toml asks for."""

import os
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUN = ROOT / "packaging" / "requirements.lock"
TEST = ROOT / "packaging" / "requirements-test.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# In two halves, or this file would be the one place that names them.
REGISTRY_HOSTS = [
    first + second
    for first, second in [
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("ana", "conda.org"),
        ("npm", "js.org"),
        ("crates", ".io"),
        ("ghcr", ".io"),
        ("docker", ".io"),
        ("gcr", ".io"),
        ("pkg", ".dev"),
    ]
]


def blocks(lock: Path) -> list[str]:
    """Each locked requirement as one line, its hashes after it."""
    return lock.read_text("utf-8").replace("\\\n", " ").splitlines()


def pins(lock: Path) -> dict[str, Requirement]:
    """The locked requirements by canonical name, without their hashes."""
    requirements = [Requirement(re.split(r"\s+--hash=", line)[0]) for line in blocks(lock)]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def version(requirement: Requirement) -> str:
    """The one version that a pin allows."""
    (specifier,) = requirement.specifier
    assert specifier.operator == "==", requirement
    return specifier.version


def tracked_files() -> list[Path]:
    """Every file of the checkout that is ours: none in .git, or in a folder that .gitignore names."""
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()} | {".git"}
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in ignored]
        found += [Path(folder, name) for name in names if name not in ignored]
    return found


@pytest.mark.parametrize("lock", [RUN, TEST], ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    for line in blocks(lock):
        assert re.fullmatch(r"[a-z0-9-]+==[\w.+!]+( ; [^;]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line), line
    assert len(pins(lock)) == len(blocks(lock)), "one version for every platform and Python"


@pytest.mark.parametrize("lock", [RUN, TEST], ids=lambda lock: lock.name)
def test_a_lock_names_no_address_and_no_option(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert re.findall(r"(?m)^\s*-(?!-hash=)", text) == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [(RUN, PROJECT["dependencies"]), (TEST, PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])],
    ids=["run", "test"],
)
def test_the_pins_lie_in_the_ranges_of_pyproject(lock: Path, wanted: list[str]) -> None:
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        assert version(locked[canonicalize_name(requirement.name)]) in requirement.specifier, requirement


def test_the_test_lock_is_the_run_lock_and_more() -> None:
    run, test = set(blocks(RUN)), set(blocks(TEST))
    run_versions = {name: version(pin) for name, pin in pins(RUN).items()}
    assert run_versions.items() <= {name: version(pin) for name, pin in pins(TEST).items()}.items()
    assert len(test) > len(run)


def test_nothing_that_a_locked_package_needs_is_missing() -> None:
    # --no-deps installs exactly the list, so the list has to be closed.
    locked = pins(TEST)
    for name, pin in locked.items():
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        for need in map(Requirement, metadata.requires(name) or []):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert version(locked[canonicalize_name(need.name)]) in need.specifier, (name, need)


def test_the_release_of_pyside_that_loses_references_is_excluded() -> None:
    (pyside,) = [need for need in map(Requirement, PROJECT["dependencies"]) if need.name == "PySide6-Essentials"]
    assert "6.12.0" not in pyside.specifier
    assert version(pins(RUN)["pyside6-essentials"]) == version(pins(RUN)["shiboken6"])


def test_no_file_names_a_registry() -> None:
    hosts = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)).encode())
    named = {str(path.relative_to(ROOT)) for path in tracked_files() if hosts.search(path.read_bytes())}
    assert named == set()
