"""What curators decide about the domains."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus.actions.refusals import BadDraft, NotYours
from corpus.models import Domain


@transaction.atomic
def set_approvals_needed(*, by: User, domain: Domain, n: int) -> Domain:
    """How many people must sign a version of this domain before it is approved: one or two.

    It speaks for what is decided from now on. More undoes no approval; fewer approves nothing by
    itself: a version that has enough signatures then waits for a reviewer who completes it.
    """
    if not by.can("checks.write"):
        raise NotYours(_("Curators decide how many people sign."))
    if n not in (1, 2):
        raise BadDraft(
            "approvals_needed", _("A domain asks for one or two signatures, not %(n)s.") % {"n": n}
        )
    before = Domain.objects.select_for_update().get(pk=domain.pk).approvals_needed
    if before != n:
        Domain.objects.filter(pk=domain.pk).update(approvals_needed=n)
        record(by=by, verb="approvals set", target=domain.slug, note=f"{before} -> {n}")
    domain.approvals_needed = n
    return domain


@transaction.atomic
def set_severity(*, by: User, domain: Domain, severity: int) -> Domain:
    """How hard its content is to read for those who rate it: 1 mild, 2 hard, 3 severe.

    Studies made from now on go by it; those that are there keep what their items had.
    """
    if not by.can("checks.write"):
        raise NotYours(_("Curators decide how hard a domain is to read."))
    if severity not in (1, 2, 3):
        raise BadDraft(
            "severity",
            _("A domain is of severity 1, 2 or 3, not %(severity)s.") % {"severity": severity},
        )
    before = Domain.objects.select_for_update().get(pk=domain.pk).severity
    if before != severity:
        Domain.objects.filter(pk=domain.pk).update(severity=severity)
        record(by=by, verb="severity set", target=domain.slug, note=f"{before} -> {severity}")
    domain.severity = severity
    return domain
