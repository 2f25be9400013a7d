"""Judges without a model: made for a rule, and their verdicts kept batch by batch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from annotation.models import Criterion, Rubric
from gate.text import accept, digest
from generation.queue import State
from judging.actions.refusals import NotPossible
from judging.actions.verdicts import verdict_of
from judging.models import Judge, Judgement, Verdict
from judging.parsing import Reading
from judging.rules import referral, strings

KINDS = (Judge.Kind.STRINGS, Judge.Kind.REFERRAL)


def stated_rule(kind: str) -> str:
    """The rule in words, as this Studio has it: kept as the judge's prompt."""
    return strings.stated() if kind == Judge.Kind.STRINGS else referral.STATED


def decided_keys(kind: str, rubric: str) -> list[str]:
    """The criteria of a rubric (its slug) that a rule decides; none if it cannot judge by it."""
    return strings.keys(rubric) if kind == Judge.Kind.STRINGS else referral.keys(rubric)


@transaction.atomic
def make_rule_judge(*, by: User | None, name: str, kind: str, rubric: Rubric) -> Judge:
    """A judge that decides by rule. Its rule, in words, is kept where others have their prompt."""
    if kind not in KINDS:
        known = ", ".join(each.value for each in KINDS)
        raise NotPossible(
            gettext("There is no rule '%(kind)s'. Known: %(known)s.")
            % {"kind": kind, "known": known}
        )
    if Judge.objects.filter(name=name).exists():
        raise NotPossible(
            gettext("There is a judge called '%(name)s' already. A change is a new judge.")
            % {"name": name}
        )
    decided = set(decided_keys(kind, rubric.slug))
    if not decided or decided - set(rubric.criteria.values_list("key", flat=True)):
        raise NotPossible(
            gettext(
                "This rule decides nothing that %(rubric)s asks. Choose another rubric: "
                "%(rubrics)s."
            )
            % {"rubric": rubric, "rubrics": ", ".join(_rubrics(kind))}
        )
    stated = stated_rule(kind)
    return Judge.objects.create(
        name=accept(name, where=gettext("The judge's name"), limit=80),
        kind=kind,
        model=None,
        rubric=rubric,
        prompt=stated,
        prompt_digest=digest(stated),
        max_asks=1,
        created_by=by,
    )


def _rubrics(kind: str) -> list[str]:
    """The slugs that the rule can judge by, of those that are installed."""
    slugs = Rubric.objects.order_by("slug").values_list("slug", flat=True).distinct()
    return [slug for slug in slugs if decided_keys(kind, slug)]


@transaction.atomic
def keep_rulings(
    *,
    rulings: Sequence[tuple[Judgement, Sequence[Reading]]],
    criteria: Sequence[Criterion],
    worker: str,
    basis: dict[str, Any],
    at: datetime,
) -> int:
    """The verdicts on these rows, each once; rows whose lease was lost are left. How many kept.

    Five queries, whatever their number.
    """
    rows = Judgement.objects.filter(pk__in=[row.pk for row, _ in rulings])
    rows.renew(worker=worker, at=at)  # from here on nobody else can take them
    held = set(rows.in_hands().filter(claimed_by=worker).order_by().values_list("pk", flat=True))
    Verdict.objects.bulk_create(
        [
            verdict_of(row, criterion, reading, at)
            for row, readings in rulings
            if row.pk in held
            for criterion, reading in zip(criteria, readings, strict=True)
        ]
    )
    return (
        rows.in_hands()
        .filter(claimed_by=worker)
        .update(
            state=State.DONE,
            claimed_by="",
            lease_expires_at=None,
            completed_at=at,
            provenance=basis,
        )
    )
