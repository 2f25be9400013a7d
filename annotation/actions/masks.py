"""Hides passages of answers from a study's raters, before it opens; then all see the same."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import record
from accounts.models import User
from annotation import giveaways
from annotation.giveaways import Finding
from annotation.models import Mask, Study


class Fixed(Exception):
    """Raters have read the answers as they are."""

    http_status = 409


class NotFound(Exception):
    """No such passage is in this study's answers."""

    http_status = 422


class NamesStand(Exception):
    """Answers name their model or maker, and nobody said that this may be so."""

    http_status = 409


@transaction.atomic
def hide(*, by: User | None, study: Study, keys: Iterable[str]) -> int:
    """How many of these passages are hidden now; `keys` are those of findings."""
    _prepared(study)
    return _hidden(by, study, _chosen(study, keys))


@transaction.atomic
def hide_all(*, by: User | None, study: Study) -> int:
    """Every passage that was found."""
    _prepared(study)
    return _hidden(by, study, giveaways.found(study))


@transaction.atomic
def show(*, by: User | None, study: Study, keys: Iterable[str]) -> None:
    """Leave these passages as they are."""
    _prepared(study)
    for finding in _chosen(study, keys):
        Mask.objects.filter(
            study=study,
            completion=finding.completion,
            turn=finding.turn,
            start__lte=finding.passage.start,
            end__gte=finding.passage.end,
        ).delete()
        record(by=by, verb="passage shown", target=study.slug, note=finding.key)


def check(study: Study, *, shows_names: bool) -> None:
    """Refuses where raters would read names and nobody has said that they may."""
    n = 0 if shows_names else giveaways.unmasked(study)
    if n:
        raise NamesStand(
            ngettext(
                "%(n)s passage names a model or its maker. Hide it, or say that it stays.",
                "%(n)s passages name a model or its maker. Hide them, or say that they stay.",
                n,
            )
            % {"n": n}
        )


def _prepared(study: Study) -> None:
    """Holds the row, so that the study does not open meanwhile."""
    rows = Study.objects.select_for_update().filter(pk=study.pk, state=Study.State.DRAFT)
    if rows.first() is None:
        raise Fixed(_("Raters read this study as it is. Passages are hidden before it opens."))


def _chosen(study: Study, keys: Iterable[str]) -> list[Finding]:
    there = {finding.key: finding for finding in giveaways.found(study)}
    asked = list(keys)
    if missing := [key for key in asked if key not in there]:
        raise NotFound(
            _("No such passage is in this study: %s. Load the page again.") % missing[0][:60]
        )
    return [there[key] for key in asked]


def _hidden(by: User | None, study: Study, chosen: Iterable[Finding]) -> int:
    rows = [
        Mask(
            study=study,
            completion_id=finding.completion,
            turn=finding.turn,
            start=finding.passage.start,
            end=finding.passage.end,
            created_by=by,
        )
        for finding in chosen
        if not finding.is_hidden
    ]
    Mask.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if rows:
        record(by=by, verb="passages hidden", target=study.slug, note=f"{len(rows)} passages")
    return len(rows)
