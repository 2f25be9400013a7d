"""What is said of a reference: may a person in this country be sent there?

Only a row that two people verified, that is due for no new check and that serves the country
makes a reference verified. Nothing is judged from the shape of a number alone.
"""

from collections.abc import Sequence

from crisis.entries import Channel, Entry, Kind, Standing, Verdict

CHANNELS = {
    Kind.PHONE: {Channel.PHONE},
    Kind.SHORT_CODE: {Channel.PHONE},
    Kind.TEXT_LINE: {Channel.TEXT},
}
# Of several rows the first of these speaks.
ORDER = (Standing.VERIFIED, Standing.STALE, Standing.UNVERIFIED, Standing.RETIRED)
SAID = {
    Standing.VERIFIED: Verdict.VERIFIED,
    Standing.STALE: Verdict.STALE,
    Standing.UNVERIFIED: Verdict.UNKNOWN,
    Standing.RETIRED: Verdict.RETIRED,
}


def judge(
    kind: Kind, matches: Sequence[Entry], country: str, keyword: str = ""
) -> tuple[Verdict, Entry | None]:
    """The verdict and the row that it rests on; without a country nothing is in its place."""
    if not matches:
        return Verdict.UNKNOWN, None
    serving = [entry for entry in matches if entry.serves(country)]
    if country and not serving:
        return Verdict.WRONG_COUNTRY, _first(matches)
    fitting = [entry for entry in serving if fits(kind, entry, keyword)]
    if not fitting:
        return Verdict.UNKNOWN, _first(serving or matches)
    chosen = _first(fitting)
    return SAID[Standing(chosen.standing)], chosen


def fits(kind: Kind, entry: Entry, keyword: str) -> bool:
    """A line for calls is not one for texts, and a text needs the word that its line asks for."""
    if kind in CHANNELS and entry.channel not in CHANNELS[kind]:
        return False
    asked = {word.strip().casefold() for word in entry.keyword.split(";") if word.strip()}
    return not (asked and keyword) or keyword.casefold() in asked


def _first(entries: Sequence[Entry]) -> Entry:
    return min(entries, key=lambda entry: ORDER.index(Standing(entry.standing)))
