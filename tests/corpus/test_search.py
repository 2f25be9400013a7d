from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from corpus import actions, conversation, search, words
from corpus.models import Version
from psychosafe_site.checkup import findings
from tests.corpus import made

SignIn = Callable[[User], Client]
marks = st.text(alphabet="ab*-\"“ ()+^:&|!'\\<>%æßé中\u0301{}", max_size=30)


def found(typed: str) -> set[str]:
    """The titles of what is found, by the walk and by the look-up alike."""
    asked = words.read(typed)
    walked = set(Version.objects.filter(search.saying(asked)).values_list("pk", flat=True))
    if asked.wanted:
        assert set(search.ids(asked, 100)) == walked
    return {version.title for version in Version.objects.filter(pk__in=walked)}


@pytest.fixture
def texts(author: User) -> None:
    said = {
        "Blåbær": "A calm word about berries, and about the road home.",
        "Straße und Übung": "Ring 116 123 or go to example.org, please.",
        "ΟΔΟΣ and Привет": "Sell-by dates don't matter to a re-vetted text.",
        "One two three": "One three two.",
    }
    for prompt, response in said.items():
        made.draft(author, messages=conversation.single(prompt), response=response)


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("berries", {"Blåbær"}),
        ("BLÅBÆR", {"Blåbær"}),
        ("blabær", {"Blåbær"}),
        ("ubung", {"Straße und Übung"}),
        ("привет", {"ΟΔΟΣ and Привет"}),
        ("ΠΡΙΒΕΤ", set()),
        ("ПРИВЕТ", {"ΟΔΟΣ and Привет"}),
        ("116 123", {"Straße und Übung"}),
        ('"116 123"', {"Straße und Übung"}),
        ('"123 116"', set()),
        ('"one three two"', {"One two three"}),
        ('"three two" "one two"', {"One two three"}),
        ('"two one"', set()),
        ('"calm word" -"road home"', set()),
        ("example", {"Straße und Übung"}),
        ("example.org", {"Straße und Übung"}),
        ("re-vetted", {"ΟΔΟΣ and Привет"}),
        ("don't", {"ΟΔΟΣ and Привет"}),
        ("calm road", {"Blåbær"}),
        ('"calm road"', set()),
        ("two three", {"One two three"}),
        ('"two three"', {"One two three"}),
        ("ber", set()),
        ("ber*", {"Blåbær"}),
        ("one -calm", {"One two three"}),
        ("a -calm -matter", set()),
        ("-two -calm", {"Straße und Übung", "ΟΔΟΣ and Привет"}),
        ("role", set()),
        ("content", set()),
        ("user", set()),
    ],
)
def test_words_are_found_as_people_type_them(typed: str, titles: set[str]) -> None:
    assert found(typed) == titles


@pytest.mark.usefixtures("texts")
def test_nothing_that_says_nothing_filters() -> None:
    assert len(found('- "" !')) == 4


def test_every_turn_is_searched(author: User) -> None:
    turns = [
        {"role": "user", "content": "First\nmorning"},
        {"role": "assistant", "content": "And \"then\"?"},
        {"role": "user", "content": "Evening\tcame"},
    ]  # fmt: skip
    made.draft(author, messages=turns, response="Night.")
    assert all(len(found(word)) == 1 for word in ("morning", "then", "evening", "came", "night"))
    assert found("nmorning") == found('"morning evening"') == set()


def test_a_text_is_found_as_it_is_now(author: User) -> None:
    draft = made.draft(author, response="An apple.")
    draft = actions.save_draft(
        by=author, version=draft, lock_version=draft.lock_version, at=made.AT,
        fields=made.fields(messages=conversation.single("Cherries?"), response="A pear."),
    )  # fmt: skip
    assert not found("apple") and found("pear") and found("cherries")
    actions.submit(by=author, version=draft, at=made.AT)
    assert found("pear")


def test_what_is_gone_is_not_found(author: User) -> None:
    draft = made.draft(author, response="An apple.")
    Version.objects.filter(pk=draft.pk).delete()
    assert not found("apple")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM corpus_said), count(*) FROM corpus_said_place"
            )
            assert cursor.fetchone() == (0, 0)


def test_many_written_at_once_are_found(author: User) -> None:
    pair = made.draft(author).pair
    Version.objects.filter(pair=pair).update(is_latest=False)
    Version.objects.bulk_create(
        Version(pair=pair, number=n, author=author, saved_at=made.AT, is_latest=False,
                messages=conversation.single(f"Plum {n}"))
        for n in range(2, 12)
    )  # fmt: skip
    assert len(found("plum")) == 10


def test_a_conversation_of_another_shape_is_no_error(author: User) -> None:
    for shape in ([], [1, "plum"], {"content": "plum"}, "plum", [{"content": None}]):
        Version.objects.filter(pk=made.draft(author).pk).update(messages=shape)
    asked = words.read("laughing -plum")
    assert Version.objects.filter(search.saying(asked)).count() == 5


def test_a_text_longer_than_an_index_entry_is_stored(author: User) -> None:
    long = " ".join(f"wort{number}é" for number in range(60_000))
    Version.objects.filter(pk=made.draft(author).pk).update(
        messages=[{"role": "user", "content": long}]
    )
    assert found("wort1e") and not found("wort59999e")


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(marks, st.text(max_size=30)))
def test_whatever_is_typed_is_answered(author: User, signed_in: SignIn, typed: str) -> None:
    found(typed)
    answer = signed_in(author).get(reverse("corpus:index"), {"q": typed})
    assert answer.status_code in (200, 400)  # 400: what the gate lets nobody type


def test_the_index_is_whole_and_the_doctor_says_when_it_is_not(db: Any) -> None:
    """A migration that remakes the table of versions on SQLite must set the triggers anew."""
    assert search.missing() == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER corpus_said_changed")
        bad = [each for each in findings() if not each.is_good and "search" in each.what.lower()]
        assert bad and "triggers" in bad[0].what
