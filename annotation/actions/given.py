"""Writes what a rater said about an item, marks it as taken back, and reads it as a draft again."""

from datetime import datetime
from typing import Any

from annotation import answers, blinding
from annotation.fitting import Given
from annotation.models import (
    Assignment,
    ItemAnswer,
    Preference,
    PromptRating,
    Rating,
    Repeat,
    RepeatPreference,
)

FIRST = (Rating, PromptRating, Preference)
SECOND = (Repeat, RepeatPreference)


def write(assignment: Assignment, given: answers.Answers, at: datetime) -> None:
    """Letters become completions here, by the stored order, and are never stored.

    The second occasion is written apart, so that nothing counts it as another rating.
    """
    shown = _shown(assignment)
    row = {
        "study_id": assignment.study_id,
        "assignment_id": assignment.pk,
        "rater_id": assignment.rater_id,
        "created_at": at,
    }
    if assignment.occasion == 2:
        _write_again(assignment, given, shown, row)
    else:
        _write_first(assignment, given, shown, row)


def _write_first(
    assignment: Assignment,
    given: answers.Answers,
    shown: dict[str, tuple[str, str]],
    row: dict[str, Any],
) -> None:
    Rating.objects.bulk_create(
        Rating(
            **row,
            **_said(assignment, each),
            completion_id=shown[each.slot][0],
            completion_digest=shown[each.slot][1],
        )
        for each in given.ratings
    )
    row["item_id"] = assignment.item_id
    if given.prompt_ratings:
        PromptRating.objects.bulk_create(
            PromptRating(**row, **_said(assignment, each)) for each in given.prompt_ratings
        )
    if given.preference:
        Preference(**row, **_chosen(given, shown)).save(force_insert=True)


def _write_again(
    assignment: Assignment,
    given: answers.Answers,
    shown: dict[str, tuple[str, str]],
    row: dict[str, Any],
) -> None:
    Repeat.objects.bulk_create(
        Repeat(
            **row,
            **_said(assignment, each),
            completion_id=shown[each.slot][0] if each.slot in shown else None,
        )
        for each in (*given.prompt_ratings, *given.ratings)
    )
    if given.preference:
        RepeatPreference(**row, **_chosen(given, shown)).save(force_insert=True)


def _said(assignment: Assignment, each: Given) -> dict[str, Any]:
    sheet = assignment.study.rubric.sheet
    return {
        "criterion_id": sheet.by_key[each.criterion].id,
        "answer": each.answer,
        "value": each.value,
        "picked": None if each.picked is None else list(each.picked),
        "words": each.words,
        "rationale": each.rationale,
        "rubric_digest": sheet.digest,
    }


def _chosen(given: answers.Answers, shown: dict[str, tuple[str, str]]) -> dict[str, Any]:
    completion = shown[given.preference][0] if given.preference in shown else None
    return {
        "choice": Preference.Kind.PREFERS if completion else given.preference,
        "chosen_id": completion,
        "reason": given.reason,
    }


def take_back(assignment: Assignment, at: datetime) -> None:
    """What was said of the item stays as history and counts no more."""
    for kind in SECOND if assignment.occasion == 2 else FIRST:
        kind.objects.filter(assignment_id=assignment.pk).update(superseded_at=at)


def as_draft(assignment: Assignment) -> dict[str, Any]:
    """What stands, as the form holds it: under the letters that this rater saw."""
    slots = {completion: slot for slot, (completion, _) in _shown(assignment).items()}
    keys = {asked.id: asked.key for asked in assignment.study.rubric.sheet.criteria}
    ratings, preferences = _standing(assignment)
    return {
        "ratings": [
            {
                "slot": slots.get(getattr(row, "completion_id", None) or "", answers.PROMPT),
                "criterion": keys[row.criterion_id],
                "value": row.value if row.answer == row.Answer.VALUE else row.answer,
                "picked": row.picked,
                "words": row.words,
                "rationale": row.rationale,
            }
            for row in ratings
        ],
        "preference": next((slots.get(row.chosen_id, row.choice) for row in preferences), None),
        "reason": next((row.reason for row in preferences), ""),
    }


def _standing(assignment: Assignment) -> tuple[list[Any], list[Any]]:
    kinds: tuple[Any, ...] = SECOND if assignment.occasion == 2 else FIRST
    *said, chosen = (list(kind.objects.filter(assignment_id=assignment.pk)) for kind in kinds)
    return [row for rows in said for row in rows], chosen


def _shown(assignment: Assignment) -> dict[str, tuple[str, str]]:
    """Slot -> id and digest of its completion, by the order stored when the item was leased."""
    rows = ItemAnswer.objects.filter(item_id=assignment.item_id).order_by()
    by_arm = {
        arm: (completion, digest)
        for arm, completion, digest in rows.values_list(
            "position", "completion_id", "completion__digest"
        )
    }
    return {slot: by_arm[arm] for slot, arm in blinding.arms(assignment.shown).items()}
