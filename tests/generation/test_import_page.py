"""The page on which answers made elsewhere come in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from corpus.models import PromptSet
from generation import answers_form
from generation.models import LanguageModel, Run
from tests.generation import made
from tests.generation.brought import numbered

pytestmark = pytest.mark.django_db
PAGE = "/models/runs/import/"
TABLE = "id,completion\n1,Yes\n2,No\n"


@pytest.fixture
def three() -> PromptSet:
    return numbered(3)


def said(prompts: PromptSet, text: str = TABLE, name: str = "a.csv", **rest: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(name, text.encode())
    return {"file": file, "prompt_set": prompts.pk, "model": "elsewhere", **rest}


def test_the_page_has_its_address() -> None:
    assert reverse("generation:import_answers") == PAGE


def test_it_says_what_comes_first(engineer: User, signed_in: Any) -> None:
    page = signed_in(engineer).get(PAGE)
    assert "There is no prompt set yet." in page.content.decode()


def test_answers_become_a_finished_run(engineer: User, signed_in: Any, three: PromptSet) -> None:
    condition = made.condition()
    page = signed_in(engineer).post(
        PAGE, said(three, step="import", condition=condition.pk), follow=True
    )
    run = Run.objects.get()
    assert page.redirect_chain == [(run.get_absolute_url(), 302)]
    assert (run.created_by, run.condition, run.is_imported) == (engineer, condition, True)
    text = page.content.decode()
    assert "2 answers are in. 1 prompts of the set have no answer in this file." in text


def test_a_try_keeps_nothing(engineer: User, signed_in: Any, three: PromptSet) -> None:
    page = signed_in(engineer).post(PAGE, said(three, step="try"))
    assert "2 answers would come in." in page.content.decode()
    assert not Run.objects.exists() and not LanguageModel.objects.exists()


def test_bad_rows_are_named_beside_the_file(
    engineer: User, signed_in: Any, three: PromptSet
) -> None:
    page = signed_in(engineer).post(PAGE, said(three, TABLE + "9,x\n8,y\n"))
    assert page.status_code == 422
    found = page.context["form"].errors["file"]
    assert [each.split(":")[0] for each in found] == ["Row 4, column 'id'", "Row 5, column 'id'"]
    assert not Run.objects.exists()


def test_a_name_that_tells_no_format_needs_one(
    engineer: User, signed_in: Any, three: PromptSet
) -> None:
    client = signed_in(engineer)
    page = client.post(PAGE, said(three, name="results.json"))
    assert "Choose the format" in page.context["form"].errors["format"][0]
    page = client.post(PAGE, said(three, name="results.json", format="csv"))
    assert page.status_code == 302


def test_a_large_file_is_for_the_terminal(
    engineer: User, signed_in: Any, three: PromptSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_form, "MAX_BYTES", 10)
    page = signed_in(engineer).post(PAGE, said(three))
    assert "import_completions" in page.context["form"].errors["file"][0]


def test_only_engineers_import(rater: User, client: Any, signed_in: Any, three: PromptSet) -> None:
    assert client.post(PAGE, said(three)).status_code == 302
    assert signed_in(rater).post(PAGE, said(three)).status_code == 403
    assert not Run.objects.exists()


def test_the_list_of_runs_leads_there(engineer: User, signed_in: Any) -> None:
    page = signed_in(engineer).get(reverse("generation:runs"))
    assert f'href="{PAGE}"' in page.content.decode()
