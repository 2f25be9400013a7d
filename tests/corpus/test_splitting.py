from collections import Counter, defaultdict
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from corpus.splitting import EXPOSURE, SHARES, TEST, TRAIN, VALIDATION, Row, assign

names = st.sampled_from([*"abcdefgh", ""])


@st.composite
def corpora(draw: st.DrawFn) -> list[Row]:
    """Some pairs with one text or two, tied at random."""
    n = draw(st.integers(0, 60))
    pairs = [str(number) for number in range(n)] + draw(
        st.lists(st.sampled_from([str(number) for number in range(max(n, 1))]), max_size=n // 3)
    )
    return [Row(pair, draw(st.sampled_from("xyz")), draw(names), draw(names)) for pair in pairs]


def single(n: int, domain: str = "violence", start: int = 0) -> list[Row]:
    return [Row(f"{domain}-{number}", domain, f"{domain}-f{number}") for number in range(start, n)]


def straddling(rows: list[Row], split: dict[str, str]) -> list[str]:
    """The families and prompts that stand in more than one split."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for tie in ("family", "prompt"):
            if name := getattr(row, tie):
                found[f"{tie} {name}"].add(split[row.id])
    return [tie for tie, splits in found.items() if len(splits) > 1]


@given(corpora())
def test_a_family_or_a_prompt_never_straddles_a_split(rows: list[Row]) -> None:
    split = assign(rows)
    assert set(split) == {row.id for row in rows}
    assert straddling(rows, split) == []


@given(corpora(), st.integers(0, 60))
def test_nothing_straddles_when_the_corpus_grows(rows: list[Row], n_first: int) -> None:
    kept = assign(rows[:n_first])
    assert straddling(rows, assign(rows, kept=kept)) == []


@given(corpora(), corpora())
def test_what_stands_stays_unless_a_newcomer_ties_it_to_another_split(
    rows: list[Row], more: list[Row]
) -> None:
    kept = assign(rows)
    grown = rows + [replace(row, id=f"new {row.id}") for row in more]
    split = assign(grown, kept=kept)
    for pair, stood in kept.items():
        # Never to a split of which a model has seen less than of the one it stood in.
        assert EXPOSURE.index(split[pair]) <= EXPOSURE.index(stood)
    untied = [replace(row, id=f"new {row.id}", family="", prompt="") for row in more]
    assert assign(rows + untied, kept=kept).items() >= kept.items()


@given(corpora())
def test_placing_again_changes_nothing(rows: list[Row]) -> None:
    split = assign(rows)
    assert assign(rows, kept=split) == split


def test_a_newcomer_goes_where_its_family_stands() -> None:
    rows = single(40)
    kept = assign(rows)
    for stood in rows:
        newcomer = Row("new", "weapons", stood.family)
        assert assign([*rows, newcomer], kept=kept)["new"] == kept[stood.id]


def test_a_text_that_was_trained_on_is_never_tested_on() -> None:
    rows = [Row("seen", "violence", "a"), Row("held", "violence", "b")]
    for stood, joined in ((TRAIN, TRAIN), (VALIDATION, VALIDATION)):
        kept = {"seen": stood, "held": TEST}
        bridge = [Row("bridge", "violence", "a"), Row("bridge", "violence", "b")]
        assert set(assign(rows + bridge, kept=kept).values()) == {joined}


def test_what_a_pair_said_before_ties_it_as_well() -> None:
    rows = [Row("old", "violence", "a"), Row("old", "violence", "b"), Row("new", "violence", "a")]
    assert assign(rows, kept={"old": TEST})["new"] == TEST


@given(st.permutations(single(30) + single(10, "weapons")))
def test_the_order_of_the_rows_does_not_matter(rows: list[Row]) -> None:
    assert assign(rows) == assign(sorted(rows, key=lambda row: row.id))


def test_ids_of_another_installation_do_not_matter() -> None:
    rows = single(50)
    renamed = [replace(row, id=f"other-{row.id[::-1]}") for row in rows]
    here, there = assign(rows), assign(renamed)
    assert [here[row.id] for row in rows] == [there[row.id] for row in renamed]


@given(st.integers(20, 200), st.integers(20, 200), st.integers(0, 20))
def test_every_domain_keeps_the_shares(n_violence: int, n_weapons: int, n_first: int) -> None:
    rows = single(n_violence) + single(n_weapons, "weapons")
    split = assign(rows, kept=assign(rows[:n_first]))
    for domain, n in (("violence", n_violence), ("weapons", n_weapons)):
        counted = Counter(split[row.id] for row in rows if row.domain == domain)
        for name, share in SHARES.items():
            assert abs(counted[name] - n * share) <= 1


def test_one_template_goes_to_one_split_however_large() -> None:
    rows = [Row(str(number), "violence", "template") for number in range(100)]
    assert set(assign(rows).values()) == {TRAIN}


def test_other_shares_are_kept() -> None:
    halves = {TRAIN: 0.5, VALIDATION: 0.25, TEST: 0.25}
    found = assign(single(40), shares=halves).values()
    assert Counter(found) == {TRAIN: 20, VALIDATION: 10, TEST: 10}
