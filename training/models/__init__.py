"""The tables of training."""

from training.models.attended import Attended, AttendedQuerySet
from training.models.runs import LossPoint, TrainingRun
from training.models.tasks import TaskRun, TaskScore

__all__ = ["Attended", "AttendedQuerySet", "LossPoint", "TaskRun", "TaskScore", "TrainingRun"]
