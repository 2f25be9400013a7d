from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from corpus import actions, conversation, splits
from corpus.splitting import SHARES, TEST, TRAIN, VALIDATION, Row, assign
from tests.corpus import made

SignIn = Callable[[User], Client]
names = st.sampled_from([*"abcdefgh", ""])


@st.composite
def corpora(draw: st.DrawFn) -> list[Row]:
    n = draw(st.integers(0, 60))
    return [
        Row(str(number), draw(st.sampled_from("xyz")), draw(names), draw(names))
        for number in range(n)
    ]


def single(n: int, domain: str = "violence") -> list[Row]:
    return [Row(f"{domain}-{number}", domain, f"{domain}-f{number}") for number in range(n)]


@given(corpora())
def test_a_family_or_a_prompt_never_straddles_a_split(rows: list[Row]) -> None:
    split = assign(rows)
    assert set(split) == {row.id for row in rows}
    for tie in ("family", "prompt"):
        for name in {getattr(row, tie) for row in rows} - {""}:
            assert len({split[row.id] for row in rows if getattr(row, tie) == name}) == 1


@given(st.permutations(single(30) + single(10, "weapons")))
def test_the_order_of_the_rows_does_not_matter(rows: list[Row]) -> None:
    assert assign(rows) == assign(sorted(rows, key=lambda row: row.id))


def test_ids_of_another_installation_do_not_matter() -> None:
    rows = single(50)
    renamed = [replace(row, id=f"other-{row.id[::-1]}") for row in rows]
    here, there = assign(rows), assign(renamed)
    assert [here[row.id] for row in rows] == [there[row.id] for row in renamed]


@given(st.integers(20, 200), st.integers(20, 200))
def test_every_domain_keeps_the_shares(n_violence: int, n_weapons: int) -> None:
    rows = single(n_violence) + single(n_weapons, "weapons")
    split = assign(rows)
    for domain, n in (("violence", n_violence), ("weapons", n_weapons)):
        counted = Counter(split[row.id] for row in rows if row.domain == domain)
        for name, share in SHARES.items():
            assert abs(counted[name] - n * share) <= 1


def test_one_template_goes_to_one_split_however_large() -> None:
    rows = [Row(str(number), "violence", "template") for number in range(100)]
    assert set(assign(rows).values()) == {TRAIN}


def test_other_shares_are_kept() -> None:
    halves = {TRAIN: 0.5, VALIDATION: 0.25, TEST: 0.25}
    assert Counter(assign(single(40), halves).values()) == {TRAIN: 20, VALIDATION: 10, TEST: 10}


# Of the pairs that are approved


def test_a_set_that_reaches_into_training_says_which_rows(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    for number in range(3):
        made.approved(author, reviewer, messages=conversation.single(f"Case {number}"))
    assert set(splits.of_approved().values()) == {TRAIN}  # one family: they say the same
    chosen = actions.make_prompt_set(
        by=curator, name="Held out",
        prompts=[made.prompt("Nowhere else"), made.prompt("Case 1"), made.prompt("Case 2")],
    )  # fmt: skip
    assert [entry.position for entry in splits.in_training(chosen)] == [2, 3]
    page = signed_in(curator).get(chosen.get_absolute_url()).content.decode()
    assert "2 of these prompts stand in the training split" in page and "2, 3" in page


def test_a_set_of_its_own_words_reaches_nowhere(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    made.approved(author, reviewer)
    chosen = made.prompt_set(2)
    assert splits.in_training(chosen) == []
    page = signed_in(curator).get(chosen.get_absolute_url()).content.decode()
    assert "training split" not in page
