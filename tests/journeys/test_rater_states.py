"""Every state that a rater's pages can be in, narrow and dark, wide and light: no barrier."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from annotation.actions import flags, guesses, practice, raters, rooms, studies
from annotation.models import Assignment, CareSetting, Room, Study
from corpus.models import Domain
from tests import axe
from tests.annotation import made
from tests.annotation.test_care_ledger import made as of_domains
from tests.annotation.test_care_ledger import rate, submit
from tests.journeys.test_pages import OVERFLOW
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(320, "dark"), (1280, "light")]
Enter = Callable[..., Page]


def look(page: Page) -> list[str]:
    """What is wrong with the page as it now is."""
    wrong = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.evaluate("document.getAnimations().forEach(each => each.finish())")
        said = [*page.evaluate(OVERFLOW), *axe.violations(page)]
        wrong += [f"{page.url} {width} {scheme}: {each}" for each in said]
    return wrong


def seated(of: Study, user: User) -> None:
    raters.seat(study=of, rater=raters.of(user), at=made.AT)


def room_of(of: Study, user: User) -> Room:
    """Two people, one item; the other one has voted."""
    people = [raters.of(user), raters.of(person("rater"))]
    for each in people:
        raters.seat(study=of, rater=each, at=made.AT)
    item = of.items.all()[0]
    room = rooms.make(
        by=person("curator"), study=of, name="First talk", items=[item], raters=people
    )
    rooms.vote(room=room, item=item, rater=people[1], ratings=made.ratings(of), at=made.AT)
    return room


def studies_in_every_state(user: User, curator: User) -> Assignment:
    """One study for each; the item that is held in the flagged one."""
    grief, harm = (
        Domain.objects.create(slug=slug, name=slug.title(), definition=slug, severity=severity)
        for slug, severity in (("grief", 1), ("harm", 3))
    )
    of_domains(2, grief, harm, slug="door")
    seated(of_domains(2, harm, slug="severe"), user)
    one = made.study(1, slug="last")
    guesses.name_arms(by=curator, study=one, labels=["Ours", "Another"])
    submit(made.lease(one, user), made.AT)
    full = made.study(1, k=1, slug="full")
    made.lease(full, person("rater"), at=timezone.now())
    seated(made.study(1, slug="undeclared", routes_by_language=True), user)
    seated(full, user)
    ended = made.study(1, slug="ended")
    seated(ended, user)
    studies.close(by=curator, study=ended, at=made.AT)
    flagged = made.study(2, slug="flagged")
    held = made.lease(flagged, user, at=timezone.now())
    flag = flags.raise_flag(assignment=held, kind="unclear", text="Which?", at=made.AT)
    flags.answer(by=curator, flag=flag, text="The first one.", at=made.AT)
    tried = made.study(1, slug="tried", practice_percent=100)
    practice.add(
        by=None,
        study=tried,
        messages=[{"role": "user", "content": "My landlord laughs at me."}],
        texts=["Leave him.<|im_end|>"],
        expected=[{"declines": 1}],
    )
    return held


def test_no_state_of_a_study_has_a_barrier(live_server: Any, enter: Enter) -> None:
    user = person("rater")
    held = studies_in_every_state(user, person("curator"))
    page, wrong = enter(user), []
    addresses = {
        "/rate/door/": "severe",
        "/rate/severe/": "Show this item",
        "/rate/severe/pause/": "",
        "/rate/care/away/?to=severe": "Go back",
        "/rate/last/": "That was everything",
        "/rate/last/guess/": "Another",
        "/rate/full/": "Other raters are working",
        "/rate/undeclared/": "Say first what you can judge",
        "/rate/ended/": "This study is closed",
        f"/rate/flagged/{held.pk}/flag/": "",
        "/rate/flags/": "The first one.",
        "/rate/tried/start/": "practice item",
        "/rate/care/": "",
        "/rate/care/check-in/": "",
        "/rate/profile/": "",
    }
    for url, said in addresses.items():
        answer = page.goto(url)
        assert answer and answer.status == 200, url
        assert said in page.content(), url
        wrong += look(page)
    assert not wrong, "\n".join(wrong)


def test_breaks_caps_and_rooms_have_no_barrier(live_server: Any, enter: Enter) -> None:
    tired, done = person("rater"), person("rater")
    harm = Domain.objects.create(slug="harm", name="Harm", definition="Of oneself.", severity=3)
    of = of_domains(12, harm, slug="hard", k=5)
    limits = {"in_a_row": 10, "break_severe": 3, "day_severe": 5}
    for key, number in limits.items():
        CareSetting.objects.create(key=key, number=number)
    just_now = timezone.now() - timedelta(minutes=2)
    rate(of, raters.of(tired), just_now, 3)
    for _ in range(2):
        rate(of, raters.of(done), just_now, 3)
    CareSetting.objects.filter(key="day_severe").update(number=3)
    wrong = []
    page = enter(done)
    page.goto("/rate/hard/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Enough for today")
    wrong += look(page)
    CareSetting.objects.filter(key="day_severe").update(number=60)
    page = enter(tired)
    page.goto("/rate/hard/")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    wrong += look(page)

    talked = made.study(1, slug="talked")
    room = room_of(talked, tired)
    item = room.items.get()
    for state in ("voting", "talking", "again", "closed"):
        Room.objects.filter(pk=room.pk).update(state=state)
        for url in (f"/rate/rooms/{room.pk}/", f"/rate/rooms/{room.pk}/{item.pk}/"):
            page.goto(url)
            wrong += look(page)
    assert not wrong, "\n".join(wrong)


def test_the_prompt_is_judged_first_without_scripts_too(
    live_server: Any, open_page: Callable[..., Page], enter: Enter
) -> None:
    over = made.prompt_set(1, slug="set")
    of = made.study(runs=[made.run(over)], rubric=made.rubric("general"), asks_preference=False)
    user = person("rater")
    seated(of, user)
    page = enter(user, java_script_enabled=False)
    page.goto("/rate/spring/")
    answer = page.locator("article.answer")
    expect(answer).to_be_hidden()
    chosen = page.locator("[name='prompt.warranted'][value='1']")
    page.locator("label", has=chosen).click()
    expect(answer).to_be_visible()
