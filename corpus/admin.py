"""What administrators find of the corpus: sources and files on their way in, never a text."""

from accounts.administration import Reading
from corpus.models import Source, Upload


class Sources(Reading):
    """Terms and purges. Curators change them in the app."""

    list_display = ("name", "licence", "revision", "created_at", "created_by", "purged_at")
    list_select_related = ("created_by",)
    search_fields = ("name", "licence")
    fields = (
        *("name", "licence", "url", "revision", "created_at", "created_by"),
        *("purged_at", "purged_by", "purge_reason", "purge_counts"),
    )


class Uploads(Reading):
    """A queue: whose file waits for what. What is wrong in it is for those who brought it."""

    list_display = ("file_name", "by", "what", "state", "n_bytes", "n_problems", "created_at")
    list_select_related = ("by",)
    list_filter = ("state", "what")
    fields = (
        *("file_name", "by", "what", "state", "is_trial", "format", "n_bytes", "digest"),
        *("origin_name", "origin_licence", "origin_url", "origin_revision"),
        *("n_rows", "n_done", "n_problems", "claimed_by", "lease_expires_at"),
        *("created_at", "finished_at"),
    )


ADMINS = {Source: Sources, Upload: Uploads}
