"""The rating rooms' tables."""

from annotation.models.items import Assignment, Item, ItemAnswer, Seat
from annotation.models.ratings import Adjudication, Preference, Rating
from annotation.models.rubrics import Criterion, Rubric, ScalePoint
from annotation.models.studies import Rater, Study, StudyRun

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
    "Seat",
    "Study",
    "StudyRun",
]
