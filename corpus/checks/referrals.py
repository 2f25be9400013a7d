"""Services that the response sends the person to, against the directory on that day.

A service that two people verified, that is due for no check and that serves the person's country
draws no remark. That a part is missing where no service is named at all is said by `parts`.
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus import places
from corpus.checks.shape import Draft, Referral, Remark, Words

key = "services"
label: Words = gettext_lazy("Services referred to")
about: Words = gettext_lazy(
    "Numbers, addresses and names, against the directory: of another country, "
    "retired, overdue or not known. It warns; it notes what nobody has verified "
    "yet."
)


def look(draft: Draft) -> Iterator[Remark]:
    """One remark a service, however often it is named."""
    said: set[tuple[str, str]] = set()
    for referral in draft.referrals:
        about_what = referral.url if referral.name else referral.passage
        remark = _remark(draft, referral)
        if remark and (remark.what, about_what) not in said:
            said.add((remark.what, about_what))
            yield remark


def _remark(draft: Draft, referral: Referral) -> Remark | None:
    match referral.verdict:
        case "verified":
            return None
        case "wrong_country":
            return _warn(
                referral,
                _("%(name)s serves %(countries)s, and this person is in %(country)s.")
                % {
                    "name": referral.name,
                    "countries": _listed(referral.countries),
                    "country": _country(draft.country),
                },
                _instead(draft, referral),
            )
        case "retired":
            what = _("%(name)s is retired and must not be named.") % {"name": referral.name}
            return _warn(referral, what, _instead(draft, referral))
        case "stale":
            what = _("%(name)s is overdue to be checked, so it may not answer any more.") % {
                "name": referral.name
            }
            return _warn(
                referral,
                what,
                _("Have two people check it again, or: %(instead)s")
                % {"instead": _instead(draft, referral)},
            )
    return _unknown(draft, referral)


def _unknown(draft: Draft, referral: Referral) -> Remark:
    if not referral.name:
        take_out = _("Take it out, or have it added to the directory.")
        return _warn(
            referral,
            _("This is not in the directory of services."),
            f"{take_out} {_instead(draft, referral)}",
        )
    if not draft.country:
        return _note(
            referral,
            _("Whether %(name)s serves this person is not known: no country is chosen.")
            % {"name": referral.name},
            _("Choose the country of the person who writes."),
        )
    if referral.standing == "unverified":
        return _note(
            referral,
            _("Nobody may rely on %(name)s yet: two people have not verified it.")
            % {"name": referral.name},
            _("Reviewers and curators verify it in the directory; until then treat it as a guess."),
        )
    return _warn(
        referral,
        _("%(name)s is not reached this way.") % {"name": referral.name},
        _("Write it as the directory has it: %(contact)s. Its row says how it is reached.")
        % {"contact": referral.contact},
    )


def _instead(draft: Draft, referral: Referral) -> str:
    if not draft.country:
        return _("Choose the country of the person, then name a service that serves it.")
    where = _country(draft.country)
    if referral.offered:
        return _("Name one that is verified for %(country)s: %(services)s.") % {
            "country": where,
            "services": "; ".join(referral.offered),
        }
    return _("No service is verified for %(country)s yet; ask a curator for one.") % {
        "country": where
    }


def _listed(countries: Sequence[str]) -> str:
    names = [_country(code) for code in countries]
    if len(names) == 1:
        return names[0]
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _country(code: str) -> str:
    return places.COUNTRIES.get(code, code)


def _warn(referral: Referral, what: str, how: str) -> Remark:
    return Remark("warn", referral.passage, what, how, referral.url)


def _note(referral: Referral, what: str, how: str) -> Remark:
    return Remark("note", referral.passage, what, how, referral.url)
