"""The tables of training."""

from training.models.attended import Attended, AttendedQuerySet
from training.models.runs import LossPoint, TrainingRun

__all__ = ["Attended", "AttendedQuerySet", "LossPoint", "TrainingRun"]
