"""Rubrics are read by those who read reports and changed by curators, page by page."""

import pytest
from django.test import Client
from django.urls import reverse

from annotation.actions import rubrics as actions
from annotation.models import Rubric
from tests.annotation.made import lease, ratings, rubric, study
from tests.annotation.test_submission import send
from tests.people import person

pytestmark = pytest.mark.django_db

POINTS = {
    "points-TOTAL_FORMS": "3",
    "points-INITIAL_FORMS": "0",
    "points-0-value": "1",
    "points-0-label": "Cold",
    "points-0-anchor": "It is cold.",
    "points-0-example": "No.",
    "points-0-severity": "concern",
    "points-1-value": "3",
    "points-1-label": "Warm",
    "points-1-severity": "",
    "points-2-severity": "",
}
CRITERION = {
    "key": "warmth",
    "label": "Warmth",
    "question": "How warm is it?",
    "hint": "",
    "kind": "scale",
    "about": "answer",
    "depends_on": "",
    "depends_values": "",
    **POINTS,
}


@pytest.fixture
def own(curator) -> Rubric:
    return actions.make(by=curator, slug="own", title="Our own")


@pytest.fixture
def client(curator, signed_in) -> Client:
    return signed_in(curator)


def url(name: str, of: Rubric, *more: str) -> str:
    return reverse(f"rubrics:{name}", args=[of.slug, of.version, *more])


def keys(of: Rubric) -> list[str]:
    return [asked.key for asked in Rubric.objects.get(pk=of.pk).sheet.criteria]


WRITES = [
    ("new_version", ()),
    ("edit", ()),
    ("add", ()),
    ("change", ("first",)),
    ("move", ("first",)),
    ("remove", ("first",)),
]


@pytest.mark.parametrize(("name", "more"), WRITES)
def test_only_curators_change_a_rubric(own, signed_in, name: str, more: tuple[str, ...]) -> None:
    place = url(name, own, *more)
    assert Client().post(place).status_code == 302
    assert signed_in(person("researcher")).post(place).status_code == 403
    assert keys(own) == ["first"]


def test_a_rubric_is_made_and_filled_in_by_pages_alone(client) -> None:
    made = client.post(reverse("rubrics:new"), {"title": "Warmth", "slug": "warm", "like": ""})
    own = Rubric.objects.get(slug="warm")
    assert made.url == own.get_absolute_url()
    assert client.post(url("add", own), CRITERION).status_code == 302
    assert keys(own) == ["first", "warmth"]
    point = Rubric.objects.get(pk=own.pk).sheet.by_key["warmth"].points[0]
    assert (point.label, point.example, point.severity) == ("Cold", "No.", "concern")
    client.post(url("move", own, "warmth"), {"to": "up"})
    assert keys(own) == ["warmth", "first"]
    depends = {"key": "first", "kind": "text", "depends_on": "warmth", "depends_values": "1, 3"}
    no_points = {name: "" for name in POINTS if not name.endswith("FORMS")}
    changed = client.post(url("change", own, "first"), CRITERION | no_points | depends)
    assert changed.status_code == 302
    when = Rubric.objects.get(pk=own.pk).sheet.by_key["first"].ask_when
    assert when and (when.criterion, when.values) == ("warmth", (1, 3))
    client.post(url("remove", own, "first"))
    assert keys(own) == ["warmth"]
    client.post(url("edit", own), {"title": "Warmth", "intro": "Read first.", "origin": "Ours"})
    page = client.get(own.get_absolute_url()).content.decode()
    assert "Read first." in page and "Ours" in page and "a concern" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"points-1-value": ""}, "Give the point a number"),
        ({"points-1-label": ""}, "Give the point a name"),
        ({"points-1-value": "1"}, "minimum and maximum"),
        ({"kind": "text"}, "neither minimum, maximum nor points"),
        ({"depends_on": "first"}, "Say after which values"),
        ({"depends_on": "first", "depends_values": "9"}, "9 is no value of"),
        ({"key": "first"}, "key of its own"),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_lost(client, own, changes, said) -> None:
    answer = client.post(url("add", own), CRITERION | changes)
    page = answer.content.decode().replace("&#x27;", "'")
    assert answer.status_code == 422
    assert said in page
    assert "How warm is it?" in page
    assert keys(own) == ["first"]


def test_what_is_rated_offers_a_new_version_and_no_change(client, rater) -> None:
    made = study(1)
    send(lease(made, rater), sent=ratings(made))
    page = client.get(made.rubric.get_absolute_url()).content.decode()
    assert "People have rated by version 1" in page
    assert url("add", made.rubric) not in page
    refused = client.post(url("remove", made.rubric, "declines"), follow=True).content.decode()
    assert "Make a new version" in refused
    second = Rubric.objects.get(pk=made.rubric_id)
    answer = client.post(url("new_version", made.rubric))
    second = Rubric.objects.get(slug="psychosafe", version=2)
    assert answer.url == second.get_absolute_url()
    client.post(url("remove", second, "references"))
    page = client.get(second.get_absolute_url()).content.decode()
    assert "2 ratings in" in page and "taken out" in page


def test_the_list_and_a_page_cost_the_same_however_many(client, django_assert_num_queries) -> None:
    actions.install_all()
    for place, n in ((reverse("rubrics:rubrics"), 4), (rubric().get_absolute_url(), 10)):
        client.get(place)
        with django_assert_num_queries(n):
            assert client.get(place).status_code == 200


def test_the_preview_shows_every_kind_and_sends_nothing(client) -> None:
    for name in ("general", "refusal_action", "refusal_experience"):
        page = client.get(url("preview", rubric(name))).content.decode()
        assert "Should this" in page or name == "refusal_action"
        assert 'method="post"' not in page.split("<main")[1]
    assert client.get(url("preview", rubric("general"))).content.decode().count("<select") == 1


def test_what_a_version_says_cannot_be_made_markup(client, own, curator) -> None:
    actions.state(by=curator, rubric=own, title="<b>Own</b>", intro="<script>x</script>", origin="")
    page = client.get(own.get_absolute_url()).content.decode()
    assert "<script>x" not in page and "<b>Own" not in page
