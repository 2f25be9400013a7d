"""The checks on a version as it is stored: with the curators' settings and its near copies."""

from collections.abc import Mapping, Sequence

from corpus import checks
from corpus.checks import Draft, Found, NearCopy, Setting
from corpus.checks.near_copy import key as NEAR_COPY
from corpus.families import NEAR, sketch
from corpus.models import CheckSetting, Sketch, Version

MAX_CANDIDATES, MAX_SHOWN = 50, 3


def inspect(version: Version, settings: Mapping[str, Setting] | None = None) -> list[Found]:
    """What the checks say. Two queries."""
    if settings is None:
        settings = CheckSetting.objects.current()
    near = near_copies(version) if settings[NEAR_COPY].is_on else []
    return checks.look(draft_of(version, near), settings)


def draft_of(version: Version, near: Sequence[NearCopy] = ()) -> Draft:
    """What checks read of a version. No query."""
    return Draft(
        response=version.response,
        messages=version.messages,
        language=version.language,
        expected_action=version.expected_action,
        near=near,
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
