"""How deep values may be nested."""

import json

import pytest

from app.core.nesting import DEEPEST, deeper


@pytest.mark.parametrize("value", [None, "[[[", [], {}, [{"a": [1]}]])
def test_ordinary_values_are_not_deep(value: object) -> None:
    assert not deeper(value)


@pytest.mark.parametrize(("levels", "deep"), [(1, False), (DEEPEST, False), (DEEPEST + 1, True), (900, True)])
def test_levels_are_counted(levels: int, deep: bool) -> None:
    assert deeper(json.loads("[" * levels + "1" + "]" * levels)) is deep
    assert deeper(json.loads('{"a":' * levels + "1" + "}" * levels)) is deep
