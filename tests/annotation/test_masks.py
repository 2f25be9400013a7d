"""Passages are hidden before a study opens, wherever a rater could read them, and then stay so."""

import pytest
from django.urls import reverse

from annotation import giveaways, screens
from annotation.actions import masks, studies
from annotation.blinding import MARK
from annotation.models import Mask, Study
from annotation.screens import texts
from corpus.models import PromptSet
from gate.text import digest
from generation.models import Completion, LanguageModel, Run
from tests.annotation import made
from tests.annotation.made import AT

pytestmark = pytest.mark.django_db
NAMED = "As ChatGPT I hear you, {n}. OpenAI made me."


@pytest.fixture
def study() -> Study:
    over = made.prompt_set(3)
    runs = [made.run(over, "plain", "Ask somebody, {n}."), made.run(over, "kind", NAMED)]
    return made.study(runs=runs, is_open=False)


def test_every_passage_is_found_in_its_place(study) -> None:
    found = giveaways.found(study)
    assert [(each.said, each.item) for each in found[:2]] == [("ChatGPT", 1), ("OpenAI", 1)]
    assert (len(found), giveaways.unmasked(study)) == (6, 6)
    assert found[0].before == "As "
    assert found[0].after.startswith(" I hear you")


def test_a_study_with_names_in_the_open_does_not_open_unasked(study) -> None:
    with pytest.raises(masks.NamesStand, match="6 passages name a model or its maker"):
        studies.open(by=None, study=study, at=AT)
    assert studies.open(by=None, study=study, at=AT, shows_names=True).is_open


def test_hidden_passages_are_a_mark_for_raters(study, rater) -> None:
    assert masks.hide_all(by=None, study=study) == 6
    opened = studies.open(by=None, study=study, at=AT)
    read = [answer.text for answer in screens.of(made.lease(opened, rater)).answers]
    assert f"As {MARK} I hear you" in " ".join(read)
    assert "GPT" not in " ".join(read)
    completions = Completion.objects.filter(item_answers__item__study=study)
    assert not any("OpenAI" in text for text in texts(study, completions).values())


def test_masks_stay_as_they_were_when_the_study_opened(study) -> None:
    first, second, *_ = giveaways.found(study)
    masks.hide(by=None, study=study, keys=[first.key, second.key])
    masks.show(by=None, study=study, keys=[second.key])
    assert Mask.objects.count() == 1
    opened = studies.open(by=None, study=study, at=AT, shows_names=True)
    for change in (masks.hide, masks.show):
        with pytest.raises(masks.Fixed):
            change(by=None, study=opened, keys=[second.key])
    with pytest.raises(masks.Fixed):
        masks.hide_all(by=None, study=opened)
    assert Mask.objects.count() == 1


def test_hiding_twice_makes_one_mask(study) -> None:
    masks.hide_all(by=None, study=study)
    assert masks.hide_all(by=None, study=study) == 0
    assert Mask.objects.count() == 6


def test_a_passage_of_another_study_is_refused(study) -> None:
    other = made.study(slug="other", is_open=False)
    with pytest.raises(masks.NotFound, match="No such passage"):
        masks.hide(by=None, study=other, keys=[giveaways.found(study)[0].key])


def test_a_study_that_hides_names_hides_them_when_it_is_made() -> None:
    over = made.prompt_set(2)
    runs = [made.run(over, "plain", "Ask somebody, {n}."), made.run(over, "kind", NAMED)]
    made.study(runs=runs, hides_names=True)
    assert Mask.objects.count() == 4


def played(over: PromptSet) -> Run:
    """A run whose model answered an earlier turn of the conversation too."""
    run = Run.objects.create(
        prompt_set=over,
        model=LanguageModel.objects.create(name="kind"),
        state="done",
        is_imported=True,
    )
    turns = [{"said": "Hello?", "text": "I am Claude."}, {"said": "And now?", "text": "Stay, 1."}]
    Completion.objects.create(
        run=run,
        prompt=over.entries.get().prompt,
        state="done",
        text="Stay, 1.",
        trajectory=turns,
        digest=digest("Stay, 1."),
        finish_reason="stop",
        completed_at=AT,
    )
    return run


