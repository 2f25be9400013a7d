"""Filters of the corpus that somebody names: kept, renamed, shared, deleted."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus.actions.refusals import BadDraft, NotNow, NotYours
from corpus.models import SavedFilter
from gate.text import BadText, accept

MAX_QUERY = 1000


@transaction.atomic
def keep_filter(
    *, by: User, name: str, query: str, at: datetime, is_shared: bool = False
) -> SavedFilter:
    """A name for these filters. `query` is normal: see `corpus.forms.filters`."""
    if not query:
        raise NotNow(_("These are all pairs. Set a filter first, then keep it."))
    if len(query) > MAX_QUERY:
        raise NotNow(_("These filters are too long to be kept. Search for fewer words."))
    wanted = _name(by, name)
    kept = SavedFilter(owner=by, name=wanted, query=query, is_shared=is_shared, created_at=at)
    return _stored(kept)


@transaction.atomic
def change_filter(*, by: User, saved: SavedFilter, name: str, is_shared: bool) -> SavedFilter:
    """Another name; shared, or one's own again."""
    if saved.owner_id != by.pk:
        raise NotYours(_("Only who kept a filter renames it or shares it."))
    saved.name = _name(by, name, but=saved)
    saved.is_shared = is_shared
    return _stored(saved)


@transaction.atomic
def delete_filter(*, by: User, saved: SavedFilter) -> None:
    """One's own; a curator also deletes what others share, which is written down."""
    if saved.owner_id != by.pk:
        if not (saved.is_shared and by.can("pairs.curate")):
            raise NotYours(_("Only who kept a filter deletes it, or a curator if it is shared."))
        record(by=by, verb="shared filter deleted", target=saved.name, note=saved.query)
    saved.delete()


def _name(by: User, name: str, but: SavedFilter | None = None) -> str:
    try:
        wanted = accept(" ".join(name.split()), where=_("The name"), limit=80)
    except BadText as error:
        raise BadDraft("name", str(error)) from error
    if not wanted:
        raise BadDraft("name", _("A filter needs a name, so that you find it again."))
    if by.saved_filters.filter(name=wanted).exclude(pk=but.pk if but else "").exists():
        raise _taken(wanted)
    return wanted


def _taken(name: str) -> BadDraft:
    return BadDraft(
        "name",
        _("You have a filter called %(name)s already. Choose another name.") % {"name": repr(name)},
    )


def _stored(saved: SavedFilter) -> SavedFilter:
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:  # named so in another window in this moment
        raise _taken(saved.name) from None
    return saved
