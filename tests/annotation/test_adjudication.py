"""Settling what raters differ on: blind to names, beside the ratings, never one's own."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from annotation import differences, disputes
from annotation.actions import adjudication, leases, raters, studies, submission
from annotation.models import Adjudication, ItemAnswer, Rating
from exports.sources import ratings as exported
from tests.annotation.made import AT, lease, ratings, reason, study
from tests.people import person


@pytest.mark.parametrize(
    ("kind", "values", "is_apart"),
    [
        ("scale", [1, 2], False),
        ("scale", [1, 3], True),
        ("scale", [2, 3, 4], True),
        ("yes_no", [0, 1], True),
        ("choice", [2, 3], True),
        ("choice", [3, 3], False),
        ("scale", [4], False),
        ("scale", [], False),
    ],
)
def test_two_points_on_a_scale_and_anything_elsewhere_is_a_difference(
    kind, values, is_apart
) -> None:
    assert differences.differ(kind, values) is is_apart


@given(st.sets(st.text(min_size=1, max_size=5), min_size=1, max_size=8), st.integers())
def test_numbers_are_each_given_once_whatever_the_order(names, seed) -> None:
    found = differences.numbered(seed, "c", "k", names)
    assert sorted(found.values()) == list(range(1, len(names) + 1))
    assert found == differences.numbered(seed, "c", "k", sorted(names, reverse=True))


def test_a_rater_has_another_number_on_another_answer() -> None:
    names = [f"r{n}" for n in range(6)]
    first = {differences.numbered(1, f"c{n}", "k", names)["r0"] for n in range(40)}
    assert len(first) > 3


pages = pytest.mark.django_db


@pytest.fixture
def differing(db):
    """Two raters, one item: four apart on grounding, alike in everything else."""
    made = study(1, k=3)
    for key, value in (("one", 1), ("two", 5)):
        who = raters.of(person("rater", name=f"Vera Klint {key}"))
        held = lease(made, who)
        given = ratings(made)
        for row in given:
            if row["criterion"] == scale_of(made).key:
                row |= {"value": value, "rationale": f"Because {key}."}
        submission.submit(
            assignment=held, rater=who, token=held.token, key=key, ratings=given,
            preference="A", at=AT,
        )  # fmt: skip
    return made


def scale_of(made):
    return next(each for each in made.rubric.criteria.all() if each.kind == "scale")


def settle(made, by, **fields):
    row = disputes.open_of(made)[0] if "completion" not in fields else {}
    whole = {
        "completion": row
        and ItemAnswer.objects.get(completion=str(row["completion_id"])).completion,
        "criterion": row and scale_of(made),
        "value": 3,
        "note": "The anchor of 3 says it.",
    } | fields
    return adjudication.settle(by=by, study=made, at=AT, **whole)


@pages
def test_the_queue_holds_what_the_rule_calls_different(differing) -> None:
    criteria = {each.pk: each for each in differing.rubric.criteria.all()}
    said: dict[tuple[str, str], list[int]] = {}
    for row in Rating.objects.all():
        said.setdefault((row.completion_id, row.criterion_id), []).append(row.value)
    by_rule = {pair for pair, v in said.items() if differences.differ(criteria[pair[1]].kind, v)}
    found = {(row["completion_id"], row["criterion_id"]) for row in disputes.open_of(differing)}
    assert found == by_rule
    assert len(found) == 2


@pages
def test_who_settled_an_answer_is_never_given_it_to_rate(differing, curator) -> None:
    who = raters.of(curator)
    held = lease(differing, who)
    with pytest.raises(adjudication.NotNow, match="before you"):
        settle(differing, curator)
    assert leases.release(pk=held.pk, token=held.token, to="expired")
    settle(differing, curator)
    assert reason(differing, who) == "done"
    assert lease(differing, raters.of(person("rater"))).item == held.item


@pages
def test_settling_leaves_every_rating_and_is_done_once(differing, curator) -> None:
    before = list(Rating.everything.order_by("pk").values())
    first = disputes.open_of(differing)[0]["completion_id"]
    made = settle(differing, curator)
    assert (made.completion_id, made.value, made.adjudicator.user) == (first, 3, curator)
    assert list(Rating.everything.order_by("pk").values()) == before
    assert disputes.open_of(differing).count() == 1
    with pytest.raises(adjudication.NotNow, match="Their value stands"):
        settle(differing, curator, completion=made.completion, criterion=made.criterion)


@pages
def test_nobody_settles_what_they_rated(differing) -> None:
    both = person("rater", "curator")
    who = raters.of(both)
    held = lease(differing, who)
    submission.submit(
        assignment=held, rater=who, token=held.token, key="k", ratings=ratings(differing),
        preference="A", at=AT,
    )  # fmt: skip
    with pytest.raises(adjudication.OwnRating, match="yourself"):
        settle(differing, both)
    assert not disputes.not_rated_by(disputes.open_of(differing), who).exists()
    assert not Adjudication.objects.exists()


@pages
@pytest.mark.parametrize("fields", [{"value": 9}, {"value": None}, {"note": "  "}, {"note": "\0"}])
def test_a_value_off_the_scale_or_without_a_reason_is_refused(differing, curator, fields) -> None:
    with pytest.raises(adjudication.Unfit):
        settle(differing, curator, **fields)


@pages
def test_where_raters_agree_there_is_nothing_to_settle(differing, curator) -> None:
    alike = next(each for each in differing.rubric.criteria.all() if each.kind == "yes_no")
    with pytest.raises(adjudication.NotNow, match="do not differ"):
        settle(differing, curator, criterion=alike, value=1)


@pages
def test_differences_wait_for_the_close_where_agreement_does(differing, curator, signed_in) -> None:
    studies.edit(by=curator, study=differing, hides_agreement=True)
    with pytest.raises(adjudication.NotNow, match="hidden"):
        settle(differing, curator)
    place = reverse("annotation:differences", args=[differing.slug])
    page = signed_in(curator).get(place).content.decode()
    assert "Differences are hidden" in page
    assert "Lowest" not in page
    studies.close(by=curator, study=differing, at=AT)
    differing.refresh_from_db()
    assert settle(differing, curator).value == 3


@pages
def test_the_adjudicator_reads_reasons_without_names_and_goes_on(
    differing, curator, signed_in
) -> None:
    client = signed_in(curator)
    page = client.get(reverse("annotation:differences", args=[differing.slug]))
    assert "Raters differ on 2 points" in page.content.decode()
    row = disputes.open_of(differing)[0]
    place = reverse(
        "annotation:difference", args=["spring", row["completion_id"], row["criterion__key"]]
    )
    shown = client.get(place).content.decode()
    assert "Because one." in shown
    assert "Rater 1" in shown
    names = [each.rater.label for each in Rating.objects.select_related("rater")]
    for told in (*names, "spring-plain", "spring-kind"):
        assert told not in shown
    missing = client.post(place, {"value": "3", "note": ""})
    assert missing.status_code == 422
    assert "Say in a sentence" in missing.content.decode()
    other = disputes.open_of(differing)[1]
    gone = client.post(place, {"value": "3", "note": "By the anchor."})
    assert str(other["completion_id"]) in gone.headers["Location"]
    assert "By the anchor." in client.get(place).content.decode()
    results = client.get(reverse("annotation:settled", args=["spring"])).content.decode()
    assert "1, 5" in results
    assert "1 difference is settled" in results


@pages
def test_the_file_of_ratings_holds_settled_values_as_lines_of_their_own(differing, curator) -> None:
    settle(differing, curator)
    lines = [line for line in exported.rows(differing) if "adjudicated" in line]
    assert len(lines) == 1
    assert {3, "The anchor of 3 says it."} <= set(lines[0])


@pages
def test_lists_cost_the_same_for_many(curator, signed_in, django_assert_num_queries) -> None:
    made = study(6, k=2)
    for value in (1, 5):
        who = raters.of(person("rater"))
        for n in range(6):
            held = lease(made, who)
            given = ratings(made, **{scale_of(made).key: value})
            submission.submit(
                assignment=held, rater=who, token=held.token, key=f"{value}{n}",
                ratings=given, preference="A", at=AT,
            )  # fmt: skip
    client = signed_in(curator)
    with django_assert_num_queries(9):
        page = client.get(reverse("annotation:differences", args=["spring"]))
    assert "Raters differ on 12 points" in page.content.decode()
    settle(made, curator)
    settle(made, curator)
    with django_assert_num_queries(7):
        client.get(reverse("annotation:settled", args=["spring"]))


@pages
@pytest.mark.parametrize("role", ["rater", "researcher", "engineer", "author"])
def test_settling_is_for_curators(differing, role, signed_in) -> None:
    row = disputes.open_of(differing)[0]
    place = reverse(
        "annotation:difference", args=["spring", row["completion_id"], row["criterion__key"]]
    )
    sent = {"value": "3", "note": "x"}
    assert signed_in(person(role)).post(place, sent).status_code == 403
    assert Client().post(place, sent).status_code == 302
    assert not Adjudication.objects.exists()
