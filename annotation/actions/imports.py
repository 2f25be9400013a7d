"""Takes ratings that were made elsewhere into a study: all of a file, or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from annotation.actions import raters
from annotation.actions.matching import Matcher
from annotation.answers import MAX_RATIONALE
from annotation.imports import FORMATS
from annotation.imports.found import Found
from annotation.imports.values import allowed, meaning
from annotation.models import Adjudication, Rater, Rating, Study
from annotation.sheets import PROMPT, Asked, Sheet
from corpus.reading import Problems, RowProblem

BATCH = 2_000


class NotImportable(Exception):
    """The study takes no ratings from elsewhere."""

    http_status = 409


@dataclass(frozen=True)
class Imported:
    """What was taken in."""

    n_ratings: int
    n_adjudications: int
    n_raters: int


@dataclass(frozen=True)
class Matched:
    """A rating from elsewhere that fits the study."""

    completion: str
    criterion: Asked
    rater: str
    answer: str
    value: int | None
    rationale: str
    is_final: bool


@transaction.atomic
def import_ratings(
    *, by: User | None, study: Study, file: BinaryIO, format: str, at: datetime, run: str = ""
) -> Imported:
    """Ratings and adjudications of the file. Raises `corpus.reading.BadFile` with every problem.

    The study is closed by it and says that it was imported; further files may follow, for example
    one for each of its runs (`run`, an id or a model's name).
    """
    if not study.is_imported and study.state != Study.State.DRAFT:
        raise NotImportable(
            f"The study '{study.slug}' is rated in the Studio. Make another one for this file."
        )
    problems = Problems()
    found = FORMATS[format](file, problems)
    matched = list(_matched(found, study.rubric.sheet, Matcher(study, run), problems, study))
    problems.raise_if_any()
    if not matched:
        problems.stop(None, "The file has no ratings.")
    done = _write(study, matched, at)
    _close(study, at)
    record(by=by, verb="ratings imported", target=study.slug, note=f"{done.n_ratings} ratings")
    return done


def _close(study: Study, at: datetime) -> None:
    Study.objects.filter(pk=study.pk, state=Study.State.DRAFT).update(
        state=Study.State.CLOSED, closed_at=at, is_imported=True
    )
    study.refresh_from_db()


def _matched(
    found: Iterator[Found], sheet: Sheet, matcher: Matcher, problems: Problems, study: Study
) -> Iterator[Matched]:
    seen = _there_already(study)
    for each in found:
        try:
            matched = _fitted(each, sheet, matcher)
        except RowProblem as problem:
            problems.add(each.row, problem.column, str(problem))
            continue
        rater = "" if each.is_final else matched.rater
        key = (rater, matched.completion, matched.criterion.id)
        if key in seen:
            problems.add(each.row, each.column, f"{each.rater!r} has rated this before.")
        seen.add(key)
        yield matched


def _there_already(study: Study) -> set[tuple[str, str, str]]:
    """Ratings and adjudications of earlier files; an adjudication has no rater here."""
    rows = Rating.objects.filter(study=study).order_by()
    settled = Adjudication.objects.filter(study=study).order_by()
    return set(rows.values_list("rater__label", "completion_id", "criterion_id")) | {
        ("", completion, criterion)
        for completion, criterion in settled.values_list("completion_id", "criterion_id")
    }


def _fitted(found: Found, sheet: Sheet, matcher: Matcher) -> Matched:
    asked = _criterion(found, sheet)
    said = meaning(asked, found.value)
    if said is None or (found.is_final and said[1] is None):
        raise RowProblem(
            found.column,
            f"{str(found.value)[:40]!r} is not on the scale of '{asked.key}'. "
            f"Use one of: {allowed(asked)}.",
        )
    if len(found.rater) > 120 or len(found.rationale) > MAX_RATIONALE:
        raise RowProblem("rater", "The rater's name or the reason is too long (120, 5,000).")
    return Matched(
        completion=matcher.completion(found.target),
        criterion=asked,
        rater=found.rater,
        answer=said[0],
        value=said[1],
        rationale=found.rationale,
        is_final=found.is_final,
    )


def _criterion(found: Found, sheet: Sheet) -> Asked:
    """What the row rates. Files hold numbers about answers: no choices, words or prompts."""
    asked = _named(found, sheet)
    if not asked.scale or asked.kind == "choices" or asked.about == PROMPT:
        raise RowProblem(
            "criterion",
            f"'{asked.key}' is not rated by one number for each answer, and cannot be imported.",
        )
    return asked


def _named(found: Found, sheet: Sheet) -> Asked:
    known = ", ".join(sheet.by_key)
    if not found.criterion and len(sheet.criteria) == 1:
        return sheet.criteria[0]
    if found.criterion.startswith("#"):
        place = int(found.criterion[1:])
        if 1 <= place <= len(sheet.criteria):
            return sheet.criteria[place - 1]
    elif found.criterion in sheet.by_key:
        return sheet.by_key[found.criterion]
    raise RowProblem("criterion", f"{found.criterion!r} is not in the rubric. Use one of: {known}.")


def _write(study: Study, matched: list[Matched], at: datetime) -> Imported:
    digests = dict(study.items.values_list("answers__completion", "answers__completion__digest"))
    people: dict[str, Rater] = {
        name: raters.from_elsewhere(label=name, origin=study.slug, is_sample=study.is_sample)
        for name in dict.fromkeys(each.rater for each in matched)
    }
    ratings = [
        Rating(
            study=study,
            rater=people[each.rater],
            completion_id=each.completion,
            criterion_id=each.criterion.id,
            answer=each.answer,
            value=each.value,
            rationale=each.rationale,
            completion_digest=digests[each.completion],
            rubric_digest=study.rubric.digest,
            created_at=at,
        )
        for each in matched
        if not each.is_final
    ]
    settled = [
        Adjudication(
            study=study,
            completion_id=each.completion,
            criterion_id=each.criterion.id,
            value=each.value if each.value is not None else 0,
            adjudicator=people[each.rater],
            created_at=at,
        )
        for each in matched
        if each.is_final
    ]
    Rating.objects.bulk_create(ratings, batch_size=BATCH)
    Adjudication.objects.bulk_create(settled, batch_size=BATCH)
    n_raters = len({each.rater for each in matched if not each.is_final})
    return Imported(len(ratings), len(settled), n_raters)
