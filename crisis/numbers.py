"""Telephone numbers as digits: how a number is written in a text and how it is dialled elsewhere.

No list of number plans decides what is a number: such lists miss short codes and call numbers
invalid that are answered. Only country codes and trunk prefixes are known here.
"""

import re
from collections.abc import Iterable

# Country code and the prefix that is left out behind it.
PLANS = {
    "US": ("1", "1"), "CA": ("1", "1"), "GB": ("44", "0"), "IE": ("353", "0"), "AU": ("61", "0"),
    "NZ": ("64", "0"), "DE": ("49", "0"), "AT": ("43", "0"), "CH": ("41", "0"), "DK": ("45", ""),
    "SE": ("46", "0"), "NO": ("47", ""), "FI": ("358", "0"), "IS": ("354", ""), "IT": ("39", ""),
    "FR": ("33", "0"), "BE": ("32", "0"), "NL": ("31", "0"), "ES": ("34", ""), "PT": ("351", ""),
    "PL": ("48", ""), "CZ": ("420", ""), "ZA": ("27", "0"), "IN": ("91", "0"), "JP": ("81", "0"),
    "SG": ("65", ""), "BR": ("55", "0"), "MX": ("52", ""), "AR": ("54", "0"), "KR": ("82", "0"),
    "LU": ("352", ""), "EE": ("372", ""),
}  # fmt: skip
LONG = 7


def digits(typed: str) -> str:
    """ "+49 (0)800 111" as "+49800111", "0049 …" as "+49…", "116 123" as "116123"."""
    plain = re.sub(r"^\(?\+(\d{1,3})\)?", r"+\1 ", typed.strip())
    if plain.startswith("+") or re.match(r"00[1-9]", re.sub(r"\D", "", plain)):
        plain = plain.replace("(0)", "")
    bare = re.sub(r"\D", "", plain)
    if plain.startswith("+"):
        return f"+{bare}"
    if re.match(r"00[1-9]", bare) and len(bare) > 10:
        return f"+{bare[2:]}"
    if bare.startswith("011") and len(bare) > 12:
        return f"+{bare[3:]}"
    return bare


def spellings(contact: str, countries: Iterable[str]) -> set[str]:
    """Every way in which `digits` may read this number of these countries."""
    typed = digits(contact)
    found = {typed}
    for country in countries:
        code, trunk = PLANS.get(country, ("", ""))
        if len(typed) < LONG or not code:
            continue
        if typed.startswith(f"+{code}"):
            national = typed[len(code) + 1 :]
        elif typed.startswith("+"):
            continue
        else:
            national = typed.removeprefix(trunk) if trunk else typed
        found |= {f"+{code}{national}", f"{code}{national}", f"{trunk}{national}"}
        if code == "1":
            found.add(national)
    return found
