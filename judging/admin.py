"""What administrators find of judging: how the queue stands, never a verdict."""

from accounts.administration import Reading
from judging.models import JudgeRun


class JudgeRuns(Reading):
    """Jobs of the worker."""

    list_display = ("id", "state", "judge", "run", "created_at", "finished_at")
    list_select_related = ("judge", "run__model", "run__condition", "run__prompt_set")
    list_filter = ("state",)
    fields = (
        *("state", "judge", "run", "created_at", "created_by", "started_at", "finished_at"),
        *("cancel_requested_at", "rung_at", "last_error"),
    )


ADMINS = {JudgeRun: JudgeRuns}
