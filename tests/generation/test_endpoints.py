"""The page of an endpoint: is it there, which models, a test question, its key, its speed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from generation import checking
from generation.models import Server
from generation.speed import Answered, alone, speeds, together
from tests import stub_server as stub
from tests.generation import made
from tests.generation.test_language_models import served
from tests.generation.test_pages import SignIn

pytestmark = pytest.mark.django_db


def look(browser: Any, pk: str) -> str:
    path = reverse("generation:check_endpoint", args=[pk])
    return str(browser.get(path, headers={"HX-Request": "true"}).content.decode())


def test_a_look_fills_the_name_into_the_test_question(
    engineer: User, signed_in: SignIn, stub_server: Any
) -> None:
    place = made.endpoint(stub_server.url)
    browser = signed_in(engineer)
    assert 'value="stub-model"' not in browser.get(place.get_absolute_url()).content.decode()
    text = look(browser, place.pk)
    assert "<html" not in text and 'name="model" value="stub-model"' in text


@pytest.mark.parametrize("status", [302, 307, 400, 401, 404, 418])
def test_a_server_without_a_health_page_is_known_by_its_list_of_models(
    status: int, stub_server: Any
) -> None:
    stub_server.health_status = status
    found = checking.look_at(made.endpoint(stub_server.url))
    assert (found.trouble, found.served) == ("", tuple(stub.MODELS))


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_whose_health_page_fails_is_down(status: int, stub_server: Any) -> None:
    stub_server.health_status = status
    assert str(status) in checking.look_at(made.endpoint(stub_server.url)).trouble


def test_the_page_says_whether_the_key_is_set_and_never_shows_it(
    engineer: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = made.endpoint(api_key_variable="MADE_API_KEY")
    browser = signed_in(engineer)
    assert "not set for the site" in browser.get(place.get_absolute_url()).content.decode()
    monkeypatch.setenv("MADE_API_KEY", "sk-very-secret")
    text = browser.get(place.get_absolute_url()).content.decode()
    assert "MADE_API_KEY" in text and "not set for the site" not in text
    assert "sk-very-secret" not in text


def test_a_server_of_this_machine_is_asked_and_one_of_another_is_not(
    stub_server: Any, settings: Any
) -> None:
    from generation.actions import servers

    settings.HOST_NAME = "gpu-1"
    model = served()
    assert model.endpoint
    assert "None of its servers is ready" in checking.look_at(model.endpoint).trouble
    row = servers.want(by=None, model=model, host="gpu-1", at=made.AT)
    port = int(stub_server.url.rsplit(":", 1)[1])
    Server.objects.filter(pk=row.pk).update(state="ready", ready_at=made.AT, port=port)
    assert checking.look_at(model.endpoint).served == tuple(stub.MODELS)
    assert checking.try_out(model.endpoint, model="base", text="Hello?").text
    settings.HOST_NAME = "gpu-2"
    assert "gpu-1" in checking.try_out(model.endpoint, model="base", text="Hello?").trouble


def test_speed_is_tokens_over_time() -> None:
    answers = [Answered(made.AT + timedelta(seconds=s), 2.0, 100) for s in (0, 1, 8)]
    assert together(answers) == 300 / 10
    assert alone(answers) == 300 / 6
    assert together([Answered(made.AT, 0.0, 5)]) is None
    assert alone([Answered(made.AT, 0.0, 5)]) is None


def test_the_page_says_how_fast_the_last_runs_were_and_of_how_many_answers(
    researcher: User, signed_in: SignIn, stub_server: Any, django_assert_num_queries: Any
) -> None:
    stub_server.always(stub.says("One two three."))
    run = made.answered(4, url=stub_server.url)
    made.run(prompts=run.prompt_set)
    place = run.model.endpoint
    assert place
    (speed,) = speeds(place)
    assert (speed.run, speed.n) == (run, 4)
    assert speed.alone and speed.alone > 0
    browser = signed_in(researcher)
    browser.get(place.get_absolute_url())
    with django_assert_num_queries(8):
        text = browser.get(place.get_absolute_url()).content.decode()
    assert run.get_absolute_url() in text and "Tokens per second" in text
