import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.words import MAX_TERMS, Term, Words, read

typed = st.text(
    alphabet=st.sampled_from("ab*-\"“” ()+^:&|!'\\<>%_{}~æßΣé٣中\u0301\u200d\u0000"), max_size=40
)


def term(*words: str, is_prefix: bool = False) -> Term:
    return Term(words, is_prefix)


@pytest.mark.parametrize(
    ("said", "wanted", "unwanted"),
    [
        ("two words", [term("two"), term("words")], []),
        ('"two words"', [term("two", "words")], []),
        ("“two words” more", [term("two", "words"), term("more")], []),
        ("begin*", [term("begin", is_prefix=True)], []),
        ("not -this", [term("not")], [term("this")]),
        ('-"not this" but', [term("but")], [term("not", "this")]),
        ("self-harm", [term("self", "harm")], []),
        ("988/112", [term("988", "112")], []),
        ('"left open', [term("left", "open")], []),
        ("AND OR NOT NEAR", [term("AND"), term("OR"), term("NOT"), term("NEAR")], []),
        ("twice twice", [term("twice")], []),
        ('- * "" "!" %', [], []),
        ("", [], []),
    ],
)
def test_what_is_typed_is_read_as_people_mean_it(
    said: str, wanted: list[Term], unwanted: list[Term]
) -> None:
    assert read(said) == Words(tuple(wanted), tuple(unwanted))


def test_only_so_many_terms_are_asked() -> None:
    assert len(read(" ".join(f"w{number}" for number in range(50))).wanted) == MAX_TERMS


@given(st.one_of(typed, st.text(max_size=40)))
def test_no_mark_ever_leaves_its_quotes(said: str) -> None:
    asked = read(said)
    for query, quote in ((asked.for_fts5(), '"'), (asked.for_postgres(), "'")):
        outside = "".join(query.split(quote)[::2])
        assert query.count(quote) % 2 == 0
        assert set(outside) <= set(" ()*&|!<->:ANDORT")


def test_words_are_joined_as_each_database_reads_them() -> None:
    asked = read('one "two Ås" pre* -not')
    assert asked.for_fts5() == '("one" AND "two Ås" AND "pre" *) NOT ("not")'
    assert asked.for_postgres() == "('one') & ('two' <-> 'as') & ('pre':*) & !(('not'))"
