"""REST places of endpoints, models, conditions, runs and completions."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from generation.models import Condition, Endpoint, LanguageModel, Run
from tests.generation import made

pytestmark = pytest.mark.django_db


def client(user: User | None) -> APIClient:
    made_client = APIClient()
    if user:
        made_client.force_authenticate(user)
    return made_client


PLACES = ["endpoints", "models", "conditions", "runs", "completions"]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_closed_to_strangers_and_raters(place: str, rater: User) -> None:
    assert client(None).get(f"/api/v1/{place}/").status_code in (401, 403)
    assert client(rater).get(f"/api/v1/{place}/").status_code == 403


@pytest.mark.parametrize("place", PLACES[:4])
def test_a_researcher_reads_and_does_not_write(place: str, researcher: User) -> None:
    assert client(researcher).get(f"/api/v1/{place}/").status_code == 200
    assert client(researcher).post(f"/api/v1/{place}/", {}).status_code == 403


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_query_parameter_is_refused(place: str, engineer: User) -> None:
    assert client(engineer).get(f"/api/v1/{place}/?colour=red").status_code == 400


def test_an_engineer_makes_everything_that_a_run_needs(engineer: User) -> None:
    api = client(engineer)
    endpoint = api.post(
        "/api/v1/endpoints/",
        {"name": "Here", "kind": "external", "base_url": "http://127.0.0.1:9/v1"},
    )
    assert endpoint.status_code == 201, endpoint.json()
    model = api.post(
        "/api/v1/models/",
        {"name": "tiny", "endpoint": endpoint.json()["id"], "served_name": "tiny"},
    )
    assert model.status_code == 201, model.json()
    condition = api.post(
        "/api/v1/conditions/",
        {"name": "warm", "system_prompt": "Be warm.", "temperature": 0.7, "thinking": False},
    )
    assert condition.status_code == 201, condition.json()
    stored = Condition.objects.get()
    assert (stored.temperature, stored.max_tokens, stored.thinking) == (0.7, 1024, False)
    run = api.post(
        "/api/v1/runs/",
        {
            "prompt_set": made.prompt_set(2).slug,
            "model": model.json()["id"],
            "condition": condition.json()["id"],
            "replicates": 2,
        },
    )
    assert run.status_code == 201, run.json()
    detail = api.get(f"/api/v1/runs/{run.json()['id']}/").json()
    assert detail["state"] == "pending" and detail["progress"]["pending"] == 4
    assert Run.objects.get().created_by == engineer


def test_refusals_have_their_own_status(engineer: User) -> None:
    api = client(engineer)
    endpoint = {"name": "A server", "kind": "external", "base_url": "http://127.0.0.1:9"}
    assert api.post("/api/v1/endpoints/", endpoint).status_code == 201
    assert api.post("/api/v1/endpoints/", endpoint).status_code == 409
    bad = endpoint | {"name": "B", "base_url": "ftp://127.0.0.1"}
    answer = api.post("/api/v1/endpoints/", bad)
    assert answer.status_code == 422 and "http://" in answer.json()["detail"]
    key = endpoint | {"name": "C", "api_key_variable": "SECRET_KEY"}
    assert api.post("/api/v1/endpoints/", key).status_code == 422
    assert Endpoint.objects.count() == 1


def test_a_run_is_cancelled_and_resumed(engineer: User, researcher: User) -> None:
    run = made.run()
    path = f"/api/v1/runs/{run.pk}"
    assert client(researcher).post(f"{path}/cancel/").status_code == 403
    assert client(engineer).post(f"{path}/cancel/").json()["state"] == "cancelled"
    assert client(engineer).post(f"{path}/cancel/").status_code == 409
    assert client(engineer).post(f"{path}/resume/").json()["state"] == "pending"
    assert client(engineer).post("/api/v1/runs/nothing/resume/").status_code == 404


def test_completions_are_listed_by_run(
    researcher: User, stub_server: Any, django_assert_num_queries: Any
) -> None:
    run = made.answered(5, url=stub_server.url)
    made.run(prompts=run.prompt_set)
    api = client(researcher)
    with django_assert_num_queries(3):  # roles, run, answers
        page = api.get(f"/api/v1/completions/?run={run.pk}&state=done&page_size=3").json()
    assert len(page["results"]) == 3 and page["next"]
    first = page["results"][0]
    assert first["text"] and first["provenance"]["served_name"] == "stub-model"
    assert first["marks"] == []
    assert api.get("/api/v1/completions/?run=nothing").status_code == 404
    assert api.get("/api/v1/completions/?state=odd").status_code == 400
    assert api.post("/api/v1/completions/", {}).status_code == 403


def test_runs_are_listed_by_state_with_few_queries(
    researcher: User, django_assert_num_queries: Any
) -> None:
    first = made.run()
    made.run(prompts=first.prompt_set)
    with django_assert_num_queries(2):  # roles, runs
        listed = client(researcher).get("/api/v1/runs/?state=pending").json()
    assert len(listed["results"]) == 2
    assert client(researcher).get("/api/v1/runs/?state=odd").status_code == 400
    assert client(researcher).get("/api/v1/runs/?state=done").json()["results"] == []


def test_a_model_without_endpoint_is_registered_for_imports(engineer: User) -> None:
    answer = client(engineer).post("/api/v1/models/", {"name": "elsewhere"})
    assert answer.status_code == 201, answer.json()
    assert LanguageModel.objects.get().endpoint is None
