"""A benchmark's failures over all its runs: over-refusal and compliance, whole and by category.

People's labels count as judges' do: the settled value of an answer, else what most raters gave.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count

from agreement.wording import _, joined
from annotation.models import Adjudication, Rating, Study
from corpus.models import PromptSet
from generation.models import Run
from judging import labels
from judging.labels import Did
from judging.models import JudgeRun, Verdict
from judging.rates import DID_WORDS, FAILURE_WORDS, Group, tabulate
from judging.ratings import majorities
from judging.reports import document
from judging.reports.document import JUDGE, PEOPLE, Document, Section, mark

PLACE = (
    "completion__run_id",
    "completion__prompt__expected_action",
    "completion__prompt__category",
)
# (expected action, category, value); None is unscored.
Counts = Counter[tuple[str, str, int | None]]
NO_CATEGORY = _("no category")
# xgettext:no-python-format
LEAD = _("Shares of the scored answers, with 95 % intervals by Wilson. In part counts as done.")
# What the prompts call for.
CALLED_FOR = {
    "answer": _("to be answered"),
    "partial": _("to be answered in part"),
    "refuse": _("to be refused"),
}


@dataclass(frozen=True)
class Line:
    """What one source said of one run's answers."""

    run: str
    source: str
    of: str  # people or a judge, for the figure
    counts: Counts
    said: Mapping[int, Did]

    def groups(self, category: str | None = None) -> tuple[Group, ...]:
        """By expected action, whole or within a category."""
        kept: Counter[tuple[str, int | None]] = Counter()
        for (expected, own, value), n in self.counts.items():
            if category in (None, own):
                kept[expected, value] += n
        return tabulate(kept, self.said)

    @property
    def categories(self) -> list[str]:
        return sorted({category for _expected, category, _value in self.counts})


def report(prompt_set: PromptSet) -> Document:
    """The document. A handful of queries, and one more for each judge with replicates."""
    found = lines(prompt_set)
    return document.document(
        headline=prompt_set.name,
        lead=LEAD,
        sections=[_whole(found), _did(found), *_by_category(found)] if found else [],
        methods=[],
    )


def lines(prompt_set: PromptSet) -> list[Line]:
    runs = Run.objects.filter(prompt_set=prompt_set)
    named = {run.pk: str(run) for run in runs.select_related("model", "condition", "prompt_set")}
    return [*_of_people(prompt_set, named), *_of_judges(prompt_set, named)]


def _of_judges(prompt_set: PromptSet, named: Mapping[str, str]) -> Iterator[Line]:
    judge_runs = JudgeRun.objects.filter(
        run__prompt_set=prompt_set, judge__rubric__slug__in=_slugs()
    ).select_related("judge__rubric")
    of = {each.pk: each for each in judge_runs.order_by("created_at", "id")}
    single = [pk for pk, each in of.items() if each.judge.replicates == 1]
    counts: dict[tuple[str, str], Counts] = defaultdict(Counter)
    said = Verdict.objects.on_answers().order_by()
    rows = said.filter(judgement__judge_run__in=single).values_list(
        "judgement__judge_run_id", "criterion__key", *PLACE[1:], "value"
    )
    for judge_run, key, expected, category, value, n in rows.annotate(n=Count("pk")):
        counts[judge_run, key][expected, category or NO_CATEGORY, value] += n
    for pk in of.keys() - set(single):
        mine = said.filter(judgement__judge_run=pk).values_list(
            "criterion__key", *PLACE[1:], "completion_id", "value"
        )
        for key, place, value in _commonest(list(mine)):
            counts[pk, key][(*place, value)] += 1
    for (pk, key), counted in counts.items():
        judge = of[pk].judge
        if meaning := labels.of_rubric(judge.rubric.slug).get(key):
            yield Line(named[of[pk].run_id], judge.name, JUDGE, counted, meaning)


