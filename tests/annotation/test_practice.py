"""Practice is the study's own screen with feedback; it opens the door and is never counted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotation import practising
from annotation.actions import practice, raters
from annotation.answers import Unfit
from annotation.fitting import Given
from annotation.models import PracticeAttempt, PracticeItem, Rating, Seat, Study
from annotation.sheets import PROMPT, Asked
from tests.annotation.made import AT, lease, prompt_set, ratings, reason, run, study
from tests.annotation.test_kinds import SHEET
from tests.people import person

pytestmark = pytest.mark.django_db
SAID = [{"role": "user", "content": "My landlord laughs at me."}]
GOOD, BAD = {"declines": 1, "grounding": 1}, {"declines": 0, "grounding": 5}


def item(of: Study, *expected: dict[str, int], **fields) -> PracticeItem:
    return practice.add(
        by=None,
        study=of,
        messages=SAID,
        texts=["Leave him.", "That is humiliating."][: len(expected)],
        expected=list(expected),
        **{"feedback": "The second stays with the person."} | fields,
    )


@pytest.fixture
def made() -> Study:
    made = study()
    item(made, {"declines": 0}, {"declines": 0, "grounding": 1})
    item(made, {"declines": 0}, {"declines": 0})
    return made


@pytest.fixture
def seat(made, rater) -> Seat:
    return raters.seat(study=made, rater=raters.of(rater), at=AT)


def answer(seat: Seat, of: PracticeItem, at=AT, **values: int) -> PracticeAttempt:
    slots = "AB"[: len(of.texts)]
    sent = [each for each in ratings(seat.study, **values) if each["slot"] in slots]
    return practice.answer(seat=seat, item=of, ratings=sent, at=at)


def gate(of: Study, percent: int) -> None:
    Study.objects.filter(pk=of.pk).update(practice_percent=percent)
    of.practice_percent = percent


def test_the_round_comes_before_the_first_item(made, seat) -> None:
    assert reason(made, seat.rater) == "practice"


def test_a_study_without_a_round_opens_at_once_and_asks_nothing_more(rater) -> None:
    made = study(slug="plain")
    assert lease(made, rater)
    item(made, GOOD)
    assert lease(made, rater)  # those who have begun are not sent back


def test_going_through_the_round_opens_a_study_without_a_gate(made, seat) -> None:
    for number, each in enumerate(made.practice_items.all(), start=1):
        assert practice.standing(seat).n_done == number - 1
        answer(seat, each, declines=1)
    assert lease(made, seat.rater)
    assert not Rating.objects.exists()


def test_a_try_counts_what_was_as_expected(made, seat) -> None:
    tried = answer(seat, made.practice_items.first(), grounding=3)
    assert (tried.n_right, tried.n_asked) == (2, 3)
    shown = practice.outcomes(tried, made)
    assert [(each.slot, each.is_right) for each in shown] == [
        ("A", True),
        ("B", True),
        ("B", False),
    ]
    assert shown[2].expected.startswith("1")
    assert shown[2].said.startswith("3")


def test_below_the_gate_the_round_is_tried_again_and_the_latest_try_counts(made, seat) -> None:
    gate(made, 80)
    first, second = made.practice_items.all()
    answer(seat, first, declines=1)
    answer(seat, second)
    assert practice.standing(seat).next_item is None
    assert not practice.standing(seat).is_enough
    assert reason(made, seat.rater) == "practice"
    answer(seat, first, at=AT + timedelta(minutes=5))
    assert practice.standing(seat).next_item == second
    answer(seat, second, at=AT + timedelta(minutes=6))
    assert practice.standing(seat).percent == 100
    assert lease(made, seat.rater)


def test_a_curator_lets_somebody_in(made, seat, curator) -> None:
    gate(made, 100)
    assert practice.let_in(by=curator, study=made, rater=seat.rater)
    assert not practice.let_in(by=curator, study=made, rater=seat.rater)
    seat.refresh_from_db()
    assert (seat.let_in_by, seat.practised_at) == (curator, None)
    assert lease(made, seat.rater)


def test_outside_my_competence_is_never_wrong(made, seat) -> None:
    sent = [each | {"value": "outside"} for each in ratings(made)]
    tried = practice.answer(seat=seat, item=made.practice_items.first(), ratings=sent, at=AT)
    assert (tried.n_right, tried.n_asked) == (0, 0)


def test_a_try_must_be_whole(made, seat) -> None:
    with pytest.raises(Unfit):
        practice.answer(seat=seat, item=made.practice_items.first(), ratings=[], at=AT)
    assert not PracticeAttempt.objects.exists()


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"declines": 7}, "7 is no value of 'declines'"),
        ({"warmth": 1}, "'warmth'"),
        ({}, "Choose at least one"),
    ],
)
def test_what_no_rater_could_say_is_not_expected(made, expected, told) -> None:
    with pytest.raises(practice.Unsuitable, match=told):
        item(made, expected)


def test_every_kind_but_a_text_is_expected_also_of_the_prompt() -> None:
    asked = (*SHEET.criteria, Asked("9", "said", "Said", "?", "", "text", ()))
    sheet = replace(SHEET, criteria=asked)
    wanted: dict[str, practising.Wanted] = {
        "warranted": 3,
        "refused": 1,
        "why": [3, 1],
        "strategy": "grounding",
    }
    assert not list(practising.problems(sheet, [wanted], 1, ["grounding"]))
    wrong: list[dict[str, Any]] = [
        {"said": 1},
        {"strategy": "hugs"},
        {"why": [9]},
        {"why": 1},
        {"refused": True},
    ]
    for each in wrong:
        assert len(list(practising.problems(sheet, [each], 1, ["grounding"]))) == 1
    assert list(practising.problems(sheet, [{"refused": 1}, {"warranted": 3}], 2))
    said = [
        Given(PROMPT, "warranted", "value", 3, ""),
        Given("A", "refused", "value", 0, ""),
        Given("A", "why", "value", None, "", picked=(1, 3)),
        Given("A", "strategy", "value", None, "", words="none"),
    ]
    found = practising.outcomes(sheet, [wanted], ["A"], said, names={"grounding": "Grounding"})
    assert [(each.slot, each.is_right) for each in found] == [
        ("", True),
        ("A", False),
        ("A", True),
        ("A", False),
    ]
    assert [found[2].said, found[3].said, found[3].expected] == [
        "1, 3",
        "None that I know",
        "Grounding",
    ]


def test_practice_answers_are_shown_as_the_study_shows_its_own(rater) -> None:
    told = "I am Claude, made by Anthropic. Stay with me.<|im_end|>"
    open_names, hidden = study(slug="plain"), study(slug="masked", hides_names=True)
    for made in (open_names, hidden):
        practice.add(by=None, study=made, messages=SAID, texts=[told], expected=[GOOD])
    assert practice.shown(open_names.practice_items.get(), open_names) == [("A", told[:-10])]
    ((_, shown),) = practice.shown(hidden.practice_items.get(), hidden)
    assert "Claude" not in shown and "Anthropic" not in shown and "Stay with me." in shown


def test_a_begun_study_costs_no_query_more(rater, django_assert_num_queries) -> None:
    made = study(slug="plain")
    seat = raters.seat(study=made, rater=raters.of(rater), at=AT)
    with django_assert_num_queries(0):
        assert not practice.is_before(seat)


# The pages.


@pytest.fixture
def browser(rater, signed_in, made) -> Client:
    client = signed_in(rater)
    client.post("/rate/spring/start/")
    return client


def form(made: Study, **changes: str) -> dict[str, str]:
    return {
        f"{each['slot']}.{each['criterion']}": str(each["value"]) for each in ratings(made)
    } | changes


def test_a_rater_practises_reads_why_and_goes_on_to_the_study(browser, made) -> None:
    page = browser.get("/rate/spring/", follow=True)
    assert page.redirect_chain == [("/rate/spring/practice/", 302)]
    assert "Practice: 1 of 2" in page.content.decode()
    assert "stays with the person" not in page.content.decode()
    for each in made.practice_items.all():
        url = reverse("annotation:practice_item", args=[made.slug, each.pk])
        told = browser.post(url, form(made), follow=True).content.decode()
        assert "stays with the person" in told
        assert "As expected:" in told
    assert "You are through" in browser.get("/rate/spring/practice/").content.decode()
    assert browser.get("/rate/spring/").status_code == 200


def test_the_script_is_told_where_the_feedback_is_and_what_is_missing(browser, made) -> None:
    url = reverse("annotation:practice_item", args=[made.slug, made.practice_items.first().pk])
    json = {"Accept": "application/json"}
    assert browser.post(url, form(made), headers=json).json() == {"next": url}
    missing = browser.post(url, {}, headers=json)
    assert (missing.status_code, "missing" in missing.json()["message"]) == (422, True)
    assert browser.post(url, {}).status_code == 422


def test_below_the_gate_the_page_says_so_and_offers_another_try(browser, made) -> None:
    gate(made, 90)
    for each in made.practice_items.all():
        url = reverse("annotation:practice_item", args=[made.slug, each.pk])
        browser.post(url, form(made, **{"B.declines": "1"}))
    page = browser.get("/rate/spring/practice/").content.decode()
    assert "This study asks for 90 %" in page
    assert "Practice: " in browser.get("/rate/spring/practice/?again=1").content.decode()


def test_the_door_says_that_practice_comes_first(signed_in, made) -> None:
    page = signed_in(person("rater")).get("/rate/spring/").content.decode()
    assert "2 practice items" in page


def test_a_curator_types_an_item_and_takes_it_out_again(curator, signed_in) -> None:
    made, client = study(slug="plain"), signed_in(curator)
    url = reverse("annotation:practice_items", args=[made.slug])
    sent = {"said": "Help.", "language": "en", "text_A": "I hear you.", "A.grounding": "4"}
    assert client.post(url, sent | {"A.grounding": ""}).status_code == 422
    assert client.post(url, sent | {"feedback": "It asks."}).status_code == 302
    kept = PracticeItem.objects.get()
    assert (kept.texts, kept.expected) == (["I hear you."], [{"grounding": 4}])
    client.post(reverse("annotation:remove_practice_item", args=[made.slug, kept.pk]))
    assert not PracticeItem.objects.exists()


def test_an_item_begins_from_an_answer_of_another_set(curator, signed_in) -> None:
    made, client = study(slug="plain"), signed_in(curator)
    other = run(prompt_set(2, slug="other", language="da"), "elsewhere", "From elsewhere, {n}.")
    url = reverse("annotation:practice_items", args=[made.slug])
    chosen = other.completions.first()
    assert chosen.pk in client.get(f"{url}?run={other.pk}").content.decode()
    page = client.get(f"{url}?run={other.pk}&completion={chosen.pk}").content.decode()
    assert chosen.text in page
    assert 'value="da"' in page
    own = made.arms.first().run
    assert "in the study itself" in client.get(f"{url}?run={own.pk}").content.decode()


def test_who_waits_at_the_gate_is_let_in_from_the_page(browser, made, curator, signed_in) -> None:
    client, seat = signed_in(curator), Seat.objects.get()
    url = reverse("annotation:practice_items", args=[made.slug])
    assert "0 of 2 items" in client.get(url).content.decode()
    client.post(reverse("annotation:let_in", args=[made.slug, seat.rater_id]))
    assert browser.get("/rate/spring/").status_code == 200


def test_the_editor_is_for_curators(browser, made, researcher, signed_in) -> None:
    url = reverse("annotation:practice_items", args=[made.slug])
    each = made.practice_items.first()
    remove = reverse("annotation:remove_practice_item", args=[made.slug, each.pk])
    let_in = reverse("annotation:let_in", args=[made.slug, raters.of(person("rater")).pk])
    for client, status in ((Client(), 302), (browser, 403), (signed_in(researcher), 403)):
        assert client.get(url).status_code == status
        assert {client.post(to).status_code for to in (url, remove, let_in)} == {status}
    practise = reverse("annotation:practice_item", args=[made.slug, each.pk])
    assert signed_in(person("curator")).post(practise).status_code == 403
    assert signed_in(person("rater")).post(practise).status_code == 404
