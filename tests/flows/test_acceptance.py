"""Accepting at awkward moments: what was accepted before and taken back must not come back with it."""

import numpy as np

from tests.flows.conftest import Hand


def pixels(hand: Hand) -> np.ndarray:
    assert hand.program.document.picture is not None
    return hand.program.document.picture.pixels


def two_results(hand: Hand) -> tuple[str, str, np.ndarray]:
    """Two results whose crops overlap and whose masks do not; the second is made with the first accepted beneath."""
    program = hand.program
    hand.stroke((60, 80), (90, 80))
    first = hand.fill()
    hand.until(lambda: program.review.preview is not None)
    hand.do("accept")
    hand.until(lambda: bool(program.document.base))
    hand.do("clear")
    hand.stroke((130, 110), (160, 110))
    mask = program.document.mask
    assert mask is not None
    second = hand.fill()
    hand.until(lambda: (found := program.review.preview) is not None and found.entry.id == second)
    return first, second, mask.pixels.copy()


def test_a_result_accepted_just_after_undo_brings_nothing_back(hand: Hand) -> None:
    program = hand.program
    before = pixels(hand).copy()
    first, second, mask = two_results(hand)
    program.document.undo()
    while program.document.base:
        program.document.undo()
    program.review.accept(second)
    hand.until(lambda: list(program.document.base) == [second])
    after = pixels(hand)
    assert (after[mask == 0] == before[mask == 0]).all()
    assert (after[mask > 0] != before[mask > 0]).any()
    assert first != second


def test_generate_and_accept_wait_for_a_busy_document(hand: Hand) -> None:
    program = hand.program
    _, second, _ = two_results(hand)
    program.document.hold(True)
    program.review.accept(second)
    hand.qtbot.wait(300)
    assert second not in program.document.base
    known = len(program.history.entries())
    program.generating.generate()
    program.generating.generate()
    hand.qtbot.wait(100)
    assert not program.jobs.running()
    program.document.hold(False)
    hand.until(lambda: second in program.document.base)
    hand.until(lambda: len(program.history.entries()) == known + 1)
    hand.qtbot.wait(200)
    assert len(program.history.entries()) == known + 1, "two presses while it was busy are one request"


def test_a_result_of_the_sample_or_of_a_pasted_picture_is_its_own(hand: Hand) -> None:
    program = hand.program
    program.filing.open_sample()
    hand.until(lambda: program.document.picture is not None and program.document.picture.width == 640)
    hand.stroke((300, 200), (330, 200))
    hand.fill()
    hand.until(lambda: program.review.preview is not None)
    assert not [text for text in hand.said() if "another file" in text]
    rgba = np.random.default_rng(4).integers(0, 256, (180, 240, 4), dtype=np.uint8)
    rgba[..., 3] = 255
    program.files.paste(rgba)
    hand.until(lambda: program.document.picture is not None and program.document.picture.width == 240)
    hand.stroke((100, 90), (120, 90))
    hand.fill()
    hand.until(lambda: program.review.preview is not None)
    assert not [text for text in hand.said() if "another file" in text]
