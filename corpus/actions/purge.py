"""Takes out everything that came from a source, and what was made of it. There is no way back."""

from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus import erasing, inbox, purging
from corpus.actions.refusals import NotNow, NotYours, Refused
from corpus.actions.sets import set_digest
from corpus.models import PromptSet, Source, Upload
from gate.text import accept

NOTE = 3_000


class NoReason(Refused):
    """A purge that nobody could explain later."""

    http_status = 422

    def __init__(self) -> None:
        super().__init__(_("Say why it goes: it stands in the record instead of what went."))


def purge_source(*, by: User, source: Source, reason: str, at: datetime) -> Source:
    """The source as what is left of it: who, when, why, and how many rows of each kind went.

    All in one transaction. Sets, runs and studies that lose every row go; others keep the rest.
    Releases with rows of the source are withdrawn. The number of statements does not grow with
    rows.
    """
    if not by.can("sources.write"):
        raise NotYours(_("Only a curator purges a source."))
    reason = accept(reason.strip(), where=_("The reason"), limit=2_000)
    if not reason:
        raise NoReason
    with erasing.thorough():
        try:
            with transaction.atomic():
                return _purge(by, source, reason, at)
        except IntegrityError as error:
            raise NotNow(
                _(
                    "Somebody added to this source's material in this moment. Nothing was purged: "
                    "try again."
                )
            ) from error


def _purge(by: User, source: Source, reason: str, at: datetime) -> Source:
    # Imports hold the same row, so none can bring in more meanwhile.
    stored = Source.objects.select_for_update().get(pk=source.pk)
    if stored.purged_at:
        raise NotNow(
            _("%(source)s was purged before. Nothing of it is here any more.") % {"source": stored}
        )
    with purging.found(stored) as rows:
        counts, groups = purging.counts(rows), purging.groups(rows)
        done = purging.Purge(stored, by, reason, at, purging.losses(rows))
        transaction.on_commit(partial(_remove_files, rows.keys(Upload)))
        rows.delete()
    erasing.merge_search_indexes()
    _remake_sets(done)
    for mend in purging.menders():
        mend(done)
    stored.purged_at, stored.purged_by = at, by
    stored.purge_reason, stored.purge_counts = reason, counts
    stored.save(update_fields=["purged_at", "purged_by", "purge_reason", "purge_counts"])
    record(by=by, verb="source purged", target=stored.name, note=_note(counts, groups)[:NOTE])
    return stored


def _remove_files(uploads: list[str]) -> None:
    """Files on their way in. Should this be cut off, the sweep of the inbox finds the rest."""
    for pk in uploads:
        inbox.remove(pk)


def _remake_sets(done: purging.Purge) -> None:
    """A set that lost prompts is another set: its digest says so, and its description."""
    lost = {loss.pk: loss.n_lost for loss in done.losses[PromptSet]}
    for made in PromptSet.objects.filter(pk__in=done.kept(PromptSet)):
        rows = made.entries.order_by("position").values_list("prompt__digest", "external_id")
        made.digest = set_digest(rows)
        said = (
            f"On {done.at.date().isoformat()} {lost[made.pk]} prompts of {done.source.name} were "
            "purged. The digest is of those that stayed."
        )
        made.description = f"{made.description}\n\n{said}".strip()
        made.save(update_fields=["digest", "description"])


def _note(counts: dict[str, int], groups: list[purging.Group]) -> str:
    numbers = ", ".join(f"{n:,} {kind}" for kind, n in counts.items()) or "nothing was left of it"
    gone = "; ".join(
        f"{group.title} {'gone' if goes else 'cut'}: {', '.join(names)}"
        for group in groups
        for goes in (True, False)
        if (names := [each.name for each in group.named if each.goes == goes])
    )
    return f"{numbers}. {gone}" if gone else f"{numbers}."
