from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from crisis import actions, table
from crisis.entries import Standing
from crisis.models import Change, Resource, Verification
from tests.crisis import made
from tests.people import person

pytestmark = pytest.mark.django_db
AT, TODAY = made.AT, made.AT.date()


def test_one_person_verifies_nothing(reviewer):
    found = actions.verify(by=reviewer, resource=made.resource(), at=AT)
    assert found.standing(TODAY) == Standing.UNVERIFIED
    assert not Resource.objects.verified(TODAY).exists()


def test_the_same_person_twice_is_refused(reviewer):
    found = actions.verify(by=reviewer, resource=made.resource(), at=AT)
    with pytest.raises(actions.NotYetAgain, match="second person"):
        actions.verify(by=reviewer, resource=found, at=AT)
    assert found.verifications.count() == 1


def test_a_second_person_makes_it_verified_for_ninety_days():
    found = made.verified()
    assert found.first_verified_by != found.second_verified_by
    assert found.standing(TODAY) == Standing.VERIFIED
    assert found.recheck_by == TODAY + timedelta(days=90)
    assert found.standing(found.recheck_by + timedelta(days=1)) == Standing.STALE
    assert list(Resource.objects.verified(TODAY)) == [found]
    assert list(Resource.objects.due(TODAY)) == []
    assert list(Resource.objects.due(found.recheck_by - timedelta(days=14))) == [found]
    assert list(Resource.objects.stale(found.recheck_by + timedelta(days=1))) == [found]


def test_a_fresh_row_is_not_verified_again(reviewer):
    found = made.verified()
    with pytest.raises(actions.NotYetAgain, match="next check"):
        actions.verify(by=reviewer, resource=found, at=AT)


def test_a_stale_row_stays_stale_until_two_people_checked_it_anew():
    people = person("reviewer"), person("reviewer")
    found, later = made.verified(people=people), AT + timedelta(days=120)
    found = actions.verify(by=people[0], resource=found, at=later)
    assert found.standing(later.date()) == Standing.STALE
    found = actions.verify(by=people[1], resource=found, at=later)
    assert found.standing(later.date()) == Standing.VERIFIED
    assert found.verifications.count() == 4


def test_a_change_voids_what_was_verified(curator):
    found = made.verified()
    changed = actions.change(
        by=curator, resource=found, details=made.facts(contact="55 55 99 99"), at=AT
    )
    assert changed.standing(TODAY) == Standing.UNVERIFIED
    assert changed.first_verified_by is None
    assert "'55 55 01 23' to '55 55 99 99'" in changed.changes.get(verb="changed").note


def test_a_change_of_nothing_voids_nothing(curator):
    found = actions.change(by=curator, resource=made.verified(), details=made.facts(), at=AT)
    assert found.standing(TODAY) == Standing.VERIFIED


def test_what_was_changed_since_it_was_read_is_not_verified(curator, reviewer):
    read = made.resource()
    actions.change(
        by=curator,
        resource=Resource.objects.get(),
        details=made.facts(hours="at night"),
        at=AT,
    )
    with pytest.raises(actions.NotYetAgain, match="meantime"):
        actions.verify(by=reviewer, resource=read, at=AT)


def test_a_retired_row_stays_and_says_why(curator, reviewer):
    found = actions.retire(by=curator, resource=made.verified(), reason="It closed.", at=AT)
    assert found.standing(TODAY) == Standing.RETIRED
    assert found.entry(TODAY).standing == Standing.RETIRED
    assert not Resource.objects.verified(TODAY).exists()
    for act in (
        lambda: actions.verify(by=reviewer, resource=found, at=AT),
        lambda: actions.retire(by=curator, resource=found, reason="Again.", at=AT),
        lambda: actions.change(
            by=curator, resource=found, details=made.facts(hours="never"), at=AT
        ),
    ):
        with pytest.raises(actions.IsRetired, match="It closed"):
            act()


def test_retiring_needs_a_reason(curator):
    with pytest.raises(actions.ReasonMissing):
        actions.retire(by=curator, resource=made.resource(), reason=" ", at=AT)


def test_the_same_contact_is_added_once():
    made.resource()
    with pytest.raises(actions.KnownAlready):
        made.resource()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", ""),
        ("channel", "pigeon"),
        ("countries", "Denmark"),
        ("url", "javascript:x"),
        ("contact", "no digits"),
    ],
)
def test_a_value_that_no_row_may_hold_is_named(column, value):
    with pytest.raises(actions.BadDetails) as refused:
        made.resource(**{column: value})
    assert column in [name for name, _ in refused.value.faults]


