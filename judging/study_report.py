"""The agreement of a study, per criterion, with each judge beside the raters. Never pooled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agreement import sentence
from agreement.bootstrap import alpha_interval
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.report import CriterionAgreement, summarise
from agreement.scale import Level
from agreement.wording import _
from annotation.models import Criterion, Study
from generation.models import Completion, LanguageModel
from judging import ratings, words
from judging.models import Judge, Verdict
from judging.trials import hidden_in


@dataclass(frozen=True)
class JudgeBeside:
    """A judge's agreement with what the raters said together, and how often it said nothing."""

    judge: Judge
    alpha: Estimate
    n_items: int
    n_unscored: int
    # Of the family of a model that the study compares; it may favour its answers.
    shares_family: bool


@dataclass(frozen=True)
class CriterionReport:
    """One criterion's line of the report."""

    criterion: Criterion
    agreement: CriterionAgreement
    judges: tuple[JudgeBeside, ...]

    @property
    def verdict(self) -> sentence.Verdict:
        """Where the interval lies, as a word."""
        return sentence.verdict(self.agreement.alpha, self.agreement.n_pairable_items)

    @property
    def reading(self) -> str:
        """What the figure means, as a sentence."""
        about = self.criterion.label.lower()
        return sentence.reading(self.agreement.alpha, self.agreement.n_pairable_items, about)


@dataclass(frozen=True)
class StudyReport:
    """Everything that the agreement page says."""

    study: Study
    counts: ratings.Counts
    criteria: tuple[CriterionReport, ...]
    models: tuple[LanguageModel, ...] = ()  # compared, where a judge stands beside people
    unmeasured: tuple[str, ...] = ()  # criteria whose answers are no single number
    n_hidden: Mapping[str, int] = field(default_factory=dict)  # prompts, by the judge's id

    @property
    def family_warnings(self) -> list[str]:
        """What must stand beside the judges' figures."""
        beside = next((line.judges for line in self.criteria if line.judges), ())
        shared = [line.judge for line in beside if line.shares_family]
        return [words.family_warning(judge, self.models) for judge in shared]

    @property
    def held_warnings(self) -> list[str]:
        """What the judges' figures leave out until they are frozen."""
        beside = next((line.judges for line in self.criteria if line.judges), ())
        said = [
            words.held_warning(each.judge.name, self.n_hidden.get(each.judge.pk, 0))
            for each in beside
        ]
        return [each for each in said if each]

    @property
    def headline(self) -> str:
        """The finding, in a sentence or two."""
        if not self.counts.n_ratings:
            return _("Nobody has rated yet.")
        found = [(line.criterion.label.lower(), line.verdict) for line in self.criteria]
        return sentence.headline(found)


def report(study: Study, *, draws: int = 1000) -> StudyReport:
    """The study's agreement now. A handful of queries; seconds only from 100,000 ratings on."""
    every = list(study.rubric.criteria.all())
    criteria = [each for each in every if each.is_measured]
    others = tuple(each.label for each in every if not each.is_measured)
    of_prompt = [each for each in criteria if each.about == Criterion.About.PROMPT]
    said = ratings.human_rows(study) | (ratings.prompt_rows(study) if of_prompt else {})
    judges = list(
        Judge.objects.filter(rubric_id=study.rubric_id, judge_runs__run__in=study.runs.all())
        .select_related("model")
        .distinct()
    )
    arms = study.arms.select_related("run__model") if judges else []
    models = tuple(arm.run.model for arm in arms)
    hidden = hidden_in(study, judges)
    prompts = _prompts(study) if any(hidden.values()) else {}
    lines = []
    for criterion in criteria:
        rows = said.get(criterion.pk, [])
        level: Level = "ordinal" if criterion.level == "ordinal" else "nominal"
        table = Ratings.from_rows(rows, level, criterion.scale)
        asked = () if criterion in of_prompt else judges
        beside = tuple(
            _beside(judge, criterion, rows, _open(rows, prompts, hidden[judge.pk]), draws, models)
            for judge in asked
        )
        lines.append(CriterionReport(criterion, summarise(table, level, draws=draws), beside))
    n_hidden = {pk: len(held) for pk, held in hidden.items()}
    return StudyReport(study, ratings.counts(study), tuple(lines), models, others, n_hidden)


def _prompts(study: Study) -> dict[str, str]:
    """The prompt of each answer that the study compares. One query."""
    shown = Completion.objects.filter(run__arms__study=study).order_by()
    return dict(shown.values_list("pk", "prompt_id"))


def _open(
    rows: Iterable[ratings.Row], prompts: Mapping[str, str], hidden: frozenset[str]
) -> list[ratings.Row]:
    return [row for row in rows if prompts.get(row[0]) not in hidden]


def _beside(
    judge: Judge,
    criterion: Criterion,
    rows: list[ratings.Row],
    open_rows: list[ratings.Row],
    draws: int,
    models: Sequence[LanguageModel],
) -> JudgeBeside:
    """Scales: interval alpha with the raters' mean. Names: nominal alpha with their majority.

    Only of labels that may be seen beside this judge; what it left unscored is counted everywhere.
    """
    completions = {completion for completion, _who, _value in rows}
    given = ratings.judge_values(criterion, completions, judge.pk)
    ordered = criterion.level == "ordinal"
    together = ratings.means(open_rows) if ordered else ratings.majorities(open_rows)
    both = [c for c in together if c in given]
    pairs = [(c, "raters", together[c]) for c in both] + [(c, "judge", given[c]) for c in both]
    level: Level = "interval" if ordered else "nominal"
    scale = None if ordered else criterion.scale
    alpha = alpha_interval(Ratings.from_rows(pairs, level, scale), level, draws=draws)
    said = Verdict.objects.filter(judge=judge, criterion=criterion, completion__in=completions)
    shares_family = any(judge.shares_family_with(model) for model in models)
    return JudgeBeside(judge, alpha, len(both), said.left_out().count(), shares_family)
