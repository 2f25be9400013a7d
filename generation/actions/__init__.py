"""Everything that changes endpoints, models, conditions, runs and completions."""

from corpus.reading import BadFile
from generation.actions.conditions import install_conditions, make_condition
from generation.actions.endpoints import register_endpoint, register_model
from generation.actions.imports import FORMATS, Imported, import_completions
from generation.actions.refusals import NameTaken, Refusal, TooLate
from generation.actions.runs import (
    cancel_run,
    record_answer,
    record_failure,
    resume_run,
    start_run,
    sweep,
)

__all__ = [
    "FORMATS",
    "BadFile",
    "Imported",
    "NameTaken",
    "Refusal",
    "TooLate",
    "cancel_run",
    "import_completions",
    "install_conditions",
    "make_condition",
    "record_answer",
    "record_failure",
    "register_endpoint",
    "register_model",
    "resume_run",
    "start_run",
    "sweep",
]
