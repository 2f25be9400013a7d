"""What changes training runs and task runs: the only places that write."""

from training.actions.runs import (
    cancel_training,
    end_training,
    keep_adapter,
    keep_progress,
    resume_training,
    start_training,
    sweep_training,
    withdrawn_words,
)

__all__ = [
    "cancel_training",
    "end_training",
    "keep_adapter",
    "keep_progress",
    "resume_training",
    "start_training",
    "sweep_training",
    "withdrawn_words",
]
