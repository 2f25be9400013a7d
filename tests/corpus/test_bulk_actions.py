import io
import json
import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import AuditEvent, User
from corpus import actions, bulk, conversation, selection
from corpus.bulk import Action
from corpus.models import BulkChange, BulkRow, Pair, Source, Version
from corpus.models.pairs import Status
from tests.corpus import made
from tests.corpus.made import AT

LATER = AT + timedelta(minutes=3)


def marks(by: User, action: Action, value: str = "", at: datetime = LATER) -> Any:
    order = selection.order(action, by=by, on=at.date(), value=value)
    rows = selection.rows(Version.objects.order_by("pk"), action, at.date())
    return order, bulk.plan(rows, order).marks


def change(by: User, action: Action, value: str = "", at: datetime = LATER) -> BulkChange:
    order, seen = marks(by, action, value, at)
    return actions.change_many(by=by, order=order, marks=seen, at=at, query="status=draft")


def imported(by: User, n: int) -> None:
    made.domain(), made.strategy()
    rows = "\n".join(
        json.dumps(
            {
                "prompt": f"Case {number}",
                "domain": "violence",
                "strategy": "motivational-interviewing",
                "expected_action": "refuse",
                "response": f"I stay out of plan {number}. Who could sit beside you today?",
            }
        )
        for number in range(n)
    )
    actions.import_pairs(
        by=by, file=io.BytesIO(rows.encode()), format="jsonl",
        origin=actions.Origin(name="Made"), at=AT,
    )  # fmt: skip


# Writing in drafts


def test_a_curator_becomes_an_editor_of_what_they_set(author: User, curator: User) -> None:
    draft = made.draft(author, language="en")
    done = change(curator, Action.LANGUAGE, "da")
    draft.refresh_from_db()
    assert (draft.language, draft.last_editor, draft.lock_version) == ("da", curator, 2)
    assert draft.saved_at == LATER and draft.author == author
    assert list(draft.editors.values_list("user", flat=True)) == [curator.pk]
    assert draft.pair.is_work_of(curator)
    assert (done.value, str(done)) == ("Danish", "Set the language: Danish")


def test_each_value_lands_in_its_column(author: User, curator: User) -> None:
    draft = made.draft(author)
    other = made.strategy("safety-planning")
    change(curator, Action.STRATEGY, other.pk)
    change(curator, Action.COUNTRY, "DE")
    domain = made.domain()
    domain.categories.create(slug="revenge", name="Revenge")
    change(curator, Action.CATEGORY, f"{domain.pk}/revenge")
    draft.refresh_from_db()
    assert (draft.strategy, draft.country, draft.category) == (other, "DE", "revenge")
    assert draft.lock_version == 4


def test_the_author_who_was_writing_meanwhile_is_told(author: User, curator: User) -> None:
    draft = made.draft(author)
    change(curator, Action.COUNTRY, "DE")
    with pytest.raises(actions.Conflict):
        actions.save_draft(
            by=author, version=draft, fields=made.fields(response="Mine"), lock_version=1, at=LATER
        )


def test_what_changed_after_the_preview_is_left_and_named(author: User, curator: User) -> None:
    kept, moved = made.draft(author), made.draft(author)
    order, seen = marks(curator, Action.COUNTRY, "DE")
    actions.save_draft(
        by=author, version=moved, fields=made.fields(response="New"), lock_version=1, at=LATER
    )
    done = actions.change_many(by=curator, order=order, marks=seen, at=LATER)
    kept.refresh_from_db()
    moved.refresh_from_db()
    assert (kept.country, moved.country, moved.response) == ("DE", "DK", "New")
    assert [row.version for row in done.rows.filter(is_left=True)] == [moved]


def test_nothing_happens_to_what_was_not_previewed(author: User, curator: User) -> None:
    made.draft(author)
    order, seen = marks(curator, Action.COUNTRY, "DE")
    late = made.draft(author)
    actions.change_many(by=curator, order=order, marks=seen, at=LATER)
    late.refresh_from_db()
    assert late.country == "DK"


def test_when_everything_changed_nothing_is_kept(author: User, curator: User) -> None:
    draft = made.draft(author)
    order, seen = marks(curator, Action.COUNTRY, "DE")
    actions.submit(by=author, version=draft, at=LATER)
    with pytest.raises(actions.NotNow, match="meantime"):
        actions.change_many(by=curator, order=order, marks=seen, at=LATER)
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize("mark", ["nobody.00", "", "..", "a b"])
def test_made_up_marks_change_nothing(author: User, curator: User, mark: str) -> None:
    made.draft(author)
    order, _ = marks(curator, Action.COUNTRY, "DE")
    with pytest.raises(actions.NotNow):
        actions.change_many(by=curator, order=order, marks=[mark], at=LATER)


