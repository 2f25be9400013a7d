"""The pages of runs, endpoints, models and conditions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from generation import actions
from generation.models import Condition, Endpoint, LanguageModel, Run
from tests import stub_server as stub
from tests.generation import made

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

LISTS = ["runs", "models", "conditions", "endpoints"]
NEW = ["new_run", "new_model", "new_condition", "new_endpoint"]


def url(name: str, *args: str) -> str:
    return reverse(f"generation:{name}", args=args)


def forms() -> dict[str, dict[str, Any]]:
    """What is posted to each page that makes something."""
    prompts, model, condition = made.prompt_set(), made.model(), made.condition()
    return {
        "new_run": {
            "prompt_set": prompts.pk,
            "model": model.pk,
            "condition": condition.pk,
            "replicates": 2,
        },
        "new_model": {"name": "another", "endpoint": model.endpoint_id, "served_name": "x"},
        "new_condition": {
            "name": "hot",
            "system_prompt": "Hm.",
            "temperature": 1,
            "top_p": 1,
            "max_tokens": 10,
            "seed": 1,
            "thinking": "no",
        },
        "new_endpoint": {"name": "B", "kind": "external", "base_url": "http://127.0.0.1:9"},
    }


def counts() -> list[int]:
    return [kind.objects.count() for kind in (Run, LanguageModel, Condition, Endpoint)]


@pytest.mark.parametrize("name", [*LISTS, *NEW])
def test_strangers_are_sent_to_sign_in_and_raters_away(
    name: str, client: Client, rater: User, signed_in: SignIn
) -> None:
    assert client.get(url(name)).status_code == 302
    assert signed_in(rater).get(url(name)).status_code == 403


@pytest.mark.parametrize("name", NEW)
def test_only_engineers_make_things(
    name: str, client: Client, researcher: User, engineer: User, signed_in: SignIn
) -> None:
    posted = forms()[name]
    before = counts()
    assert client.post(url(name), posted).status_code == 302
    assert signed_in(researcher).post(url(name), posted).status_code == 403
    assert counts() == before
    assert signed_in(engineer).post(url(name), posted).status_code == 302
    assert sum(counts()) == sum(before) + 1


@pytest.mark.parametrize("name", NEW)
def test_an_empty_form_comes_back_with_what_is_missing(
    name: str, engineer: User, signed_in: SignIn
) -> None:
    forms()
    answer = signed_in(engineer).post(url(name), {"csrfmiddlewaretoken": "x"})
    assert answer.status_code == 422 and "This field is required" in answer.content.decode()


def test_a_refusal_stands_in_the_form(engineer: User, signed_in: SignIn) -> None:
    posted = forms()["new_endpoint"] | {"api_key_variable": "SECRET_KEY"}
    answer = signed_in(engineer).post(url("new_endpoint"), posted)
    assert answer.status_code == 422 and "ends with _API_KEY" in answer.content.decode()
    assert posted["base_url"] in answer.content.decode()


@pytest.mark.parametrize("name", [*LISTS, "new_run"])
def test_an_empty_list_says_what_to_do(name: str, engineer: User, signed_in: SignIn) -> None:
    text = signed_in(engineer).get(url(name)).content.decode()
    assert 'class="empty"' in text and "There is no" in text


def test_an_empty_list_offers_nothing_to_those_who_may_not(
    researcher: User, signed_in: SignIn
) -> None:
    text = signed_in(researcher).get(url("runs")).content.decode()
    assert "There is no run yet" in text and url("new_run") not in text


def test_lists_cost_the_same_however_long_they_are(
    researcher: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    browser = signed_in(researcher)
    prompts = made.prompt_set(2)
    for _ in range(4):
        made.run(prompts=prompts)
    for name, n in {"runs": 5, "models": 4, "conditions": 4, "endpoints": 4}.items():
        browser.get(url(name))
        with django_assert_num_queries(n):
            assert browser.get(url(name)).status_code == 200


def test_a_run_shows_its_progress_marks_and_newest_answers(
    researcher: User, signed_in: SignIn, stub_server: Any, django_assert_num_queries: Any
) -> None:
    stub_server.script(
        stub.says("Cut in the", finish_reason="length"),
        stub.says(""),
        stub.says("<think>Round and"),
        stub.fails(400, "The context is too long."),
    )
    run = made.answered(9, url=stub_server.url)
    browser = signed_in(researcher)
    browser.get(run.get_absolute_url())
    with django_assert_num_queries(8):
        text = browser.get(run.get_absolute_url()).content.decode()
    for words in ("9 of 9", "1 cut by length", "1 empty", "1 stuck in reasoning"):
        assert words in text
    assert "The context is too long." in text and "What the model answered" in text
    assert "hx-trigger" not in text
    assert url("resume_run", run.pk) not in text


def test_a_waiting_run_asks_for_its_progress_and_ends_with_a_fresh_page(
    engineer: User, signed_in: SignIn, stub_server: Any, django_assert_num_queries: Any
) -> None:
    run = made.run(stub_server.url)
    browser = signed_in(engineer)
    page = browser.get(run.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 2s"' in page and "Stop the run" in page
    with django_assert_num_queries(8):
        part = browser.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section id="progress"')
    assert "HX-Refresh" not in part
    made.shift(run).run()
    part = browser.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"


def test_a_run_whose_server_is_down_says_so_and_can_be_resumed(
    engineer: User, signed_in: SignIn
) -> None:
    run = made.run("http://127.0.0.1:9")
    made.shift(run).run()
    browser = signed_in(engineer)
    text = browser.get(run.get_absolute_url()).content.decode()
    assert "could not be asked" in text and "cannot be reached" in text and "Resume" in text
    browser.post(url("resume_run", run.pk))
    run.refresh_from_db()
    assert (run.state, run.last_error) == ("pending", "")


@pytest.mark.parametrize(
    ("name", "state"), [("cancel_run", "cancelled"), ("resume_run", "pending")]
)
def test_only_engineers_stop_and_resume(
    name: str, state: str, client: Client, researcher: User, engineer: User, signed_in: SignIn
) -> None:
    run = made.run()
    if name == "resume_run":
        actions.cancel(by=None, job=run, at=made.AT)
    before = Run.objects.get().state
    path = url(name, run.pk)
    assert client.post(path).status_code == 302
    assert signed_in(researcher).post(path).status_code == 403
    assert signed_in(engineer).get(path).status_code == 405
    assert Run.objects.get().state == before
    assert signed_in(engineer).post(path).status_code == 302
    assert Run.objects.get().state == state
    again = signed_in(engineer).post(path, follow=True).content.decode()
    assert ("nothing to cancel" if name == "cancel_run" else "worked on already") in again


def test_an_endpoint_is_looked_at_and_tried_out(
    engineer: User, signed_in: SignIn, stub_server: Any
) -> None:
    stub_server.version = "0.33.0"
    place = made.endpoint(stub_server.url)
    browser = signed_in(engineer)
    assert browser.get(place.get_absolute_url()).status_code == 200
    look = browser.get(url("check_endpoint", place.pk), headers={"HX-Request": "true"})
    text = look.content.decode()
    assert "It answers" in text and "stub-model" in text and "vllm 0.33.0" in text
    stub_server.always(stub.says("Hello & welcome."))
    posted = {"model": "stub-model", "text": "Say hello."}
    assert (
        "Hello &amp; welcome."
        in browser.post(url("try_endpoint", place.pk), posted).content.decode()
    )


def test_an_endpoint_that_is_down_says_so_in_words(engineer: User, signed_in: SignIn) -> None:
    place = made.endpoint()
    browser = signed_in(engineer)
    text = browser.get(url("check_endpoint", place.pk)).content.decode()
    assert "It does not answer." in text and "cannot be reached" in text
    posted = {"model": "x", "text": "Hello?"}
    text = browser.post(url("try_endpoint", place.pk), posted).content.decode()
    assert "There is no answer." in text


@pytest.mark.parametrize(("name", "method"), [("check_endpoint", "get"), ("try_endpoint", "post")])
def test_only_engineers_make_the_site_ask_an_endpoint(
    name: str,
    method: str,
    client: Client,
    researcher: User,
    signed_in: SignIn,
    stub_server: Any,
) -> None:
    path = url(name, made.endpoint(stub_server.url).pk)
    assert getattr(client, method)(path).status_code == 302
    assert getattr(signed_in(researcher), method)(path).status_code == 403
    assert not stub_server.requests


def test_an_endpoint_that_the_studio_starts_says_how(researcher: User, signed_in: SignIn) -> None:
    place = actions.register_endpoint(by=None, name="Own", kind="vllm")
    text = signed_in(researcher).get(place.get_absolute_url()).content.decode()
    assert "The Studio starts this server" in text and "vllm serve" in text


def test_a_condition_shows_its_system_prompt_and_can_be_copied(
    engineer: User, signed_in: SignIn
) -> None:
    condition = actions.make_condition(by=engineer, name="odd", system_prompt="<b>Be odd.</b>")
    browser = signed_in(engineer)
    assert "&lt;b&gt;Be odd." in browser.get(condition.get_absolute_url()).content.decode()
    copy = browser.get(f"{url('new_condition')}?like={condition.pk}").content.decode()
    assert "&lt;b&gt;Be odd." in copy


def test_the_shipped_conditions_are_added_by_one_button(
    client: Client, researcher: User, engineer: User, signed_in: SignIn
) -> None:
    path = url("install_conditions")
    assert client.post(path).status_code == 302
    assert signed_in(researcher).post(path).status_code == 403
    assert not Condition.objects.exists()
    signed_in(engineer).post(path)
    assert Condition.objects.count() == 2


def test_progress_says_how_long_it_may_still_take() -> None:
    from generation.progress import Progress

    counts = {"pending": 280, "running": 20, "done": 99, "failed": 1}
    now = made.AT + timedelta(minutes=3)
    progress = Progress.of(counts, started_at=made.AT, now=now)
    assert progress.words == "100 of 400, about 9 minutes left"
    assert Progress.of(counts).words == "100 of 400"
    assert Progress.of({**counts, "done": 2}, started_at=made.AT, now=now).minutes_left is None
