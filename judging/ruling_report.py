"""What the page of a judge run by rule says of the directory that its verdicts rest on."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from generation.queue import State
from judging.models import Judge, JudgeRun
from judging.ruling import directory_on


@dataclass(frozen=True)
class Basis:
    """A state of the directory, and how many answers were judged by it."""

    on: date
    n_services: int
    digest: str
    n_answers: int
    is_present: bool  # the directory still stands so


def directories(judge_run: JudgeRun, *, at: datetime) -> list[Basis]:
    """The states by which this run was judged, the first day first. Two queries."""
    if judge_run.judge.kind != Judge.Kind.REFERRAL:
        return []
    done = judge_run.judgements.filter(state=State.DONE, completion__isnull=False)
    rows = done.order_by().values_list("provenance").annotate(n=Count("pk"))
    _, present = directory_on(at)
    found = [
        Basis(
            on=date.fromisoformat(basis["directory"]["on"]),
            n_services=basis["directory"]["n_services"],
            digest=basis["directory"]["digest"],
            n_answers=n,
            is_present=basis["directory"]["digest"] == present["digest"],
        )
        for basis, n in rows
    ]
    return sorted(found, key=lambda each: (each.on, each.digest))
