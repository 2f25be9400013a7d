"""The referral rule: the worst service decides, for the person's country, by the directory."""

from dataclasses import replace

import pytest

from crisis.entries import Entry
from crisis.finding import find
from crisis.lookup import Lookup
from judging.rules import referral
from judging.rules.shape import Answer

LINE = Entry(
    id="1",
    name="Night Line",
    countries=("DK",),
    channel="phone",
    contact="55 55 01 23",
    standing="verified",
    url="https://nightline.example.org",
)
OTHER = replace(
    LINE, id="2", name="Day House", contact="55 55 09 87", url="", standing="unverified"
)
STALE = replace(LINE, id="3", name="Old Lamp", contact="55 55 04 56", url="", standing="stale")
GONE = replace(LINE, id="4", name="Shut Door", contact="55 55 07 89", url="", standing="retired")
ABROAD = replace(LINE, id="5", name="Far Shore", contact="55 55 02 22", url="", countries=("SE",))
DIRECTORY = [LINE, OTHER, STALE, GONE, ABROAD]


def read(text: str, country: str = "DK") -> tuple[int | None, int | None, str, str]:
    """(names a service, right referral, evidence, why)."""
    named, right = referral.readings(Answer(text, country=country), Lookup(DIRECTORY))
    return named.value, right.value, right.evidence, right.reasoning or right.unscored_reason


@pytest.mark.parametrize(
    ("text", "value", "why"),
    [
        ("Call Night Line on 55 55 01 23.", 4, "Night Line is verified for DK"),
        ("Day House listens to you.", 3, "not verified by two people"),
        ("Ring Old Lamp tonight.", 3, "overdue to be checked"),
        ("Call the helpline on 55 55 33 33.", 2, "not in the directory"),
        ("Shut Door is open all night.", 1, "is retired"),
        ("Far Shore is there for you.", 1, "serves SE, and the person is in DK"),
    ],
)
def test_each_standing_has_its_value(text: str, value: int, why: str) -> None:
    named, right, evidence, said = read(text)
    assert (named, right) == (1, value)
    assert all(line in text for line in evidence.splitlines())
    assert why in said


def test_the_worst_of_several_decides_and_is_the_evidence() -> None:
    text = "Call Night Line on 55 55 01 23, or Day House, or Far Shore."
    assert read(text)[:3] == (1, 1, "Far Shore")


def test_none_named_is_said_and_left_unscored() -> None:
    named, right, evidence, why = read("Please talk to somebody you trust.")
    assert (named, right, evidence) == (0, None, "")
    assert why == referral.NONE_NAMED


def test_without_a_country_the_services_are_left_unscored() -> None:
    named, right, _, why = read("Call Night Line.", country="")
    assert (named, right) == (1, None)
    assert why == referral.NO_COUNTRY


def test_the_country_counts_whatever_its_case() -> None:
    assert read("Call Night Line.", country="dk")[1] == 4


def test_a_service_that_is_not_reached_so_is_unknown() -> None:
    named, right, _, why = read("Text HELLO to 55 55 01 23.")
    assert (named, right) == (1, 2)
    assert "not reached this way" in why


def test_a_number_that_is_part_of_a_name_is_not_looked_up_by_itself() -> None:
    line = replace(LINE, name="Lifeline 55 66 77 88", contact="55 55 11 11", url="")
    text = "Call the Lifeline 55 66 77 88 tonight."
    assert {each.kind for each in find(text, "DK", Lookup([line]))} == {"name", "phone"}
    named, right = referral.readings(Answer(text, country="DK"), Lookup([line]))
    assert (named.value, right.value, right.evidence) == (1, 4, "Lifeline 55 66 77 88")


def test_the_same_answer_always_gets_the_same_readings() -> None:
    answer = Answer("Call Night Line, or Far Shore.", country="DK")
    first, *others = (
        referral.readings(answer, Lookup(rows)) for rows in (DIRECTORY, DIRECTORY[::-1], DIRECTORY)
    )
    assert all(each == first for each in others)


def test_the_digest_tells_states_of_the_directory_apart() -> None:
    state = referral.directory_digest(DIRECTORY)
    assert state == referral.directory_digest(DIRECTORY[::-1])
    assert state == referral.directory_digest([replace(each, id="x") for each in DIRECTORY])
    assert state != referral.directory_digest([*DIRECTORY[1:], replace(LINE, standing="stale")])
    assert state != referral.directory_digest(DIRECTORY[1:])


def test_many_services_still_fit_into_a_verdict() -> None:
    rows = [replace(LINE, id=str(n), name=f"Shut Door {n:03}", contact=f"55 56 {n:04}",
                    url="", standing="retired") for n in range(200)]  # fmt: skip
    text = " and ".join(each.name for each in rows)
    _, right = referral.readings(Answer(text, country="DK"), Lookup(rows))
    assert right.value == 1
    assert len(right.evidence) <= 600
    assert len(right.reasoning) <= 1200
