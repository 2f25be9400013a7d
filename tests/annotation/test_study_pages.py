"""The curator's pages of a study's making, and what raters declare of themselves."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from annotation import languages, plan
from annotation.actions import raters, routing
from annotation.models import Item, Rater, Study
from corpus.models import Domain
from tests.annotation.made import prompt_set, rubric, run, study
from tests.people import person


def planned(**fields) -> plan.Plan:
    return plan.Plan(**{"n_items": 40, "n_arms": 2, "n_criteria": 4, "k": 3} | fields)


def test_a_plan_says_items_ratings_and_hours() -> None:
    made = planned(asks_preference=True)
    assert made.n_ratings == 120
    assert next(made.sentences()) == (
        "40 items, 3 raters each: 120 ratings, about 6 h of rating in all."
    )


def test_a_plan_counts_what_one_person_rates_once() -> None:
    made = planned(n_shared=10, n_core=5)
    assert (made.n_by_k, made.n_by_one, made.n_ratings) == (10, 25, 55)
    words = " ".join(made.sentences())
    assert "10 with 3 raters, 25 with one" in words
    assert "Everybody also rates the 5 items" in words


def test_a_plan_that_cannot_be_says_so() -> None:
    assert "Lower one." in list(planned(n_shared=30, n_core=20).sentences())[-1]


@pytest.mark.parametrize(
    ("written", "code"),
    [("Danish", "da"), ("dansk", "da"), ("da", "da"), ("German", "de"), ("Klingon", "Klingon")],
)
def test_languages_are_known_by_name(written: str, code: str) -> None:
    assert languages.code(written) == code


pages = pytest.mark.django_db


@pytest.fixture
def sent(db) -> dict[str, object]:
    over = prompt_set(6)
    return {
        "name": "Autumn",
        "slug": "autumn",
        "runs": [run(over, "a").pk, run(over, "b").pk, run(over, "c").pk],
        "rubric": rubric().pk,
        "k": 2,
        "asks": "both",
        "asks_guess": "on",
        "n_shared": 3,
        "n_core": 1,
        "repeat_percent": 20,
        "repeat_after_days": 4,
        "routes_by_language": "on",
    }


def test_a_curator_settles_everything_on_one_page(curator, signed_in, sent) -> None:
    answer = signed_in(curator).post(reverse("annotation:new_study"), sent)
    assert answer.status_code == 302, answer.content.decode()
    made = Study.objects.get()
    assert (made.n_arms, made.asks_ratings, made.asks_preference) == (3, True, True)
    assert (made.n_shared, made.n_core, made.repeat_percent) == (3, 1, 20)
    assert (made.repeat_after_days, made.routes_by_language, made.asks_guess) == (4, True, True)
    assert made.items.filter(is_core=True).count() == 1


@pytest.mark.parametrize(
    ("asks", "found"), [("ratings", (True, False)), ("preference", (False, True))]
)
def test_a_study_asks_for_ratings_a_preference_or_both(
    curator, signed_in, sent, asks, found
) -> None:
    signed_in(curator).post(reverse("annotation:new_study"), sent | {"asks": asks})
    made = Study.objects.get()
    assert (made.asks_ratings, made.asks_preference) == found


def test_the_plan_is_shown_before_anything_is_made(curator, signed_in, sent) -> None:
    client = signed_in(curator)
    unnamed = sent | {"plan": "1", "name": "", "slug": ""}
    page = client.post(reverse("annotation:new_study"), unnamed)
    assert page.status_code == 200
    assert "6 items, 3 with 2 raters, 2 with one: 8 ratings" in page.content.decode()
    part = client.post(reverse("annotation:new_study"), unnamed, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div id="plan"')
    assert not Study.objects.exists()


def test_a_plan_without_runs_says_what_is_missing(curator, signed_in, sent) -> None:
    page = signed_in(curator).post(reverse("annotation:new_study"), {"plan": "1"})
    assert "Choose the runs" in page.content.decode()


def test_too_many_shared_items_are_refused_in_words(curator, signed_in, sent) -> None:
    page = signed_in(curator).post(reverse("annotation:new_study"), sent | {"n_shared": 6})
    assert page.status_code == 422
    assert "The study has 6 items." in page.content.decode()


@pages
def test_a_curator_raises_and_lowers_how_many_rate_an_item(curator, signed_in) -> None:
    made, client = study(k=2), signed_in(curator)
    url = reverse("annotation:raters_per_item", args=[made.slug])
    assert client.post(url, {"k": 4, "was": 2}).status_code == 302
    assert set(Item.objects.values_list("places", flat=True)) == {4}
    client.post(url, {"k": 7, "was": 2})
    made.refresh_from_db()
    assert made.k == 4
    noted = AuditEvent.objects.filter(verb="raters per item changed")
    assert [entry.note for entry in noted] == ["2 to 4"]


@pages
def test_rest_changes_how_many_rate_an_item_and_plans(curator, signed_in, sent) -> None:
    made, client = study(k=2), signed_in(curator)
    path = f"/api/v1/studies/{made.pk}/raters-per-item/"
    answer = client.post(path, {"k": 3, "was": 2}, "application/json")
    assert (answer.status_code, answer.json()["k"]) == (200, 3)
    assert client.post(path, {"k": 5, "was": 2}, "application/json").status_code == 409
    body = {"rubric": sent["rubric"], "runs": sent["runs"], "k": 2, "n_core": 2}
    told = client.post("/api/v1/studies/plan/", body, "application/json").json()
    assert (told["n_items"], told["n_ratings"], told["n_core"]) == (6, 8, 2)


@pages
@pytest.mark.parametrize("role", ["rater", "researcher", "engineer", "author"])
def test_only_curators_change_how_many_rate_an_item(role, signed_in) -> None:
    made = study()
    page = reverse("annotation:raters_per_item", args=[made.slug])
    rest = f"/api/v1/studies/{made.pk}/raters-per-item/"
    for url in (page, rest):
        answer = signed_in(person(role)).post(url, {"k": 9, "was": 2})
        assert answer.status_code in (403, 404)
    assert Client().post(page).status_code == 302
    made.refresh_from_db()
    assert made.k == 2


@pages
def test_the_settings_name_items_that_nobody_fits(curator, rater, signed_in) -> None:
    study(3, routes_by_language=True, is_open=False)
    client = signed_in(curator)
    page = client.get(reverse("annotation:edit_study", args=["spring"])).content.decode()
    assert "Nobody gets these items" in page
    opened = client.post(reverse("annotation:open_study", args=["spring"]), follow=True)
    assert "No rater fits 3 items" in opened.content.decode()
    routing.declare(by=curator, rater=raters.of(rater), languages=["en"], countries=[], domains=[])
    page = client.get(reverse("annotation:edit_study", args=["spring"])).content.decode()
    assert "Nobody gets these items" not in page


@pages
def test_a_rater_says_what_they_can_judge(rater, signed_in) -> None:
    domain = Domain.objects.create(slug="grief", name="Grief", definition="Grief")
    client, url = signed_in(rater), reverse("annotation:profile")
    said = {"languages": "Danish, English; it", "countries": "dk", "domains": [domain.pk]}
    assert client.post(url, said).status_code == 302
    mine = Rater.objects.get(user=rater)
    assert (mine.languages, mine.countries) == (["da", "en", "it"], ["DK"])
    assert list(mine.domains.all()) == [domain]
    page = client.get(url).content.decode()
    assert "Danish, English, Italian" in page
    refused = client.post(url, {"languages": "Klingon"})
    assert refused.status_code == 422
    assert "Klingon" in refused.content.decode()


@pages
def test_who_must_declare_first_is_led_to_where_they_do(rater, signed_in) -> None:
    study(2, routes_by_language=True)
    client = signed_in(rater)
    client.post(reverse("annotation:start", args=["spring"]))
    page = client.get(reverse("annotation:rate", args=["spring"])).content.decode()
    assert reverse("annotation:profile") in page


@pages
def test_a_curator_reads_and_mends_what_raters_declared(
    curator, rater, signed_in, django_assert_max_num_queries
) -> None:
    client = signed_in(curator)
    for _ in range(3):
        person("rater")
    with django_assert_max_num_queries(8):
        page = client.get(reverse("annotation:raters")).content.decode()
    assert rater.name in page
    url = reverse("annotation:rater", args=[rater.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"languages": "Danish"})
    assert Rater.objects.get(user=rater).languages == ["da"]
    assert client.get(reverse("annotation:rater", args=[curator.pk])).status_code == 404


@pages
def test_raters_do_not_see_what_others_declared(rater, signed_in) -> None:
    client = signed_in(rater)
    assert client.get(reverse("annotation:raters")).status_code == 403
    assert client.get(reverse("annotation:rater", args=[rater.pk])).status_code == 403
    assert Client().get(reverse("annotation:profile")).status_code == 302
