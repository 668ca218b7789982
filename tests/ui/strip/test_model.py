"""The rows: running jobs first, then results newest first, with as little change as what happened."""

import time
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.state.history import History
from app.state.jobs import Jobs
from app.ui.strip.model import StripModel
from app.ui.strip.sources import HistorySource, JobsSource
from tests.ui.strip.sources import AHistory, AJob, AnEntry, SomeJobs


def conforms(history: History, jobs: Jobs) -> tuple[HistorySource, JobsSource]:
    """The type checker holds what the program really passes."""
    return history, jobs


@pytest.fixture
def history() -> AHistory:
    return AHistory(3)


@pytest.fixture
def jobs() -> SomeJobs:
    return SomeJobs()


@pytest.fixture
def model(qtbot: QtBot, history: AHistory, jobs: SomeJobs) -> StripModel:
    made = StripModel(history, jobs)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def ids(model: StripModel) -> list[str]:
    rows = range(model.rowCount())
    found = [model.job_at(row) or model.entry_at(row) for row in rows]
    return [item.id for item in found if item is not None]


def heard(model: QAbstractItemModel) -> list[tuple[Any, ...]]:
    """Every change of rows, as (what, first, last), in order."""
    said: list[tuple[Any, ...]] = []
    model.rowsInserted.connect(lambda _, first, last: said.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: said.append(("out", first, last)))
    model.dataChanged.connect(lambda first, last: said.append(("new", first.row(), last.row())))
    model.modelReset.connect(lambda: said.append(("reset",)))
    return said


def test_results_are_newest_first_and_numbered_from_the_oldest(model: StripModel) -> None:
    assert ids(model) == ["2", "1", "0"]
    assert [model.number_at(row) for row in range(3)] == [3, 2, 1]
    assert str(model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)).startswith("Result 3, local fill")


def test_a_running_job_keeps_the_place_of_its_result(model: StripModel, history: AHistory, jobs: SomeJobs) -> None:
    said = heard(model)
    jobs.start(AJob("j"))
    assert ids(model) == ["j", "2", "1", "0"]
    jobs.end("j")
    history.add(AnEntry("3"))
    assert ids(model) == ["3", "2", "1", "0"]
    assert said == [("in", 0, 0), ("out", 0, 0), ("in", 0, 0)]


def test_the_newest_job_is_first_whichever_ends(model: StripModel, jobs: SomeJobs) -> None:
    for name in "abc":
        jobs.start(AJob(name))
    assert ids(model)[:3] == ["c", "b", "a"]
    said = heard(model)
    jobs.end("b")
    assert ids(model)[:3] == ["c", "a", "2"]
    assert said == [("out", 1, 1)]


def test_progress_changes_one_row(model: StripModel, jobs: SomeJobs) -> None:
    jobs.start(AJob("a"))
    jobs.start(AJob("b"))
    said = heard(model)
    jobs.change(AJob("a", fraction=0.75))
    assert said == [("new", 1, 1)]
    assert "75 %" in str(model.data(model.index(1)))


def test_results_come_behind_the_jobs_and_go(model: StripModel, history: AHistory, jobs: SomeJobs) -> None:
    jobs.start(AJob("j"))
    arrived: list[str] = []
    model.arrived.connect(arrived.append)
    said = heard(model)
    history.add(AnEntry("new"))
    history.remove("1")
    history.remove("not there")
    history.star("0")
    assert ids(model) == ["j", "new", "2", "0"]
    assert said == [("in", 1, 1), ("out", 3, 3), ("new", 3, 3)]
    assert arrived == ["new"]
    assert [model.number_at(row) for row in range(1, 4)] == [4, 3, 1]  # a number stays with its result
    entry = model.entry_at(3)
    assert entry is not None and entry.starred


def test_a_history_read_anew_resets_the_rows(model: StripModel, history: AHistory) -> None:
    said = heard(model)
    history.kept = [AnEntry("x")]
    history.reset.emit()
    assert ids(model) == ["x"]
    assert said == [("reset",)]


def test_tips_are_never_markup(model: StripModel, history: AHistory) -> None:
    history.add(AnEntry("x", endpoint="<img src=x>/<b>", flags=("<i>",)))
    shown = str(model.data(model.index(0), Qt.ItemDataRole.ToolTipRole))
    assert "<img" not in shown and "&lt;img" in shown and "<i>" not in shown


def test_ten_thousand_results_answer_at_once(qtbot: QtBot) -> None:
    model = StripModel(AHistory(10_000), SomeJobs())
    started = time.perf_counter()
    for row in range(10_000):
        model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole)
    assert time.perf_counter() - started < 1.0
    assert model.data(model.index(10_000)) is None
