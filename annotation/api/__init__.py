"""REST places of this app."""

from rest_framework.viewsets import ViewSetMixin

from annotation.api.assignments import AssignmentPlace
from annotation.api.differences import DifferencePlace
from annotation.api.flags import FlagPlace
from annotation.api.guesses import GuessPlace
from annotation.api.ratings import RatingPlace
from annotation.api.rooms import RoomPlace
from annotation.api.rubrics import RubricPlace
from annotation.api.studies import StudyPlace

# (prefix, viewset, basename), registered under /api/v1/.
ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("rubrics", RubricPlace, "rubric"),
    ("studies", StudyPlace, "study"),
    ("assignments", AssignmentPlace, "assignment"),
    ("ratings", RatingPlace, "rating"),
    ("flags", FlagPlace, "flag"),
    ("differences", DifferencePlace, "difference"),
    ("rooms", RoomPlace, "room"),
    ("guesses", GuessPlace, "guess"),
]
