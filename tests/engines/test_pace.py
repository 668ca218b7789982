"""The estimated progress rises steadily, never claims to be done, and learns how fast the machine is."""

import time

from app.engines.pace import NEARLY, Pace, part_done


def test_the_part_done_rises_and_stays_below_one() -> None:
    parts = [part_done(seconds / 10, 2.0) for seconds in range(1000)]
    assert parts[0] == 0 and parts == sorted(parts)
    assert parts[20] > 0.7 and parts[-1] <= NEARLY < 1


def test_reports_come_while_the_work_lasts_and_end_with_it() -> None:
    told: list[float] = []
    pace = Pace()
    with pace.measured(100_000, told.append):
        time.sleep(0.45)
    seen = len(told)
    assert 2 <= seen <= 5 and told == sorted(told) and told[-1] < 1
    time.sleep(0.25)
    assert len(told) == seen


def test_a_slow_machine_is_noticed() -> None:
    first: list[float] = []
    second: list[float] = []
    pace = Pace()
    for told in (first, second):
        with pace.measured(100_000, told.append):
            time.sleep(0.35)
    assert second[0] < first[0]
