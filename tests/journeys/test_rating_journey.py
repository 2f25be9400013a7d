"""A study from its making to its last rating: raters use keys alone, and never learn a source."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect

from annotation.actions import rubrics
from annotation.models import Assignment, Preference, Rating, Study
from generation.models import Completion, Run
from tests import axe
from tests.journeys.conftest import Worker
from tests.journeys.programs import CONDITIONS, MODEL, answered, open_study
from tests.people import person
from tests.stub_server import StubServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
N = 3
N_CRITERIA = 4
Enter = Callable[..., Page]


@pytest.fixture
def runs(live_server: Any, stub_server: StubServer, worker: Worker) -> list[str]:
    return answered(stub_server, worker, N)


class Wire:
    """Everything that a rater's browser is sent: bodies, headers and addresses."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        self.asked: list[str] = []
        page.on("response", self.keep)
        page.on("request", lambda request: self.asked.append(request.url))

    def keep(self, response: Response) -> None:
        if "/static/" in response.url:
            return
        body = "" if 300 <= response.status < 400 else response.text()
        self.seen.append(f"{response.url}\n{response.headers}\n{body}")

    def secrets(self) -> list[str]:
        """What of the sources was sent after all."""
        texts = "\n".join(self.seen)
        names = [MODEL, "stub-model", "stub-judge", "The stub", "Spring prompts", *CONDITIONS]
        ids = [
            str(pk)
            for kind in (Run, Completion)
            for pk in kind.objects.values_list("pk", flat=True)
        ]
        digests = Completion.objects.values_list("digest", flat=True)
        return [word for word in (*names, *ids, *digests) if word in texts]


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str) -> None:
    """As somebody without a mouse gets there."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.innerText ?? ''"):
            return
    raise AssertionError(f"{name!r} is not reached by the Tab key")


def begin(page: Page) -> None:
    page.goto("/")
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rate/spring/")
    tab_to(page, "Start rating")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-rating]")
    page.wait_for_load_state()  # the page's script listens to keys


def item(page: Page, number: int, keys: str) -> None:
    """Rate the item that is shown."""
    expect(page).to_have_title(re.compile(f"Rate: {number} of {N}"))
    page.wait_for_load_state()
    press(page, keys)


def test_a_curator_makes_and_opens_a_study_and_two_raters_rate_it_by_keys(
    enter: Enter, runs: list[str]
) -> None:
    rubrics.install_all()
    curator = enter(person("curator"))
    make(curator)
    expect(curator.get_by_text("Being prepared")).to_be_visible()
    curator.get_by_role("button", name="Open to raters").click()
    curator.get_by_role("dialog").get_by_role("button", name="Open").click()
    expect(curator.get_by_role("link", name="The raters' link")).to_be_visible()

    for keys in ("11451134b", "12341223a"):
        page = enter(person("rater"))
        wire = Wire(page)
        begin(page)
        n_before = len(wire.asked)
        for key, name in (("?", "Keys"), ("g", "Guidelines")):
            press(page, key)
            expect(page.get_by_role("dialog", name=name)).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog", name=name)).to_be_hidden()
        for number in range(1, N + 1):
            item(page, number, keys)
            page.keyboard.press("Enter")
        expect(page.get_by_text("That was everything.")).to_be_visible()
        assert len(wire.seen) > N
        assert not wire.secrets()
        asked = wire.asked[n_before:]
        assert len([url for url in asked if url.endswith("/submit/")]) == N
        assert not [url for url in asked if url.endswith("/rate/spring/")]  # it came unasked
    assert Rating.objects.count() == 2 * N * 2 * N_CRITERIA
    assert Preference.objects.count() == 2 * N
    curator.reload()
    expect(curator.get_by_text(f"{2 * N} ratings of items so far")).to_be_visible()


def make(page: Page) -> None:
    page.goto("/studies/")
    page.get_by_role("link", name="New study").click()
    page.get_by_label("Name", exact=True).fill("Refusals, spring")
    page.get_by_label("Short name").fill("spring")
    for condition in CONDITIONS:
        page.get_by_label(re.compile(condition)).check()
    page.get_by_label("Rubric", exact=True).select_option(
        label=str(rubrics.Rubric.objects.get(slug="psychosafe"))
    )
    page.get_by_label("Raters for each item").fill("2")
    page.get_by_label(re.compile("Guidelines")).fill("Rate what the answer does for this person.")
    page.get_by_role("button", name="Make the study").click()
    expect(page).to_have_url("/studies/spring/")


def test_a_rating_waits_for_the_network(enter: Enter, runs: list[str]) -> None:
    open_study(runs, k=1)
    page = enter(person("rater"))
    begin(page)
    item(page, 1, "11451134a")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    is_kept(page)
    axe.assert_no_violations(page)
    page.context.set_offline(False)
    is_counted_once(page)


def test_a_rating_whose_answer_was_lost_counts_once(enter: Enter, runs: list[str]) -> None:
    open_study(runs, k=1)
    page = enter(person("rater"))
    keys: list[str] = []

    def lose(route: Route) -> None:
        """The server has it, the browser never hears of it; only the first time."""
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        assert answer.ok
        if len(keys) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/submit/", lose)
    begin(page)
    item(page, 1, "11451134a")
    page.keyboard.press("Enter")
    is_kept(page)
    is_counted_once(page)
    assert len(keys) == 2
    assert len(set(keys)) == 1


def is_kept(page: Page) -> None:
    expect(page.locator("#messages")).to_contain_text("Your answers are kept; trying again.")
    expect(page.locator("input:checked")).to_have_count(2 * N_CRITERIA + 1)


def is_counted_once(page: Page) -> None:
    expect(page).to_have_title(re.compile(f"Rate: 2 of {N}"))
    assert Assignment.objects.filter(state="submitted").count() == 1
    assert Rating.objects.count() == 2 * N_CRITERIA
    assert Preference.objects.count() == 1


def test_a_rater_skips_takes_a_break_and_comes_back_by_keys(enter: Enter, runs: list[str]) -> None:
    open_study(runs, k=1)
    page = enter(person("rater"), width=390, scheme="dark")
    begin(page)
    press(page, "s")
    item(page, 2, "11")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")
    press(page, "p")
    expect(page.get_by_role("heading", name="Take a break")).to_be_visible()
    tab_to(page, "Go on rating")
    page.keyboard.press("Enter")
    item(page, 2, "")
    assert page.locator("input:checked").count() == 2
    assert Assignment.objects.filter(state="skipped").count() == 1
    assert not Rating.objects.exists()
    assert Study.objects.get().is_open
