"""The rating page by keyboard, and a submit that neither loses nor doubles a rating."""

import pytest
from playwright.sync_api import expect

from tests import axe
from tests.static.conftest import SITE, Answer

pytestmark = pytest.mark.browser


def scale(slot, name, values, extra=""):
    points = "".join(
        f'<label><input type="radio" name="{slot}.{name}" value="{value}" '
        f'data-anchor="{value}: what it means">{value}</label>'
        for value in values
    )
    return (
        f"<fieldset data-criterion {extra}><legend>{slot}: {name}</legend>"
        f'<div class="scale">{points}</div>'
        f'<p class="anchor" data-anchor-for="{slot}.{name}">Choose a point.</p></fieldset>'
    )


PREFERENCE = (
    '<fieldset data-preference><legend>Rather?</legend><div class="scale words">'
    + "".join(
        f'<label><input type="radio" name="preference" value="{value}">{value}</label>'
        for value in ("A", "equal", "B", "both_unacceptable")
    )
    + "</div></fieldset>"
)
PAGE = (
    '<h1>Rate</h1><form class="criteria" id="rating" action="/submit/" method="post" data-rating>'
    '<input type="hidden" name="idempotency_key" value=""><div class="row">'
    + scale("A", "declines", ["yes", "no", "cannot_judge"])
    + scale("B", "declines", ["yes", "no", "cannot_judge"])
    + scale("A", "grounding", "12345")
    + scale("B", "grounding", "12345")
    + scale("A", "given", ["some", "all"], 'data-ask-when="A.declines=no"')
    + "</div>"
    + PREFERENCE
    + '<label>Remark <textarea name="remark"></textarea></label></form>'
    '<footer class="act"><button class="main" form="rating" data-send>Save and next</button>'
    '<button form="rating" formaction="/skip/" formnovalidate data-shortcut="s">'
    "Skip</button><span data-save-state></span></footer>"
    '<dialog data-keys aria-label="Keys"><button type="button" data-shortcuts-toggle>Keys</button>'
    "<button type='button' data-close>Close</button></dialog>"
)
WHOLE = ["1", "1", "4", "2", "b"]


def press(desk, keys):
    for key in keys:
        desk.page.keyboard.press(key)


def chosen(desk):
    return desk.page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('input:checked')]"
        ".map(input => [input.name, input.value]))"
    )


def test_a_whole_item_is_rated_and_sent_by_keys(desk):
    desk.answers["/submit/"] = Answer(body={"next": "/next/"})
    page = desk.open(PAGE)
    press(desk, [*WHOLE, "Enter"])
    page.wait_for_url(f"{SITE}/next/")
    sent = desk.sent("/submit/")
    assert len(sent) == 1
    assert sent[0] | {"idempotency_key": ""} == {
        "idempotency_key": "",
        "A.declines": "yes",
        "B.declines": "yes",
        "A.grounding": "4",
        "B.grounding": "2",
        "preference": "B",
        "remark": "",
    }


@pytest.mark.parametrize(
    ("key", "value"), [("a", "A"), ("b", "B"), ("=", "equal"), ("x", "both_unacceptable")]
)
def test_letters_choose_the_preference(desk, key, value):
    desk.open(PAGE)
    press(desk, key)
    assert chosen(desk) == {"preference": value}


def test_a_number_answers_the_fieldset_that_has_the_focus(desk):
    page = desk.open(PAGE)
    page.locator("[name='B.grounding']").first.focus()
    press(desk, "5")
    assert chosen(desk) == {"B.grounding": "5"}


def test_j_and_k_walk_through_the_fieldsets(desk):
    page = desk.open(PAGE)
    press(desk, "jjjk")
    assert page.evaluate("document.activeElement.name") == "B.declines"


def test_keys_rest_while_somebody_types(desk):
    page = desk.open(PAGE)
    page.get_by_label("Remark").focus()
    page.keyboard.type("b=x 12 s?")
    assert chosen(desk) == {}
    expect(page.get_by_label("Remark")).to_have_value("b=x 12 s?")
    assert not desk.posts


