"""Breaks, caps, wishes, check-ins and the limits of care, as people meet them."""

import logging
import os
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from annotation import care_figures, grouping
from annotation.actions import allocation, care, care_settings, check_ins, leases, raters, wishes
from annotation.models import Assignment, CareSetting, CheckIn, OptOut
from corpus.models import Domain
from crisis.models import Resource
from tests.annotation.made import AT, lease, reason
from tests.annotation.test_care_ledger import made, rate
from tests.people import person

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def domains() -> list[Domain]:
    return [
        Domain.objects.create(slug=slug, name=name, definition=f"About {slug}.", severity=severity)
        for slug, name, severity in (("grief", "Grief", 1), ("harm", "Harm to oneself", 3))
    ]


def hide(rater, *domains: Domain, shows: bool = False) -> None:
    wishes.wish(rater=raters.of(rater), hidden=domains, shows_at_once=shows)


# Wishes


def test_what_is_hidden_is_never_drawn(domains) -> None:
    grief, harm = domains
    draws = int(os.environ.get("CARE_DRAWS", "300"))
    of = made(40, grief, harm, k=50)
    seen = []
    while len(seen) < draws:
        rater = raters.from_elsewhere(label=f"r{len(seen)}", origin="test")
        wishes.wish(rater=rater, hidden=[harm], shows_at_once=False)
        seat = raters.seat(study=of, rater=rater, at=AT)
        for _ in range(20):
            found = allocation.next_assignment(study=of, rater=rater, at=AT, seat=seat)
            assert isinstance(found, Assignment)
            seen.append(found.item.domain_id)
            leases.release(pk=found.pk, token=found.token, to="skipped", finished_at=AT)
        assert reason(of, rater) == "done"
    assert set(seen) == {grief.pk}


def test_an_item_that_is_held_goes_back_at_once_and_its_draft_is_kept(rater, domains) -> None:
    grief, harm = domains
    of = made(6, harm, grief, k=1)
    hide(rater, grief)
    held = lease(of, rater)
    assert held.item.domain == harm
    Assignment.objects.filter(pk=held.pk).update(draft={"preference": "A"})
    hide(rater, harm)
    held.refresh_from_db()
    assert (held.state, held.draft) == ("expired", {"preference": "A"})
    assert held.item.taken == 0
    assert lease(of, rater).item.domain == grief
    hide(rater)
    assert not OptOut.objects.exists()


def test_whoever_hides_everything_is_simply_done(rater, domains) -> None:
    of = made(4, *domains)
    hide(rater, *domains)
    assert reason(of, rater) == "done"


def test_nobody_else_can_tell_who_hides_what(
    rater, curator, researcher, signed_in, domains, caplog
) -> None:
    """Every page and answer is the same, letter for letter, before and after."""
    of = made(6, *domains)
    raters.of(rater)
    own = signed_in(rater)
    others = [curator, researcher, person("administrator"), person("rater")]
    clients = [signed_in(user) for user in others]

    def seen() -> list[tuple[str, int, str]]:
        urls = (
            *(reverse(f"annotation:{name}") for name in ("raters", "care_figures", "care_limits")),
            reverse("annotation:rater", args=[rater.pk]),
            reverse("judging:study", args=[of.slug]),
            *(f"/api/v1/studies/{of.pk}/{place}" for place in ("", "progress/")),
            *("/", "/people/", "/api/v1/assignments/", "/api/v1/ratings/"),
        )
        pages = [(url, client.get(url)) for client in clients for url in urls]
        return [(url, got.status_code, without_tokens(got.content.decode())) for url, got in pages]

    def without_tokens(text: str) -> str:
        return re.sub(r"[A-Za-z0-9]{64}|[A-Za-z0-9_-]{22}", "", text)

    before, audited = seen(), AuditEvent.objects.count()
    assert sum(status == 200 for _, status, _ in before) > 15
    with caplog.at_level(logging.INFO):
        for ticked in ([domains[1].pk], []):
            caplog.clear()
            assert own.post("/rate/care/", {"hidden": ticked}).status_code == 302
            said = [(record.name, record.getMessage()) for record in caplog.records]
            assert not [words for _, words in said if domains[1].pk in words or "harm" in words]
            if ticked:
                assert OptOut.objects.get().rater.user == rater
                assert seen() == before
    assert AuditEvent.objects.count() == audited


def test_no_program_outside_care_reads_the_opt_outs() -> None:
    """Exports, reports, REST and the admin cannot tell what they never read."""
    from tests.test_architecture import program, text

    readers = {path.as_posix() for path in program() if "OptOut" in text(path)}
    assert readers == {
        "annotation/actions/care.py",
        "annotation/actions/wishes.py",
        "annotation/care_forms.py",
        "annotation/models/__init__.py",
        "annotation/models/wellbeing.py",
    }


