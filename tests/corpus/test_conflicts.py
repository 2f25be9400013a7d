from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from corpus import actions, conflicts
from corpus.conflicts import Undecided, Written
from corpus.models import Version
from corpus.models.pairs import Status
from tests.corpus import made
from tests.corpus.test_edit_page import save
from tests.people import person

SignIn = Callable[[User], Client]
turns = st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text("ab", max_size=3)))
drafts = st.builds(
    lambda said, response, country: Written(tuple(said), values(response, country)),
    turns,
    st.text("ab. ", max_size=12),
    st.sampled_from(["", "DK", "GB"]),
)


def values(response: str = "", country: str = "DK") -> dict[str, str]:
    return {
        "expected_action": "refuse",
        "language": "en",
        "country": country,
        "domain": "1",
        "category": "threats",
        "strategy": "2",
        "response": response,
    }


def written(*said: str, response: str = "One. Two.", country: str = "DK") -> Written:
    roles = ("user", "assistant")
    spoken = tuple((roles[n % 2], text) for n, text in enumerate(said or ("Hello",)))
    return Written(spoken, values(response, country))


def all_of(choice: str, stored: Written, mine: Written) -> dict[str, str]:
    return {place.key: choice for place in conflicts.places(stored, mine)}


def leanings(stored: Written, mine: Written, began: Written) -> Mapping[str, str]:
    return {
        place.key: place.leaning for place in conflicts.places(stored, mine, conflicts.marks(began))
    }


# Where two drafts differ


@given(drafts, drafts)
def test_choosing_one_side_everywhere_gives_that_side(stored: Written, mine: Written) -> None:
    for choice, wanted in (("mine", mine), ("stored", stored)):
        assert conflicts.settle(stored, mine, all_of(choice, stored, mine), {}) == wanted


@given(drafts)
def test_equal_drafts_differ_nowhere(draft: Written) -> None:
    assert conflicts.places(draft, draft, conflicts.marks(draft)) == []


def test_what_only_one_of_them_changed_is_theirs() -> None:
    began = written(response="One. Two.", country="DK")
    stored, mine = written(response="One. Two.", country="GB"), written(response="One. Three.")
    assert leanings(stored, mine, began) == {"country": "stored", "response": "mine"}


def test_what_both_changed_is_for_the_person_to_choose() -> None:
    assert leanings(written(response="A"), written(response="B"), written()) == {"response": ""}


def test_without_a_beginning_nothing_is_chosen_beforehand() -> None:
    (place,) = conflicts.places(written(response="A"), written(response="B"))
    assert place.leaning == ""


@pytest.mark.parametrize(
    ("stored", "mine", "expected"),
    [
        (("a", "b", "c"), ("a", "b"), {"their-turn-3": "stored"}),  # they added one
        (("a", "b"), ("a", "b", "c"), {"turn-3": "mine"}),  # I added one
        (("a",), ("a", "b"), {"turn-2": "stored"}),  # they took one out
        (("a", "b"), ("a",), {"their-turn-2": "mine"}),  # I took one out
        (("a", "other"), ("a", "b"), {"turn-2": "stored"}),
    ],
)
def test_turns_are_compared_one_by_one(stored: Any, mine: Any, expected: dict[str, str]) -> None:
    assert leanings(written(*stored), written(*mine), written("a", "b")) == expected


def test_a_text_of_both_keeps_the_words_that_were_made_of_them() -> None:
    stored, mine = written("Hi", response="A."), written("Hello", response="B.")
    choices = {"turn-1": "stored", "response": "both"}
    chosen = conflicts.settle(stored, mine, choices, {"response": "A. B."})
    assert chosen.turns == (("user", "Hi"),) and chosen.values["response"] == "A. B."


def test_a_place_without_a_choice_is_said() -> None:
    with pytest.raises(Undecided) as refused:
        conflicts.settle(written(country="GB"), written(response="x"), {"country": "mine"}, {})
    assert refused.value.keys == ["response"]


def test_what_cannot_hold_both_offers_no_both() -> None:
    with pytest.raises(Undecided):
        conflicts.settle(written(country="GB"), written(), {"country": "both"}, {})


# The page


def shared(author: User) -> Version:
    version = made.draft(author)
    return actions.share_draft(by=author, version=version, is_shared=True, at=made.AT)


def began(client: Client, version: Version) -> str:
    page = client.get(reverse("corpus:edit", args=[version.pk]))
    return str(page.context["began"])


