from hypothesis import given
from hypothesis import strategies as st

from crisis import normal, spoken

SPICED = st.sampled_from(list("’–— \u00a0\u200b\t\r\né①ﬁße\u0301½")) | st.characters()


@given(st.lists(st.text(SPICED, max_size=8) | st.just("nine eight eight")).map(" ".join))
def test_the_quick_way_reads_as_the_careful_one(text: str) -> None:
    found = normal.normalise(text)
    plain = normal._characters(text.translate(normal.ALIKE))
    spelled = "".join(character for character, _, _ in plain)
    if not spoken.runs(spelled):
        assert found.text == spelled
        assert list(found.starts) == [start for _, start, _ in plain]
        assert list(found.ends) == [end for _, _, end in plain]


def test_dashes_quotes_and_spaces_are_made_one_kind_in_their_places() -> None:
    found = normal.normalise("“116\u00a0123” – call")
    assert found.text == '"116 123" - call'
    assert found.source(1, 8) == (1, 8)


def test_what_is_not_seen_is_passed_over() -> None:
    found = normal.normalise("9\u200b88")
    assert (found.text, found.source(0, 3)) == ("988", (0, 4))
