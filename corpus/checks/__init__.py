"""Checks on a draft: what a careful reader would point to, each with a reason and a way to mend it.

Pure. Each check is a module with `key`, `label` and `look(draft)`; a curator switches them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.checks import (
    length,
    method_detail,
    near_copy,
    parts,
    personal_data,
    reading_level,
    referrals,
    safe_messaging,
)
from corpus.checks.shape import Check, Draft, NearCopy, Referral, Remark

CHECKS: dict[str, Check] = {
    check.key: check
    for check in (
        personal_data,
        method_detail,
        referrals,
        safe_messaging,
        parts,
        near_copy,
        reading_level,
        length,
    )
}
MAX_REMARKS = 12


@dataclass(frozen=True)
class Setting:
    """Whether a check looks, and whether what it warns of stops an approval."""

    is_on: bool = True
    blocks_approval: bool = False


# Until a curator decides otherwise: personal data stays out, the rest is advice.
DEFAULTS: dict[str, Setting] = {
    key: Setting(blocks_approval=key == personal_data.key) for key in CHECKS
}


@dataclass(frozen=True)
class Found:
    """A remark, whose it is, and whether it stops an approval."""

    check: Check
    remark: Remark
    blocks: bool


def look(draft: Draft, settings: Mapping[str, Setting] = DEFAULTS) -> list[Found]:
    """What the checks that are on say, what blocks first. Each place is shown once a check."""
    return sorted(_all(draft, settings), key=lambda found: (not found.blocks, _order(found)))


def blocking(found: Iterable[Found]) -> list[Found]:
    """What stands between the draft and an approval."""
    return [each for each in found if each.blocks]


def _all(draft: Draft, settings: Mapping[str, Setting]) -> Iterator[Found]:
    for key, check in CHECKS.items():
        setting = settings.get(key, DEFAULTS[key])
        if not setting.is_on:
            continue
        remarks = list(dict.fromkeys(check.look(draft)))[:MAX_REMARKS]
        for remark in remarks:
            yield Found(check, remark, setting.blocks_approval and remark.level == "warn")


def _order(found: Found) -> bool:
    return found.remark.level == "note"


__all__ = [
    "CHECKS",
    "DEFAULTS",
    "Check",
    "Draft",
    "Found",
    "NearCopy",
    "Referral",
    "Remark",
    "Setting",
    "blocking",
    "look",
]
