"""The expected value comes from the value's own token, or not at all; the verdict stays."""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation import chances
from generation.chances import Token
from judging.expecting import expected_values
from judging.models import Verdict
from judging.parsing import read
from judging.prompting import Point, Question
from tests import stub_server as stub
from tests.annotation.made import prompt_set, run
from tests.judging import made


def question(key: str, values: Sequence[int]) -> Question:
    return Question(key, key, "?", "", tuple(Point(v, str(v), "", "") for v in values))


SCALE = question("relevance", range(1, 6))
YES_NO = question("declines", (0, 1))


def verdict(**values: Any) -> str:
    criteria = {k: {"evidence": "é{", "reasoning": "5", "value": v} for k, v in values.items()}
    return json.dumps({"criteria": criteria}, ensure_ascii=False)


def tokens_of(text: str, weighed: Mapping[int, Mapping[str, float]]) -> list[Token]:
    """A token for each character; those at a key of `weighed` have these chances."""
    return [
        Token(char, {name: math.log(p) for name, p in weighed.get(at, {char: 1.0}).items()})
        for at, char in enumerate(text)
    ]


def test_the_mean_is_over_the_scales_values_by_their_chances() -> None:
    text = verdict(relevance=4)
    at = text.rindex("4")
    tokens = tokens_of(text, {at: {"4": 0.5, "3": 0.3, "null": 0.1, "9": 0.1}})
    found = expected_values(tokens, [SCALE], {"relevance": 4})
    assert found["relevance"] == pytest.approx((4 * 0.5 + 3 * 0.3) / 0.8)


def test_the_last_verdicts_token_counts_not_an_earlier_ones() -> None:
    first, last = verdict(relevance=1), verdict(relevance=5)
    text = f"{first} On reflection: {last}"
    place = len(text) - len(last) + last.rindex("5")
    tokens = tokens_of(text, {first.rindex("1"): {"1": 0.9, "2": 0.1}, place: {"5": 0.6, "4": 0.4}})
    assert expected_values(tokens, [SCALE], {"relevance": 5})["relevance"] == pytest.approx(4.6)


def test_each_criterion_has_its_own_token() -> None:
    text = verdict(declines=1, relevance=2)
    weighed = {text.index("1}"): {"1": 0.75, "0": 0.25}, text.rindex("2"): {"2": 1.0}}
    found = expected_values(tokens_of(text, weighed), [YES_NO, SCALE], read_values(text))
    assert found == {"declines": pytest.approx(0.75), "relevance": pytest.approx(2.0)}


def read_values(text: str) -> dict[str, int]:
    readings = read(text, [YES_NO, SCALE])
    return {each.key: each.value for each in readings if each.value is not None}


def test_blanks_and_marks_in_the_token_do_not_matter() -> None:
    start, end = verdict(relevance=4).rsplit(" 4", 1)
    tokens = [Token(start, {}), Token(" 4}", {" 4}": -0.1, " 5": -3.0}), Token(end[1:], {})]
    found = expected_values(tokens, [SCALE], {"relevance": 4})
    assert 4 < found["relevance"] < 4.2


@pytest.mark.parametrize("values", [range(-2, 3), range(0, 11), (1, 12)])
def test_a_scale_that_one_token_cannot_tell_apart_has_none(values: Sequence[int]) -> None:
    text = verdict(relevance=1)
    tokens = tokens_of(text, {text.rindex("1"): {"1": 1.0}})
    assert expected_values(tokens, [question("relevance", values)], {"relevance": 1}) == {}


def test_a_value_over_several_tokens_has_none() -> None:
    text = verdict(relevance=10)
    assert expected_values(tokens_of(text, {}), [question("relevance", (10, 20))],
                           {"relevance": 10}) == {}  # fmt: skip


def test_a_value_that_is_not_the_one_read_has_none() -> None:
    text = verdict(relevance=4)
    assert expected_values(tokens_of(text, {}), [SCALE], {"relevance": 3}) == {}
    assert expected_values([], [SCALE], {"relevance": 3}) == {}


@given(
    st.text(max_size=30),
    st.integers(1, 5),
    st.lists(st.integers(0, 400), max_size=30),
    st.lists(st.floats(0.01, 1.0), min_size=5, max_size=5),
)
def test_wherever_tokens_end_the_mean_is_the_values_or_absent(
    before: str, value: int, cuts: list[int], shares: list[float]
) -> None:
    text = before + verdict(relevance=value)
    at = text.rindex(f" {value}") + 1
    edges = sorted({0, at, at + 1, len(text), *(cut for cut in cuts if cut < len(text))})
    weighed = {str(v): math.log(share) for v, share in zip(range(1, 6), shares, strict=True)}
    tokens = [
        Token(text[a:b], weighed if a == at else {text[a:b]: 0.0}) for a, b in pairwise(edges)
    ]
    found = expected_values(tokens, [SCALE], {"relevance": value})
    wanted = sum(v * s for v, s in zip(range(1, 6), shares, strict=True)) / sum(shares)
    assert found == {"relevance": pytest.approx(wanted)}


