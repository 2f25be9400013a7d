"""A JSON document is read piece by piece exactly as it is read whole."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.reading import BadFile, Problems, RowProblem
from generation.imports.document import Document

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


class Slow(io.BytesIO):
    """Gives a few bytes at a time, so that a value breaks at every place."""

    step = 3

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.step)


def document(text: str) -> Document:
    return Document(Slow(text.encode()), Problems())


@settings(max_examples=60, deadline=None)
@given(JSON, st.booleans(), st.sampled_from([None, 1]))
def test_a_value_is_what_the_library_reads(value: Any, is_ascii: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii, indent=indent)
    assert document(f" {text}\n").value("it", limit=10**6) == value


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(TEXT, JSON, max_size=5), st.data())
def test_members_that_nobody_takes_are_passed_over(value: dict[str, Any], data: Any) -> None:
    wanted = data.draw(st.sets(st.sampled_from(sorted(value))) if value else st.just(set()))
    assert document(json.dumps(value)).some(wanted) == {
        name: each for name, each in value.items() if name in wanted
    }


def test_lists_are_walked_into(tmp_path: Any) -> None:
    walked = document('{"a": [{"b": 1}, 2, {"b": [3]}], "c": NaN}')
    found = []
    for name in walked.members():
        if name == "a":
            found += [walked.some(["b"]) for _ in walked.entries()]
        else:
            found.append(walked.value("c"))
    assert found == [{"b": 1}, {}, {"b": [3]}, None]


def test_a_value_that_is_too_long_is_passed_over() -> None:
    walked = document('{"a": "0123456789", "b": 1}')
    found = {}
    for name in walked.members():
        try:
            found[name] = walked.value(name, limit=8)
        except RowProblem as error:
            found[name] = str(error)
    assert found == {"a": "It is longer than 8 characters.", "b": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": ', "ends in the middle"),
        ('{"a": [1, 2}', "This is not JSON"),
        ('{"a" 1}', "':' should stand here"),
        ('{"a": 1 "b": 2}', "',' should stand here"),
        ('{"a": "x', "ends in the middle"),
        ("{1 : 2}", "A name in quotes"),
        ('{"a": }', "A value should stand here"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "This is not JSON"),
        ('{"a": 1', "',' should stand here, and the file ends"),
    ],
)
def test_what_is_no_json_is_refused(text: str, said: str) -> None:
    Slow.step = 4096
    with pytest.raises(BadFile, match=said):
        document(text).some(["a"])
    Slow.step = 3


def test_json_lines_and_lists_have_places() -> None:
    for text in ('{"a": 1}\n\n{"a": 2}', '[{"a": 1}, {"a": 2}]'):
        walked = document(text)
        assert [(n, walked.some(["a"])) for n in walked.objects()] == [(1, {"a": 1}), (2, {"a": 2})]
    with pytest.raises(BadFile, match="Row 1: A value should stand here"):
        list(document("]").objects())
