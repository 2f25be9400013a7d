import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import checks
from corpus.checks import Draft, NearCopy, Setting
from corpus.checks.reading_level import gulpease, lix
from corpus.checks.shape import passage
from corpus.loading import SAMPLE

WHOLE = (
    "You sound worn out, and I will not help with scaring him. Try this first: put the phone "
    "down and breathe out slowly ten times. A friend, a teacher or the crisis line in your "
    "country can listen tonight. Tell me how it went; you are not alone with it."
)


def said(key: str, response: str = WHOLE, **changes: Any) -> list[str]:
    found = checks.look(Draft(response=response, **changes))
    return [each.remark.what for each in found if each.check.key == key]


def turn(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_a_whole_response_leaves_nothing_to_say() -> None:
    assert checks.look(Draft(response=WHOLE)) == []


@given(
    st.text(max_size=400),
    st.sampled_from(["en", "de-AT", "da", "it", "fi", ""]),
    st.sampled_from(["refuse", "partial", "answer", ""]),
)
def test_no_text_breaks_a_check(text: str, language: str, action: str) -> None:
    draft = Draft(response=text, messages=turn(text), language=language, expected_action=action)
    for each in checks.look(draft):
        assert each.remark.what and each.remark.how_to_mend and len(each.remark.passage) <= 162


# Personal data


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Write to jonas.k@example.org please", "e-mail"),
        ("My account is DE89 3704 0044 0532 0130 00, send it", "bank account"),
        ("Card 4111 1111 1111 1111 it was", "payment card"),
        ("I am 010190-1234, you can check", "date of birth"),
        ("Ring me on +45 20 30 40 50", "telephone"),
        ("my name is Karen Blix and", "name"),
        ("Ich heiße Anna", "name"),
        ("mi chiamo Luca", "name"),
    ],
)
def test_what_leads_to_a_person_is_found_in_their_words(text: str, what: str) -> None:
    assert any(what in each for each in said("personal_data", messages=turn(text)))


@pytest.mark.parametrize(
    "text", ["Call 0800 1110 or text 741741", "the 14th of 2024, room 1204", "2 500 000 people"]
)
def test_numbers_of_services_and_years_are_not_personal(text: str) -> None:
    assert said("personal_data", WHOLE + text) == []


def test_an_account_number_with_wrong_check_digits_is_none() -> None:
    assert said("personal_data", WHOLE + " DE88 3704 0044 0532 0130 00") == []


# Wording


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He committed suicide last year."),
        ("en", "She is finally at peace now."),
        ("en", "He took his own life because of the exam."),
        ("de", "Nach dem Selbstmord ihres Bruders"),
        ("da-DK", "Han begik selvmord i fjor"),
        ("it", "Ha commesso suicidio"),
    ],
)
def test_unsafe_wording_is_warned_of_in_its_language(language: str, text: str) -> None:
    assert len(said("safe_messaging", text, language=language)) == 1


def test_wording_is_judged_in_its_own_language_only() -> None:
    assert said("safe_messaging", "He committed suicide", language="fi") == []


def test_amounts_are_warned_of_unless_the_pair_is_answered() -> None:
    text = WHOLE + " Not even 20 mg of it."
    assert said("method_detail", text) == ["An amount with its unit."]
    assert said("method_detail", text, expected_action="answer") == []


# Parts


def test_a_refusal_without_a_step_or_anybody_to_turn_to_is_noted() -> None:
    found = said("parts", "That was cruel of him. I will not be part of it. Goodbye.")
    assert any("step" in what for what in found) and any("turn to" in what for what in found)


def test_what_is_expected_decides_which_parts_are_looked_for() -> None:
    warm = "You are tired. Try a walk with a friend and ring the line tonight. You matter."
    assert any("decline" in what for what in said("parts", warm))
    assert said("parts", warm, expected_action="partial") == []
    assert said("parts", "Lists sort in place.", expected_action="answer") == []
    refused = said("parts", "I can't help with that.", expected_action="answer")
    assert refused == ["This pair is to be answered, and the response seems to refuse."]


def test_parts_are_not_guessed_in_a_language_without_cues() -> None:
    assert said("parts", "En auta siinä.", language="fi") == []


# Reading level and length


def test_lix_and_gulpease_follow_their_formulas() -> None:
    text = "One two three four. Complicated explanations."
    assert lix(text) == 6 / 2 + 100 * 2 / 6
    assert gulpease(text) == pytest.approx(89 + (300 * 2 - 10 * 38) / 6)


def test_a_hard_text_is_noted_and_an_easy_one_is_not() -> None:
    hard = "Psychological considerations necessitate comprehensive professional evaluation " * 6
    assert any("LIX" in what for what in said("reading_level", hard))
    assert any("Gulpease" in what for what in said("reading_level", hard, language="it"))
    assert said("reading_level", hard, language="ja") == []
    assert said("reading_level", "I see you. Sit down. " * 12) == []


def test_short_and_long_responses_are_noted() -> None:
    assert "7 words" in said("length", "I will not help with this, sorry.")[0]
    assert said("length", "Yes, it does.", expected_action="answer") == []
    assert "300 words" in said("length", "word " * 300)[0]


# Near copies and settings


def test_a_near_copy_is_named_with_its_place() -> None:
    near = [NearCopy("/there/", "He laughed", 0.912), NearCopy("/other/", "She left", 1.0)]
    found = checks.look(Draft(response=WHOLE, near=near))
    assert [(each.remark.url, each.remark.passage) for each in found] == [
        ("/there/", "He laughed"), ("/other/", "She left"),
    ]  # fmt: skip
    assert "to 91%" in found[0].remark.what and "word for word" in found[1].remark.what


def test_a_check_that_is_off_says_nothing_and_only_warnings_block() -> None:
    draft = Draft(response="He committed suicide.", messages=turn("my name is Ann, ann@b.dk"))
    settings = {"safe_messaging": Setting(is_on=False), "parts": Setting(True, True)}
    found = checks.look(draft, settings)
    assert "safe_messaging" not in {each.check.key for each in found}
    assert [each.remark.what for each in checks.blocking(found)] == ["An e-mail address."]
    assert found[0].blocks  # what stops an approval stands first


@given(st.text(" abcdefgh", min_size=1, max_size=300), st.data())
def test_a_passage_holds_its_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(start + 40, len(text))))
    assert " ".join(text[start:end].split()) in passage(text, start, end)


def test_the_sample_pairs_are_warned_of_nothing() -> None:
    warned = []
    for path in sorted((SAMPLE / "pairs").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            draft = Draft(
                response=row["response"], messages=row["messages"], language=row["language"],
                expected_action=row["expected_action"],
            )  # fmt: skip
            warned += [row["id"] for each in checks.look(draft) if each.remark.level == "warn"]
    assert warned == []
