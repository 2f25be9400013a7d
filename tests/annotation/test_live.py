"""The curator's live page: counts only, hidden agreement, and no word of who opted out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement.bootstrap import alpha_interval
from agreement.ratings import Ratings
from annotation import patterns, watching
from annotation.actions import gold, raters, studies, submission
from annotation.models import OptOut, Rating, ScalePoint
from corpus.models import Domain
from tests.annotation.made import AT, lease, prompt_set, ratings, run, study
from tests.people import person

pages = pytest.mark.django_db


def two_domains() -> list[Domain]:
    return [
        Domain.objects.create(slug=slug, name=slug.title(), definition=slug)
        for slug in ("grief", "debt")
    ]


def rate(made, who, n: int, at=AT, **values) -> None:
    for number in range(n):
        held = lease(made, who, at)
        submission.submit(
            assignment=held, rater=held.rater, token=held.token, key=f"{who.pk}{at}{number}",
            ratings=ratings(made, **values), preference="A", at=at,
        )  # fmt: skip


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 3)), st.integers(1, 3), min_size=2, max_size=24
    ),
    st.sampled_from(["ordinal", "nominal"]),
)
@settings(max_examples=40, deadline=None)
def test_alpha_of_patterns_is_alpha_of_the_ratings(table, level) -> None:
    rows = [(str(item), str(rater), value) for (item, rater), value in table.items()]
    counts: dict[tuple[int, ...], int] = {}
    for item in {row[0] for row in rows}:
        given_ = [value for at, _, value in rows if at == item]
        if len(given_) >= 2:
            pattern = tuple(given_.count(value) for value in (1, 2, 3))
            counts[pattern] = counts.get(pattern, 0) + 1
    whole = alpha_interval(Ratings.from_rows(rows, level, [1, 2, 3]), level, draws=20)
    found = patterns.alpha(sorted(counts.items()), [1, 2, 3], level)
    assert found.value == pytest.approx(whole.value)


@pages
def test_the_database_counts_what_the_ratings_say() -> None:
    made = study(6, k=3)
    scale = next(each for each in made.rubric.criteria.all() if each.kind == "scale")
    for value in (1, 2, 4):
        rate(made, person("rater"), 5, **{scale.key: value})
    rows = Rating.objects.filter(criterion=scale).values_list("completion", "rater", "value")
    table = Ratings.from_rows(list(rows), "ordinal", scale.scale)
    line = next(each for each in patterns.so_far(made) if each.criterion == scale)
    expected = alpha_interval(table, "ordinal", draws=20)
    assert line.alpha.value == pytest.approx(expected.value)
    assert line.n == table.n_pairable_items


@pages
def test_people_are_here_resting_or_idle() -> None:
    made = study(6, k=3)
    rate(made, person("rater", name="Ada"), 2)
    rate(made, person("rater", name="Ben"), 1, AT + timedelta(days=4))
    raters.seat(study=made, rater=raters.of(person("rater", name="Cleo")), at=AT)
    now = AT + timedelta(days=4, minutes=5)
    found = [
        (each.label, each.n, each.is_here, each.is_idle) for each in watching.people(made, now)
    ]
    assert found == [("Ada", 2, False, True), ("Ben", 1, True, False), ("Cleo", 0, False, True)]


@pages
def test_who_opted_out_looks_as_anybody_who_rests(curator, signed_in) -> None:
    kinds = two_domains()
    over = prompt_set(4, slug="two", domains=kinds)
    made = study(runs=[run(over, "x"), run(over, "y")], k=3)
    quiet, opted = (raters.of(person("rater", name=name)) for name in ("Ada", "Ben"))
    for who in (quiet, opted):
        rate(made, who.user, 1)
    before = watching.people(made, AT + timedelta(hours=2))
    for domain in kinds:
        OptOut.objects.create(rater=opted, domain=domain)
    after = watching.people(made, AT + timedelta(hours=2))
    assert before == after
    first, second = after
    assert (first.n, first.seen_at, first.is_idle) == (second.n, second.seen_at, second.is_idle)
    page = signed_in(curator).get(reverse("annotation:live", args=["spring"])).content.decode()
    assert "opt" not in page.lower().replace("option", "")


@pages
def test_domains_are_counted_over_all_raters() -> None:
    kinds = two_domains()
    over = prompt_set(4, slug="two", domains=kinds)
    made = study(runs=[run(over, "x"), run(over, "y")], k=2)
    rate(made, person("rater"), 4)
    assert [(each.n, each.n_wanted) for each in watching.domains(made)] == [(2, 4), (2, 4)]


@pages
def test_pace_is_of_the_last_week() -> None:
    made = study(6, k=2)
    assert watching.pace(made, AT, 12).days_left is None
    rate(made, person("rater"), 4, AT)
    assert watching.pace(made, AT + timedelta(days=2), 8) == watching.Pace(2.0, 4)
    assert watching.pace(made, AT + timedelta(days=8), 8) == watching.Pace(0.0, None)
    assert watching.pace(made, AT + timedelta(days=1), 0).days_left is None


@pages
def test_ratings_that_the_rubric_marks_are_brought_forward(curator, signed_in) -> None:
    made = study(2)
    assert watching.severe(made) == (0, [])
    point = ScalePoint.objects.filter(criterion__rubric=made.rubric, criterion__kind="scale")[0]
    ScalePoint.objects.filter(pk=point.pk).update(severity="critical")
    rate(made, person("rater"), 1, **{point.criterion.key: point.value})
    n, newest = watching.severe(made)
    assert n == len(newest) == 2
    page = signed_in(curator).get(reverse("annotation:live", args=["spring"])).content.decode()
    assert "2 ratings to look at" in page
    assert "Could harm somebody" in page


@pages
def test_known_answers_stand_by_rater(curator, signed_in) -> None:
    made = study(2)
    rate(made, person("rater", name="Ada"), 1)
    row = Rating.objects.exclude(criterion__kind="text")[0]
    gold.mark(
        by=curator, study=made, completion=row.completion, criterion=row.criterion, value=row.value
    )
    page = signed_in(curator).get(reverse("annotation:live", args=["spring"])).content.decode()
    assert "Known answers" in page


@pages
def test_agreement_waits_for_the_close_where_the_study_says_so(curator, signed_in) -> None:
    made, client = study(2, k=2), signed_in(curator)
    place = reverse("annotation:so_far", args=["spring"])
    rate(made, person("rater"), 2)
    assert "Alpha" in client.get(place).content.decode()
    studies.edit(by=curator, study=made, hides_agreement=True)
    for url in (place, reverse("judging:study", args=["spring"])):
        page = client.get(url).content.decode()
        assert "Hidden until this study closes" in page
        assert "Alpha</th>" not in page
    assert client.get(f"/api/v1/studies/{made.pk}/agreement/").status_code == 409
    studies.close(by=curator, study=made, at=timezone.now())
    assert "Alpha" in client.get(place).content.decode()
    assert client.get(f"/api/v1/studies/{made.pk}/agreement/").status_code == 200


@pages
def test_the_page_polls_its_part_and_costs_the_same_for_many(
    curator, signed_in, django_assert_num_queries
) -> None:
    made, client = study(6, k=3), signed_in(curator)
    place = reverse("annotation:live", args=["spring"])
    for _ in range(3):
        rate(made, person("rater"), 6)
    with django_assert_num_queries(14):
        part = client.get(place, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section id="live"')
    assert 'hx-trigger="every 20s"' in part.content.decode()
    studies.close(by=None, study=made, at=AT)
    assert "every 20s" not in client.get(place).content.decode()


@pages
@pytest.mark.parametrize("role", ["rater", "researcher", "engineer", "author"])
def test_the_live_page_is_for_curators(role, signed_in) -> None:
    study()
    for name in ("live", "so_far"):
        place = reverse(f"annotation:{name}", args=["spring"])
        assert signed_in(person(role)).get(place).status_code == 403
        assert Client().get(place).status_code == 302
