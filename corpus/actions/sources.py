"""What curators change about where material came from."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from accounts.models import User
from corpus.actions.refusals import NotNow, NotYours
from corpus.models import Source
from gate.text import accept

LIMITS = {"licence": 120, "url": 500, "revision": 120}
WHERE = {
    "licence": gettext_lazy("The licence"),
    "url": gettext_lazy("The url"),
    "revision": gettext_lazy("The revision"),
}


@transaction.atomic
def change_source(*, by: User, source: Source, licence: str, url: str, revision: str) -> Source:
    """The terms as they are known now; what they were before stands in the audit trail."""
    if not by.can("sources.write"):
        raise NotYours(_("Only a curator changes what is known of a source."))
    stored = Source.objects.select_for_update().get(pk=source.pk)
    if stored.purged_at:
        raise NotNow(_("This source was purged. What is said of it stays as it was."))
    said = {"licence": licence, "url": url, "revision": revision}
    changed = {}
    for name, value in said.items():
        value = accept(value.strip(), where=str(WHERE[name]), limit=LIMITS[name])
        if value != getattr(stored, name):
            changed[name] = f"{name}: {getattr(stored, name) or 'nothing'} → {value or 'nothing'}"
            setattr(stored, name, value)
    if changed:
        stored.save(update_fields=list(changed))
        record(by=by, verb="source changed", target=stored.name, note="; ".join(changed.values()))
    return stored
