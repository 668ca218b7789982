"""Texts that name kept files: read back as written, found at any depth, replaced without touching anything else."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.attachments import PREFIX, Attachment, attachment_text, attachments_in, read_attachment, replaced

Json = Any

DIGEST = "0123456789abcdef" * 4
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
ATTACHMENTS = st.builds(Attachment, DIGESTS, st.sampled_from(["", ".png", ".jpg", ".safetens"]), NAMES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | ATTACHMENTS.map(attachment_text),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(ATTACHMENTS)
def test_an_attachment_is_read_as_it_was_written(attachment: Attachment) -> None:
    text = attachment_text(attachment)
    assert text.startswith(PREFIX) and text.isascii() and " " not in text
    assert read_attachment(text) == attachment


@pytest.mark.parametrize(
    "text",
    ["", "mendbrush-file:", f"mendbrush-file:{DIGEST[:-1]}", f"mendbrush-file:{DIGEST}/../x", f" {PREFIX}{DIGEST}",
     f"{PREFIX}{DIGEST.upper()}", f"{PREFIX}{DIGEST}.png?name=a b", f"{PREFIX}{DIGEST}\n", None, 5, [PREFIX], "https://x.test/a.png"],
)  # fmt: skip
def test_what_names_no_kept_file_is_none(text: Json) -> None:
    assert read_attachment(text) is None


def test_a_name_that_is_not_unicode_is_still_one() -> None:
    attachment = read_attachment(attachment_text(Attachment(DIGEST, ".png", "a\udcffb")))
    assert attachment is not None and attachment.name == "a?b"


@given(JSON)
def test_replacing_by_the_same_text_changes_nothing(value: Json) -> None:
    before = copy.deepcopy(value)
    assert replaced(value, attachment_text) == before == value
    found = list(attachments_in(value))
    assert len(found) == str(value).count(PREFIX)
    seen: list[Attachment] = []
    gone = replaced(value, lambda attachment: seen.append(attachment))
    assert seen == found and not list(attachments_in(gone))


def test_they_are_found_in_order_inside_lists_and_groups() -> None:
    one, two = Attachment(DIGEST, ".png", "one.png"), Attachment(DIGEST[::-1], "", "two")
    value = {"loras": [{"path": attachment_text(one)}, "x"], "image": attachment_text(two), "n": 3}
    assert list(attachments_in(value)) == [one, two]
    assert replaced(value, lambda a: a.name) == {"loras": [{"path": "one.png"}, "x"], "image": "two", "n": 3}
