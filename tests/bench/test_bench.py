"""The rows as tests (``-m bench``): one fails only beyond its budget times ``SLACK``, so a slow day is not a fault."""

import pytest

from tests.bench.framework import Row, line, load_rows, measure

SLACK = 1.5


@pytest.mark.bench
@pytest.mark.parametrize("row", load_rows(), ids=lambda row: row.name)
def test_a_row_keeps_its_budget(row: Row) -> None:
    outcome = measure(row)
    print("\n" + line(outcome))
    assert outcome.within(SLACK), line(outcome)
