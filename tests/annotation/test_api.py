"""The REST rating contract: shapes, replays, refusals, and whose item it is."""

import pytest
from django.test import Client

from annotation.actions import raters
from annotation.models import Assignment, Rating, Study
from tests.annotation.made import ratings, rubric, study
from tests.people import person

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body=None, **headers: str):
    return client.post(f"/api/v1/{path}", body or {}, "application/json", headers=headers)


def ask(client: Client, of: Study):
    answer = post(client, f"studies/{of.pk}/next/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def submit(client: Client, item, of: Study, key="k1", **changes):
    body = {"token": item["token"], "ratings": ratings(of), "preference": "A"} | changes
    return post(client, f"assignments/{item['id']}/submit/", body, **{"Idempotency-Key": key})


@pytest.fixture
def made() -> Study:
    return study()


@pytest.fixture
def browser_of_rater(rater, signed_in) -> Client:
    return signed_in(rater)


def test_next_gives_exactly_the_shape_of_the_contract(browser_of_rater, made) -> None:
    answer = ask(browser_of_rater, made)
    assert set(answer) == {"assignment"}
    item = answer["assignment"]
    assert set(item) == {
        *("id", "token", "lease_expires_at", "prompt", "answers", "criteria", "strategies"),
    }
    assert set(item["prompt"]) == {"messages", "language"}
    assert [set(shown) for shown in item["answers"]] == [{"slot", "text", "before"}] * 2
    assert [shown["slot"] for shown in item["answers"]] == ["A", "B"]
    assert [asked["key"] for asked in item["criteria"]] == [
        "declines",
        "grounding",
        "references",
        "relevance",
    ]


def test_next_says_why_there_is_nothing(browser_of_rater, made) -> None:
    for _ in range(made.n_items):
        item = ask(browser_of_rater, made)["assignment"]
        assert submit(browser_of_rater, item, made).status_code == 200
    assert ask(browser_of_rater, made) == {"assignment": None, "reason": "done"}


def test_a_closed_study_says_so(browser_of_rater, curator, signed_in, made) -> None:
    assert post(signed_in(curator), f"studies/{made.pk}/close/").status_code == 200
    assert ask(browser_of_rater, made) == {"assignment": None, "reason": "closed"}


def test_a_submit_can_be_repeated_but_not_changed(browser_of_rater, made) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    first = submit(browser_of_rater, item, made)
    assert first.status_code == 200, first.content
    again = submit(browser_of_rater, item, made)
    assert (again.status_code, again.json()) == (200, first.json())
    assert submit(browser_of_rater, item, made, preference="B").status_code == 422
    assert submit(browser_of_rater, item, made, key="k2").status_code == 409
    assert Rating.objects.count() == 8


def test_a_submit_needs_its_key(browser_of_rater, made) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    body = {"token": item["token"], "ratings": ratings(made), "preference": "A"}
    answer = post(browser_of_rater, f"assignments/{item['id']}/submit/", body)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.parametrize("body", [[], "x", {}, {"token": 3}, {"token": ""}])
def test_a_submit_without_a_token_is_refused(browser_of_rater, made, body) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    path = f"/api/v1/assignments/{item['id']}/submit/"
    answer = browser_of_rater.post(path, body, "application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 400


def test_answers_that_do_not_fit_are_named_by_field(browser_of_rater, made) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    sent = [*ratings(made, grounding=6)]
    answer = submit(browser_of_rater, item, made, ratings=sent, preference=None)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"A.grounding", "B.grounding", "preference"}


def test_a_lost_lease_is_a_conflict_and_keeps_the_text(browser_of_rater, made) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    answer = submit(browser_of_rater, item, made, token="of-an-older-lease")
    assert answer.status_code == 409
    kept = browser_of_rater.get(f"/api/v1/assignments/{item['id']}/").json()
    assert (kept["state"], kept["draft"]["preference"]) == ("leased", "A")


def test_a_draft_is_kept(browser_of_rater, made) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    body = {"token": item["token"], "ratings": ratings(made)[:3]}
    path = f"/api/v1/assignments/{item['id']}/draft/"
    assert browser_of_rater.put(path, body, "application/json").status_code == 200
    kept = browser_of_rater.get(f"/api/v1/assignments/{item['id']}/").json()
    assert kept["draft"]["ratings"] == ratings(made)[:3]


def test_a_skip_leads_to_another_item(browser_of_rater, made) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    answer = post(browser_of_rater, f"assignments/{item['id']}/skip/", {"token": item["token"]})
    assert (answer.status_code, answer.json()["state"]) == (200, "skipped")
    assert ask(browser_of_rater, made)["assignment"]["id"] != item["id"]


def test_what_was_sent_last_is_taken_back_and_sent_anew(browser_of_rater, made) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    submit(browser_of_rater, item, made)
    answer = post(browser_of_rater, f"assignments/{item['id']}/undo/")
    assert (answer.status_code, answer.json()["state"]) == (200, "leased")
    assert not Rating.objects.exists()
    again = ask(browser_of_rater, made)["assignment"]
    assert again["id"] == item["id"]
    assert again["token"] != item["token"]
    assert submit(browser_of_rater, again, made, key="k2").status_code == 200
    assert post(browser_of_rater, f"assignments/{again['id']}/undo/").status_code == 200
    assert post(browser_of_rater, f"assignments/{again['id']}/undo/").status_code == 409


def test_nobody_reads_saves_submits_or_skips_for_somebody_else(
    browser_of_rater, signed_in, made
) -> None:
    item = ask(browser_of_rater, made)["assignment"]
    other = signed_in(person("rater"))
    path = f"/api/v1/assignments/{item['id']}/"
    token = {"token": item["token"]}
    assert other.get(path).status_code == 404
    assert other.put(f"{path}draft/", token, "application/json").status_code == 404
    assert submit(other, item, made).status_code == 404
    assert post(other, f"assignments/{item['id']}/skip/", token).status_code == 404
    assert other.get("/api/v1/assignments/").json()["results"] == []
    assert Assignment.objects.get().state == "leased"
    assert not Rating.objects.exists()


@pytest.mark.parametrize("role", ["curator", "researcher", "author", "engineer"])
def test_only_raters_are_given_items(role, signed_in, made) -> None:
    assert post(signed_in(person(role)), f"studies/{made.pk}/next/").status_code == 403


def test_strangers_get_nothing(made) -> None:
    assert post(Client(), f"studies/{made.pk}/next/").status_code in (401, 403)


def test_raters_see_open_studies_only_and_nothing_of_their_runs(browser_of_rater, made) -> None:
    study(is_open=False, slug="draft")
    found = browser_of_rater.get("/api/v1/studies/").json()["results"]
    assert [each["slug"] for each in found] == ["spring"]
    assert not {"runs", "k", "seed"} & set(found[0])
    draft = Study.objects.get(slug="draft")
    assert browser_of_rater.get(f"/api/v1/studies/{draft.pk}/").status_code == 404
    assert post(browser_of_rater, f"studies/{draft.pk}/next/").status_code == 404


def test_raters_never_read_ratings(browser_of_rater) -> None:
    assert browser_of_rater.get("/api/v1/ratings/").status_code == 403


def test_ratings_are_read_by_those_who_read_studies(
    browser_of_rater, researcher, signed_in, made, django_assert_num_queries
) -> None:
    submit(browser_of_rater, ask(browser_of_rater, made)["assignment"], made)
    client = signed_in(researcher)
    with django_assert_num_queries(4):  # session, user, roles, ratings
        found = client.get(f"/api/v1/ratings/?study={made.pk}&criterion=declines").json()
    assert {row["value"] for row in found["results"]} == {0}
    assert len(found["results"]) == 2
    assert client.get("/api/v1/ratings/?colour=red").status_code == 400


def test_progress_tells_raters_of_themselves_only(browser_of_rater, curator, signed_in, made):
    submit(browser_of_rater, ask(browser_of_rater, made)["assignment"], made)
    path = f"/api/v1/studies/{made.pk}/progress/"
    assert browser_of_rater.get(path).json() == {"n_items": 4, "n_submitted": 1, "n_skipped": 0}
    whole = signed_in(curator).get(path).json()
    assert (whole["n_wanted"], whole["n_submitted"], whole["n_raters"]) == (8, 1, 1)


def test_a_curator_makes_opens_and_closes_a_study(curator, signed_in, made) -> None:
    client = signed_in(curator)
    runs = [run.pk for run in made.runs.all()]
    body = {"name": "Autumn", "slug": "autumn", "rubric": rubric().pk, "runs": runs, "k": 2}
    answer = post(client, "studies/", body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["n_items"] == 4
    pk = answer.json()["id"]
    assert post(client, f"studies/{pk}/open/").json()["state"] == "open"
    assert post(client, f"studies/{pk}/open/").status_code == 409
    assert post(client, f"studies/{pk}/close/").json()["state"] == "closed"
    assert post(client, "studies/", body).status_code == 422


def test_others_make_no_studies(browser_of_rater, researcher, signed_in) -> None:
    for client in (browser_of_rater, signed_in(researcher)):
        assert post(client, "studies/", {}).status_code == 403


def test_asking_for_an_item_costs_few_queries(
    browser_of_rater, rater, made, django_assert_max_num_queries
) -> None:
    raters.of(rater)
    ask(browser_of_rater, made)
    with django_assert_max_num_queries(12):
        ask(browser_of_rater, made)
