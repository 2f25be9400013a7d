from hypothesis import given
from hypothesis import strategies as st

from corpus import differences

texts = st.text("ab \n", max_size=30)


@given(texts, texts)
def test_the_runs_hold_both_texts(before: str, after: str) -> None:
    runs = differences.words(before, after)
    assert "".join(text for kind, text in runs if kind != "gone") == after
    assert "".join(text for kind, text in runs if kind != "new") == before


@given(texts, texts)
def test_each_side_is_its_text(before: str, after: str) -> None:
    left, right = differences.sides(before, after)
    assert "".join(text for _, text in left) == before
    assert "".join(text for _, text in right) == after


def test_only_the_changed_words_are_marked() -> None:
    assert differences.words("one two three", "one 2 three") == [
        ("same", "one "),
        ("gone", "two"),
        ("new", "2"),
        ("same", " three"),
    ]


def test_very_long_texts_are_compared_by_line() -> None:
    long = "word " * 5000 + "\nend"
    assert differences.words(long, long + "!")[-2:] == [("gone", "end"), ("new", "end!")]


@given(texts, texts)
def test_a_text_of_both_holds_every_word_of_each(first: str, second: str) -> None:
    joined = differences.both(first, second).split()
    for text in (first, second):
        rest = iter(joined)
        assert all(word in rest for word in text.split())


def test_a_text_of_both_says_once_what_is_shared() -> None:
    first, second = "I hear you. Not this.\n\nCall a friend.", "I hear you. No.\n\nCall a friend."
    assert differences.both(first, second) == "I hear you. Not this.\n\nNo.\n\nCall a friend."


def test_words_that_went_and_came_are_counted() -> None:
    assert differences.counted("one two three", "one 2 three four") == (1, 2)
