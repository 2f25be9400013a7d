"""Changing many versions at once: exactly what was previewed, and taking it back for a while."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus import bulk, selection
from corpus.actions.families import place
from corpus.actions.refusals import NotNow, NotYours
from corpus.actions.results import keep
from corpus.actions.sets import set_of_versions
from corpus.bulk import Action, Line, Order, Outcome
from corpus.models import BulkChange, BulkRow, Editor, Version
from corpus.models.pairs import Status

BATCH = 500
T = TypeVar("T")
# What each action writes, and so what is kept to put it back.
WRITES: dict[Action, tuple[str, ...]] = {
    Action.CATEGORY: ("category", "last_editor_id"),
    Action.STRATEGY: ("strategy_id", "last_editor_id"),
    Action.LANGUAGE: ("language", "last_editor_id"),
    Action.COUNTRY: ("country", "last_editor_id"),
    Action.SUBMIT: ("status", "submitted_at"),
    Action.WITHDRAW: ("status", "submitted_at"),
    Action.VET_AGAIN: ("best_before",),
}
NEW_EDITOR = "new_editor"  # whoever set it had not written in it before
READ_BACK = {"submitted_at": datetime.fromisoformat, "best_before": date.fromisoformat}


@transaction.atomic
def change_many(
    *, by: User, order: Order, marks: Sequence[str], at: datetime, query: str = ""
) -> BulkChange:
    """Do what the plan with these marks showed; versions that changed in between are left.

    Some ten queries for every 500 versions. `query` is the list that they were chosen from.
    """
    if not by.can("pairs.curate"):
        raise NotYours(_("Curators change many pairs at once."))
    if len(marks) > bulk.MAX_ROWS:
        raise NotNow(_("At most %(n)s at once. Narrow the filters.") % {"n": f"{bulk.MAX_ROWS:,}"})
    if not marks:
        raise NotNow(_("Nothing would change. Choose other pairs, or another value."))
    change = BulkChange.objects.create(
        by=by, at=at, action=order.action.value, value=_called(order), query=query[:1000]
    )
    done = []
    for some in _batches(marks):
        done += _carry_out(change, order, some)
    if not done:
        raise NotNow(_("All of them changed in the meantime. Look again, and choose anew."))
    if order.action == Action.PROMPT_SET:
        made = set_of_versions(by=by, name=order.value, versions=_with_prompts(done))
        BulkChange.objects.filter(pk=change.pk).update(prompt_set=made)
        change.prompt_set = made
    said = f"{change.action} {change.value}: {len(done)} changed, {len(marks) - len(done)} left"
    record(by=by, verb="many pairs changed", target=change.pk, note=said)
    return change


def _called(order: Order) -> str:
    return str(order.called(order.value))[:200] if order.action in bulk.NEEDS_VALUE else ""


def _carry_out(change: BulkChange, order: Order, marks: Sequence[str]) -> list[str]:
    """The ids of those that were changed."""
    ids = [mark.partition(".")[0] for mark in marks]
    held = {version.pk: version for version in _locked(ids)}
    planned = bulk.plan(
        selection.rows(Version.objects.filter(pk__in=ids), order.action, order.on), order
    )
    seen = set(marks)
    lines = {line.row.pk: line for line in planned.of(Outcome.CHANGE) if line.row.mark in seen}
    changing = [held[pk] for pk in lines]
    new_editors = _new_editors(change, changing)
    _write(change, order, changing)
    Editor.objects.bulk_create([Editor(version_id=pk, user=change.by) for pk in new_editors])
    BulkRow.objects.bulk_create(
        [
            _row(change, held[pk], lines.get(pk), is_new_editor=pk in new_editors)
            for pk in dict.fromkeys(ids)
            if pk in held
        ]
    )
    return [pk for pk in dict.fromkeys(ids) if pk in lines]


def _locked(ids: Sequence[str]) -> Iterable[Version]:
    """Nobody else changes these before the end of the transaction. SQLite has one writer anyway."""
    return Version.objects.filter(pk__in=ids).order_by("pk").select_for_update()


def _new_editors(change: BulkChange, held: Sequence[Version]) -> set[str]:
    """The versions that whoever writes in them had not written in before."""
    if not change.order.is_edit:
        return set()
    others = {version.pk for version in held if version.author_id != change.by_id}
    known = Editor.objects.filter(version__in=others, user=change.by)
    return others - set(known.values_list("version_id", flat=True))


def _row(change: BulkChange, held: Version, line: Line | None, *, is_new_editor: bool) -> BulkRow:
    """What the version was. `held` was read before the change and is as old."""
    if line is None:
        return BulkRow(change=change, version=held, is_left=True, lock_version=held.lock_version)
    columns = WRITES.get(change.order, ())
    before = {column: _plain(getattr(held, column)) for column in columns}
    if is_new_editor:
        before[NEW_EDITOR] = True
    lock = held.lock_version + (change.order in _LOCKING)
    return BulkRow(change=change, version=held, before=before, lock_version=lock)


# A best-before date is no part of what a draft says: setting it leaves the lock alone.
_LOCKING = frozenset(WRITES) - {Action.VET_AGAIN}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write(change: BulkChange, order: Order, held: Sequence[Version]) -> None:
    """Rows that are locked and were judged: every one of them changes."""
    rows = Version.objects.filter(pk__in=[version.pk for version in held])
    turned = {"saved_at": change.at, "lock_version": F("lock_version") + 1}
    match order.action:
        case Action.SUBMIT:
            rows.update(status=Status.IN_REVIEW, submitted_at=change.at, **turned)
            place(held)
            keep(held, change.at)
        case Action.WITHDRAW:
            rows.update(status=Status.DRAFT, submitted_at=None, **turned)
        case Action.VET_AGAIN:
            rows.update(best_before=order.on)
        case Action.PROMPT_SET:
            pass
        case _:
            column = WRITES[order.action][0]
            rows.update(**{column: order.value.rpartition("/")[2] or None}, **turned)
            rows.update(last_editor=change.by)


@transaction.atomic
def put_back(*, by: User, change: BulkChange, at: datetime) -> tuple[int, int]:
    """What each version was, where nobody changed it since; how many, and how many were left."""
    if not change.can_be_put_back(by, at):
        raise NotNow(
            _("This is not taken back any more. Choose the pairs again and set them anew.")
        )
    if not BulkChange.objects.filter(pk=change.pk, put_back_at=None).update(put_back_at=at):
        raise NotNow(_("This was taken back already."))
    n_back = n_left = 0
    for rows in _batches(change.rows.filter(is_left=False)):
        held = {version.pk: version for version in _locked([row.version_id for row in rows])}
        kept = [row for row in rows if _is_as_left(change, row, held.get(row.version_id))]
        _restore(change, kept, at)
        n_back += len(kept)
        n_left += len(rows) - len(kept)
    note = f"{n_back} put back, {n_left} left"
    record(by=by, verb="many pairs put back", target=change.pk, note=note)
    change.refresh_from_db()
    return n_back, n_left


def _is_as_left(change: BulkChange, row: BulkRow, held: Version | None) -> bool:
    if held is None or held.lock_version != row.lock_version:
        return False
    if change.order == Action.VET_AGAIN:
        return held.is_approved and held.best_before == change.at.date()
    left = Status.IN_REVIEW if change.order == Action.SUBMIT else Status.DRAFT
    return held.status == left


def _restore(change: BulkChange, rows: Sequence[BulkRow], at: datetime) -> None:
    """Rows that were alike before are written together; they are locked, so none slips away."""
    alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    columns = WRITES[change.order]
    for row in rows:
        alike[tuple(row.before[column] for column in columns)].append(row.version_id)
    turned = {"saved_at": at, "lock_version": F("lock_version") + 1}
    for values, ids in alike.items():
        was = {name: _read(name, value) for name, value in zip(columns, values, strict=True)}
        more = turned if change.order in _LOCKING else {}
        Version.objects.filter(pk__in=ids).update(**was, **more)
    new = [row.version_id for row in rows if row.before.get(NEW_EDITOR)]
    Editor.objects.filter(version__in=new, user=change.by).delete()


def _read(column: str, value: Any) -> Any:
    read = READ_BACK.get(column)
    return read(value) if read and value else value


def _with_prompts(ids: Sequence[str]) -> list[Version]:
    """In the order in which they were chosen."""
    found: dict[str, Version] = {}
    for some in _batches(ids):
        found |= Version.objects.select_related("pair", "prompt").in_bulk(some)
    return [found[pk] for pk in ids]


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(rows)
    while some := list(islice(waiting, BATCH)):
        yield some
