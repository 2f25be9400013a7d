from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus.models import PromptSet, Source, Version

SignIn = Callable[[User], Client]
PROMPTS, PAIRS = "corpus:import", "corpus:import_pairs"


def send(client: Client, name: str, text: str, **changes: Any) -> Any:
    said = {"format": "jsonl", "source": "Workshop", "set_name": "Made"}
    file = SimpleUploadedFile("made.jsonl", text.encode())
    return client.post(reverse(name), {**said, "file": file, **changes})


@pytest.mark.parametrize("name", [PROMPTS, PAIRS])
def test_who_may_not_import_does_not(author: User, signed_in: SignIn, name: str) -> None:
    text = '{"prompt": "a", "response": "b"}'
    assert send(Client(), name, text).status_code == 302
    assert send(signed_in(author), name, text).status_code == 403
    assert not Source.objects.exists()


def test_an_engineer_imports_prompts_and_sees_them(engineer: User, signed_in: SignIn) -> None:
    client = signed_in(engineer)
    assert b'href="/corpus/import/pairs/"' not in client.get(reverse(PROMPTS)).content
    page = send(client, PROMPTS, '{"prompt": "A made one"}', follow=True)
    assert page["Location"] == PromptSet.objects.get().get_absolute_url()
    assert b"A made one" in client.get(page["Location"]).content
    again = send(client, PROMPTS, '{"prompt": "A made one"}')
    assert again.status_code == 422 and b"choose another name" in again.content


def test_a_curator_imports_pairs_as_drafts(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    answer = send(client, PAIRS, '{"prompt": "a", "response": "b"}')
    assert answer["Location"] == reverse("corpus:index")
    assert Version.objects.get().author == curator


def test_problems_are_listed_by_row_and_nothing_changes(curator: User, signed_in: SignIn) -> None:
    text = "\n".join(['{"prompt": "a", "response": ""}'] * 25)
    page = send(signed_in(curator), PAIRS, text)
    assert page.status_code == 422 and b"Nothing was imported" in page.content
    assert b"Row 1, column &#x27;response&#x27;: There is no text." in page.content
    assert b"And 5 more" in page.content
    assert not Source.objects.exists()


def test_a_check_counts_and_keeps_nothing(curator: User, signed_in: SignIn) -> None:
    page = send(signed_in(curator), PROMPTS, '{"prompt": "a"}', trial="1")
    assert page.status_code == 200 and b"can be imported" in page.content
    assert not PromptSet.objects.exists()


def test_a_file_too_large_is_refused(curator: User, signed_in: SignIn, settings: Any) -> None:
    settings.MAX_IMPORT_BYTES = 10
    page = send(signed_in(curator), PROMPTS, '{"prompt": "a"}')
    assert page.status_code == 422 and b"larger than" in page.content