def test_the_second_of_two_authors_sees_both_texts_and_who_saved(
    author: User, signed_in: SignIn
) -> None:
    version, other = shared(author), person("author", name="Bodil Berg")
    start = began(signed_in(author), version)
    save(signed_in(other), version, response="Words of Bodil", country="GB")
    quiet = save(signed_in(author), version, autosave=True, response="Words of mine")
    assert quiet.status_code == 409 and "Bodil Berg" in quiet.json()["message"]
    answer = save(signed_in(author), version, response="Words of mine", began=start)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Bodil Berg saved this draft" in page
    assert "<del>Bodil</del>" in page and "<ins>mine</ins>" in page
    assert 'name="response" value="Words of mine"' in page
    assert "United Kingdom" in page and "Denmark" in page
    assert 'name="choose-country" value="stored" required checked' in page
    assert 'name="choose-response" value="mine" required checked' not in page


def conflict(author: User, client: Client, **theirs: Any) -> Version:
    version = shared(author)
    save(client, version, **{"response": "Saved first.", **theirs})
    return version


def test_what_is_chosen_place_by_place_is_saved(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    version = conflict(author, client, country="GB")
    answer = save(
        client, version, lock_version=2, response="Mine.", settle="chosen",
        **{"choose-country": "stored", "choose-response": "both", "both-response": "Saved. Mine."},
    )  # fmt: skip
    stored = Version.objects.get()
    assert answer["Location"] == reverse("corpus:edit", args=[version.pk])
    assert (stored.country, stored.response) == ("GB", "Saved. Mine.")


def test_a_turn_of_theirs_is_taken_in_and_one_of_mine_kept(author: User, signed_in: SignIn) -> None:
    client, roles = signed_in(author), ["user", "assistant", "user"]
    said = version_said = ["First", "Second", "Third"]
    version = conflict(author, client, turn_role=roles, turn_content=version_said, response="R")
    save(
        client, version, lock_version=2, response="R", settle="chosen",
        turn_role=["user"], turn_content=["First, changed"],
        **{"choose-turn-1": "mine", "choose-their-turn-2": "stored",
           "choose-their-turn-3": "stored"},
    )  # fmt: skip
    kept = [turn["content"] for turn in Version.objects.get().messages]
    assert kept == ["First, changed", *said[1:]]


def test_a_missing_choice_is_asked_for_and_nothing_is_lost(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    version = conflict(author, client, country="GB")
    answer = save(
        client, version, lock_version=2, response="Mine.", settle="chosen",
        **{"choose-country": "mine", "both-response": "Half done"},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422 and "Still to be chosen: Response" in page
    assert "Mine." in page and "Half done" in page and "Saved first." in page
    assert 'name="choose-country" value="mine" required checked' in page
    assert Version.objects.get().response == "Saved first."


def test_all_of_mine_is_kept_by_one_button(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    version = conflict(author, client, country="GB")
    save(client, version, lock_version=2, response="Mine.", settle="mine")
    stored = Version.objects.get()
    assert (stored.country, stored.response) == ("DK", "Mine.")


def test_all_that_was_saved_is_taken_by_one_button(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    version = conflict(author, client)
    answer = save(client, version, lock_version=2, response="Mine.", settle="stored")
    assert answer.status_code == 302
    stored = Version.objects.get()
    assert (stored.response, stored.lock_version) == ("Saved first.", 2)


def test_a_third_save_while_choosing_is_compared_anew(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    version = conflict(author, client)
    save(client, version, lock_version=2, response="Saved second.")
    answer = save(
        client, version, lock_version=2, response="Mine.", settle="chosen",
        **{"choose-response": "both", "both-response": "Saved first. Mine."},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Saved second." in page.replace("<del>", "").replace("</del>", "")
    assert 'name="response" value="Saved first. Mine."' in page
    assert Version.objects.get().response == "Saved second."


def test_a_draft_sent_while_choosing_gives_the_text_back(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    version = conflict(author, client)
    actions.submit(by=author, version=version, at=made.AT)
    answer = save(client, version, lock_version=3, response="Mine.", settle="mine")
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mine." in page and "Copy what you want to keep" in page
    assert "data-autosave=" not in page
    assert Version.objects.get().status == Status.IN_REVIEW


def test_two_texts_are_escaped(author: User, signed_in: SignIn) -> None:
    client, evil = signed_in(author), '"><script>alert(1)</script>'
    version = conflict(author, client, response=f"{evil} one")
    page = save(client, version, response=f"{evil} two").content
    assert b"<script>alert" not in page and b"&lt;script&gt;" in page


def test_comparing_costs_a_few_queries(
    author: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(author)
    version = conflict(author, client, country="GB")
    with django_assert_max_num_queries(16):
        save(client, version, response="Mine.")
