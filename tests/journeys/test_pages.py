"""Every page of every role, wide and narrow, light and dark: nothing broken, no barrier."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page

from tests import axe
from tests.journeys.routes import Route, routes
from tests.journeys.world import World, build
from tests.test_authorization import ROLES, address, rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
# Both widths and both schemes. What stands around a page is seen at all four on the home page.
FEWER = [LOOKS[0], LOOKS[-1]]
# The elements of a page's own part in order, without what they say.
BUILD = """() => [...document.querySelectorAll('main *')].map(e =>
  [e.tagName, ...[...e.attributes].map(a => /^(class|role|type|aria-|disabled|hidden)/.test(a.name)
    ? `${a.name}=${a.value.replace(/[0-9a-f-]{6,}/g, '')}` : a.name)].join()).join()"""
OVERFLOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .unseen'))
  .slice(0, 3).map(e => `wider than the window: ${e.tagName.toLowerCase()}.${e.className}`)"""

ACCOUNT = ("account_", "mfa_")
# What opens and is no page: files, answers for programs, ways through to another page.
NOT_PAGES = {
    *("livez", "readyz", "schema", "api-study-agreement"),
    *("exports:study_file", "exports:release_file", "files:release", "files:study"),
    *("corpus:pair", "corpus:review", "corpus:export_resources", "corpus:count"),
    *("corpus:upload_problems", "judging:report_file", "training:task_samples"),
    "api-docs",  # Swagger's own
}
# A page in another state than the one that its address alone leads to.
MORE = {
    "author": [
        "/corpus/new/",
        "/corpus/?q=nothing+says+this",
        "{in_review}",
        "{changes_requested}",
    ],
    "reviewer": ["{in_review}", "{rejected}", "/corpus/review/?domain=violence"],
    "rater": ["/rate/closed/"],
    "curator": ["{draft}", "/studies/draft/", "/studies/closed/", "/nowhere/"],
    "engineer": ["{run:waiting}", "{run:failed}"],
    "researcher": ["{comparison}", "{loop}"],
}


def is_page(route: Route, role: str) -> bool:
    if "GET" not in route.methods or route.name in NOT_PAGES or route.name.startswith("api:"):
        return False
    if route.name.startswith("admin:"):  # behind a second factor: tests/site/test_admin.py
        return False
    # What concerns one's own account is the same for everybody.
    return role in ("anonymous", "administrator") or not route.name.startswith(ACCOUNT)


def pages_of(world: World, role: str) -> list[str]:
    """Addresses that open for the role, by the table of `test_authorization`."""
    at, table = ROLES.index(role), rows()
    pages = [
        address(world, route)
        for route in routes()
        if is_page(route, role) and table.get((route.name, "GET"), ("",) * len(ROLES))[at] == "ok"
    ]
    return list(dict.fromkeys(pages + [more(world, named) for named in MORE.get(role, [])]))


def more(world: World, named: str) -> str:
    kind, _, name = named.strip("{}").partition(":")
    if named == "{loop}":
        a, b = (world.runs[each].pk for each in ("baseline", "informed"))
        return f"{reverse('training:loop')}?base={a}&prompted={b}"
    if named == "{comparison}":
        a, b = (world.runs[each].pk for each in ("baseline", "informed"))
        return f"{reverse('judging:comparison')}?a={a}&b={b}&rubric=psychosafe"
    if kind == "run":
        return world.runs[name].get_absolute_url()
    return world.versions[kind].get_absolute_url() if named.startswith("{") else named


def test_every_page_of_every_role_is_whole_at_every_look(
    live_server: Any, open_page: Callable[..., Page], enter: Callable[..., Page]
) -> None:
    world = build()
    seen: set[str] = set()
    wrong = []
    for role in ROLES:
        page = open_page() if role == "anonymous" else enter(world.people[role])
        for url in pages_of(world, role):
            answer = page.goto(url)
            expected = 404 if url == "/nowhere/" else 200
            if answer is None or answer.status != expected:
                wrong.append(f"{role} {url}: status {answer and answer.status}")
                continue
            looks = LOOKS if url == "/" else FEWER
            wrong += [f"{role} {url} {each}" for each in found(page, looks, seen)]
        page.context.close()
    connections.close_all()
    assert not wrong, "\n".join(wrong)


def found(page: Page, looks: list[tuple[int, str]], seen: set[str]) -> list[str]:
    """What is wrong with the page, at each look. `seen` holds how those looked at are built.

    Another role's page of the same build has the same barriers.
    """
    wrong = []
    if page.locator("h1").count() != 1:
        wrong.append(f"has {page.locator('h1').count()} first headings")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    is_new = (built := page.evaluate(BUILD)) not in seen or looks == LOOKS
    seen.add(built)
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate("document.getAnimations().forEach(each => each.finish())")
        said = [*page.evaluate(OVERFLOW), *(axe.violations(page) if is_new else ())]
        wrong += [f"{width} {scheme}: {each}" for each in said]
    return wrong
