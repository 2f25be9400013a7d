"""What administrators find of generation: where models answer, and how the queue stands."""

from accounts.administration import Reading
from generation.models import Endpoint, Run


class Endpoints(Reading):
    """Addresses. Of a key only the name of its variable is known."""

    list_display = ("name", "kind", "base_url", "created_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("kind",)
    fields = ("name", "kind", "base_url", "api_key_variable", "created_at", "created_by")


class Runs(Reading):
    """Jobs of the worker."""

    list_display = ("id", "state", "prompt_set", "model", "condition", "created_at", "finished_at")
    list_select_related = ("prompt_set", "model", "condition")
    list_filter = ("state", "is_imported")
    fields = (
        *("state", "prompt_set", "model", "condition", "replicates", "is_imported"),
        *("created_at", "created_by", "started_at", "finished_at", "cancel_requested_at"),
        *("rung_at", "last_error"),
    )


ADMINS = {Endpoint: Endpoints, Run: Runs}
