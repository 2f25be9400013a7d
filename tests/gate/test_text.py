"""The gate refuses what no database stores, says where, and never crashes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.text import BadText, accept, digest, read_json, visible

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\x00b", "NUL character at position 2"),
        ("a\ud800", "half of a character"),
        ("x" * 11, "at most 10"),
    ],
)
def test_unstorable_text_is_refused_with_the_place_and_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadText, match=f"Row 3, column 'prompt' .*{why}"):
        accept(text, where="Row 3, column 'prompt'", limit=10)


@given(ANY_TEXT)
def test_visible_text_always_passes_the_gate_and_keeps_good_text(text: str) -> None:
    shown = visible(text)
    accept(shown, where="here")
    shown.encode()
    assert shown == text or "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)


@pytest.mark.parametrize(
    "raw",
    [
        "[" * 5000,
        "[" * 40 + "]" * 40,
        "NaN",
        "1e999",
        '{"a": "\\u0000"}',
        '"\\ud800"',
        b"\xff",
        "{",
        "",
    ],
)
def test_a_document_that_cannot_be_kept_is_refused(raw: str | bytes) -> None:
    with pytest.raises(BadText):
        read_json(raw, where="The body")


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.text(st.characters(codec="ascii", exclude_characters="\x00")), inner
            )
        ),
        max_leaves=20,
    )
)
def test_a_storable_document_comes_through_unchanged(value: object) -> None:
    assert read_json(json.dumps(value), where="x") == value


def test_digests_see_content_and_not_composition() -> None:
    assert digest("caf\u00e9", {"b": 1, "a": 2}) == digest("cafe\u0301", {"a": 2, "b": 1})
    assert digest("a", "b") != digest("ab")
