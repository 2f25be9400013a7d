"""Everything that changes endpoints, models, conditions, runs and completions."""

from corpus.reading import BadFile
from generation.actions.addresses import allow_address, disallow_address, look_up_again
from generation.actions.conditions import install_conditions, make_condition
from generation.actions.endpoints import register_endpoint
from generation.actions.imports import BY_SUFFIX, FORMATS, Imported, import_completions, notes
from generation.actions.jobs import cancel, resume, retry
from generation.actions.language_models import Serving, change_model, register_model
from generation.actions.refusals import NameTaken, Refusal, TooLate
from generation.actions.runs import record_answer, record_failure, start_run, sweep
from generation.actions.servers import let_go, start_again, start_server

__all__ = [
    "BY_SUFFIX",
    "FORMATS",
    "BadFile",
    "Imported",
    "NameTaken",
    "Refusal",
    "Serving",
    "TooLate",
    "allow_address",
    "cancel",
    "change_model",
    "disallow_address",
    "import_completions",
    "install_conditions",
    "let_go",
    "look_up_again",
    "make_condition",
    "notes",
    "record_answer",
    "record_failure",
    "register_endpoint",
    "register_model",
    "resume",
    "retry",
    "start_again",
    "start_run",
    "start_server",
    "sweep",
]