def refuses(**values: object) -> None:
    found = Resource.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=found.pk).update(**values)


def test_the_database_refuses_what_the_actions_would():
    found = made.verified()
    refuses(second_verified_by=found.first_verified_by)
    refuses(second_verified_by=None)
    refuses(retired_on=TODAY)
    refuses(recheck_by=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.update(note="other")


def test_a_country_is_served_by_its_own_and_by_what_is_everywhere():
    own = made.resource(countries="DK;SE")
    everywhere = made.resource(name="Anywhere", countries="*", channel="web", contact="a.example")
    made.resource(name="Other", countries="DE")
    assert set(Resource.objects.for_country("SE")) == {own, everywhere}


# Files


def test_the_shipped_sample_loads_unverified_and_only_once():
    out = StringIO()
    call_command("load_resources", stdout=out)
    n = Resource.objects.count()
    assert f"{n} added" in out.getvalue()
    assert not Resource.objects.verified(TODAY).exists()
    assert {row.status(TODAY) for row in Resource.objects.all()} == {"unverified sample"}
    countries = {code for row in Resource.objects.all() for code in row.country_list}
    assert len(countries - {"*"}) >= 25
    call_command("load_resources", stdout=out)
    assert Resource.objects.count() == n == Change.objects.count()


def test_each_country_of_the_sample_has_several_ways():
    call_command("load_resources", stdout=StringIO())
    rows = Resource.objects.all()
    for country in {code for row in rows for code in row.country_list} - {"*"}:
        assert sum(country in row.country_list for row in rows) >= 3, country


def test_loading_the_sample_again_leaves_what_people_changed(curator):
    call_command("load_resources", stdout=StringIO())
    row = Resource.objects.order_by("pk")[0]
    details = table.details({**vars(row.details()), "hours": "by appointment"})
    actions.change(by=curator, resource=row, details=details, at=AT)
    call_command("load_resources", stdout=StringIO())
    assert Resource.objects.get(pk=row.pk).hours == "by appointment"


def test_a_file_with_a_bad_row_changes_nothing(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text("name,countries,channel,contact\nA,DK,phone,1\nB,Denmark,fax,2\n")
    with pytest.raises(CommandError) as refused:
        call_command("load_resources", str(path))
    assert "Row 3, column 'channel': is 'fax'. Use one of: phone" in str(refused.value)
    assert "Row 3, column 'countries'" in str(refused.value)
    assert not Resource.objects.exists()


def test_an_unknown_column_is_named(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text("name,countries,channel,contact,fax\nA,DK,phone,1,2\n")
    with pytest.raises(CommandError, match="'fax' is not known"):
        call_command("load_resources", str(path))


def test_an_exported_directory_loads_again_unchanged(tmp_path):
    now = timezone.now()  # the command reads the clock
    made.verified(at=now)
    path = tmp_path / "services.csv"
    call_command("export_resources", str(path), stdout=StringIO())
    assert path.read_text().splitlines()[1].endswith(",verified")
    out = StringIO()
    call_command("load_resources", str(path), stdout=out)
    assert "0 added, 0 changed, 1 left" in out.getvalue()
    assert Resource.objects.verified(now.date()).count() == 1


def test_no_file_can_verify_a_row(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text("name,countries,channel,contact,status\nA,DK,phone,1,verified\n")
    call_command("load_resources", str(path), stdout=StringIO())
    assert Resource.objects.get().standing(TODAY) == Standing.UNVERIFIED


def test_names_of_the_open_specification_are_understood(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text(
        "name,Organization.Name,service_area,channel,number,schedule,Fees description\n"
        "A,A house,DK,phone,55 55 01 23,24 hours,free\n"
    )
    call_command("load_resources", str(path), stdout=StringIO())
    row = Resource.objects.get()
    assert (row.organisation, row.countries, row.contact) == ("A house", "DK", "55 55 01 23")
    assert (row.hours, row.cost) == ("24 hours", "free")


def test_a_column_that_stands_twice_is_named(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text("name,countries,channel,contact,number\nA,DK,phone,1,2\n")
    with pytest.raises(CommandError, match="'contact' stands there twice"):
        call_command("load_resources", str(path))
