"""How many people rate an item, changed while a study is prepared or open."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation.actions.studies import MAX_K, NotNow, Unsuitable
from annotation.models import Study


@transaction.atomic
def change(*, by: User | None, study: Study, k: int, was: int | None = None) -> Study:
    """Give every item k places, but for the core and for items that one person rates.

    More adds places; fewer deletes nothing: what was submitted counts, and who holds an item may
    finish it. Of two curators who change it at once the second is told (`was`: the k they saw).
    """
    if not 1 <= k <= MAX_K:
        raise Unsuitable(
            _("Each item is rated by 1 to %(most)s people, not %(k)s.") % {"most": MAX_K, "k": k}
        )
    seen = study.k if was is None else was
    moved = Study.objects.filter(pk=study.pk, k=seen).exclude(state=Study.State.CLOSED).update(k=k)
    if not moved:
        raise NotNow(
            _(
                "The study was closed, or somebody else has changed how many people rate an item. "
                "Load the page again."
            )
        )
    study.items.filter(is_core=False, is_shared=True).update(places=k)
    record(by=by, verb="raters per item changed", target=study.slug, note=f"{seen} to {k}")
    study.refresh_from_db()
    return study
