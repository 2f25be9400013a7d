"""Criteria of every kind in a real browser: what is asked appears, and nothing typed is lost."""

from typing import Any

import pytest
from playwright.sync_api import expect

from annotation.models import PromptRating, Rating
from tests import axe
from tests.annotation.made import prompt_set, rubric, run, study
from tests.annotation.test_in_browser import enter, look
from tests.annotation.test_in_browser import plain_http as plain_http

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def begin(page: Any, live_server: Any, name: str) -> Any:
    over = prompt_set(1, slug="set")
    study(runs=[run(over, "kind")], rubric=rubric(name), k=1, asks_preference=False)
    enter(page, live_server).goto("/rate/spring/")
    page.get_by_role("button", name="Start rating").click()
    page.wait_for_selector("form[data-rating]")
    return page


def box(page: Any, name: str, value: str) -> Any:
    return page.locator(f"[name='{name}'][value='{value}']")


def test_the_prompt_is_judged_before_any_answer_is_seen(page, live_server) -> None:
    begin(page, live_server, "general")
    answer = page.locator("article.answer")
    expect(answer).to_be_hidden()
    expect(page.get_by_text("come into view")).to_be_visible()
    axe.assert_no_violations(page)
    look(page, "prompt-first")
    page.locator("label", has=box(page, "prompt.warranted", "3")).click()
    expect(answer).to_be_visible()
    axe.assert_no_violations(page)
    look(page, "prompt-judged")
    page.locator("[name='prompt.warranted.why']").fill("It is for school.")
    page.locator("label", has=box(page, "A.refuses", "1")).click()
    needless = page.locator("[name='A.needless']")
    needless.fill("A plain answer.")
    page.locator("label", has=box(page, "A.fit", "4")).click()
    page.locator("[name='A.fit.why']").fill("It stays.")
    page.locator("[name='A.strategy']").select_option("none")
    page.locator("label", has=box(page, "prompt.warranted", "1")).click()
    expect(needless).to_be_hidden()
    page.locator("label", has=box(page, "prompt.warranted", "3")).click()
    expect(needless).to_have_value("A plain answer.")
    page.locator("[data-send]").click()
    page.wait_for_selector("text=That was everything")
    assert PromptRating.objects.get().value == 3
    said = {each.criterion.key: each.words or each.value for each in Rating.objects.all()}
    assert said == {"refuses": 1, "needless": "A plain answer.", "fit": 4, "strategy": "none"}


def test_what_is_not_asked_is_hidden_and_never_stored(open_page, live_server) -> None:
    page = begin(open_page(), live_server, "refusal_action")
    means = page.locator("fieldset", has=page.locator("[name='A.means']"))
    expect(means).to_be_hidden()
    page.locator("label", has=box(page, "A.delivered", "3")).click()
    expect(means).to_be_visible()
    page.locator("label", has=box(page, "A.means", "5")).click()
    page.locator("label", has=box(page, "A.means", "7")).click()
    axe.assert_no_violations(page)
    look(page, "choices")
    page.locator("label", has=box(page, "A.means", "none")).click()
    assert not box(page, "A.means", "5").is_checked()
    page.locator("label", has=box(page, "A.means", "7")).click()
    assert not box(page, "A.means", "none").is_checked()
    page.locator("label", has=box(page, "A.delivered", "1")).click()
    expect(means).to_be_hidden()
    page.locator("[data-send]").click()
    page.wait_for_selector("text=That was everything")
    assert [each.criterion.key for each in Rating.objects.all()] == ["delivered"]


def test_without_scripts_every_question_stands_with_its_condition(open_page, live_server) -> None:
    page = begin(open_page(java_script_enabled=False), live_server, "refusal_action")
    expect(page.get_by_text("Only after “Part of it” or “None of it”").first).to_be_visible()
    box(page, "A.delivered", "3").check()
    box(page, "A.ground", "1").check()
    box(page, "A.directness", "1").check()
    box(page, "A.means", "1").check()
    box(page, "A.means", "2").check()
    page.locator("[data-send]").click()
    page.wait_for_selector("text=That was everything")
    assert Rating.objects.get(criterion__key="means").picked == [1, 2]
