"""The limits of care as this site sets them: each stated, changed and confirmed by a curator."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation.limits import LIMITS, Limit
from annotation.models import CareSetting
from gate.text import BadText, accept

SUPPORT = "support_text"
MAX_WORDS = 4000


class Unfit(ValueError):
    """A limit that looks after nobody, or words that cannot be kept."""

    http_status = 422


@dataclass(frozen=True)
class Stated:
    """A limit with the number in force and who stands for it."""

    limit: Limit
    number: int
    setting: CareSetting | None

    @property
    def is_default(self) -> bool:
        return self.number == self.limit.default


def stated() -> list[Stated]:
    """Every limit. One query."""
    kept = CareSetting.objects.select_related("confirmed_by").in_bulk()
    return [
        Stated(limit, setting.number if setting else limit.default, setting)
        for limit in LIMITS
        for setting in [kept.get(limit.key)]
    ]


@transaction.atomic
def confirm(*, by: User, key: str, number: int, at: datetime) -> CareSetting:
    """Set a limit, or stand for the number it has. It counts from the next item on."""
    limit = next((each for each in LIMITS if each.key == key), None)
    if limit is None:
        raise Unfit(_("'%(key)s' is no limit of care.") % {"key": key})
    if not limit.lowest <= number <= limit.highest:
        raise Unfit(
            _("Choose %(lowest)s to %(highest)s %(unit)s.")
            % {"lowest": limit.lowest, "highest": limit.highest, "unit": limit.unit}
        )
    before = CareSetting.objects.filter(key=key).values_list("number", flat=True).first()
    made, _new = CareSetting.objects.update_or_create(
        key=key, defaults={"number": number, "confirmed_by": by, "confirmed_at": at}
    )
    note = f"{limit.default if before is None else before} -> {number}"
    record(by=by, verb="care limit confirmed", target=key, note=note)
    return made


@transaction.atomic
def write_support(*, by: User, text: str, at: datetime) -> None:
    """What the support page says of this project's own help."""
    try:
        words = accept(text.strip(), where=_("The text"), limit=MAX_WORDS)
    except BadText as refused:
        raise Unfit(str(refused)) from refused
    CareSetting.objects.update_or_create(
        key=SUPPORT, defaults={"words": words, "confirmed_by": by, "confirmed_at": at}
    )
    record(by=by, verb="support text written", target=SUPPORT)


def support_words() -> str:
    """One query."""
    found = CareSetting.objects.filter(pk=SUPPORT).values_list("words", flat=True).first()
    return found or ""