def _of_people(prompt_set: PromptSet, named: Mapping[str, str]) -> Iterator[Line]:
    studies = Study.objects.filter(
        arms__run__prompt_set=prompt_set, rubric__slug__in=_slugs()
    ).select_related("rubric")
    for study in studies.distinct():
        meanings = labels.of_rubric(study.rubric.slug)
        given = Rating.objects.filter(study=study, value__isnull=False, criterion__key__in=meanings)
        columns = ("criterion__key", *PLACE, "completion_id", "value")
        rows = list(given.order_by().values_list(*columns))
        settled = Adjudication.objects.filter(study=study, criterion__key__in=meanings).order_by()
        final = {
            (key, completion): value
            for key, completion, value in settled.values_list(
                "criterion__key", "completion_id", "value"
            )
        }
        counts: dict[tuple[str, str], Counts] = defaultdict(Counter)
        for run in {row[1] for row in rows}:
            mine = [(row[0], *row[2:]) for row in rows if row[1] == run]
            for key, place, value in _commonest(mine, final):
                counts[run, key][(*place, value)] += 1
        for (run, key), counted in counts.items():
            source = _("raters of {study}", study=study.name)
            yield Line(named[run], source, PEOPLE, counted, meanings[key])


def _commonest(
    rows: list[tuple[str, str, str, str, int | None]],
    final: Mapping[tuple[str, str], int] | None = None,
) -> Iterator[tuple[str, tuple[str, str], int | None]]:
    """One value for each criterion and answer: the settled one, else the commonest; a tie is none.

    Rows are (criterion, expected, category, completion, value).
    """
    votes: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    places: dict[tuple[str, str], tuple[str, str]] = {}
    for key, expected, category, completion, value in rows:
        places[key, completion] = (expected, category or NO_CATEGORY)
        if value is not None:
            votes[key].append((completion, "", value))
    chosen = {key: majorities(given) for key, given in votes.items()}
    for (key, completion), place in places.items():
        settled = (final or {}).get((key, completion))
        yield key, place, chosen.get(key, {}).get(completion) if settled is None else settled


def _slugs() -> set[str]:
    return {rubric for rubric, _criterion in labels.LABELS}


def _failure(group: Group) -> str:
    return FAILURE_WORDS.get(group.expected, "")


def _whole(found: list[Line]) -> Section:
    marks, rows = [], []
    for line in found:
        for group in line.groups():
            if group.failed is None:
                continue
            kind, label = _failure(group), joined(line.run, line.source, between=", ")
            marks.append(mark(label, group.failed, of=line.of, group=kind))
            share = document.percent(group.failed)
            rows.append(
                [kind, line.run, line.source, share, group.n_failed, group.n, group.n_unscored]
            )
    marks.sort(key=lambda each: each["group"])
    rows.sort(key=lambda each: str(each[0]))
    columns = [_("Failure"), _("Run"), _("By"), _("Share"), _("Failed"), _("Scored"), _("Unscored")]
    blocks = [
        document.forest("failures", _("Failures; the lower, the better"), marks),
        document.table("failures_table", _("Failures by run"), columns, rows),
    ]
    return document.section("failures", _("Failures"), blocks if rows else [])


def _did(found: list[Line]) -> Section:
    """What the answers did, one line for each label: the shares that papers print."""
    rows = [
        [
            *(CALLED_FOR[group.expected], line.run, line.source),
            *(DID_WORDS[share.did], document.percent(share.rate), share.n),
        ]
        for line in found
        for group in line.groups()
        for share in group.shares
    ]
    rows.sort(key=lambda row: str(row[0]))
    columns = [_("Prompts"), _("Run"), _("By"), _("The answer"), _("Share"), _("Answers")]
    title = _("What the answers did")
    made = document.table("did_table", title, columns, rows)
    return document.section("did", title, [made] if rows else [])


def _by_category(found: list[Line]) -> Iterator[Section]:
    """Every category by itself, for each kind of failure."""
    rows: dict[str, list[list[object]]] = defaultdict(list)
    for line in found:
        for category in line.categories:
            for group in line.groups(category):
                if group.failed is not None:
                    share = document.percent(group.failed)
                    rows[_failure(group)].append(
                        [category, line.run, line.source, share, group.n_failed, group.n]
                    )
    for kind, given in sorted(rows.items()):
        given.sort(key=lambda row: str(row[0]))
        title = _("By category: {failure}", failure=kind)
        columns = [_("Category"), _("Run"), _("By"), _("Share"), _("Failed"), _("Scored")]
        key = f"by_category_{kind.replace('-', '_')}"
        yield document.section(key, title, [document.table(f"{key}_table", title, columns, given)])
