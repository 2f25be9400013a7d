"""Changing many versions at once: what each is now, what it would be, or why it cannot. Pure.

A plan is shown before anything happens; each of its rows carries a mark, and only rows whose mark
is still the same are changed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_ROWS = 10_000
Words = str | Promise


class Action(StrEnum):
    """What can be done to many at once."""

    CATEGORY = "category"
    STRATEGY = "strategy"
    LANGUAGE = "language"
    COUNTRY = "country"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    VET_AGAIN = "vet_again"
    PROMPT_SET = "prompt_set"

    @property
    def label(self) -> Words:
        return LABELS[self]

    @property
    def is_edit(self) -> bool:
        """Whether it writes in drafts, which makes whoever does it an editor."""
        return self in EDITS


LABELS: dict[Action, Words] = {
    Action.CATEGORY: _("Set the category"),
    Action.STRATEGY: _("Set the strategy"),
    Action.LANGUAGE: _("Set the language"),
    Action.COUNTRY: _("Set the country"),
    Action.SUBMIT: _("Send for review"),
    Action.WITHDRAW: _("Withdraw from review"),
    Action.VET_AGAIN: _("Ask for vetting again"),
    Action.PROMPT_SET: _("Make a prompt set"),
}
EDITS = frozenset({Action.CATEGORY, Action.STRATEGY, Action.LANGUAGE, Action.COUNTRY})
NEEDS_VALUE = EDITS | {Action.PROMPT_SET}
CAN_BE_PUT_BACK = frozenset(Action) - {Action.PROMPT_SET}


class Outcome(StrEnum):
    """What becomes of a row."""

    CHANGE = "change"
    SAME = "same"
    CANNOT = "cannot"


@dataclass(frozen=True)
class Row:
    """What is read of a version."""

    pk: str
    status: str
    lock_version: int
    author: str
    last_editor: str | None
    is_imported: bool
    is_current: bool  # the newest approved version of its pair
    domain: str | None
    category: str
    strategy: str | None
    language: str
    country: str
    best_before: date | None
    prompt: str | None
    is_fresh: bool = True  # only read to make a prompt set
    gaps: tuple[str, ...] = ()  # what a draft misses; only read to send it for review

    @property
    def mark(self) -> str:
        """Its id, and a digest that differs as soon as anything of the row does."""
        return f"{self.pk}.{blake2b(repr(self).encode(), digest_size=6).hexdigest()}"

    def holds(self, action: Action) -> str:
        """Its value of what the action sets; a category is only one within its domain."""
        if action == Action.CATEGORY:
            return f"{self.domain or ''}/{self.category}"
        return str(getattr(self, action.value) or "")


@dataclass(frozen=True)
class Order:
    """What is asked: an action, by whom, on which day, and the value where it needs one.

    The value of a category is `domain/slug`. `names` says what values are called.
    """

    action: Action
    by: str
    on: date
    value: str = ""
    names: Mapping[str, Words] = field(default_factory=dict, compare=False)

    def called(self, value: str) -> Words:
        if self.action == Action.PROMPT_SET:
            return value
        return self.names.get(value) or value.rpartition("/")[2] or "–"


@dataclass(frozen=True)
class Line:
    """A row of the plan: now, then, and why not where it does not change."""

    row: Row
    outcome: Outcome
    now: Words | date = ""
    then: Words | date = ""
    reason: Words = ""


@dataclass(frozen=True)
class Plan:
    """What an order would do, row by row."""

    order: Order
    lines: tuple[Line, ...]

    def of(self, outcome: str) -> list[Line]:
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def marks(self) -> list[str]:
        """Of the rows that would change."""
        return [line.row.mark for line in self.of(Outcome.CHANGE)]

    def counts(self) -> list[tuple[Outcome, Words, int]]:
        """How many of each outcome and reason: changes first, then the most frequent."""
        found = Counter((line.outcome, str(line.reason)) for line in self.lines)
        kinds = list(Outcome)
        ordered = sorted(found.items(), key=lambda at: (kinds.index(at[0][0]), -at[1], at[0][1]))
        return [(outcome, reason, n) for (outcome, reason), n in ordered]


def plan(rows: Iterable[Row], order: Order) -> Plan:
    """Every row judged, in the same order; a row that is given twice counts once."""
    judge = _JUDGES[order.action]
    lines: dict[str, Line] = {}
    prompts: set[str | None] = set()
    for row in rows:
        line = judge(row, order)
        if order.action == Action.PROMPT_SET and line.outcome == Outcome.CHANGE:
            if row.prompt in prompts:
                line = Line(row, Outcome.SAME, reason=_("Another one brings the same prompt."))
            prompts.add(row.prompt)
        lines.setdefault(row.pk, line)
    return Plan(order, tuple(lines.values()))


def _cannot(row: Row, reason: Words) -> Line:
    return Line(row, Outcome.CANNOT, reason=reason)


def _edit(row: Row, order: Order) -> Line:
    if row.status != "draft":
        return _cannot(row, _("It is no draft. Only drafts are written in."))
    now = row.holds(order.action)
    if order.action == Action.CATEGORY and order.value.partition("/")[0] != (row.domain or ""):
        return _cannot(row, _("It is in another domain, which has categories of its own."))
    if now == order.value:
        return Line(row, Outcome.SAME, reason=_("It is so already."))
    return Line(row, Outcome.CHANGE, order.called(now), order.called(order.value))


def _submit(row: Row, order: Order) -> Line:
    if row.status == "in_review":
        return Line(row, Outcome.SAME, reason=_("It is in review already."))
    if row.status != "draft":
        return _cannot(row, _("It is decided. Its author writes a new version."))
    if row.author != order.by and not row.is_imported:
        return _cannot(row, _("Somebody else is writing it."))
    if row.gaps:
        return _cannot(row, " ".join(row.gaps))
    return Line(row, Outcome.CHANGE, _("Draft"), _("In review"))


def _withdraw(row: Row, order: Order) -> Line:
    if row.author != order.by:
        return _cannot(row, _("It is somebody else's. Only its author withdraws it."))
    if row.status == "draft":
        return Line(row, Outcome.SAME, reason=_("It is a draft already."))
    if row.status != "in_review":
        return _cannot(row, _("It is decided."))
    return Line(row, Outcome.CHANGE, _("In review"), _("Draft"))


def _vet_again(row: Row, order: Order) -> Line:
    if not row.is_current:
        return _cannot(row, _("It is not the approved version of its pair."))
    if row.best_before and row.best_before <= order.on:
        return Line(row, Outcome.SAME, reason=_("It waits to be vetted again already."))
    return Line(row, Outcome.CHANGE, row.best_before or _("no end"), order.on)


def _prompt_set(row: Row, order: Order) -> Line:
    if not row.is_current or not row.prompt:
        return _cannot(row, _("It is not the approved version of its pair."))
    if not row.is_fresh:
        return _cannot(row, _("It is stale. Have it vetted again."))
    return Line(row, Outcome.CHANGE, _("Approved"), _("in the set"))


_JUDGES: dict[Action, Callable[[Row, Order], Line]] = {
    **dict.fromkeys(EDITS, _edit),
    Action.SUBMIT: _submit,
    Action.WITHDRAW: _withdraw,
    Action.VET_AGAIN: _vet_again,
    Action.PROMPT_SET: _prompt_set,
}