def test_keys_can_be_switched_off_and_stay_off(desk):
    page = desk.open(PAGE)
    press(desk, "?")
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("button", name="Close").click()
    press(desk, "1")
    assert chosen(desk) == {}
    page.reload()
    press(desk, "1")
    assert chosen(desk) == {}


def test_the_anchor_of_the_chosen_point_is_shown(desk):
    page = desk.open(PAGE)
    anchor = page.locator("[data-anchor-for='A.grounding']")
    expect(anchor).to_have_text("Choose a point.")
    page.get_by_role("radio", name="3").first.check(force=True)
    expect(anchor).to_have_text("3: what it means")


def test_a_question_is_asked_only_after_its_answer(desk):
    page = desk.open(PAGE)
    asked = page.locator("fieldset:has([name='A.given'])")
    expect(asked).to_be_hidden()
    page.locator("[name='A.declines'][value=no]").check(force=True)
    expect(asked).to_be_visible()
    page.locator("[name='A.given']").first.check(force=True)
    page.locator("[name='A.declines'][value=yes]").check(force=True)
    expect(asked).to_be_hidden()
    page.locator("[name='A.declines'][value=no]").check(force=True)
    expect(page.locator("[name='A.given']").first).to_be_checked()


def test_an_open_criterion_is_named_and_gets_the_focus(desk):
    page = desk.open(PAGE)
    press(desk, ["1", "1", "4", "Enter"])
    expect(page.locator("#messages")).to_contain_text("Still open: 2")
    assert page.evaluate("document.activeElement.name") == "B.grounding"
    assert not desk.posts


def test_a_double_click_sends_once(desk):
    desk.answers["/submit/"] = Answer(body={"next": "/next/"})
    page = desk.open(PAGE)
    press(desk, WHOLE)
    page.get_by_role("button", name="Save and next").dblclick()
    page.wait_for_url(f"{SITE}/next/")
    assert len(desk.sent("/submit/")) == 1


@pytest.mark.parametrize("trouble", [None, Answer(503), Answer(429)], ids=["gone", "503", "429"])
def test_a_failed_submit_is_sent_again_with_the_same_key_and_body(desk, trouble):
    desk.answers["/submit/"] = trouble
    page = desk.open(PAGE)
    press(desk, [*WHOLE, "Enter"])
    told = "Not sent. Your answers are kept; trying again."
    expect(page.locator("#messages")).to_contain_text(told)
    expect(page.locator("[data-save-state]")).to_have_text(told)
    page.get_by_role("button", name="Save and next").click(force=True)
    desk.answers["/submit/"] = Answer(body={"next": "/next/"})
    page.clock.run_for(2100)
    page.wait_for_url(f"{SITE}/next/")
    first, second = desk.sent("/submit/")
    assert first == second
    assert first["idempotency_key"]
    assert len({headers["idempotency-key"] for _, _, headers in desk.posts}) == 1


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_refusal_is_told_in_the_page_and_the_answers_stay(desk, status):
    said = "This study was closed at 14:10. Your answers are kept."
    desk.answers["/submit/"] = Answer(status, {"message": said})
    page = desk.open(PAGE)
    press(desk, [*WHOLE, "Enter"])
    expect(page.locator("#messages")).to_have_text(said)
    assert len(chosen(desk)) == 5
    assert page.url == f"{SITE}/"
    press(desk, ["Enter"])
    desk.page.wait_for_function("() => !document.querySelector('#rating').inert")
    first, second = desk.sent("/submit/")
    assert first["idempotency_key"] != second["idempotency_key"]


def test_skipping_needs_one_key_and_no_answers(desk):
    desk.answers["/skip/"] = Answer(body={"next": "/next/"})
    page = desk.open(PAGE)
    press(desk, "s")
    page.wait_for_url(f"{SITE}/next/")
    assert len(desk.sent("/skip/")) == 1


def test_the_scale_has_large_targets_and_no_barrier(desk):
    page = desk.open(PAGE)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.scale label')].map(l => l.getBoundingClientRect())"
        ".filter(r => r.width).map(r => Math.min(r.width, r.height))"
    )
    assert min(sizes) >= 44
    axe.assert_no_violations(page)
