"""Everything that changes the corpus. Each action says who does it (`by=`) and is atomic."""

from corpus.actions.bulk import change_many, put_back
from corpus.actions.checks import set_checks
from corpus.actions.directory import (
    add_resource,
    change_resource,
    load_directory,
    load_sample_directory,
    retire_resource,
    verify_resource,
)
from corpus.actions.domains import set_approvals_needed, set_severity
from corpus.actions.drafts import (
    Fields,
    save_draft,
    share_draft,
    start_new_version,
    start_pair,
    submit,
    withdraw_submission,
)
from corpus.actions.families import place_all
from corpus.actions.filters import change_filter, delete_filter, keep_filter
from corpus.actions.imports import import_pairs, import_prompts
from corpus.actions.intake import Imported
from corpus.actions.orders import Origin
from corpus.actions.purge import purge_source
from corpus.actions.refusals import (
    AlreadySigned,
    BadDraft,
    Conflict,
    NameTaken,
    NotNow,
    NotReady,
    NotYours,
    OwnWork,
    Purged,
    ReasonMissing,
    Refused,
    Stopped,
    Unmet,
)
from corpus.actions.renewals import Worn, renew
from corpus.actions.results import keep_all
from corpus.actions.reviews import approve, reject, request_changes
from corpus.actions.sets import make_prompt_set, prompt_set_from_approved
from corpus.actions.sources import change_source
from corpus.actions.splits import resplit
from corpus.actions.threads import answer, comment
from corpus.actions.uploads import Asked, receive
from corpus.actions.uploads import discard as discard_upload
from corpus.actions.uploads import match as match_upload
from corpus.actions.uploads import start as start_upload
from corpus.actions.uploads import stop as stop_upload

__all__ = [
    "AlreadySigned",
    "Asked",
    "BadDraft",
    "Conflict",
    "Fields",
    "Imported",
    "NameTaken",
    "NotNow",
    "NotReady",
    "NotYours",
    "Origin",
    "OwnWork",
    "Purged",
    "ReasonMissing",
    "Refused",
    "Stopped",
    "Unmet",
    "Worn",
    "add_resource",
    "answer",
    "approve",
    "change_filter",
    "change_many",
    "change_resource",
    "change_source",
    "comment",
    "delete_filter",
    "discard_upload",
    "import_pairs",
    "import_prompts",
    "keep_all",
    "keep_filter",
    "load_directory",
    "load_sample_directory",
    "make_prompt_set",
    "match_upload",
    "place_all",
    "prompt_set_from_approved",
    "purge_source",
    "put_back",
    "receive",
    "reject",
    "renew",
    "request_changes",
    "resplit",
    "retire_resource",
    "save_draft",
    "set_approvals_needed",
    "set_checks",
    "set_severity",
    "share_draft",
    "start_new_version",
    "start_pair",
    "start_upload",
    "stop_upload",
    "submit",
    "verify_resource",
    "withdraw_submission",
]
