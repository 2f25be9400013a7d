"""Items go to raters who fit them, and not to those who hid their domain."""

import pytest

from annotation.actions import laying, quota, raters, routing, studies, submission
from annotation.models import Assignment, Item, OptOut, Study
from corpus.models import Domain
from tests.annotation.made import AT, LATER, lease, prompt_set, ratings, reason, run, study
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def domains() -> list[Domain]:
    return [
        Domain.objects.create(slug=slug, name=slug.title(), definition=slug, severity=severity)
        for slug, severity in (("grief", 1), ("harm", 3))
    ]


@pytest.fixture
def mixed(domains: list[Domain]) -> Study:
    """Eight items: of two languages, two countries and two domains, in every mixture."""
    made = study(8, is_open=False)
    for number, item in enumerate(made.items.order_by("position")):
        item.language = "da" if number & 1 else "en"
        item.country = "DK" if number & 2 else ""
        item.domain = domains[number >> 2]
        item.save()
    return studies.open(by=None, study=made, at=AT)


def route(made: Study, **by: bool) -> Study:
    Study.objects.filter(pk=made.pk).update(**by)
    made.refresh_from_db()
    return made


def declare(user, languages=(), countries=(), domains=()):
    return routing.declare(
        by=user, rater=raters.of(user), languages=languages, countries=countries, domains=domains
    )


def all_items(made: Study, user) -> list[Item]:
    """Everything that the rater is given until there is nothing."""
    found = []
    while reason_or_item(made, user):
        mine = lease(made, user)
        found.append(mine.item)
        submit(mine)
    return found


def reason_or_item(made: Study, user) -> bool:
    from annotation.actions import allocation

    found = allocation.next_assignment(study=made, rater=raters.of(user), at=AT)
    return isinstance(found, Assignment)


def submit(mine: Assignment) -> None:
    submission.submit(
        assignment=Assignment.objects.to_work_on().get(pk=mine.pk),
        rater=mine.rater,
        token=mine.token,
        key="k",
        ratings=ratings(mine.study),
        preference="A",
        at=AT,
    )


def test_without_routing_a_rater_needs_to_declare_nothing(mixed, rater) -> None:
    assert len(all_items(mixed, rater)) == 8


def test_a_rater_gets_items_in_their_languages_only(mixed, rater) -> None:
    route(mixed, routes_by_language=True)
    declare(rater, languages=["da-DK"])
    assert {item.language for item in all_items(mixed, rater)} == {"da"}
    assert reason(mixed, rater) == "done"


def test_a_rater_licensed_elsewhere_gets_items_of_no_country_only(mixed, rater) -> None:
    route(mixed, routes_by_country=True)
    declare(rater, countries=["it"])
    assert [item.country for item in all_items(mixed, rater)] == [""] * 4


def test_all_routes_together_leave_what_fits_them_all(mixed, rater, domains) -> None:
    route(mixed, routes_by_language=True, routes_by_country=True, routes_by_domain=True)
    declare(rater, languages=["da"], countries=["DK"], domains=domains[1:])
    found = all_items(mixed, rater)
    assert {(item.language, item.domain) for item in found} == {("da", domains[1])}
    assert len(found) == 2


@pytest.mark.parametrize("by", ["routes_by_language", "routes_by_country", "routes_by_domain"])
def test_who_declared_nothing_is_given_nothing_and_told_why(mixed, rater, by, signed_in) -> None:
    route(mixed, **{by: True})
    assert reason(mixed, rater) == "undeclared"
    answer = signed_in(rater).post(f"/api/v1/studies/{mixed.pk}/next/")
    assert answer.json() == {"assignment": None, "reason": "undeclared"}


def test_a_hidden_domain_is_not_given_out(mixed, rater, domains) -> None:
    OptOut.objects.create(rater=raters.of(rater), domain=domains[1])
    assert {item.domain for item in all_items(mixed, rater)} == {domains[0]}
    assert reason(mixed, rater) == "done"


def test_an_item_without_a_domain_is_hidden_by_none(mixed, rater, domains) -> None:
    Item.objects.update(domain=None)
    OptOut.objects.create(rater=raters.of(rater), domain=domains[1])
    assert len(all_items(mixed, rater)) == 8


def test_hiding_a_domain_gives_back_what_is_leased_of_it(mixed, rater, domains) -> None:
    Item.objects.update(domain=domains[1])
    Item.objects.filter(position=0).update(domain=domains[0])
    held = lease(mixed, rater)
    while held.item.position == 0:
        submit(held)
        held = lease(mixed, rater)
    OptOut.objects.create(rater=raters.of(rater), domain=domains[1])
    left = reason(mixed, rater) if reason_is(mixed, rater) else lease(mixed, rater).item.position
    assert left in ("done", 0)
    held.refresh_from_db()
    assert held.state == "expired"
    assert Item.objects.get(pk=held.item_id).taken == 0


def reason_is(made: Study, user) -> bool:
    return not reason_or_item(made, user)


def test_what_expired_is_not_given_back_once_its_domain_is_hidden(mixed, rater, domains) -> None:
    Item.objects.update(domain=domains[1])
    lease(mixed, rater)
    OptOut.objects.create(rater=raters.of(rater), domain=domains[1])
    assert reason(mixed, rater, AT + LATER) == "done"