def test_what_a_model_said_earlier_is_hidden_too(rater) -> None:
    over = made.prompt_set(1)
    runs = [made.run(over, "plain", "Stay, {n}."), played(over)]
    study = made.study(runs=runs, hides_names=True)
    assert list(Mask.objects.values_list("turn", "start", "end")) == [(1, 5, 11)]
    screen = screens.of(made.lease(study, rater))
    assert f"I am {MARK}." in str(screen)
    assert "Claude" not in str(screen)


def test_unmasked_items_cost_no_further_query(rater, django_assert_num_queries) -> None:
    assignment = made.lease(made.study(), rater)
    with django_assert_num_queries(1):
        screens.of(assignment)


# Pages


def test_the_page_shows_passages_without_their_arm(study, curator, signed_in) -> None:
    page = signed_in(curator).get(reverse("annotation:blinding", args=["spring"]))
    body = page.content.decode()
    passages = body.split("<tbody>")[1].split("</tbody>")[0]
    assert "6 passages can tell raters" in body
    assert "<mark>ChatGPT</mark>" in passages
    assert "kind" not in passages


def test_the_page_costs_the_same_for_any_number_of_items(
    study, curator, signed_in, django_assert_max_num_queries
) -> None:
    client = signed_in(curator)
    with django_assert_max_num_queries(11):
        client.get(reverse("annotation:blinding", args=["spring"]))


def test_the_curator_hides_one_then_all_then_leaves_one(study, curator, signed_in) -> None:
    client, url = signed_in(curator), reverse("annotation:hide_passages", args=["spring"])
    key = giveaways.found(study)[0].key
    assert client.post(url, {"hide": key}).status_code == 302
    assert Mask.objects.count() == 1
    client.post(url, {"all": "", "page": "1"})
    assert Mask.objects.count() == 6
    client.post(url, {"show": key})
    assert Mask.objects.count() == 5


def test_opening_leads_to_the_passages_first(study, curator, signed_in) -> None:
    client, url = signed_in(curator), reverse("annotation:open_study", args=["spring"])
    assert client.post(url)["Location"] == "/rate/studies/spring/blinding/"
    assert client.post(url, {"shows_names": "1"})["Location"] == "/studies/spring/"
    study.refresh_from_db()
    assert study.is_open


def test_opening_by_rest_asks_too(study, curator, signed_in) -> None:
    client, url = signed_in(curator), f"/api/v1/studies/{study.pk}/open/"
    refused = client.post(url, content_type="application/json")
    assert (refused.status_code, "6 passages" in str(refused.json())) == (409, True)
    sent = client.post(url, {"shows_names": True}, content_type="application/json")
    assert sent.status_code == 200


@pytest.mark.parametrize("name", ["hide_passages", "name_arms"])
def test_only_curators_change_blinding(study, rater, signed_in, client, name) -> None:
    url = reverse(f"annotation:{name}", args=["spring"])
    assert client.post(url, {"all": ""}).status_code == 302
    assert signed_in(rater).post(url, {"all": ""}).status_code == 403
    assert not Mask.objects.exists()


def test_raters_see_the_mark_as_an_element_and_in_rest(study, rater, signed_in) -> None:
    masks.hide_all(by=None, study=study)
    opened = studies.open(by=None, study=study, at=AT)
    client = signed_in(rater)
    client.post(reverse("annotation:start", args=["spring"]))
    page = client.get(reverse("annotation:rate", args=["spring"])).content.decode()
    assert '<mark class="hidden-name" lang="en">[name hidden]</mark> I hear you' in page
    told = client.post(f"/api/v1/studies/{opened.pk}/next/").json()
    assert MARK in str(told["assignment"]["answers"])
    assert "ChatGPT" not in page + str(told)
