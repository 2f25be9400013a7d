"""The checks on a version as it is stored: with the curators' settings, its near copies and what
the directory of services says that day."""

from collections.abc import Mapping, Sequence
from datetime import date

from corpus import checks
from corpus.checks import Draft, Found, NearCopy, Referral, Setting
from corpus.checks.near_copy import key as NEAR_COPY
from corpus.checks.referrals import key as REFERRALS
from corpus.directory import Directory
from corpus.families import NEAR, sketch
from corpus.models import CheckSetting, Sketch, Version

MAX_CANDIDATES, MAX_SHOWN = 50, 3


def inspect(
    version: Version, *, on: date, settings: Mapping[str, Setting] | None = None
) -> list[Found]:
    """What the checks say. Three queries."""
    if settings is None:
        settings = CheckSetting.objects.current()
    near = near_copies(version) if settings[NEAR_COPY].is_on else []
    referrals = Directory.on(on).referrals(version) if settings[REFERRALS].is_on else []
    return checks.look(draft_of(version, near, referrals), settings)


def draft_of(
    version: Version, near: Sequence[NearCopy] = (), referrals: Sequence[Referral] = ()
) -> Draft:
    """What checks read of a version. No query."""
    return Draft(
        response=version.response,
        messages=version.messages,
        language=version.language,
        country=version.country,
        expected_action=version.expected_action,
        near=near,
        referrals=referrals,
    )


def near_copies(version: Version) -> list[NearCopy]:
    """Other pairs that say nearly the same, the nearest first. One query."""
    sketched = sketch(version.response)
    if not sketched.bands:
        return []
    rows = (
        Sketch.objects.candidates([sketched.words_digest], sketched.bands)
        .in_use()
        .exclude(version__pair=version.pair_id)
        .select_related("version")[:MAX_CANDIDATES]
    )
    found = [
        NearCopy(
            url=row.version.get_absolute_url(),
            title=row.version.title,
            likeness=sketched.likeness(sketch(row.version.response)),
        )
        for row in rows
    ]
    near = [each for each in found if each.likeness >= NEAR]
    return sorted(near, key=lambda each: (-each.likeness, each.url))[:MAX_SHOWN]
