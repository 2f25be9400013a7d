"""What a purge of a source means for judges' runs: one without an answer left goes."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from corpus import conversation, purging
from corpus.models import Prompt, Source
from judging.models import Anchor, JudgeRun, Matchup


def register() -> None:
    """Called once, when the app is ready."""
    of = ("judge", "run__model", "run__condition", "run__prompt_set")
    purging.holds(JudgeRun, "judgements", fate=_("Keeps the rest"), related=of)
    runs = [
        f"{run}__{part}"
        for run in ("run_a", "run_b")
        for part in ("model", "condition", "prompt_set")
    ]
    purging.holds(Matchup, "duels", fate=_("Keeps the rest"), related=("judge", *runs))
    purging.copies(anchors)


def anchors(source: Source) -> QuerySet[Anchor]:
    """Anchors hold their conversation themselves: those that say what a prompt of it says."""
    said = {
        pk: conversation.content_digest(messages)
        for pk, messages in Anchor.objects.values_list("pk", "messages")
    }
    known = Prompt.objects.filter(source=source, digest__in=set(said.values()))
    digests = set(known.values_list("digest", flat=True))
    return Anchor.objects.filter(pk__in=[pk for pk, digest in said.items() if digest in digests])