@given(st.lists(st.tuples(st.text(max_size=8), st.floats(-20, 0)), max_size=40))
def test_no_answer_breaks_it_or_leaves_the_scale(pieces: list[tuple[str, float]]) -> None:
    tokens = [Token(text, {text: chance, "3": chance}) for text, chance in pieces]
    tokens += tokens_of(verdict(relevance=2), {})
    for mean in expected_values(tokens, [SCALE], {"relevance": 2}).values():
        assert 1 <= mean <= 5


JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["content", "token", "logprob", "top_logprobs", "bytes", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(JUNK)
def test_whatever_a_server_gives_for_chances_is_read_or_ignored(junk: Any) -> None:
    for choice in ({"logprobs": junk}, {"logprobs": {"content": junk}}):
        for token in chances.read(choice):
            assert all(math.isfinite(logarithm) for logarithm in token.weighed.values())


def test_a_letter_split_over_two_tokens_breaks_nothing() -> None:
    given_tokens = [
        {"token": "\ufffd", "bytes": [0xC3], "logprob": -0.1, "top_logprobs": []},
        {"token": "\ufffd", "bytes": [0xA9], "logprob": -0.1, "top_logprobs": []},
    ]
    tokens = chances.read({"logprobs": {"content": given_tokens}})
    assert "".join(token.text for token in tokens).encode("latin-1").decode() == "é"


def answers(text: str, weighed: Mapping[int, Mapping[str, float]] | None) -> stub.Behaviour:
    """A completion as a server sends it, with or without chances."""
    content = [
        {
            "token": token.text,
            "logprob": token.weighed.get(token.text, 0.0),
            "top_logprobs": [{"token": t, "logprob": p} for t, p in token.weighed.items()],
        }
        for token in tokens_of(text, weighed or {})
    ]
    choice: dict[str, Any] = {
        "message": {"role": "assistant", "content": text},
        "finish_reason": "stop",
        "logprobs": None if weighed is None else {"content": content},
    }
    return stub.returns({"choices": [choice], "model": "stub-model"})


WHOLE = verdict(declines=1, grounding=2, relevance=4, references=0)


@pytest.mark.django_db(transaction=True)
def test_a_judge_that_takes_it_asks_for_chances_and_keeps_the_mean(stub_server: Any) -> None:
    place = WHOLE.index("4}")
    stub_server.always(answers(WHOLE, {place: {"4": 0.6, "5": 0.4}}))
    judge_run = made.judged(run(prompt_set(1)), stub_server.url, takes_expected_value=True)
    body = stub_server.requests[0]
    assert (body["logprobs"], body["top_logprobs"]) == (True, 20)
    relevance = Verdict.objects.get(criterion__key="relevance")
    assert (relevance.value, relevance.expected_value) == (4, pytest.approx(4.4))
    (line,) = Verdict.objects.filter(pk=relevance.pk).per_answer()
    assert line["score"] == pytest.approx(4.4)
    assert judge_run.judgements.get().provenance["has_chances"] is True


@pytest.mark.django_db(transaction=True)
def test_a_server_that_refuses_so_many_chances_costs_no_verdict(stub_server: Any) -> None:
    place = WHOLE.index("4}")
    stub_server.most_logprobs = 5
    stub_server.always(answers(WHOLE, {place: {"4": 0.6, "5": 0.4}}))
    judge_run = made.judged(run(prompt_set(1)), stub_server.url, takes_expected_value=True)
    told = judge_run.judgements.get().provenance
    assert (told["top_logprobs"], told["has_chances"]) == (5, True)
    relevance = Verdict.objects.get(criterion__key="relevance")
    assert relevance.expected_value == pytest.approx(4.4)


@pytest.mark.django_db(transaction=True)
def test_a_server_without_chances_leaves_the_verdict_as_it_is(stub_server: Any) -> None:
    stub_server.always(answers(WHOLE, None))
    judge_run = made.judged(run(prompt_set(1)), stub_server.url, takes_expected_value=True)
    said = Verdict.objects.filter(judge=judge_run.judge)
    assert set(said.values_list("value", "expected_value")) == {
        (1, None), (2, None), (4, None), (0, None)
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_judge_that_does_not_take_it_asks_for_none(stub_server: Any) -> None:
    made.judged(run(prompt_set(1)), stub_server.url)
    assert "logprobs" not in stub_server.requests[0]
