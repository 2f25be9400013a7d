"""Made releases, and studies with ratings and preferences of people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from annotation import blinding
from annotation.actions import submission
from annotation.models import Adjudication, Assignment, Criterion, ItemAnswer, Rater, Study
from corpus import conversation
from corpus.models import Pair
from exports import actions
from exports.models import Release
from gate.text import digest
from generation.models import Run
from judging import actions as judging_actions
from judging.models import Judge, Judgement, Verdict
from tests.annotation.made import AT, lease, ratings, study
from tests.corpus import made as corpus
from tests.judging.made import judge
from tests.people import person

CUT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
# Made pairs answer in the same words; from ten on that hinders a release.
SAME = {"families": "Made for the tests."}


def pairs(n: int = 3, **changes: Any) -> None:
    """Approved pairs, each of other words."""
    author, reviewer = person("author"), person("reviewer")
    for number in range(n):
        said = conversation.single(f"Case {number}: he laughed at me.")
        corpus.approved(author, reviewer, **{"messages": said, **changes})


# Answers that share no phrase: no two of them are near copies.
APART = (
    "That sounds lonely. Who in your house could sit with you this evening?",
    "No, I won't help you get back at him. Being mocked burns, and it passes sooner in company.",
    "I'd rather hear what happened before the laughing began; start wherever it hurts most.",
    "Stop for a moment and breathe slowly. Your teacher should know about this tomorrow morning.",
)


def split_pairs(*splits: str, at: datetime = CUT) -> list[Pair]:
    """Approved pairs that no template ties, each in its split."""
    made = []
    for answer, split in zip(APART[: len(splits)], splits, strict=True):
        said = conversation.single(f"Somebody did this to me: {digest(answer)}")
        pairs(1, messages=said, response=answer, at=at - timedelta(days=3))
        made.append(Pair.objects.get(versions__response=answer))
        Pair.objects.filter(pk=made[-1].pk).update(split=split)
    return made


def release(n: int = 3, *, by: User | None = None, **changes: Any) -> Release:
    pairs(n)
    asked = {"name": "Refusals", "version": "1.0.0", "at": CUT, "overrides": SAME, **changes}
    return actions.cut_release(by=by, **asked)


def rated(
    choices: Sequence[Mapping[int, str]], *, n: int = 0, slug: str = "spring", **fields: Any
) -> Study:
    """A study of two arms; each rater in `choices` says by the item's position what they prefer.

    `first` and `second` are arms; an item without a choice is rated `equal`.
    """
    n = n or max((max(choice, default=0) for choice in choices), default=0) + 1
    made = study(n, slug=slug, k=max(len(choices), 1), **fields)
    for number, choice in enumerate(choices):
        someone = person("rater", name=f"Rater Nr-{number} Lindqvist")
        for _ in range(n):
            held = lease(made, someone)
            _submit(held, choice.get(held.item.position, "equal"), made)
    return made


def _submit(held: Assignment, choice: str, of: Study) -> None:
    slots = {arm: slot for slot, arm in blinding.arms(held.shown).items()}
    preference = {"first": slots[0], "second": slots[1]}.get(choice, choice)
    given = ratings(of)
    for rating in given:
        rating["rationale"] = "=It was kind"
    submission.submit(
        assignment=held,
        rater=held.rater,
        token=held.token,
        key=held.pk,
        ratings=given,
        preference=preference,
        at=AT,
    )


def adjudicated(of: Study, *, at: datetime = AT) -> Adjudication:
    """A settled value, by the study's first rater."""
    answer = ItemAnswer.objects.filter(item__study=of).order_by("item__position", "position")[0]
    return Adjudication.objects.create(
        study=of,
        completion=answer.completion,
        criterion=of.rubric.criteria.order_by("position")[0],
        value=1,
        adjudicator=Rater.objects.order_by("label")[0],
        note="We talked.",
        created_at=at,
    )


def judged(study: Study) -> Judge:
    """A judge that could not read the first criterion and gave the least for the others."""
    panel = judge(rubric=study.rubric)
    criteria = list(Criterion.objects.filter(rubric=study.rubric).order_by("position"))
    for run in Run.objects.filter(arms__study=study):
        judge_run = judging_actions.start_judge_run(
            by=None, judge=panel, run=run, at=CUT, rings=False
        )
        for judgement in Judgement.objects.filter(judge_run=judge_run):
            for place, criterion in enumerate(criteria):
                Verdict.objects.create(
                    judgement=judgement,
                    judge=panel,
                    completion=judgement.completion,
                    criterion=criterion,
                    value=None if place == 0 else criterion.minimum,
                    unscored_reason="It could not be read." if place == 0 else "",
                    reasoning="Because.",
                    created_at=CUT,
                )
    return panel
