"""Installs rubrics from their files. A version that is in use never changes."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from annotation import rubric_files
from annotation.models import Criterion, Rubric, ScalePoint
from annotation.sheets import Asked

FOLDER = Path(__file__).resolve().parent.parent / "rubrics"


class VersionInUse(Exception):
    """The version has been used with another content."""

    http_status = 409


def install_all(*, by: User | None = None) -> list[Rubric]:
    """Every rubric that comes with the Studio. Safe to repeat."""
    return [install(path=path, by=by) for path in sorted(FOLDER.glob("*.toml"))]


@transaction.atomic
def install(path: Path, *, by: User | None = None) -> Rubric:
    """The rubric in `path`: the one already there if nothing changed, else a new row."""
    stated = rubric_files.read(Path(path))
    there = Rubric.objects.filter(slug=stated.slug, version=stated.version).first()
    if there and there.digest == stated.sheet.digest:
        return there
    if there:
        _remove(there)
    rubric = Rubric.objects.create(
        slug=stated.slug,
        version=stated.version,
        title=stated.sheet.title,
        intro=stated.sheet.intro,
        digest=stated.sheet.digest,
    )
    _add_criteria(rubric, stated.sheet.criteria)
    return rubric


def _remove(rubric: Rubric) -> None:
    """Only what no study, judge or rating refers to can go."""
    try:
        rubric.delete()
    except ProtectedError:
        raise VersionInUse(
            f"Version {rubric.version} of the rubric '{rubric.slug}' is in use and stays as it is. "
            f"Write version = {rubric.version + 1} in the file and install it again."
        ) from None


def _add_criteria(rubric: Rubric, criteria: Iterable[Asked]) -> None:
    rows = []
    points: list[ScalePoint] = []
    for position, asked in enumerate(criteria):
        row = Criterion(
            rubric=rubric,
            key=asked.key,
            label=asked.label,
            question=asked.question,
            hint=asked.hint,
            kind=asked.kind,
            minimum=asked.scale[0],
            maximum=asked.scale[-1],
            position=position,
            asks_rationale=asked.asks_rationale,
        )
        rows.append(row)
        points += [
            ScalePoint(
                criterion=row,
                value=point.value,
                label=point.label,
                anchor=point.anchor,
                example=point.example,
            )
            for point in asked.points
        ]
    Criterion.objects.bulk_create(rows)
    ScalePoint.objects.bulk_create(points)
