"""Writes a rubric's criteria and points. A criterion keeps its row as long as it has its key."""

from typing import Any

from annotation.models import Criterion, Rubric, ScalePoint
from annotation.sheets import Asked, Sheet, when_as_json


def write(rubric: Rubric, sheet: Sheet) -> None:
    """Make the rows say what the sheet says. ProtectedError where a row to be removed is used."""
    there = {row.key: row for row in rubric.criteria.all()}
    for key in there.keys() - sheet.by_key.keys():
        there[key].delete()
    rows = [
        _row(rubric, asked, place, there.get(asked.key))
        for place, asked in enumerate(sheet.criteria)
    ]
    for row in rows:
        row.save()
    ScalePoint.objects.filter(criterion__in=rows).delete()
    ScalePoint.objects.bulk_create(
        ScalePoint(
            criterion=row,
            value=point.value,
            label=point.label,
            anchor=point.anchor,
            example=point.example,
            severity=point.severity,
        )
        for row, asked in zip(rows, sheet.criteria, strict=True)
        for point in asked.points
    )


def _row(rubric: Rubric, asked: Asked, place: int, row: Criterion | None) -> Criterion:
    row = row or Criterion(rubric=rubric, key=asked.key)
    for name, value in _fields(asked).items():
        setattr(row, name, value)
    row.position = place
    return row


def _fields(asked: Asked) -> dict[str, Any]:
    return {
        "label": asked.label,
        "question": asked.question,
        "hint": asked.hint,
        "kind": asked.kind,
        "about": asked.about,
        "minimum": asked.scale[0] if asked.scale else None,
        "maximum": asked.scale[-1] if asked.scale else None,
        "asks_rationale": asked.asks_rationale,
        "ask_when": when_as_json(asked.ask_when),
    }
