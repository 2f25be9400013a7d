"""Who declared what fits decides, and who declared nothing fits nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.competence import Declared, Kind, Routes, fits, tongue, without_rater

some = st.sets(st.sampled_from(["a", "b", "c"]))
declared = st.builds(Declared, some, some, some)
kind = st.builds(
    Kind,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "a", "b"]),
)
routes = st.builds(Routes, st.booleans(), st.booleans(), st.booleans())


@pytest.mark.parametrize(
    ("written", "read"), [("en", "en"), ("en-GB", "en"), ("pt_BR", "pt"), ("DA", "da")]
)
def test_a_region_does_not_change_the_language(written: str, read: str) -> None:
    assert tongue(written) == read


@given(kind=kind, rater=declared)
def test_without_routing_everybody_fits(kind: Kind, rater: Declared) -> None:
    assert fits(Routes(), kind, rater)


@given(routes=routes, kind=kind)
def test_who_declared_nothing_fits_only_where_nothing_is_asked(routes: Routes, kind: Kind) -> None:
    assert fits(routes, kind, Declared((), (), ())) == (not routes)


@given(routes=routes, kind=kind, rater=declared)
def test_who_fits_more_routes_fits_fewer(routes: Routes, kind: Kind, rater: Declared) -> None:
    if fits(routes, kind, rater):
        assert fits(Routes(language=routes.language), kind, rater)
        assert fits(Routes(domain=routes.domain), kind, rater)


def test_items_that_nobody_fits_are_counted() -> None:
    danish, english = Kind("da", "", ""), Kind("en", "", "")
    found = without_rater(
        Routes(language=True), [(danish, 4), (english, 3)], [Declared({"en"}, (), ())]
    )
    assert found == [(danish, 4)]
