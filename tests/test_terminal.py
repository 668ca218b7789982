"""Streams and signals, where they are not tried with whole commands (tests/test_cli_hostile.py)."""

import asyncio
import io
import os
import signal
import sys

import pytest

from app.core.errors import StoreError
from app.terminal import cancelling, emit, flush, open_streams, say, stoppable


class Refusing(io.StringIO):
    """A stream whose every write fails."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, _: str) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error


def test_results_and_messages_have_streams_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    emit("result")
    say("message")
    assert capsys.readouterr() == ("result\n", "message\n")


def test_a_reader_that_is_gone_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Refusing(BrokenPipeError()))
    monkeypatch.setattr(sys, "stderr", Refusing(BrokenPipeError()))
    emit("result")
    say("message")
    flush()


def test_a_full_disk_under_the_results_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Refusing(OSError(28, os.strerror(28))))
    with pytest.raises(StoreError, match="No space"):
        emit("result")


def test_names_that_are_no_text_are_printed_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, expected in (("utf-8", b"\xff\xc3\xbc\n"), ("ascii", b"\\udcff\\xfc\n")):
        written = io.BytesIO()
        stream = io.TextIOWrapper(written, encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stream)
        open_streams()
        emit("\udcffü")
        assert written.getvalue() == expected


def test_a_missing_stream_is_replaced(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    open_streams()
    say("message")
    assert sys.stdout.getvalue() == "" and capfd.readouterr() == ("", "message\n")  # type: ignore[union-attr]  # ours


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_interrupts_only_while_it_may(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), stoppable():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_signal_cancels_a_task_in_order() -> None:
    async def work() -> None:
        task = asyncio.current_task()
        assert task is not None
        with cancelling(task):
            signal.raise_signal(signal.SIGTERM)
            await asyncio.sleep(5)

    running = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    loop = asyncio.new_event_loop()
    try:
        with stoppable(), pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(work())
    finally:
        loop.close()
        asyncio.events._set_running_loop(running)
