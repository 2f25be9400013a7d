from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import bulk
from corpus.bulk import Action, Order, Outcome, Plan, Row

TODAY = date(2026, 3, 2)
DRAFT = Row(
    pk="v1",
    status="draft",
    lock_version=1,
    author="ann",
    last_editor=None,
    is_imported=False,
    is_current=False,
    domain="violence",
    category="threats",
    strategy="listening",
    language="en",
    country="DK",
    best_before=None,
    prompt=None,
)
SIGNED = replace(
    DRAFT, status="approved", is_current=True, best_before=date(2027, 3, 2), prompt="p1"
)
VALUES = {
    Action.CATEGORY: "violence/revenge",
    Action.STRATEGY: "asking",
    Action.LANGUAGE: "da",
    Action.COUNTRY: "DE",
    Action.PROMPT_SET: "Spring",
}


def order(action: Action, by: str = "cura", **changes: Any) -> Order:
    return Order(action, by, TODAY, **{"value": VALUES.get(action, ""), **changes})


def told(row: Row, asked: Order) -> tuple[str, str]:
    (line,) = bulk.plan([row], asked).lines
    return str(line.outcome), str(line.reason)


texts = st.sampled_from(["", "x", "y"])
rows = st.builds(
    Row,
    pk=st.sampled_from([f"v{n}" for n in range(9)]),
    status=st.sampled_from(["draft", "in_review", "approved", "changes_requested", "rejected"]),
    lock_version=st.integers(1, 3),
    author=st.sampled_from(["ann", "cura"]),
    last_editor=st.sampled_from([None, "ann", "cura"]),
    is_imported=st.booleans(),
    is_current=st.booleans(),
    domain=st.sampled_from([None, "violence", "weapons"]),
    category=texts,
    strategy=st.sampled_from([None, "listening", "asking"]),
    language=st.sampled_from(["en", "da"]),
    country=st.sampled_from(["", "DK", "DE"]),
    best_before=st.sampled_from([None, date(2026, 3, 1), TODAY, date(2027, 1, 1)]),
    prompt=st.sampled_from([None, "p1", "p2"]),
    is_fresh=st.booleans(),
    gaps=st.sampled_from([(), ("There is no response yet.",)]),
)


@given(st.lists(rows, max_size=30), st.sampled_from(Action))
def test_every_row_has_one_outcome_and_a_reason_unless_it_changes(
    given_rows: list[Row], action: Action
) -> None:
    plan = bulk.plan(given_rows, order(action))
    assert [line.row.pk for line in plan.lines] == list(dict.fromkeys(row.pk for row in given_rows))
    assert sum(n for _, _, n in plan.counts()) == len(plan.lines)
    for line in plan.lines:
        assert bool(line.reason) == (line.outcome != Outcome.CHANGE)
        assert bool(line.then) == (line.outcome == Outcome.CHANGE)
    kinds = [outcome for outcome, _, _ in plan.counts()]
    assert kinds == sorted(kinds, key=list(Outcome).index)


@given(rows, st.sampled_from(Action))
def test_decided_versions_are_never_written_in(row: Row, action: Action) -> None:
    plan = bulk.plan([row], order(action))
    if row.status in ("approved", "changes_requested", "rejected"):
        assert not plan.of(Outcome.CHANGE) or action in (Action.VET_AGAIN, Action.PROMPT_SET)


@given(rows, rows)
def test_marks_are_alike_only_for_rows_that_are_alike(one: Row, other: Row) -> None:
    assert (one.mark == other.mark) == (one == other)
    assert one.mark.startswith(f"{one.pk}.") and len(one.mark.split()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "in_review"), ("lock_version", 2), ("last_editor", "cura"),
        ("best_before", TODAY), ("domain", None), ("gaps", ("x",)), ("language", "da"),
    ],
)  # fmt: skip
def test_a_mark_changes_with_the_row(name: str, value: object) -> None:
    assert name in {each.name for each in fields(Row)}
    assert replace(DRAFT, **{name: value}).mark != DRAFT.mark


# Writing in drafts


