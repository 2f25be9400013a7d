"""A sentence reads as English, is kept as plain JSON, and is told in any language."""

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.wording import Said, _, joined, kept, listed, ngettext, told
from tests.agreement.unsaid import unsaid

GERMAN = {
    "Raters agree on {about}.": "Die Beurteilenden sind sich bei {about} einig.",
    "{n} item": "{n} Element",
    "{n} items": "{n} Elemente",
    "{names} and {last}": "{names} und {last}",
    "stricter": "strenger",
    "{rater} is {word} on {items}.": "Bei {items} ist {rater} {word}.",
}

texts = st.text(max_size=12)
names = st.sampled_from(["a", "about", "said", "n", "parts", "between"])


def german(sentence: str) -> str:
    return GERMAN.get(sentence, sentence)


def number(one: str, many: str, n: int, /) -> str:
    return german(one if n == 1 else many)


def in_german(value: Any) -> Any:
    return told(value, german, number)


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(kept(value)))


@st.composite
def sentences(draw: st.DrawFn, depth: int = 2) -> str:
    """Texts of users, and sentences that hold them or others."""
    if depth == 0 or draw(st.booleans()):
        return draw(texts)
    inner = [draw(sentences(depth=depth - 1)) for _each in range(draw(st.integers(0, 3)))]
    return draw(
        st.sampled_from(
            [
                joined(*inner, between=", "),
                listed(inner),
                _("Raters agree on {about}.", about=joined(*inner)),
                ngettext("{n} item", "{n} items", len(inner), first=joined(*inner)),
            ]
        )
    )


def test_a_sentence_reads_as_english() -> None:
    said = _("Raters agree on {about}.", about="tone")
    assert said == "Raters agree on tone." and isinstance(said, str)
    assert {said: 1}["Raters agree on tone."] == 1
    assert f"{said}" == str(said) == "Raters agree on tone."
    assert in_german(said) == "Die Beurteilenden sind sich bei tone einig."
    assert type(in_german(said)) is str


@given(st.dictionaries(names, texts | st.integers()))
def test_a_sentence_is_its_words_with_the_places_filled(places: dict[str, Any]) -> None:
    sentence = " ".join(f"<{{{name}}}>" for name in places)
    assert _(sentence, **places) == sentence.format(**places)


def test_sentences_stand_in_sentences() -> None:
    said = _(
        "{rater} is {word} on {items}.",
        rater="Ann",
        word=_("stricter"),
        items=ngettext("{n} item", "{n} items", 1),
    )
    assert said == "Ann is stricter on 1 item."
    assert in_german(said) == "Bei 1 Element ist Ann strenger."


@pytest.mark.parametrize(("n", "word"), [(0, "0 Elemente"), (1, "1 Element"), (2, "2 Elemente")])
def test_the_number_chooses_the_word(n: int, word: str) -> None:
    said = ngettext("{n} item", "{n} items", n)
    assert said == f"{n} item{'' if n == 1 else 's'}"
    assert in_german(through_json(said)) == word


def test_names_are_listed_in_the_language() -> None:
    said = _("Raters agree on {about}.", about=listed(["tone", "warmth", "length"]))
    assert said == "Raters agree on tone, warmth and length."
    assert in_german(said).endswith("bei tone, warmth und length einig.")
    assert listed(["tone"]) == "tone" and listed([]) == ""


def test_what_is_empty_is_not_joined() -> None:
    assert joined("a", "", _("{nothing}", nothing=""), "b") == "a b"
    assert joined() == "" and not joined("", "")


@given(sentences())
def test_what_is_kept_is_told_as_it_was(said: str) -> None:
    for speak in (lambda value: told(value, str, lambda one, many, n: one), in_german):
        assert speak(through_json(said)) == speak(said)
    assert told(said, str, lambda one, many, n: one if n == 1 else many) == said


@given(sentences(), sentences())
def test_a_document_is_told_wherever_it_speaks(one: str, other: str) -> None:
    document = {"title": one, "rows": [[other, 1, None, 0.5, True], ()], "deep": {"said": other}}
    found = in_german(through_json(document))
    assert found["title"] == in_german(one)
    assert found["rows"] == [[in_german(other), 1, None, 0.5, True], []]
    assert found["deep"] == {"said": in_german(other)}


@given(texts)
def test_words_of_users_are_left_alone(text: str) -> None:
    for typed in (text, "{0}", "{name!r}", "{{", "}", "%(n)s", "stricter"):
        said = _("Raters agree on {about}.", about=typed)
        assert said == f"Raters agree on {typed}."
        assert in_german(through_json(said)) == f"Die Beurteilenden sind sich bei {typed} einig."
        assert in_german(through_json([typed])) == [typed]


@pytest.mark.parametrize(
    "record",
    [
        {"said": "stricter"},
        {"said": "stricter", "with": {}, "by": "Ann"},
        {"said": 3, "with": {}},
        {"said": "{a}", "with": "text"},
        {"parts": "stricter", "between": " "},
        {"parts": ["stricter"], "between": None},
        {"parts": 1, "n": 2},
        {},
    ],
)
def test_a_record_with_such_a_key_is_not_mistaken_for_a_sentence(record: dict[str, Any]) -> None:
    assert in_german(through_json(record)) == record


def test_a_place_may_have_any_name() -> None:
    said = _("{parts}{between}{said}", parts="a", between="-", said="b")
    assert said == "a-b" == in_german(through_json(said))


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_copy_remembers_its_parts(again: Any) -> None:
    said = listed([_("stricter"), ngettext("{n} item", "{n} items", 2)])
    found = again({"said": said})["said"]
    assert isinstance(found, Said) and found == said
    assert in_german(found) == "strenger und 2 Elemente"


def test_a_name_that_goes_through_str_remembers_its_parts() -> None:
    assert in_german(str(_("stricter"))) == "strenger"


def test_english_that_nobody_can_translate_is_found() -> None:
    document = {
        "title": _("stricter"),
        "rows": ["plain", 1],
        "why": listed(["tone", _("stricter")]),
    }
    found = ["plain", "tone"]
    assert [each for each in unsaid(document) if each != ", "] == found
    assert list(unsaid(through_json(document))) == list(unsaid(document))
