"""The rating rooms' tables."""

from annotation.models.items import Assignment, Item, ItemAnswer, Seat
from annotation.models.masks import Guess, Mask
from annotation.models.practice import Gold, PracticeAttempt, PracticeItem
from annotation.models.ratings import (
    Adjudication,
    Preference,
    PromptRating,
    Rating,
    Repeat,
    RepeatPreference,
)
from annotation.models.rooms import Flag, FlagNote, Room, RoomNote, RoomVote
from annotation.models.rubrics import Criterion, Rubric, ScalePoint
from annotation.models.studies import Rater, Study, StudyRun
from annotation.models.wellbeing import CareSetting, CheckIn, Exposure, OptOut, Rest
from annotation.models.withdrawals import Withdrawal

__all__ = [
    "Adjudication",
    "Assignment",
    "CareSetting",
    "CheckIn",
    "Criterion",
    "Exposure",
    "Flag",
    "FlagNote",
    "Gold",
    "Guess",
    "Item",
    "ItemAnswer",
    "Mask",
    "OptOut",
    "PracticeAttempt",
    "PracticeItem",
    "Preference",
    "PromptRating",
    "Rater",
    "Rating",
    "Repeat",
    "RepeatPreference",
    "Rest",
    "Room",
    "RoomNote",
    "RoomVote",
    "Rubric",
    "ScalePoint",
    "Seat",
    "Study",
    "StudyRun",
    "Withdrawal",
]
