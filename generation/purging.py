"""What a purge of a source means for runs: one without an answer left goes."""

from django.utils.translation import gettext_lazy as _

from corpus import purging
from generation.models import Run
from generation.queue import Job

KEEPS = _("Keeps the rest")
FORGOTTEN = "What the server said was taken out with a source that was purged."


def register() -> None:
    """Called once, when the app is ready."""
    purging.holds(Run, "completions", fate=KEEPS, related=("prompt_set", "model", "condition"))
    purging.on_purge(forget_troubles)


def forget_troubles(purge: purging.Purge) -> None:
    """A server that fails may repeat what it was asked; jobs of every kind keep its last words."""
    for kind in Job.__subclasses__():
        jobs = kind._default_manager.filter(pk__in=purge.kept(kind))
        jobs.exclude(last_error="").update(last_error=FORGOTTEN)
