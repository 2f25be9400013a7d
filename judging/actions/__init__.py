"""Everything that changes judges, their runs and their verdicts."""

from judging.actions.judges import DEFAULT_PROMPT, make_judge
from judging.actions.refusals import NotPossible
from judging.actions.runs import cancel, resume, start_judge_run, sweep
from judging.actions.verdicts import ask_again, keep_verdicts, record_failure

__all__ = [
    "DEFAULT_PROMPT",
    "NotPossible",
    "ask_again",
    "cancel",
    "keep_verdicts",
    "make_judge",
    "record_failure",
    "resume",
    "start_judge_run",
    "sweep",
]
