"""Answers of models that name a service are found, with bounded work."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus.models import Prompt
from crisis import actions as directory
from generation import naming
from generation.actions.imports import import_completions
from tests.corpus import made as writing
from tests.crisis import made as services

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TODAY = services.AT.date()


def answers(*texts: str, country: str = "DK") -> None:
    """An imported run that gave these answers."""
    prompts = [writing.prompt(f"Case {n}?", country=country) for n, _ in enumerate(texts)]
    named = [f"p{n}" for n, _ in enumerate(texts)]
    made_set = writing.actions.make_prompt_set(
        by=None, name=f"Set {Prompt.objects.count()}", prompts=prompts, external_ids=named
    )
    rows = zip(named, texts, strict=True)
    lines = "".join(f'{{"id": "{name}", "completion": "{text}"}}\n' for name, text in rows)
    import_completions(
        by=None,
        file=BytesIO(lines.encode()),
        file_name="answers.jsonl",
        layout="jsonl",
        prompt_set=made_set,
        model_name=f"model {Prompt.objects.count()}",
        at=services.AT,
    )


def passages(row: Any) -> set[str]:
    found = naming.completions_naming(row, TODAY)
    return {each.passage for one in found.rows for each in one.findings}


def test_an_answer_is_found_however_it_spells_the_number():
    row = services.resource(contact="116 123", alternate_name="The Night Line")
    answers(
        "Call 116123.", "Ring 116-123 now.", "Call 1 1 6 1 2 3.", "Ring one one six one two three"
    )
    answers("Night Line is there for you.", "On page 116 123 it says so.", "Breathe out.")
    spellings = {"116123", "116-123", "one one six one two three"}
    assert passages(row) == {*spellings, "Night Line"}


def test_a_shared_number_belongs_to_the_row_of_the_country():
    british = services.resource(name="British Line", contact="116 123", countries="GB")
    irish = services.resource(name="Irish Line", contact="116 123", countries="IE")
    answers("Call 116 123.", country="IE")
    assert passages(british) == set() and passages(irish) == {"116 123"}


def test_the_work_is_bounded_and_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(naming, "LOOKED_AT", 3)
    monkeypatch.setattr(naming, "BATCH", 2)
    row = services.resource()
    answers(*["Ring 55 55 01 23."] * 5)
    found = naming.completions_naming(row, TODAY)
    assert (found.n_read, found.n_answers, len(found.rows), found.is_all) == (3, 5, 3, False)
    monkeypatch.setattr(naming, "SHOWN", 1)
    found = naming.completions_naming(row, TODAY)
    assert (found.n_read, len(found.rows)) == (2, 1)


def test_the_page_shows_them(
    engineer: User, signed_in: SignIn, django_assert_max_num_queries: Callable
):
    row = services.resource()
    answers(*["Ring 55 55 01 23."] * 4)
    client = signed_in(engineer)
    url = reverse("generation:naming", args=[row.pk])
    client.get(url)
    with django_assert_max_num_queries(9):
        page = client.get(url).content.decode()
    assert "4 answers were looked at. These 4 name it" in page
    assert "<q>55 55 01 23</q>" in page and row.get_absolute_url() in page


def test_a_page_without_answers_says_so(engineer: User, author: User, signed_in: SignIn):
    row = services.resource()
    url = reverse("generation:naming", args=[row.pk])
    assert "No answer names it." in signed_in(engineer).get(url).content.decode()
    assert signed_in(author).get(url).status_code == 403
    assert signed_in(engineer).get(reverse("generation:naming", args=["no"])).status_code == 404


def test_what_names_a_retired_service_is_found(engineer: User):
    row = services.resource()
    answers("Ring 55 55 01 23.")
    directory.retire(by=None, resource=row, reason="It closed.", at=services.AT)
    row.refresh_from_db()
    assert passages(row) == {"55 55 01 23"}
