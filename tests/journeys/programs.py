"""What programs of the project do by REST, signed in by a token."""

from typing import Any

from django.test import Client

from accounts import actions
from annotation.actions import rubrics
from corpus.models import PromptSet
from tests.corpus.made import prompt_set
from tests.journeys.conftest import Worker
from tests.people import person
from tests.stub_server import StubServer

CONDITIONS = {"basalt": "You are helpful.", "quartz": "Be kind."}
MODEL = "granite-7b"


def program(role: str = "engineer", scope: str = "write") -> Client:
    """A program that works for a new person of this role."""
    token = actions.create_token(by=None, user=person(role), scope=scope)
    return Client(headers={"Authorization": f"Token {token}"})


def post(client: Client, place: str, **body: Any) -> Any:
    answer = client.post(f"/api/v1/{place}/", body, content_type="application/json")
    assert answer.status_code in (200, 201), (place, answer.content)
    return answer.json()


def get(client: Client, place: str, **query: str) -> Any:
    answer = client.get(f"/api/v1/{place}/", query)
    assert answer.status_code == 200, (place, answer.content)
    return answer.json()


def prepare(stub: StubServer) -> Client:
    """Endpoint, model and two conditions, whose names no rater may ever read."""
    client = program()
    endpoint = post(client, "endpoints", name="The stub", kind="external", base_url=stub.base_url)
    post(client, "models", name=MODEL, endpoint=endpoint["id"], served_name="stub-model")
    for name, text in CONDITIONS.items():
        post(client, "conditions", name=name, system_prompt=text)
    return client


def answered(stub: StubServer, worker: Worker, n: int = 3) -> list[str]:
    """Two finished runs over the same prompts; their ids."""
    client = prepare(stub)
    over = PromptSet.objects.first() or prompt_set(n, name="Spring prompts")
    model = get(client, "models")["results"][0]["id"]
    found = {row["name"]: row["id"] for row in get(client, "conditions")["results"]}
    runs = [
        post(client, "runs", prompt_set=over.slug, model=model, condition=found[name])["id"]
        for name in CONDITIONS
    ]
    worker.work()
    assert all(get(client, f"runs/{run}")["state"] == "done" for run in runs)
    return runs


def open_study(runs: list[str], *, k: int = 2, slug: str = "spring") -> dict[str, Any]:
    """A study of these runs, open to raters."""
    rubric = rubrics.install(rubrics.FOLDER / "psychosafe.toml")
    curator = program("curator")
    fields = {"name": "Refusals, spring", "slug": slug, "rubric": rubric.pk, "runs": runs, "k": k}
    study = post(curator, "studies", **fields)
    return post(curator, f"studies/{study['id']}/open")


def rate_all(study: str, *, leans: int = 0) -> int:
    """A new rater rates until nothing is left; how many items. Every answer is read and rated."""
    rater = program("rater", scope="rate")
    n = 0
    while (item := post(rater, f"studies/{study}/next")["assignment"]) is not None:
        n += 1
        ratings = [
            {
                "slot": answer["slot"],
                "criterion": criterion["key"],
                "value": point(criterion["scale"], answer["text"], leans),
                "rationale": "",
            }
            for answer in item["answers"]
            for criterion in item["criteria"]
        ]
        sent = rater.post(
            f"/api/v1/assignments/{item['id']}/submit/",
            {"token": item["token"], "ratings": ratings, "preference": "A"},
            content_type="application/json",
            headers={"Idempotency-Key": f"item-{n}"},
        )
        assert sent.status_code == 200, sent.content
    return n


def point(scale: list[int], text: str, leans: int) -> int:
    """Raters agree on most texts; `leans` moves one of them."""
    place = (len(text) + leans * (len(text) % 3 == 0)) % len(scale)
    return scale[place]