def test_a_mark_for_another_value_does_not_force_a_change(author: User, curator: User) -> None:
    """A refused row's mark, sent by hand: the plan is made anew, and still refuses."""
    sent = made.in_review(author)
    order, seen = marks(curator, Action.COUNTRY, "DE")
    assert not seen
    (row,) = selection.rows(Version.objects.all(), Action.COUNTRY, LATER.date())
    with pytest.raises(actions.NotNow):
        actions.change_many(by=curator, order=order, marks=[row.mark], at=LATER)
    sent.refresh_from_db()
    assert sent.country == "DK"


def test_only_curators_change_many(author: User, reviewer: User, curator: User) -> None:
    made.draft(author)
    order, seen = marks(curator, Action.COUNTRY, "DE")
    for person in (author, reviewer):
        with pytest.raises(actions.NotYours):
            actions.change_many(by=person, order=order, marks=seen, at=LATER)
    with pytest.raises(actions.NotNow, match="Nothing would change"):
        actions.change_many(by=curator, order=order, marks=[], at=LATER)
    with pytest.raises(actions.NotNow, match="At most"):
        actions.change_many(by=curator, order=order, marks=["x"] * 10_001, at=LATER)


def test_the_audit_says_what_and_how_many(author: User, curator: User) -> None:
    made.draft(author), made.draft(author)
    done = change(curator, Action.COUNTRY, "DE")
    event = AuditEvent.objects.get(target=done.pk)
    assert event.by == curator and event.note == "country Germany: 2 changed, 0 left"


# Review


def test_imported_drafts_are_sent_by_a_curator_and_reviewed_by_somebody_else(
    curator: User, reviewer: User
) -> None:
    imported(curator, 3)
    change(curator, Action.SUBMIT)
    sent = Version.objects.filter(status=Status.IN_REVIEW)
    assert {row.submitted_at for row in sent} == {LATER} and len(sent) == 3
    assert all(hasattr(row, "sketch") for row in sent)
    assert list(Version.objects.waiting_for(reviewer)) and not Version.objects.waiting_for(curator)


def test_ones_own_are_withdrawn(curator: User, author: User) -> None:
    mine, other = made.in_review(curator), made.in_review(author)
    change(curator, Action.WITHDRAW)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.status, mine.submitted_at, other.status) == ("draft", None, "in_review")


# Approved


def test_asking_for_vetting_again_brings_it_into_the_queue(
    author: User, reviewer: User, curator: User
) -> None:
    signed = made.approved(author, reviewer)
    change(curator, Action.VET_AGAIN)
    signed.refresh_from_db()
    assert signed.is_approved and signed.best_before == LATER.date()
    assert Version.objects.fresh(LATER.date()).filter(pk=signed.pk).exists()
    assert not Version.objects.fresh(LATER.date() + timedelta(days=1))


def test_a_set_is_made_of_approved_ones_in_order(
    author: User, reviewer: User, curator: User
) -> None:
    first = made.approved(author, reviewer, messages=conversation.single("First"))
    made.approved(author, reviewer, messages=conversation.single("First"))
    made.draft(author)
    done = change(curator, Action.PROMPT_SET, "Spring")
    assert done.prompt_set is not None
    assert [entry.prompt for entry in done.prompt_set.entries.all()] == [first.prompt]
    assert not done.can_be_put_back(curator, LATER)
    with pytest.raises(actions.NameTaken):
        change(curator, Action.PROMPT_SET, "Spring")


# Taking it back


SETS = [
    (Action.LANGUAGE, "da"), (Action.COUNTRY, "DE"), (Action.SUBMIT, ""),
    (Action.WITHDRAW, ""), (Action.VET_AGAIN, ""),
]  # fmt: skip
KEPT = ("language", "country", "status", "submitted_at", "best_before", "last_editor_id")


