"""Services that the response sends the person to, against the directory on that day.

A service that two people verified, that is due for no check and that serves the person's country
draws no remark. That a part is missing where no service is named at all is said by `parts`.
"""

from collections.abc import Iterator, Sequence

from corpus import places
from corpus.checks.shape import Draft, Referral, Remark

key = "services"
label = "Services referred to"
about = (
    "Numbers, addresses and names, against the directory: of another country, retired, overdue or "
    "not known. It warns; it notes what nobody has verified yet."
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
                f"{referral.name} serves {_listed(referral.countries)}, and this person is in "
                f"{_country(draft.country)}.",
                _instead(draft, referral),
            )
        case "retired":
            what = f"{referral.name} is retired and must not be named."
            return _warn(referral, what, _instead(draft, referral))
        case "stale":
            what = f"{referral.name} is overdue to be checked, so it may not answer any more."
            return _warn(
                referral, what, f"Have two people check it again, or: {_instead(draft, referral)}"
            )
    return _unknown(draft, referral)


def _unknown(draft: Draft, referral: Referral) -> Remark:
    if not referral.name:
        return _warn(
            referral,
            "This is not in the directory of services.",
            f"Take it out, or have it added to the directory. {_instead(draft, referral)}",
        )
    if not draft.country:
        return _note(
            referral,
            f"Whether {referral.name} serves this person is not known: no country is chosen.",
            "Choose the country of the person who writes.",
        )
    if referral.standing == "unverified":
        return _note(
            referral,
            f"Nobody may rely on {referral.name} yet: two people have not verified it.",
            "Reviewers and curators verify it in the directory; until then treat it as a guess.",
        )
    return _warn(
        referral,
        f"{referral.name} is not reached this way.",
        f"Write it as the directory has it: {referral.contact}. Its row says how it is reached.",
    )


def _instead(draft: Draft, referral: Referral) -> str:
    if not draft.country:
        return "Choose the country of the person, then name a service that serves it."
    where = _country(draft.country)
    if referral.offered:
        return f"Name one that is verified for {where}: {'; '.join(referral.offered)}."
    return f"No service is verified for {where} yet; ask a curator for one."


def _listed(countries: Sequence[str]) -> str:
    names = [_country(code) for code in countries]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _country(code: str) -> str:
    return places.COUNTRIES.get(code, code)


def _warn(referral: Referral, what: str, how: str) -> Remark:
    return Remark("warn", referral.passage, what, how, referral.url)


def _note(referral: Referral, what: str, how: str) -> Remark:
    return Remark("note", referral.passage, what, how, referral.url)
