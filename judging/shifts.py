"""A worker's shift on a judge run: by the judge's model, or by its rule."""

from generation.shifts import Shift
from judging import ruling, scoring
from judging.models import JudgeRun


def shift_on(judge_run: JudgeRun) -> Shift | ruling.RuleShift:
    """A shift on this judge run."""
    if judge_run.judge.model is None:
        return ruling.RuleShift(judge_run)
    return scoring.shift_on(judge_run)