@pytest.mark.parametrize("action", sorted(bulk.EDITS))
def test_only_drafts_are_written_in(action: Action) -> None:
    assert told(DRAFT, order(action)) == ("change", "")
    for status in ("in_review", "approved", "changes_requested", "rejected"):
        outcome, reason = told(replace(DRAFT, status=status), order(action))
        assert outcome == "cannot" and "Only drafts" in reason


def test_what_is_so_already_stays() -> None:
    assert told(DRAFT, order(Action.LANGUAGE, value="en"))[0] == "same"
    assert told(DRAFT, order(Action.COUNTRY, value="DK"))[0] == "same"
    assert told(DRAFT, order(Action.CATEGORY, value="violence/threats"))[0] == "same"


def test_a_category_belongs_to_its_domain() -> None:
    outcome, reason = told(DRAFT, order(Action.CATEGORY, value="weapons/threats"))
    assert outcome == "cannot" and "another domain" in reason
    assert told(replace(DRAFT, domain=None), order(Action.CATEGORY))[0] == "cannot"


def test_now_and_then_are_said_in_words() -> None:
    names = {"en": "English", "da": "Danish"}
    (line,) = bulk.plan([DRAFT], order(Action.LANGUAGE, names=names)).lines
    assert (line.now, line.then) == ("English", "Danish")
    (line,) = bulk.plan(
        [replace(DRAFT, category="")],
        order(Action.CATEGORY, names={"violence/revenge": "Revenge"}),
    ).lines
    assert (line.now, line.then) == ("–", "Revenge")


# Review


def test_a_curator_sends_their_own_and_imported_drafts() -> None:
    send = order(Action.SUBMIT)
    assert told(replace(DRAFT, author="cura"), send)[0] == "change"
    assert told(replace(DRAFT, is_imported=True), send)[0] == "change"
    assert told(DRAFT, send) == ("cannot", "Somebody else is writing it.")


def test_what_is_missing_is_named() -> None:
    incomplete = replace(DRAFT, author="cura", gaps=("No strategy is named.", "No response."))
    assert told(incomplete, order(Action.SUBMIT)) == (
        "cannot",
        "No strategy is named. No response.",
    )


def test_only_ones_own_is_withdrawn() -> None:
    sent = replace(DRAFT, status="in_review")
    assert told(sent, order(Action.WITHDRAW, by="ann"))[0] == "change"
    assert told(sent, order(Action.WITHDRAW))[0] == "cannot"
    assert told(DRAFT, order(Action.WITHDRAW, by="ann"))[0] == "same"


# Approved


def test_only_what_is_approved_and_current_is_vetted_again() -> None:
    again = order(Action.VET_AGAIN)
    (line,) = bulk.plan([SIGNED], again).lines
    assert (line.outcome, line.now, line.then) == ("change", date(2027, 3, 2), TODAY)
    assert told(replace(SIGNED, best_before=TODAY), again)[0] == "same"
    assert told(replace(SIGNED, is_current=False), again)[0] == "cannot"
    assert told(DRAFT, again)[0] == "cannot"


def test_a_set_takes_each_prompt_once_and_nothing_stale() -> None:
    asked = order(Action.PROMPT_SET)
    twin = replace(SIGNED, pk="v2")
    stale = replace(SIGNED, pk="v3", prompt="p3", is_fresh=False)
    plan = bulk.plan([SIGNED, twin, stale, replace(DRAFT, pk="v4")], asked)
    assert [line.outcome for line in plan.lines] == ["change", "same", "cannot", "cannot"]
    assert plan.marks == [SIGNED.mark]


def test_counts_begin_with_what_changes_then_with_the_most_frequent_reason() -> None:
    many = [replace(SIGNED, pk=f"s{n}") for n in range(3)]
    plan: Plan = bulk.plan(
        [*many, replace(DRAFT, pk="d1", domain=None), replace(DRAFT, pk="d2")],
        order(Action.CATEGORY),
    )
    assert [(outcome, n) for outcome, _, n in plan.counts()] == [
        ("change", 1),
        ("cannot", 3),
        ("cannot", 1),
    ]


def test_a_row_given_twice_counts_once() -> None:
    assert len(bulk.plan([DRAFT, DRAFT], order(Action.LANGUAGE)).lines) == 1
