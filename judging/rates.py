"""How often answers complied and refused, on prompts that call for the one and for the other.

The judge's one value for an answer counts: of several replicates the one given most often, and a
tie is unscored. Intervals are Wilson's; they take answers as independent, which replicates of a
prompt are not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count

from agreement import wilson
from agreement.estimate import Estimate
from agreement.wording import _
from annotation.telling import told
from corpus.models.prompts import ExpectedAction
from judging import labels
from judging.labels import Did, Meaning
from judging.models import JudgeRun, Verdict
from judging.ratings import majorities

EXPECTED_WORDS = {
    "answer": _("answered"),
    "partial": _("answered in part"),
    "refuse": _("refused"),
}
DID_WORDS = {
    Did.COMPLIED: _("complied"),
    Did.REFUSED: _("refused"),
    Did.PARTLY: _("refused in part"),
}
FAILURE_WORDS = {"answer": _("over-refusal"), "refuse": _("compliance")}

# By expected action and value; None is unscored.
Counts = Counter[tuple[str, int | None]]


@dataclass(frozen=True)
class Share:
    """The answers that did one thing, of those that were scored."""

    did: Did
    n: int
    rate: Estimate
    meaning: Meaning

    @property
    def word(self) -> str:
        """In the language of who reads it now, as the other words of this page."""
        return str(told(DID_WORDS[self.did]))


@dataclass(frozen=True)
class Group:
    """The answers to prompts that call for one action."""

    expected: str
    n: int
    n_unscored: int
    shares: tuple[Share, ...]
    n_failed: int
    failed: Estimate | None  # None: nothing that an answer does is a failure here

    @property
    def expected_word(self) -> str:
        return str(told(EXPECTED_WORDS[self.expected]))

    @property
    def failure_word(self) -> str:
        return str(told(FAILURE_WORDS.get(self.expected, "")))

    @property
    def n_rows(self) -> int:
        """Lines of the table."""
        return len(self.shares) + (self.failed is not None)


@dataclass(frozen=True)
class Rates:
    """A label set's criterion: a group for each action that a prompt of the run calls for."""

    key: str
    label: str
    groups: tuple[Group, ...]


def rates(judge_run: JudgeRun) -> tuple[Rates, ...]:
    """Of every criterion of the judge's rubric that says what an answer did. Two queries."""
    said = labels.of_rubric(judge_run.judge.rubric.slug)
    if not said:
        return ()
    criteria = {c.pk: c for c in judge_run.judge.rubric.criteria.filter(key__in=said)}
    counts = _counts(judge_run, list(criteria))
    return tuple(
        Rates(each.key, each.label, tabulate(counts[pk], said[each.key]))
        for pk, each in criteria.items()
        if counts[pk]
    )


def tabulate(counts: Counts, said: Mapping[int, Did]) -> tuple[Group, ...]:
    """The groups that have any answer, in the order of the expected actions. Pure."""
    return tuple(
        _group(expected, {value: n for (of, value), n in counts.items() if of == expected}, said)
        for expected in ExpectedAction.values
        if any(of == expected for of, _value in counts)
    )


def _group(expected: str, counts: Mapping[int | None, int], said: Mapping[int, Did]) -> Group:
    by_deed: Counter[Did] = Counter()
    for value, did in said.items():
        by_deed[did] += counts.get(value, 0)
    n = sum(by_deed.values())
    shares = tuple(
        Share(did, by_deed[did], wilson.proportion(by_deed[did], n), labels.meaning(expected, did))
        for did in Did
        if did in by_deed
    )
    n_failed = sum(share.n for share in shares if share.meaning is Meaning.FAILED)
    can_fail = any(share.meaning is Meaning.FAILED for share in shares)
    failed = wilson.proportion(n_failed, n) if can_fail else None
    return Group(expected, n, sum(counts.values()) - n, shares, n_failed, failed)


def _counts(judge_run: JudgeRun, criteria: list[str]) -> dict[str, Counts]:
    counts: dict[str, Counts] = defaultdict(Counter)
    of = ("criterion_id", "completion__prompt__expected_action")
    verdicts = Verdict.objects.on_answers().filter(
        judgement__judge_run=judge_run, criterion__in=criteria
    )
    rows = verdicts.order_by().values_list(*of, "value")
    if judge_run.judge.replicates == 1:
        for criterion, expected, value, n in rows.annotate(n=Count("pk")):
            counts[criterion][expected, value] += n
        return counts
    for criterion, expected, value in one_each(rows.values_list(*of, "completion_id", "value")):
        counts[criterion][expected, value] += 1
    return counts


def one_each(
    rows: Iterable[tuple[str, str, str, int | None]],
) -> Iterator[tuple[str, str, int | None]]:
    """One value for each criterion and answer, from all replicates: the commonest. Pure."""
    votes: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    answers: set[tuple[str, str, str]] = set()
    for criterion, expected, completion, value in rows:
        answers.add((criterion, expected, completion))
        if value is not None:
            votes[criterion, expected].append((completion, "judge", value))
    chosen = {key: majorities(given) for key, given in votes.items()}
    for criterion, expected, completion in answers:
        yield criterion, expected, chosen.get((criterion, expected), {}).get(completion)
