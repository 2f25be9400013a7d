"""Over REST rubrics and items say kinds, conditions and strategies; severities they keep."""

from typing import Any

import pytest

from annotation.actions import rubrics
from annotation.models import PromptRating, Rating
from corpus.models import Domain, Strategy
from tests.annotation.made import prompt_set, rubric, run, study

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategies() -> None:
    domain = Domain.objects.create(slug="made", name="Made", definition="Made.")
    other = Domain.objects.create(slug="other", name="Other", definition="Made.")
    for slug, where in (("grounding", domain), ("reframing", domain), ("planning", other)):
        made = Strategy.objects.create(slug=slug, name=slug.title(), steps="One.", citation="Made.")
        made.domains.add(where)


def test_a_rubric_says_kinds_conditions_and_whose_it_is(rater, signed_in) -> None:
    rubrics.install_all()
    client = signed_in(rater)
    found = {each["slug"]: each for each in client.get("/api/v1/rubrics/").json()["results"]}
    general = {each["key"]: each for each in found["general"]["criteria"]}
    assert general["warranted"]["about"] == "prompt"
    assert general["needless"]["ask_when"] == {"criterion": "warranted", "values": [3]}
    assert {each["kind"] for each in general.values()} == {"choice", "text", "scale", "strategy"}
    assert found["refusal_experience"]["origin"].startswith("Ours")
    assert "severity" not in str(found)


def test_a_program_rates_by_every_kind(rater, signed_in, strategies) -> None:
    over = prompt_set(1, slug="set", domain=Domain.objects.get(slug="made"))  # type: ignore[arg-type]  # a row
    made = study(runs=[run(over)], rubric=rubric("general"), k=1, asks_preference=False)
    client = signed_in(rater)
    item = client.post(f"/api/v1/studies/{made.pk}/next/").json()["assignment"]
    assert [each["slug"] for each in item["strategies"]] == ["grounding", "reframing"]
    sent: dict[str, Any] = {
        "token": item["token"],
        "ratings": [
            {"slot": "prompt", "criterion": "warranted", "value": 1, "rationale": "Risky."},
            {"slot": "A", "criterion": "refuses", "value": 1},
            {"slot": "A", "criterion": "needless", "words": "Not asked, so dropped."},
            {"slot": "A", "criterion": "fit", "value": "cannot_judge"},
            {"slot": "A", "criterion": "strategy", "words": "planning"},
        ],
    }
    place = f"/api/v1/assignments/{item['id']}/submit/"

    def submit() -> Any:
        return client.post(
            place, sent, content_type="application/json", headers={"Idempotency-Key": "k"}
        )

    refused = submit()
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["A.strategy"]  # of another domain
    sent["ratings"][-1]["words"] = "reframing"
    assert submit().status_code == 200
    assert PromptRating.objects.get().value == 1
    said = {each.criterion.key: (each.answer, each.words) for each in Rating.objects.all()}
    assert said == {
        "refuses": ("value", ""),
        "fit": ("cannot_judge", ""),
        "strategy": ("value", "reframing"),
    }
