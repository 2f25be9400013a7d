"""Prepared queries: the rows of the query that they stand for, whatever fills their blanks."""

from typing import Any

import pytest
from django.db.models import IntegerField, QuerySet

from annotation.models import Item
from annotation.prepared import MAX_SHAPES, Blank, Prepared
from annotation.reach import PARTS, Reach, blank
from corpus.models import Domain
from tests.annotation.made import prompt_set, run, study

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Any:
    domains = [Domain.objects.create(slug=name, name=name.title()) for name in ("loss", "rage")]
    over = prompt_set(6, domains=domains)
    return study(runs=[run(over)])


@Prepared
def between(n_columns: int) -> QuerySet[Any, Any]:
    """Items between two positions."""
    low, high = Blank("low", IntegerField()), Blank("high", IntegerField())
    rows = Item.objects.filter(study=Blank("study"), position__gte=low, position__lt=high)
    return rows.order_by("position").values_list(*("position", "language")[:n_columns])


@Prepared
def reached(shape: Any) -> QuerySet[Item]:
    """Items within a reach, with their domains."""
    rows = Item.objects.filter(blank(shape).condition, study=Blank("study"))
    return rows.select_related("domain").only("domain__name").order_by("position")


def test_a_query_is_asked_again_with_other_values_and_shapes(
    made, django_assert_num_queries
) -> None:
    with django_assert_num_queries(4):
        assert between(1, study=made.pk, low=0, high=2) == [(0,), (1,)]
        assert between(2, study=made.pk, low=4, high=9) == [(4, "en"), (5, "en")]
        assert between(1, study=made.pk, low=5, high=6) == [(5,)]
        assert between(1, study="another", low=0, high=6) == []


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"languages": ["en", "da"]},
        {"languages": ["da"], "countries": [""]},
        {"domains": [0]},
        {"domains": [0, 1], "hidden": [1]},
        {"hidden": [0, 1]},
    ],
)
def test_a_reach_with_blanks_reaches_what_the_same_reach_does(made, parts) -> None:
    ids = list(Domain.objects.order_by("slug").values_list("pk", flat=True))
    mine = Reach(
        **{
            name: [ids[each] if isinstance(each, int) else each for each in parts[name]]
            for name in PARTS
            if name in parts
        }
    )
    expected = made.items.filter(mine.condition).order_by("position")
    found = reached(mine.shape, study=made.pk, **mine.values)
    assert found == list(expected)
    assert [each.domain.name for each in found] == [each.domain.name for each in expected]


def test_what_is_read_is_whole_and_belongs_to_nobody_else(made, django_assert_num_queries) -> None:
    first, again = (reached(Reach().shape, study=made.pk)[0] for _ in range(2))
    assert first == again and first is not again
    with django_assert_num_queries(0):
        assert first.domain.name in ("Loss", "Rage")
    assert first.study == made  # read when it is asked for


def test_shapes_are_not_collected_without_end(made) -> None:
    query = Prepared(lambda n: Item.objects.filter(position__lt=n).values_list("pk")[:1])
    for n in range(MAX_SHAPES + 5):
        query(n)
    assert len(query.ready) == 5
