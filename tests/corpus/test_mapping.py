from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reading import Row, RowProblem
from corpus.reading.guessing import Known, columns_of, guess, meanings, simple
from corpus.reading.mapping import LEFT_OUT, OURS, Matched, turns_in, word_of

KNOWN = Known(
    domains={
        "suicide-self-harm": "Suicide and self-harm",
        "violence": "Violence",
        "weapons": "Weapons",
    },
    strategies={"green-dot": "Green Dot bystander intervention"},
)
USER, ANSWER = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Stay."}


def guessed(*rows: dict[str, Any], what: str = "pairs") -> dict[str, str]:
    columns = columns_of(Row(n, row) for n, row in enumerate(rows, start=1))
    return dict(guess(columns, what, KNOWN).columns)


def applied(values: dict[str, Any], **columns: str) -> dict[str, Any]:
    return Matched(columns=columns).apply(Row(1, values)).values


# Guessing


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"instruction": "a", "input": "", "output": "b"},
            {"prompt": "instruction", "response": "output"},
        ),
        ({"Question": "a", "Answer": "b"}, {"prompt": "Question", "response": "Answer"}),
        (
            {"userPrompt": "a", "idealResponse": "b"},
            {"prompt": "userPrompt", "response": "idealResponse"},
        ),
        ({"messages": [USER, ANSWER]}, {"messages": "messages"}),
        ({"conversations": [{"from": "human", "value": "a"}]}, {"messages": "conversations"}),
        (
            {"prompt": "a", "risk cluster": "violence", "risk category": "pii"},
            {"prompt": "prompt", "domain": "risk cluster", "category": "risk category"},
        ),
        (
            {"prompt": [USER], "completion": [ANSWER]},
            {"messages": "prompt", "response": "completion"},
        ),
        (
            {"release_prompt_id": "a1", "prompt_text": "a", "hazard": "src", "locale": "en_US"},
            {"id": "release_prompt_id", "prompt": "prompt_text", "domain": "hazard",
             "language": "locale"},
        ),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_name_and_by_what_stands_in_them(
    row: dict[str, Any], expected: dict[str, str]
) -> None:
    assert guessed(row) == expected


def test_a_column_without_anything_in_it_is_not_guessed() -> None:
    assert guessed({"prompt": None, "question": "a", "response": "b"})["prompt"] == "question"


names = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["prompt", "Question", "messages", "label", "id", "response", "risk cluster", "text"]
)
cells = st.none() | st.text(max_size=8) | st.integers() | st.lists(st.just(USER), max_size=2)


@given(st.lists(st.dictionaries(names, cells, max_size=6), max_size=6), st.sampled_from(list(OURS)))
def test_any_file_gets_a_guess_that_stands_in_the_file(
    rows: list[dict[str, Any]], what: str
) -> None:
    columns = columns_of(Row(n, row) for n, row in enumerate(rows))
    found = guess(columns, what, KNOWN)
    named = {column.name for column in columns}
    assert set(found.columns) <= set(OURS[what]) and set(found.columns.values()) <= named
    assert len(set(found.columns.values())) == len(found.columns)
    for n, row in enumerate(rows):
        try:
            applied = found.apply(Row(n, row)).values
        except RowProblem:
            continue
        assert set(applied) <= {*OURS[what], "messages", "response"}


@given(
    st.sampled_from(
        ["riskCluster", "Risk cluster", "risk_cluster", "RISK-CLUSTER ", "risk  cluster"]
    )
)
def test_spellings_of_a_name_are_one(name: str) -> None:
    assert simple(name) == "risk_cluster"


def words(ours: str, *said: str) -> dict[str, str]:
    (column,) = columns_of(Row(n, {"x": word}) for n, word in enumerate(said))
    return meanings(column, ours, KNOWN)


def test_words_are_guessed_where_they_are_plain() -> None:
    assert words("expected_action", "unsafe", "safe", "2_full_refusal", "odd") == {
        "unsafe": "refuse", "safe": "answer", "2_full_refusal": "refuse", "odd": "",
    }  # fmt: skip
    assert words("domain", "Violence", "self harm suicide", "weapon chemical", "pii") == {
        "Violence": "violence", "self harm suicide": "suicide-self-harm",
        "weapon chemical": "weapons", "pii": "",
    }  # fmt: skip
    assert words("language", "English", "da-DK", "klingon") == {
        "English": "en", "da-DK": "da", "klingon": "",
    }  # fmt: skip
    assert words("country", "Denmark", "dk") == {"Denmark": "DK", "dk": "DK"}