def test_the_door_counts_what_fits_the_rater(mixed, rater, domains, signed_in) -> None:
    made = route(mixed, routes_by_language=True)
    door = f"/rate/{made.slug}/start/"
    assert "There are 8 items" in signed_in(rater).get(door).content.decode()
    declare(rater, languages=["da"])
    OptOut.objects.create(rater=raters.of(rater), domain=domains[0])
    page = signed_in(rater).get(door).content.decode()
    assert "There are 2 items" in page
    assert "Grief" not in page


def test_items_that_nobody_fits_are_named_for_the_curator(mixed, rater, domains) -> None:
    route(mixed, routes_by_language=True, routes_by_domain=True)
    person("rater")
    declare(rater, languages=["da", "en"], domains=domains[:1])
    found = routing.gaps(mixed)
    assert [(gap.language, gap.domain, gap.n_items) for gap in found] == [
        ("Danish", domains[1], 1),
        ("Danish", domains[1], 1),
        ("English", domains[1], 1),
        ("English", domains[1], 1),
    ]
    declare(person("rater"), languages=["da", "en"], domains=domains)
    assert routing.gaps(mixed) == []


def test_who_may_not_rate_any_more_fills_no_gap(mixed, rater) -> None:
    route(mixed, routes_by_language=True)
    declare(rater, languages=["da", "en"])
    rater.is_active = False
    rater.save()
    assert sum(gap.n_items for gap in routing.gaps(mixed)) == 8


@pytest.mark.parametrize("words", [{"languages": ["d4"]}, {"countries": ["Denmark"]}])
def test_only_codes_can_be_declared(rater, words) -> None:
    with pytest.raises(routing.NotDeclarable):
        declare(rater, **words)


# What a new study knows of its items


def test_items_know_language_country_domain_and_severity(domains) -> None:
    over = prompt_set(2, language="da-DK", country="DK", domains=domains[1:])
    item = study(runs=[run(over)], k=2).items.first()
    assert item
    assert (item.language, item.country, item.domain, item.severity) == ("da", "DK", domains[1], 3)
    assert (item.places, item.is_shared, item.is_core) == (2, True, False)


def places(made: Study) -> list[int]:
    return sorted(made.items.values_list("places", flat=True))


def test_partial_overlap_gives_the_others_one_place() -> None:
    made = study(10, k=3, n_shared=4)
    assert places(made) == [1] * 6 + [3] * 4


def test_the_core_has_a_place_for_everybody_and_comes_early() -> None:
    made = study(60, k=3, n_core=10)
    assert places(made)[-10:] == [laying.FOR_ALL] * 10
    in_a_block = []
    for user in (person("rater"), person("rater"), person("rater")):
        order = []
        for _ in range(35):
            mine = lease(made, user)
            order.append(mine.item.is_core)
            submit(mine)
        assert sum(order) == 10
        in_a_block.append(all(order[:10]))
    assert not all(in_a_block)


def test_core_and_shared_items_have_their_share_of_every_domain(domains) -> None:
    over = prompt_set(20, domains=domains)
    made = study(runs=[run(over)], k=2, n_core=4, n_shared=8)
    for choice in ({"is_core": True}, {"is_shared": True, "is_core": False}):
        counts = [made.items.filter(domain=domain, **choice).count() for domain in domains]
        assert counts in ([2, 2], [4, 4])


def test_more_raters_an_item_add_places_and_fewer_delete_nothing(rater) -> None:
    made = study(6, k=2, n_shared=2, n_core=1)
    held = lease(made, rater)
    made = quota.change(by=None, study=made, k=4)
    assert (made.k, places(made)) == (4, [1, 1, 1, 4, 4, laying.FOR_ALL])
    made = quota.change(by=None, study=made, k=1)
    assert places(made) == [1] * 5 + [laying.FOR_ALL]
    submit(held)
    assert Assignment.objects.filter(state="submitted").count() == 1
    assert quota.change(by=None, study=made, k=3).k == 3
    assert places(made) == [1, 1, 1, 3, 3, laying.FOR_ALL]


def test_fewer_raters_an_item_let_nobody_in_where_it_is_full() -> None:
    made = study(1, k=3)
    users = [person("rater") for _ in range(4)]
    held = [lease(made, user) for user in users[:2]]
    quota.change(by=None, study=made, k=1)
    assert reason(made, users[2]) == "wait"
    submit(held[0])
    assert reason(made, users[2]) == "done"
    submit(held[1])
    quota.change(by=None, study=made, k=4)
    assert lease(made, users[3]).item == held[0].item


def test_of_two_changes_at_once_the_second_is_told() -> None:
    made = study(2, k=2)
    stale = Study.objects.get(pk=made.pk)
    quota.change(by=None, study=made, k=3)
    with pytest.raises(studies.NotNow):
        quota.change(by=None, study=stale, k=5)
    studies.close(by=None, study=made, at=AT)
    with pytest.raises(studies.NotNow):
        quota.change(by=None, study=made, k=5)
    with pytest.raises(studies.Unsuitable):
        quota.change(by=None, study=made, k=51)
