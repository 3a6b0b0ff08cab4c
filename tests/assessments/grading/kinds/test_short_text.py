"""Short texts: equal after folding, or wrong. Nothing is right because it looks alike."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.folding import fold, tidy
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import item_content, properties, texts


def earns(typed: str, *accepted: str) -> bool:
    """Whether a typed text is accepted."""
    content = item_content("short_text", accepted=list(accepted))
    asked = kind("short_text")
    return asked.score(content, asked.normalise(content, typed)).points == 1


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("  The   SALES\tteam ", "the sales team"),
        ("STRASSE", "Straße"),
        ("ﬁrst", "first"),
        ("cafe\u0301", "café"),
        ("Ｓａｌｅｓ", "sales"),
        ("customer\u2019s", "customer's"),
        ("co\u2011owner", "co-owner"),
        ("sa\u00adles\u200b", "sales"),
    ],
)
def test_the_same_word_typed_another_way_is_accepted(typed: str, accepted: str) -> None:
    assert earns(typed, "something else", accepted)


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("hypotension", "hypertension"),
        ("type I error", "type II error"),
        ("must be delegated", "must not be delegated"),
        ("sale", "sales"),
        ("sales.", "sales"),
        ("team sales the", "the sales team"),
        ("café", "cafe"),
    ],
)
def test_what_only_looks_alike_is_wrong(typed: str, accepted: str) -> None:
    assert not earns(typed, accepted)


@properties
@given(texts(1, 3), st.data())
def test_every_accepted_text_earns_the_point_in_any_case_and_spacing(accepted: list[str], data: Any) -> None:
    chosen = data.draw(st.sampled_from(accepted))

    assert earns(f"  {chosen}\u00a0", *accepted)
    assert earns(chosen.casefold(), *accepted)


@properties
@given(st.text(), st.text())
def test_only_equal_folded_texts_are_accepted(typed: str, accepted: str) -> None:
    try:
        assert earns(typed, accepted) == (fold(typed) == fold(accepted) and fold(typed) != "")
    except ResponseInvalid:
        assert any(not sign.isprintable() for sign in typed) or len(typed) > 200


@properties
@given(st.text())
def test_folding_and_tidying_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize("raw", ["a\x00b", "a\ud800", "\x1b[0m", "x" * 201, 7, True, ["sales"], {"text": "sales"}, 1.5])
def test_what_cannot_be_kept_as_text_is_refused(raw: Any) -> None:
    with pytest.raises(ResponseInvalid):
        kind("short_text").normalise(item_content("short_text"), raw)


def test_the_response_keeps_the_writing_of_the_candidate() -> None:
    assert kind("short_text").normalise(item_content("short_text"), "  The  Sales Team\n") == "The Sales Team"


def test_a_text_of_invisible_signs_is_unanswered() -> None:
    assert kind("short_text").normalise(item_content("short_text"), "\u200b \u00ad") is None
