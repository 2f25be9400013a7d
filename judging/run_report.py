"""What a judge run's page says beside its progress: what was left unscored, and what to mind."""

from dataclasses import dataclass

from django.db.models import Count

from judging import anchoring
from judging.drift import MOVED, Standing
from judging.models import JudgeRun, Verdict
from judging.sheets import answerable_of

# Other runs whose unscored rates are put beside this one's.
N_BESIDE = 5


@dataclass(frozen=True)
class Rate:
    """How many verdicts have no value, of how many."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        return self.n / self.of if self.of else None


@dataclass(frozen=True)
class Unscored:
    """A criterion's rates, one for each run."""

    label: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True)
class Findings:
    """Read once for a page, not at every poll."""

    n_answers: int
    runs: tuple[str, ...]  # what the columns of `unscored` are: this run first
    unscored: tuple[Unscored, ...]
    n_reasoned: int
    standings: list[Standing]
    n_anchors: int
    moved: list[str]
    moved_share: int = round(MOVED * 100)


def findings(judge_run: JudgeRun) -> Findings:
    """Nine queries, whatever the number of answers. One reads all verdicts of the prompt set."""
    judge, run = judge_run.judge, judge_run.run
    beside = list(
        JudgeRun.objects.filter(judge=judge, run__prompt_set=run.prompt_set_id)
        .exclude(pk=judge_run.pk)
        .select_related("run__model", "run__condition", "run__prompt_set")[:N_BESIDE]
    )
    runs = [judge_run, *beside]
    standings = anchoring.standings(judge_run)
    rows = judge_run.judgements.all()
    counts = rows.aggregate(
        answers=Count("completion", distinct=True), anchors=Count("anchor", distinct=True)
    )
    return Findings(
        n_answers=counts["answers"],
        runs=tuple(str(each.run) for each in runs),
        unscored=_unscored(runs),
        n_reasoned=rows.filter(provenance__has_reasoning=True).count(),
        standings=standings,
        n_anchors=counts["anchors"],
        moved=[line.label for line in standings if line.has_moved],
    )


def _unscored(runs: list[JudgeRun]) -> tuple[Unscored, ...]:
    judge = runs[0].judge
    said = Verdict.objects.filter(judge=judge, completion__run__in=[each.run_id for each in runs])
    rates = said.unscored_by("criterion_id", "completion__run_id")
    return tuple(
        Unscored(
            criterion.label,
            tuple(Rate(*rates.get((criterion.pk, each.run_id), (0, 0))) for each in runs),
        )
        for criterion in answerable_of(judge.rubric)
    )