@pytest.mark.parametrize(("action", "value"), SETS, ids=lambda each: str(each))
def test_putting_back_brings_everything_as_it_was(
    curator: User, reviewer: User, action: Action, value: str
) -> None:
    made.draft(curator), made.in_review(curator), made.approved(curator, reviewer)
    before = dict(Version.objects.values_list("pk", "country"))
    states = {row["id"]: row for row in Version.objects.values("id", *KEPT)}
    done = change(curator, action, value)
    assert states != {row["id"]: row for row in Version.objects.values("id", *KEPT)}
    assert actions.put_back(by=curator, change=done, at=LATER) == (1, 0)
    assert states == {row["id"]: row for row in Version.objects.values("id", *KEPT)}
    assert before == dict(Version.objects.values_list("pk", "country"))
    with pytest.raises(actions.NotNow):
        actions.put_back(by=curator, change=done, at=LATER)


def test_what_somebody_wrote_since_is_left(author: User, curator: User) -> None:
    first, second = made.draft(author), made.draft(author)
    done = change(curator, Action.COUNTRY, "DE")
    actions.save_draft(
        by=author, version=second, fields=made.fields(response="New", country="DE"),
        lock_version=2, at=LATER,
    )  # fmt: skip
    assert actions.put_back(by=curator, change=done, at=LATER) == (1, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.country, second.country, second.response) == ("DK", "DE", "New")


def test_who_put_back_what_they_set_is_no_editor_any_more(author: User, curator: User) -> None:
    draft, helped = made.draft(author), made.draft(author)
    actions.save_draft(
        by=curator, version=helped, fields=made.fields(response="Ours"), lock_version=1, at=AT
    )
    done = change(curator, Action.COUNTRY, "DE")
    actions.put_back(by=curator, change=done, at=LATER)
    assert not draft.pair.is_work_of(curator)
    assert helped.pair.is_work_of(curator)


def test_an_approval_outlives_putting_back(author: User, curator: User, reviewer: User) -> None:
    sent = made.draft(curator)
    done = change(curator, Action.SUBMIT)
    sent.refresh_from_db()
    made.approve(reviewer, sent, at=LATER)
    assert actions.put_back(by=curator, change=done, at=LATER) == (0, 1)
    sent.refresh_from_db()
    assert sent.is_approved


def test_it_is_put_back_for_ten_minutes_and_by_nobody_else(author: User, curator: User) -> None:
    made.draft(author)
    done = change(curator, Action.COUNTRY, "DE")
    assert done.can_be_put_back(curator, LATER + timedelta(minutes=10))
    late = LATER + timedelta(minutes=11)
    for by, at in ((curator, late), (author, LATER)):
        with pytest.raises(actions.NotNow):
            actions.put_back(by=by, change=done, at=at)


# Size


def plain_drafts(by: User, n: int) -> None:
    """Rows as an import makes them, without its checks."""
    source = Source.objects.create(name="Many", created_by=by)
    domain, strategy = made.domain(), made.strategy()
    pairs = Pair.objects.bulk_create(Pair(created_by=by, source=source) for _ in range(n))
    Version.objects.bulk_create(
        Version(
            pair=pair, number=1, author=by, saved_at=AT, domain=domain, strategy=strategy,
            messages=conversation.single(f"Case {number}"), expected_action="refuse",
            response=f"I stay out of plan {number}. Who is with you on day {number}?",
        )
        for number, pair in enumerate(pairs)
    )  # fmt: skip


def test_a_thousand_more_cost_a_few_queries_more(
    curator: User, django_assert_max_num_queries: Any
) -> None:
    plain_drafts(curator, 1000)
    order, seen = marks(curator, Action.LANGUAGE, "da")
    assert len(seen) == 1000
    with django_assert_max_num_queries(40):
        done = actions.change_many(by=curator, order=order, marks=seen, at=LATER)
    with django_assert_max_num_queries(45):
        actions.put_back(by=curator, change=done, at=LATER)
    assert BulkRow.objects.count() == 1000


def test_ten_thousand_are_changed_in_seconds(curator: User) -> None:
    plain_drafts(curator, 10_000)
    started = time.process_time()
    order, seen = marks(curator, Action.LANGUAGE, "da")
    actions.change_many(by=curator, order=order, marks=seen, at=LATER)
    assert Version.objects.filter(language="da").count() == 10_000
    took = time.process_time() - started
    assert took < 20, f"{took:.1f} s of this processor"


def test_the_way_back_is_shown_by_date(author: User, curator: User, reviewer: User) -> None:
    signed = made.approved(author, reviewer)
    fresh_until: date | None = signed.best_before
    done = change(curator, Action.VET_AGAIN)
    (row,) = done.rows.all()
    assert fresh_until is not None and row.before == {"best_before": fresh_until.isoformat()}
