"""What curators decide about the checks."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus.actions.refusals import NotYours
from corpus.checks import CHECKS, Setting
from corpus.models import CheckSetting


@transaction.atomic
def set_checks(*, by: User, on: Collection[str], blocking: Collection[str]) -> list[str]:
    """Switch every check; a check that is off blocks nothing. The keys of those that changed."""
    if not by.can("checks.write"):
        raise NotYours(_("Curators decide about the checks."))
    before = CheckSetting.objects.current()
    after = {key: Setting(key in on, key in on and key in blocking) for key in CHECKS}
    changed = [key for key in CHECKS if before[key] != after[key]]
    for key in changed:
        CheckSetting.objects.update_or_create(key=key, defaults=vars(after[key]))
        record(by=by, verb="check set", target=key, note=_words(after[key]))
    return changed


def _words(setting: Setting) -> str:
    if not setting.is_on:
        return "off"
    return "on, blocks approval" if setting.blocks_approval else "on"
