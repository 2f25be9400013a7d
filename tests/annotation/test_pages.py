"""The rater's pages work without JavaScript, lose nothing, and belong to one person each."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from annotation import progress
from annotation.actions import studies
from annotation.models import Assignment, Rating, Study
from tests.annotation.made import AT, prompt_set, ratings, run, study
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Study:
    return study()


@pytest.fixture
def client_of_rater(rater, signed_in) -> Client:
    return signed_in(rater)


def seated(client: Client, of: Study) -> Assignment:
    """The rater at their first item."""
    client.post(reverse("annotation:start", args=[of.slug]))
    assert client.get(reverse("annotation:rate", args=[of.slug])).status_code == 200
    return Assignment.objects.get(study=of, state="leased")


def form(assignment: Assignment, **changes: str) -> dict[str, str]:
    filled = {
        f"{each['slot']}.{each['criterion']}": str(each["value"])
        for each in ratings(assignment.study)
    }
    return {"token": assignment.token, "idempotency_key": "k", "preference": "A"} | filled | changes


def post(client: Client, assignment: Assignment, what: str, data: dict[str, str], **headers: str):
    url = reverse(f"annotation:{what}", args=[assignment.study.slug, assignment.pk])
    return client.post(url, data, headers=headers)


JSON = {"Accept": "application/json"}


def test_the_first_visit_says_what_comes_and_leases_nothing(client_of_rater, made) -> None:
    page = client_of_rater.get(reverse("annotation:rate", args=[made.slug])).content.decode()
    assert "Start rating" in page
    assert not Assignment.objects.exists()


def test_the_page_shows_the_item_with_every_criterion_of_each_answer(client_of_rater, made):
    assignment = seated(client_of_rater, made)
    page = client_of_rater.get(reverse("annotation:rate", args=[made.slug])).content.decode()
    names = set(re.findall(r'type="radio" name="([A-Z][^"]+|preference)"', page))
    keys = made.rubric.sheet.by_key
    assert names == {f"{slot}.{key}" for slot in "AB" for key in keys} | {"preference"}
    assert "1 of 4" in page
    assert assignment.token in page


def test_saving_goes_on_to_the_next_item(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    answer = post(client_of_rater, assignment, "submit", form(assignment))
    assert (answer.status_code, answer["Location"]) == (302, "/rate/spring/")
    assert Rating.objects.count() == 8
    assert "2 of 4" in client_of_rater.get("/rate/spring/").content.decode()


def test_the_script_is_told_where_to_go_on(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    answer = post(client_of_rater, assignment, "submit", form(assignment), **JSON)
    assert answer.json() == {"next": "/rate/spring/"}


def test_what_is_missing_is_marked_and_the_rest_is_kept(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    sent = form(assignment, **{"A.grounding": "", "B.grounding": "4"})
    answer = post(client_of_rater, assignment, "submit", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Answer A, Psychological grounding: choose a point" in page
    assert re.search(r'name="B.grounding" value="4"[^>]* checked', page)
    told = post(client_of_rater, assignment, "submit", sent, **JSON)
    assert told.status_code == 422
    assert "A.grounding" in told.json()["message"]


def test_outside_my_competence_fills_what_is_open(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    sent = {"token": assignment.token, "outside": "1", "A.declines": "1"}
    assert (
        post(client_of_rater, assignment, "submit", sent | {"preference": "A"}).status_code == 302
    )
    answers = sorted(Rating.objects.values_list("answer", flat=True))
    assert answers == ["outside"] * 7 + ["value"]


def test_skipping_needs_nothing_and_goes_on(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    assert post(client_of_rater, assignment, "skip", {"token": assignment.token}).status_code == 302
    assignment.refresh_from_db()
    assert assignment.state == "skipped"


def test_a_draft_is_saved_and_shown_again(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    sent = {"token": assignment.token, "A.grounding": "3", "preference": "equal"}
    assert post(client_of_rater, assignment, "draft", sent).status_code == 204
    page = client_of_rater.get("/rate/spring/").content.decode()
    assert re.search(r'name="A.grounding" value="3"[^>]* checked', page)
    assert re.search(r'name="preference" value="equal" checked', page)


def test_a_draft_of_a_lost_item_is_told(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    answer = post(client_of_rater, assignment, "draft", {"token": "older"})
    assert answer.status_code == 409
    assert "Load the page" in answer.json()["message"]


def test_a_lost_lease_is_explained_and_the_answers_are_still_there(client_of_rater, made) -> None:
    assignment = seated(client_of_rater, made)
    sent = form(assignment, token="older", **{"A.grounding": "5"})
    url = reverse("annotation:submit", args=[made.slug, assignment.pk])
    page = client_of_rater.post(url, sent, follow=True).content.decode()
    assert "Your answers are kept" in page
    assert re.search(r'name="A.grounding" value="5"[^>]* checked', page)


def test_what_was_sent_last_is_taken_back_from_the_next_page(client_of_rater, made) -> None:
    first = seated(client_of_rater, made)
    assert "Change the last one" not in client_of_rater.get("/rate/spring/").content.decode()
    post(client_of_rater, first, "submit", form(first, **{"A.grounding": "4"}))
    page = client_of_rater.get("/rate/spring/").content.decode()
    assert f"/rate/spring/{first.pk}/undo/" in page
    answer = post(client_of_rater, first, "undo", {})
    assert (answer.status_code, answer["Location"]) == (302, "/rate/spring/")
    page = client_of_rater.get("/rate/spring/").content.decode()
    assert "1 of 4" in page
    assert "It counts once you send it again" in page
    assert re.search(r'name="A.grounding" value="4"[^>]* checked', page)
    assert not Rating.objects.exists()


def test_the_last_item_of_all_can_be_taken_back_too(client_of_rater) -> None:
    made = study(1, slug="one")
    first = seated(client_of_rater, made)
    post(client_of_rater, first, "submit", form(first))
    assert f"/rate/one/{first.pk}/undo/" in client_of_rater.get("/rate/one/").content.decode()


def test_what_cannot_be_taken_back_is_explained(client_of_rater, made) -> None:
    first = seated(client_of_rater, made)
    url = reverse("annotation:undo", args=[made.slug, first.pk])
    page = client_of_rater.post(url, follow=True).content.decode()
    assert "Only what you sent last" in page


def test_a_study_of_choices_alone_asks_no_criterion_and_keeps_the_reason(client_of_rater) -> None:
    made = study(1, slug="choice", asks_ratings=False)
    Study.objects.filter(pk=made.pk).update(asks_reason=True)
    held = seated(client_of_rater, made)
    page = client_of_rater.get("/rate/choice/").content.decode()
    assert "data-criterion" not in page
    sent = {"token": held.token, "preference": "B", "idempotency_key": "k"}
    answer = post(client_of_rater, held, "submit", sent)
    assert answer.status_code == 422
    assert "Say in a sentence why." in answer.content.decode()
    post(client_of_rater, held, "draft", sent | {"reason": "It asks"})
    assert "It asks</textarea>" in client_of_rater.get("/rate/choice/").content.decode()
    answer = post(client_of_rater, held, "submit", sent | {"reason": "It asks."})
    assert answer.status_code == 302
    assert held.preferences.get().reason == "It asks."


@pytest.mark.parametrize("what", ["submit", "skip", "draft", "undo"])
def test_an_item_takes_nothing_from_somebody_else(what, client_of_rater, signed_in, made) -> None:
    assignment = seated(client_of_rater, made)
    assert post(signed_in(person("rater")), assignment, what, form(assignment)).status_code == 404
    assert post(signed_in(person("curator")), assignment, what, form(assignment)).status_code == 403
    assert post(Client(), assignment, what, form(assignment)).status_code == 302
    assignment.refresh_from_db()
    assert (assignment.state, assignment.draft) == ("leased", None)


@pytest.mark.parametrize("name", ["rate", "start", "pause"])
def test_the_raters_pages_are_for_raters(name, signed_in, made) -> None:
    url = reverse(f"annotation:{name}", args=[made.slug])
    assert Client().get(url).status_code == 302
    assert signed_in(person("curator")).get(url).status_code == 403
    assert signed_in(person("rater")).get(url).status_code == 200


def test_a_study_that_is_not_open_yet_does_not_exist_for_raters(client_of_rater) -> None:
    study(is_open=False, slug="draft")
    assert client_of_rater.get("/rate/draft/").status_code == 404
    assert client_of_rater.post("/rate/draft/start/").status_code == 404


def test_the_end_and_the_close_are_explained(client_of_rater, made) -> None:
    for _ in range(4):
        assignment = seated(client_of_rater, made)
        post(client_of_rater, assignment, "submit", form(assignment))
    page = client_of_rater.get("/rate/spring/").content.decode()
    assert "That was everything" in page
    assert "You rated 4 items" in page
    studies.close(by=None, study=made, at=AT)
    assert "This study is closed" in client_of_rater.get("/rate/spring/").content.decode()


def test_waiting_is_explained(client_of_rater, signed_in) -> None:
    made = study(1, k=1, slug="small")
    seated(signed_in(person("rater")), made)
    client_of_rater.post("/rate/small/start/")
    assert "Other raters are working" in client_of_rater.get("/rate/small/").content.decode()


def test_the_page_and_the_submit_cost_few_queries(
    client_of_rater, made, django_assert_max_num_queries
) -> None:
    post(client_of_rater, first := seated(client_of_rater, made), "submit", form(first))
    with django_assert_max_num_queries(15):
        client_of_rater.get("/rate/spring/")
    assignment = Assignment.objects.get(state="leased")
    sent = form(assignment)
    with django_assert_max_num_queries(10):
        post(client_of_rater, assignment, "submit", sent)


def test_what_is_sent_is_answered_with_the_next_item_where_that_is_asked(
    client_of_rater, made
) -> None:
    assignment = seated(client_of_rater, made)
    asked = JSON | {"X-Next-Page": "1"}
    answer = post(client_of_rater, assignment, "submit", form(assignment), **asked)
    following = Assignment.objects.get(state="leased")
    page = answer.content.decode()
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    assert f"/{following.pk}/submit/" in page and following.token in page
    again = post(client_of_rater, assignment, "submit", form(assignment), **asked)
    assert following.token in again.content.decode()  # a replay gets the same item
    refused = post(client_of_rater, following, "submit", {"token": following.token}, **asked)
    assert refused.status_code == 422 and refused.json()["message"]


def test_open_studies_wait_for_a_rater_until_they_are_through(
    client_of_rater, rater, made, django_assert_num_queries
) -> None:
    study(is_open=False, slug="draft")
    post(client_of_rater, first := seated(client_of_rater, made), "submit", form(first))
    with django_assert_num_queries(2):
        (waiting,) = progress.waiting_for(rater)
    assert (waiting.study, waiting.n_finished, waiting.minutes) == (made, 1, 4)
    for _ in range(3):
        post(client_of_rater, item := seated(client_of_rater, made), "submit", form(item))
    assert progress.waiting_for(rater) == []


def anonymised(page: str) -> str:
    """The page without what is random in every page: ids, tokens, keys, the CSRF token."""
    page = re.sub(r"[A-Za-z0-9_-]{22,}", "ID", page)
    return re.sub(r'"\d{4}-\d\d-\d\dT[^"]*"', "TIME", page)


def test_two_studies_that_differ_in_models_only_look_the_same(rater, signed_in) -> None:
    client, pages, shapes = signed_in(rater), [], []
    for slug, names in (("one", ("base-model", "tuned-model")), ("two", ("x", "y"))):
        over = prompt_set(1, slug=f"set-{slug}")
        runs = [run(over, name, "The same answer.") for name in names]
        made = study(runs=runs, slug=slug)
        seated(client, made)
        answer = client.get(f"/rate/{slug}/")
        pages.append(anonymised(re.sub(rf"([/=]){slug}\b", r"\1SLUG", answer.content.decode())))
        shape = client.post(f"/api/v1/studies/{made.pk}/next/").content.decode()
        shapes.append(anonymised(shape))
        for told in (answer.content.decode() + str(answer.headers), shape):
            for arm in runs:
                secrets = [arm.pk, arm.model.pk, arm.model.name + "<", arm.completions.get().pk]
                assert not [secret for secret in secrets if secret in told]
    assert pages[0] == pages[1]
    assert shapes[0] == shapes[1]
