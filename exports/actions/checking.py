"""Whether a release may be made as it is asked for; what is wrong is said before anything is."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from annotation.models import Study
from exports import choice as choosing
from exports import hindrances, numbering
from exports.actions.refusals import BadField, Hindered, NameTaken, NothingToRelease, text
from exports.choice import Choice
from exports.hindrances import MAY_PASS, NEVER, TITLES, Kind
from exports.models import Release
from exports.plans import Plan, plan


def checked(
    *,
    name: str,
    at: datetime,
    choice: Choice | None = None,
    studies: Iterable[str] = (),
) -> Plan:
    """What a release would be. Refuses what is not there and studies that are not closed."""
    choice = choice or Choice()
    _refuse_unknown(choice)
    return plan(choice, name=name_of(name), on=at.date(), studies=closed_studies(studies))


def closed_studies(slugs: Iterable[str]) -> list[Study]:
    """By slug, in the order of their slugs. One query."""
    asked = sorted(set(slugs))
    found = {each.slug: each for each in Study.objects.filter(slug__in=asked)} if asked else {}
    for slug in asked:
        if slug not in found:
            raise BadField("studies", _("There is no study %(slug)r.") % {"slug": slug})
        if found[slug].state != Study.State.CLOSED:
            raise BadField(
                "studies",
                _(
                    "The study %(name)s is not closed. Close it first, so that what goes out is "
                    "what was said."
                )
                % {"name": found[slug].name},
            )
    return [found[slug] for slug in asked]


def refuse(made_of: Plan, version: str, reasons: Mapping[str, str]) -> None:
    _refuse_number(made_of.previous, version, made_of.proposed)
    kept = hindrances.standing(made_of.hindrances, reasons)
    if kept:
        raise Hindered(kept)
    if not made_of.candidates:
        raise NothingToRelease(
            _(
                "No pair is approved and fresh here, so there is nothing to release. Choose less "
                "narrowly, or have pairs approved first."
            )
        )


def _refuse_number(last: Release | None, version: str, proposed: str) -> None:
    if last is None or numbering.order(version) > numbering.order(last.version):
        return
    if Release.objects.filter(name=last.name, version=version).exists():
        raise taken(last.name, version)
    raise BadField(
        "version",
        _(
            "%(version)s does not come after %(last)s, the last one of this name. What changed "
            "since asks for %(proposed)s."
        )
        % {"version": version, "last": last, "proposed": proposed},
    )


def taken(name: str, version: str) -> NameTaken:
    return NameTaken(
        _(
            "There is a release %(name)s %(version)s already. Releases are frozen: choose a higher "
            "version."
        )
        % {"name": name, "version": version}
    )


def _refuse_unknown(choice: Choice) -> None:
    try:
        choosing.refuse_unknown(choice)
    except choosing.Unknown as unknown:
        raise BadField(unknown.field, str(unknown)) from unknown


def reasons_of(overrides: Mapping[str, str]) -> dict[str, str]:
    """By kind, without those that are empty."""
    given = {kind: text(why, "overrides", limit=2_000) for kind, why in overrides.items()}
    for kind in given:
        if kind not in set(Kind):
            known = ", ".join(MAY_PASS)
            raise BadField(
                "overrides",
                _("No hindrance is called '%(kind)s'. Known: %(known)s.")
                % {"kind": kind, "known": known},
            )
        if kind in NEVER and given[kind]:
            raise BadField(
                "overrides",
                _("Nobody may override '%(kind)s': %(title)s.")
                % {"kind": kind, "title": TITLES[Kind(kind)]},
            )
    return {kind: why for kind, why in given.items() if why}


def name_of(name: str) -> str:
    name = text(" ".join(name.split()), "name", limit=80)
    if not any(character.isalnum() for character in name):
        raise BadField("name", _("The name needs at least one letter or digit."))
    return name


def version_of(version: str) -> str:
    version = version.strip()
    if not numbering.is_version(version):
        raise BadField(
            "version",
            _(
                "The version is three numbers with dots, such as 1.0.0, and may end in a word, "
                "such as 1.0.0-draft; at most 20 characters."
            ),
        )
    return version