def test_the_page_of_wishes_keeps_and_shows_them(rater, signed_in, domains) -> None:
    client = signed_in(rater)
    client.post("/rate/care/", {"hidden": [domains[0].pk], "shows_at_once": "on"})
    page = client.get("/rate/care/")
    assert page.content.decode().count("checked") == 2
    assert page["Cache-Control"] == "no-store, private"


# What comes before the text


def test_the_door_says_what_kind_of_content_comes(rater, signed_in, domains) -> None:
    of = made(6, *domains)
    page = signed_in(rater).get(f"/rate/{of.slug}/start/").content.decode()
    assert "Harm to oneself" in page
    assert "About harm." in page
    assert page.index("severe") < page.index("mild")
    assert "Nobody listens to me" not in page


@pytest.mark.parametrize("shows", [False, True])
def test_a_severe_item_is_covered_until_it_is_asked_for(rater, signed_in, domains, shows) -> None:
    of = made(3, domains[1])
    hide(rater, shows=shows)
    client = signed_in(rater)
    client.post(f"/rate/{of.slug}/start/")
    page = client.get(f"/rate/{of.slug}/").content.decode()
    cover = page.index("data-cover")
    assert page.index("Harm to oneself") < cover < page.index("Nobody listens to me")
    assert page[cover : page.index(">", cover)].endswith(" open") is shows
    assert "kind=warning" in page


def test_a_mild_item_is_not_covered(rater, signed_in, domains) -> None:
    of = made(3, domains[0])
    client = signed_in(rater)
    client.post(f"/rate/{of.slug}/start/")
    page = client.get(f"/rate/{of.slug}/").content.decode()
    assert "data-cover" not in page
    assert "Grief" in page


# Breaks and caps


def tired(rater, of, n: int = 15) -> None:
    """n severe items, three and a break after another, just now."""
    mine, at = raters.of(rater), timezone.now() - timedelta(minutes=2)
    CareSetting.objects.update_or_create(key="in_a_row", defaults={"number": 10})
    CareSetting.objects.update_or_create(key="break_severe", defaults={"number": n})
    rate(of, mine, at, n)


def test_a_break_says_why_and_may_be_declined(rater, signed_in, domains) -> None:
    of = made(20, domains[1])
    tired(rater, of, 4)
    client = signed_in(rater)
    page = client.get(f"/rate/{of.slug}/").content.decode()
    assert "You have read 4 severe items without a break." in page
    assert "A break of 5 minutes" in page
    assert f"/rate/care/go-on/{of.slug}/" in page
    assert client.post(f"/rate/care/go-on/{of.slug}/").status_code == 302
    assert "data-rating" in client.get(f"/rate/{of.slug}/").content.decode()


def test_a_cap_says_until_when_and_offers_no_way_on(rater, signed_in, domains) -> None:
    CareSetting.objects.create(key="day_severe", number=3)
    of = made(20, domains[1])
    tired(rater, of, 3)
    client = signed_in(rater)
    page = client.get(f"/rate/{of.slug}/").content.decode()
    assert "Enough for today" in page
    assert "care/go-on" not in page
    client.post(f"/rate/care/go-on/{of.slug}/")
    assert "Enough for today" in client.get(f"/rate/{of.slug}/").content.decode()


def test_programs_are_told_of_breaks_and_caps_too(rater, signed_in, domains) -> None:
    of = made(20, domains[1])
    tired(rater, of, 4)
    client = signed_in(rater)
    url = f"/api/v1/studies/{of.pk}/next/"
    assert client.post(url).json() == {"assignment": None, "reason": "break"}
    sent = client.post(url, {"go_on": True}, content_type="application/json").json()
    assert sent["assignment"]["id"]


def test_the_blank_page_holds_nothing_of_the_item(rater, signed_in, domains) -> None:
    of = made(3, domains[1])
    lease(of, rater)
    page = signed_in(rater).get(f"/rate/care/away/?to={of.slug}").content.decode()
    assert f'href="/rate/{of.slug}/"' in page
    for told in ("Nobody listens", "Harm", of.name, "Answer"):
        assert told not in page
    odd = signed_in(rater).get("/rate/care/away/?to=//elsewhere.net/").content.decode()
    assert 'href="//elsewhere' not in odd
    assert "Go back" not in odd


# Check-ins


def test_a_check_in_is_kept_once_a_day_and_deleted_by_its_person_alone(rater, signed_in) -> None:
    client, other = signed_in(rater), person("rater")
    client.post("/rate/care/check-in/", {"strain": "4"})
    client.post("/rate/care/check-in/", {"strain": "2"})
    mine = CheckIn.objects.get()
    assert mine.strain == 2
    signed_in(other).post("/rate/care/check-in/forget/", {"id": mine.pk})
    assert CheckIn.objects.count() == 1
    client.post("/rate/care/check-in/forget/", {"id": mine.pk})
    assert not CheckIn.objects.exists()


