"""The rating rooms' tables."""

from annotation.models.ratings import Adjudication, Preference, Rating
from annotation.models.rubrics import Criterion, Rubric, ScalePoint
from annotation.models.studies import Assignment, Item, ItemAnswer, Rater, Study, StudyRun

__all__ = [
    "Adjudication",
    "Assignment",
    "Criterion",
    "Item",
    "ItemAnswer",
    "Preference",
    "Rater",
    "Rating",
    "Rubric",
    "ScalePoint",
    "Study",
    "StudyRun",
]