def test_which_way_round_a_number_runs_is_never_guessed() -> None:
    columns = columns_of(Row(n, {"label": n % 2}) for n in range(50))
    assert columns[0].words == ("0", "1")
    assert meanings(columns[0], "expected_action", KNOWN) == {"0": "", "1": ""}


def test_a_column_of_many_texts_has_no_words() -> None:
    (column,) = columns_of(Row(n, {"x": f"Text {n}"}) for n in range(100))
    assert column.words == () and len(column.samples) == 3


# Applying


def test_words_and_fixed_values_become_ours() -> None:
    matched = Matched(
        columns={"prompt": "q", "expected_action": "label", "domain": "risk"},
        fixed={"language": "da", "domain": "violence"},
        meanings={"expected_action": {"1": "refuse"}, "domain": {"none": LEFT_OUT}},
    )
    row = Row(4, {"q": "Hi", "label": 1.0, "risk": "none", "rest": "x"})
    assert matched.apply(row) == Row(
        4, {"prompt": "Hi", "expected_action": "refuse", "language": "da", "domain": "violence"}
    )


def test_a_word_that_nobody_explained_stays_and_is_refused_later() -> None:
    matched = Matched(columns={"domain": "risk"}, meanings={"domain": {"a": "violence", "b": ""}})
    assert matched.apply(Row(1, {"risk": "b"})).values["domain"] == "b"
    assert matched.apply(Row(1, {"risk": "c"})).values["domain"] == "c"


@pytest.mark.parametrize(
    "said",
    [
        [USER, ANSWER],
        [{"role": "system", "content": "Be kind"}, USER, ANSWER],
        [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Stay."}],
        '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Stay."}]',
        "\n\nHuman: Hi\n\nAssistant: Stay.",
    ],
)
def test_a_conversation_ends_with_the_person_and_its_answer_is_the_response(said: Any) -> None:
    for column in ("messages", "prompt"):
        assert applied({"x": said}, **{column: "x"}) == {"messages": [USER], "response": "Stay."}


def test_a_response_of_its_own_stays_and_the_conversation_is_whole() -> None:
    row = {"m": [USER, ANSWER, USER], "r": [ANSWER]}
    assert applied(row, messages="m", response="r") == {
        "messages": [USER, ANSWER, USER], "response": "Stay.",
    }  # fmt: skip


def test_a_conversation_of_the_system_alone_is_a_problem() -> None:
    with pytest.raises(RowProblem, match="no turn of the person"):
        applied({"m": [{"role": "system", "content": "x"}]}, messages="m")


def test_texts_in_a_list_do_not_say_whose_they_are() -> None:
    assert turns_in(["Hi"]) == [USER]
    assert turns_in(["Hi", "And then?"]) is None
    assert applied({"turns": ["Hi", "And then?"]}, messages="turns") == {
        "messages": ["Hi", "And then?"]
    }


@pytest.mark.parametrize("text", ["plain", "Human: hello", "[1] a note", '["open', "", "[{]"])
def test_what_only_begins_like_a_conversation_is_a_text(text: str) -> None:
    assert turns_in(text) is None


@given(st.text(max_size=60) | st.sampled_from(["[{", '[{"role": 1}]', "\n\nHuman: a\n\nHuman:"]))
def test_any_text_is_turns_or_a_text(text: str) -> None:
    found = turns_in(text)
    assert found is None or all({"role", "content"} == set(turn) for turn in found)


@pytest.mark.parametrize(
    ("value", "word"), [(1, "1"), (1.0, "1"), (1.5, "1.5"), (True, "true"), (" a ", "a")]
)
def test_a_cell_is_looked_up_as_a_person_reads_it(value: Any, word: str) -> None:
    assert word_of(value) == word


def test_what_is_missing_is_said_in_words() -> None:
    found = Matched(columns={"response": "gone", "colour": "x"}).problems(["x", "y"], "pairs")
    assert found[0] == "The file has no column 'gone'. It has: x, y."
    assert found[1].startswith("There is no column 'colour' here.")
    assert found[2] == "Say which column holds what the person wrote."


def test_a_published_format_is_known_only_by_columns_of_its_own() -> None:
    from corpus.formats import recognise

    assert recognise(["id", "prompt", "type", "label", "focus", "note"], "prompts") == "xstest"
    sorry = ["question_id", "category", "turns"]
    assert recognise([*sorry, "prompt_style"], "prompts") == "sorrybench"
    # Others lay their questions out like this; its licence must not be given to them.
    assert recognise([*sorry, "reference"], "prompts") == ""
    assert recognise(["prompt", "risk cluster"], "prompts") == ""
