"""Studies are made of finished runs, opened and closed once, by those who may."""

import pytest
from django.test import Client
from django.urls import reverse

from annotation.actions import studies
from annotation.models import Item, ItemAnswer, Study
from generation.models import Completion
from tests.annotation.made import AT, prompt_set, rubric, run, study
from tests.people import person

pytestmark = pytest.mark.django_db


def test_an_item_holds_the_answers_of_all_runs_to_one_prompt() -> None:
    made = study(5, k=3)
    assert made.n_items == Item.objects.filter(study=made, places=3, taken=0).count() == 5
    for item in made.items.all():
        answers = item.answers.select_related("completion__run")
        assert {answer.completion.prompt_id for answer in answers} == {item.prompt_id}
        assert [answer.completion.run for answer in answers] == [arm.run for arm in made.arms.all()]


def test_only_prompts_that_every_run_has_answered_are_shown() -> None:
    over = prompt_set(3)
    runs = [run(over, "a"), run(over, "b")]
    lost = Completion.objects.filter(run=runs[1]).first()
    assert lost
    lost.delete()
    made = study(runs=runs)
    assert made.n_items == 2
    assert not ItemAnswer.objects.filter(completion__prompt=lost.prompt).exists()


def test_the_seed_fixes_the_order() -> None:
    over = prompt_set(12)
    runs = [run(over)]
    orders = [
        list(study(runs=runs, slug=slug, seed=seed).items.values_list("prompt_id", flat=True))
        for slug, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert orders[0] == orders[1] != orders[2]


def refused(**changes: object) -> str:
    over = prompt_set(1, slug="refused")
    fields = {"name": "N", "slug": "s", "rubric": rubric(), "runs": [run(over, "one")]} | changes
    with pytest.raises(studies.Unsuitable) as caught:
        studies.create(by=None, **fields)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_study_needs_a_run() -> None:
    assert "different runs, not 0" in refused(runs=[])


@pytest.mark.parametrize("slug", ["", "With Capitals", "studies", "a" * 81])
def test_a_short_name_must_fit_an_address(slug: str) -> None:
    assert "cannot stand in an address" in refused(slug=slug)


def test_runs_are_finished_different_and_over_one_set() -> None:
    first, other = prompt_set(1, slug="first"), prompt_set(1, slug="other")
    one, two = run(first, "one"), run(other, "two")
    with pytest.raises(studies.Unsuitable, match="different prompt sets"):
        study(runs=[one, two])
    with pytest.raises(studies.Unsuitable, match="different runs"):
        study(runs=[one, one])
    with pytest.raises(studies.Unsuitable, match="A preference needs two runs"):
        study(runs=[one], asks_preference=True)
    two.state = "running"
    two.save()
    with pytest.raises(studies.Unsuitable, match="Not finished yet"):
        study(runs=[two])


def test_a_study_is_opened_once_and_closed_once() -> None:
    made = study(is_open=False)
    with pytest.raises(studies.NotNow):
        studies.close(by=None, study=made, at=AT)
    studies.open(by=None, study=made, at=AT)
    with pytest.raises(studies.NotNow):
        studies.open(by=None, study=made, at=AT)
    studies.close(by=None, study=made, at=AT)
    with pytest.raises(studies.NotNow):
        studies.close(by=None, study=made, at=AT)


# Pages


def test_a_curator_makes_a_study_from_finished_runs(curator, signed_in) -> None:
    over = prompt_set(2)
    runs = [run(over, "a"), run(over, "b")]
    client = signed_in(curator)
    page = client.get(reverse("annotation:new_study")).content.decode()
    assert all(one.pk in page for one in runs)
    sent = {
        "name": "Autumn",
        "slug": "autumn",
        "runs": [one.pk for one in runs],
        "rubric": rubric().pk,
        "k": 2,
        "asks": "both",
    }
    answer = client.post(reverse("annotation:new_study"), sent)
    assert (answer.status_code, answer["Location"]) == (302, "/studies/autumn/")
    made = Study.objects.get()
    assert (made.state, made.k, made.n_items, made.created_by) == ("draft", 2, 2, curator)
    again = client.post(reverse("annotation:new_study"), sent)
    assert again.status_code == 422
    assert "There is a study" in again.content.decode()


def test_without_finished_runs_the_page_says_what_to_do(curator, signed_in) -> None:
    page = signed_in(curator).get(reverse("annotation:new_study")).content.decode()
    assert "There is nothing to rate yet" in page


def test_a_curator_changes_what_raters_read_opens_and_closes(curator, signed_in) -> None:
    made, client = study(is_open=False), signed_in(curator)
    assert client.get(reverse("annotation:edit_study", args=["spring"])).status_code == 200
    sent = {
        "name": "Spring",
        "guidelines": "Read twice.",
        "content_note": "Grief.",
        "undo_minutes": 5,
    }
    client.post(reverse("annotation:edit_study", args=["spring"]), sent)
    client.post(reverse("annotation:open_study", args=["spring"]))
    made.refresh_from_db()
    assert (made.name, made.guidelines, made.state) == ("Spring", "Read twice.", "open")
    client.post(reverse("annotation:close_study", args=["spring"]))
    made.refresh_from_db()
    assert made.state == "closed"


@pytest.mark.parametrize("name", ["new_study", "edit_study", "open_study", "close_study"])
def test_only_curators_change_studies(name: str, signed_in) -> None:
    made = study(is_open=False)
    url = reverse(f"annotation:{name}", args=[] if name == "new_study" else [made.slug])
    assert Client().post(url).status_code == 302
    for role in ("rater", "researcher", "engineer"):
        assert signed_in(person(role)).post(url).status_code == 403
    made.refresh_from_db()
    assert made.state == "draft"
