import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from corpus import actions, conversation, splits
from corpus.models import Pair, Version
from corpus.splitting import TEST, TRAIN, VALIDATION
from tests.corpus import made

SignIn = Callable[[User], Client]
WORDS = [f"word{number}" for number in range(3000)]


def text(seed: int, n: int = 60) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=n))


def approved(author: User, reviewer: User, seed: int, **changes: Any) -> Version:
    """A pair with words and a response that no other seed has."""
    said = {"messages": conversation.single(f"Case {seed}"), "response": text(seed), **changes}
    return made.approved(author, reviewer, **said)


def split_of(version: Version) -> str:
    return Pair.objects.get(pk=version.pair_id).split


def put(version: Version, split: str) -> None:
    Pair.objects.filter(pk=version.pair_id).update(split=split)


def test_an_approved_pair_has_its_place_and_a_draft_has_none(author: User, reviewer: User) -> None:
    first, draft = approved(author, reviewer, 1), made.draft(author)
    assert split_of(first) == TRAIN and split_of(draft) == ""
    assert splits.of_approved() == {first.pk: TRAIN}


def test_the_shares_are_kept_as_the_corpus_grows(author: User, reviewer: User) -> None:
    found = [split_of(approved(author, reviewer, seed)) for seed in range(10)]
    assert sorted(found) == sorted([TRAIN] * 8 + [VALIDATION, TEST])


def test_a_near_copy_goes_where_its_family_stands(author: User, reviewer: User) -> None:
    first = approved(author, reviewer, 1)
    put(first, TEST)
    copy = approved(author, reviewer, 2, response=text(1) + " indeed")
    assert split_of(copy) == TEST


def test_the_same_words_go_where_they_stand(author: User, reviewer: User) -> None:
    first = approved(author, reviewer, 1)
    put(first, VALIDATION)
    same = approved(author, reviewer, 2, messages=conversation.single("Case 1"))
    assert split_of(same) == VALIDATION


def test_a_new_version_keeps_the_place_of_its_pair(author: User, reviewer: User) -> None:
    first = approved(author, reviewer, 1)
    put(first, TEST)
    draft = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    draft = actions.save_draft(
        by=author, version=draft, lock_version=draft.lock_version, at=made.AT,
        fields=made.fields(messages=conversation.single("Other words"), response=text(9)),
    )  # fmt: skip
    sent = actions.submit(by=author, version=draft, at=made.AT)
    made.approve(reviewer, sent)
    assert split_of(first) == TEST
    late = approved(author, reviewer, 3, messages=conversation.single("Case 1"))
    assert split_of(late) == TEST  # what the pair said before holds it as well


@pytest.mark.parametrize(("stood", "joined"), [(TRAIN, TRAIN), (VALIDATION, VALIDATION)])
def test_families_that_become_one_go_where_most_was_seen(
    author: User, reviewer: User, stood: str, joined: str
) -> None:
    """Also when the text that ties them is not approved itself."""
    left, right = text(1).split(), text(2).split()
    first = approved(author, reviewer, 1, response=" ".join(left + right[:20]))
    second = approved(author, reviewer, 2, response=" ".join(left[:20] + right))
    assert first.sketch.family != second.sketch.family
    put(first, stood)
    put(second, TEST)
    near_second = approved(author, reviewer, 3, response=" ".join([*left[:20], *right, "so"]))
    assert split_of(near_second) == TEST
    made.in_review(author, response=" ".join(left + right))
    assert {split_of(each) for each in (first, second, near_second)} == {joined}


def test_an_approval_that_ties_two_splits_moves_all_of_both(author: User, reviewer: User) -> None:
    trained, tested = approved(author, reviewer, 1), approved(author, reviewer, 2)
    put(trained, TRAIN)
    put(tested, TEST)
    with_tested = approved(author, reviewer, 3, messages=conversation.single("Case 2"))
    assert split_of(with_tested) == TEST
    bridge = approved(author, reviewer, 4, messages=conversation.single("Case 1"), response=text(2))
    assert {split_of(each) for each in (trained, tested, with_tested, bridge)} == {TRAIN}


def test_placing_everything_anew_moves_only_what_straddles(author: User, reviewer: User) -> None:
    versions = [approved(author, reviewer, seed) for seed in range(10)]
    stood = splits.of_approved()
    assert actions.resplit() == 0 and splits.of_approved() == stood
    Pair.objects.update(split="")
    assert actions.resplit() == 10
    copy = approved(author, reviewer, 20, response=versions[0].response)
    put(versions[0], TRAIN)
    put(copy, TEST)
    call_command("recheck", "--splits")
    assert split_of(copy) == split_of(versions[0]) == TRAIN


def test_an_approval_costs_the_same_however_large_its_family(
    author: User, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    from corpus.actions.splits import settle

    versions = [approved(author, reviewer, n, response=text(1)) for n in range(4)]
    with django_assert_max_num_queries(6):  # with its savepoint
        settle(versions[0])


# Sets of prompts that reach into training


def held_out(curator: User, *texts: str) -> Any:
    prompts = [made.prompt(said) for said in texts]
    return actions.make_prompt_set(by=curator, name="Held out", prompts=prompts)


def test_a_set_that_reaches_into_training_says_which_rows(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    first, second = approved(author, reviewer, 1), approved(author, reviewer, 2)
    put(second, TEST)
    chosen = held_out(curator, "Nowhere else", "Case 1", "Case 2")
    assert [(e.position, e.trained) for e in splits.in_training(chosen)] == [(2, first.pk)]
    page = signed_in(curator).get(chosen.get_absolute_url()).content.decode()
    assert "1 of these prompts stands in the training split" in page
    assert first.get_absolute_url() in page and second.get_absolute_url() not in page


def test_a_set_of_its_own_words_reaches_nowhere(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    approved(author, reviewer, 1)
    chosen = held_out(curator, "Nowhere else")
    assert list(splits.in_training(chosen)) == []
    page = signed_in(curator).get(chosen.get_absolute_url()).content.decode()
    assert "training split" not in page


def test_a_set_is_compared_by_one_query(
    author: User, reviewer: User, curator: User, django_assert_num_queries: Any
) -> None:
    for seed in range(3):
        approved(author, reviewer, seed)
    chosen = held_out(curator, *(f"Case {seed}" for seed in range(3)))
    with django_assert_num_queries(1):
        assert len(splits.in_training(chosen)) == 3
