"""Known values are the curator's alone: they count hits, and no rater's page is changed by them."""

import pytest
from django.urls import reverse

from annotation import gold
from annotation.actions import gold as actions
from annotation.actions import raters, submission
from annotation.models import Adjudication, Gold, ItemAnswer, Study
from tests.annotation import made
from tests.annotation.made import AT
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return made.study(3, k=5)


def completion(study: Study):
    return ItemAnswer.objects.filter(item__study=study).order_by("item__position")[0].completion


def criterion(study: Study, key: str = "grounding"):
    return study.rubric.criteria.get(key=key)


def mark(study: Study, value: int = 4, **more):
    fields = {"completion": completion(study), "criterion": criterion(study)} | more
    return actions.mark(by=None, study=study, value=value, **fields)


def rate(study: Study, value: int) -> None:
    who = raters.of(person("rater"))
    for number in range(study.n_items):
        one = made.lease(study, who)
        submission.submit(
            assignment=one,
            rater=who,
            token=one.token,
            key=str(number),
            ratings=made.ratings(study, grounding=value),
            preference="A",
            at=AT,
        )


def test_hits_are_counted_by_rater_within_the_tolerance(study) -> None:
    mark(study, 4, tolerance=1)
    mark(study, 0, criterion=criterion(study, "declines"))
    for value in (5, 1):
        rate(study, value)
    assert [(each.n_asked, each.n_met) for each in gold.results(study)] == [(2, 2), (2, 1)]


def test_results_cost_the_same_for_any_number_of_ratings(study, django_assert_num_queries) -> None:
    mark(study)
    rate(study, 4)
    with django_assert_num_queries(3):
        gold.results(study)


def test_marking_again_replaces_the_value(study) -> None:
    mark(study, 4)
    mark(study, 2, reason="No strategy is there.")
    assert [row.value for row in Gold.objects.all()] == [2]


def test_only_points_of_the_scale_are_known_values(study) -> None:
    with pytest.raises(actions.Unfit, match="no point"):
        mark(study, 9)
    with pytest.raises(actions.Unfit, match="differ"):
        mark(study, 4, tolerance=7)
    other = made.study(2, slug="other")
    with pytest.raises(actions.Unfit, match="not in this study"):
        mark(study, 4, completion=completion(other))


def test_settled_values_of_other_studies_are_taken_over_once(study) -> None:
    runs = [arm.run for arm in study.arms.order_by("position")]
    again = made.study(runs=runs, slug="again")
    Adjudication.objects.create(
        study=study,
        completion=completion(study),
        criterion=criterion(study),
        value=3,
        adjudicator=raters.of(person("rater")),
        note="It names a step.",
        created_at=AT,
    )
    assert actions.take_settled(by=None, study=again) == 1
    assert actions.take_settled(by=None, study=again) == 0
    assert Gold.objects.get().reason == "It names a step."


def test_the_curator_marks_and_takes_away(study, curator, signed_in) -> None:
    client, url = signed_in(curator), reverse("annotation:mark_gold", args=["spring"])
    sent = {"completion": completion(study).pk, "criterion": criterion(study).pk, "item": "1"}
    back = client.post(url, sent | {"value": "4", "tolerance": "1"})
    assert back["Location"] == "/rate/studies/spring/gold/?item=1"
    kept = Gold.objects.get()
    client.post(url, sent | {"value": "77"})
    client.post(url, sent | {"value": "x"})
    assert Gold.objects.get().value == 4
    page = client.get(reverse("annotation:gold", args=["spring"])).content.decode()
    assert "1 value is known in this study" in page
    assert "spring-kind" not in page.split("<h2>")[-1]
    client.post(url, {"remove": kept.pk})
    assert not Gold.objects.exists()


def test_raters_may_not_open_or_mark_it(study, rater, signed_in, client) -> None:
    for name in ("gold", "mark_gold"):
        url = reverse(f"annotation:{name}", args=["spring"])
        assert signed_in(rater).post(url).status_code in (403, 405)
        assert client.post(url).status_code in (302, 405)
    assert signed_in(rater).get(reverse("annotation:gold", args=["spring"])).status_code == 403
