"""What people and judges said, read from the tables as plain rows for the statistics."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from django.db.models import Count

from annotation.models import Criterion, Preference, PromptRating, Rating, Study
from judging.models import Verdict

# A value given to a completion: (completion id, who gave it, value).
Row = tuple[str, str, int]


def human_rows(study: Study) -> dict[str, list[Row]]:
    """Ratings with a number, by criterion id. One query."""
    rows: dict[str, list[Row]] = defaultdict(list)
    given = Rating.objects.filter(study=study, value__isnull=False).values_list(
        "criterion_id", "completion_id", "rater_id", "value"
    )
    for criterion, completion, rater, value in given:
        if value is not None:
            rows[criterion].append((completion, rater, value))
    return rows


def prompt_rows(study: Study) -> dict[str, list[Row]]:
    """What was said of prompts, by criterion id; the item stands for a completion. One query."""
    rows: dict[str, list[Row]] = defaultdict(list)
    given = PromptRating.objects.filter(study=study, value__isnull=False).values_list(
        "criterion_id", "item_id", "rater_id", "value"
    )
    for criterion, item, rater, value in given:
        rows[criterion].append((item, rater, value))
    return rows


def judge_values(
    criterion: Criterion, completions: Iterable[str], judge_id: str
) -> dict[str, float]:
    """A judge's one value for each answer, whatever its replicates. One query.

    Scales: their mean. Names: the one given most often; a tie is left out.
    """
    given = Verdict.objects.filter(
        judge_id=judge_id, criterion=criterion, completion__in=list(completions)
    )
    if criterion.level == "ordinal":
        scores = given.per_answer().filter(n_scored__gt=0)
        return dict(scores.values_list("completion_id", "score"))
    votes: list[Row] = [
        (row["completion_id"], "judge", row["value"])
        for row in given.votes()
        for _ in range(row["n"])
    ]
    return {completion: float(value) for completion, value in majorities(votes).items()}


def means(rows: Iterable[Row]) -> dict[str, float]:
    """The mean value of each completion over those who rated it."""
    by_completion: dict[str, list[int]] = defaultdict(list)
    for completion, _who, value in rows:
        by_completion[completion].append(value)
    return {completion: fmean(values) for completion, values in by_completion.items()}


def majorities(rows: Iterable[Row]) -> dict[str, int]:
    """The value that most raters gave each completion; a tie has no majority and is left out."""
    votes: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for completion, _who, value in rows:
        votes[completion][value] += 1
    winners = {}
    for completion, counts in votes.items():
        most = max(counts.values())
        leaders = [value for value, n in counts.items() if n == most]
        if len(leaders) == 1:
            winners[completion] = leaders[0]
    return winners


@dataclass(frozen=True)
class Counts:
    """How much was said."""

    n_completions: int
    n_raters: int
    n_ratings: int
    n_without_value: int


def counts(study: Study) -> Counts:
    """The study's ratings counted. Two queries."""
    ratings = Rating.objects.filter(study=study)
    without = ratings.exclude(answer=Rating.Answer.VALUE).count()
    seen = list(ratings.order_by().values_list("completion_id", "rater_id"))
    return Counts(
        n_completions=len({completion for completion, _ in seen}),
        n_raters=len({rater for _, rater in seen}),
        n_ratings=len(seen),
        n_without_value=without,
    )


def preference_counts(study: Study) -> list[dict[str, object]]:
    """How often each arm was preferred, and how often neither. Names of runs: not for raters."""
    given = Preference.objects.filter(study=study).order_by()
    by_run = (
        given.filter(chosen__isnull=False).values_list("chosen__run_id").annotate(n=Count("pk"))
    )
    counts = dict(by_run.values_list("chosen__run_id", "n"))
    arms = study.arms.select_related("run__model", "run__condition", "run__prompt_set")
    lines: list[dict[str, object]] = [
        {"label": str(arm.run), "n": counts.get(arm.run_id, 0)} for arm in arms
    ]
    for choice in (Preference.Kind.EQUAL, Preference.Kind.BOTH_UNACCEPTABLE):
        lines.append({"label": choice.label, "n": given.filter(choice=choice).count()})
    return lines