def test_check_ins_are_shown_from_five_people_on(signed_in, curator) -> None:
    today = timezone.now()
    for _ in range(4):
        check_ins.answer(by=person("rater"), strain=5, day=today.date())
    check_ins.answer(by=(last := person("rater")), strain=1, day=today.date() - timedelta(days=1))
    label = "Check-ins, 1 (not at all strained) to 5 (very much)"

    def shown() -> float | None:
        figures = care_figures.of_days(until=today)
        return next(figure.value for figure in figures if figure.label == label)

    assert shown() == pytest.approx(4.2)
    check_ins.forget(by=last)
    assert shown() is None
    page = signed_in(curator).get("/rate/care/figures/").content.decode()
    assert "too few people" in page


@pytest.mark.parametrize(("n", "is_shown"), [(4, False), (5, True)])
def test_a_figure_needs_five_people(n: int, is_shown: bool) -> None:
    people = [str(person) for person in range(n)]
    assert grouping.share("x", people=people * 3, some=1, of=4).is_shown is is_shown
    assert grouping.average("x", [(person, 1.0) for person in people * 3]).is_shown is is_shown


def test_figures_count_people_alike_however_much_they_said() -> None:
    rows = [("a", 1.0)] * 10 + [(name, 5.0) for name in "bcde"]
    assert grouping.average("x", rows).value == pytest.approx(4.2)


def test_skips_are_told_by_domain_where_five_finished_some(domains) -> None:
    grief, harm = domains
    of = made(8, grief, harm, k=9)
    for n in range(5):
        mine = raters.from_elsewhere(label=str(n), origin="test")
        wishes.wish(rater=mine, hidden=[harm] if n == 4 else [], shows_at_once=False)
        for hour in range(4 if n == 4 else 8):  # so long between two that no break falls due
            held = lease(of, mine, AT + timedelta(hours=hour))
            state = "skipped" if held.item.domain_id == harm.pk else "submitted"
            leases.release(pk=held.pk, token=held.token, to=state, finished_at=AT)
    found = {each.label: each.value for each in care_figures.skips(until=AT + SECOND)}
    assert found == {"Grief": 0.0, "Harm to oneself": None}


# Limits and support


def test_a_curator_confirms_a_limit_and_it_holds(curator, signed_in) -> None:
    client = signed_in(curator)
    page = client.get("/rate/care/limits/").content.decode()
    assert page.count("Nobody has confirmed it yet.") == 7
    assert page.count("Our proposal") == 7
    client.post("/rate/care/limits/", {"key": "day_minutes", "number": "90"})
    assert care.limits().day_minutes == 90
    assert curator.name in client.get("/rate/care/limits/").content.decode()
    assert AuditEvent.objects.filter(verb="care limit confirmed", note="120 -> 90").exists()


@pytest.mark.parametrize("number", ["0", "5", "100000", "many", ""])
def test_a_limit_that_looks_after_nobody_is_refused(curator, signed_in, number) -> None:
    sent = {"key": "day_minutes", "number": number}
    answer = signed_in(curator).post("/rate/care/limits/", sent)
    assert answer.status_code == 422
    assert "Choose 10 to 240 minutes." in answer.content.decode()
    assert care.limits().day_minutes == 120


def test_support_says_the_projects_own_words_and_the_services_of_ones_country(
    curator, signed_in, settings
) -> None:
    settings.CELERY_BROKER_URL = settings.REDIS_URL = "redis://127.0.0.1:1/0"  # nobody is there
    for name, countries, checked in (("Made line", "DK", False), ("Checked line", "DK;SE", True)):
        row = Resource.objects.create(
            name=name, countries=countries, channel="phone", contact="00", created_at=AT
        )
        if checked:
            day = timezone.now().date()
            Resource.objects.filter(pk=row.pk).update(
                verified_on=day,
                recheck_by=day + timedelta(days=90),
                first_verified_by=curator,
                second_verified_by=person("reviewer"),
            )
    Resource.objects.create(
        name="Elsewhere", countries="IT", channel="phone", contact="1", created_at=AT
    )
    care_settings.write_support(by=curator, text="Ask in room 4 <b>.", at=AT)
    rater = person("rater")
    rater.country = "DK"
    rater.save()
    page = signed_in(rater).get("/support/").content.decode()
    assert "Ask in room 4 &lt;b&gt;." in page
    assert page.index("Checked line") < page.index("Made line") < page.index("Not verified")
    assert page.count("Not verified") == 1
    assert "Elsewhere" not in page
    assert "Elsewhere" in signed_in(rater).get("/support/?country=IT").content.decode()


def test_the_screen_and_its_exits_need_no_queue(rater, signed_in, domains, monkeypatch) -> None:
    from celery import Celery

    def nobody(*_args, **_kwargs):
        raise ConnectionError("the queue is down")

    monkeypatch.setattr(Celery, "send_task", nobody)
    of = made(3, domains[0])
    client = signed_in(rater)
    client.post(f"/rate/{of.slug}/start/")
    for url in (f"/rate/{of.slug}/", "/support/", "/rate/care/", "/rate/care/away/"):
        assert client.get(url).status_code == 200
