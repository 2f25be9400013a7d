"""Personal data: what could lead to a real person. Patterns only, so read around each place.

Telephone numbers in a response are services, and looked at as such; in a person's words they are
theirs.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.checks.shape import Draft, Level, Remark, Words, passage

key = "personal_data"
label: Words = gettext_lazy("Personal data")
about: Words = gettext_lazy(
    "E-mail addresses, account, card and telephone numbers, names. It warns; of names it notes."
)

MEND = gettext_lazy("Take it out, or put something made in its place that nobody has.")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
# Six digits of a birth date and three or four more, as in several national numbers.
BIRTH_NUMBER = re.compile(
    r"(?<![\d-])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?![\d-])"
)
DIGITS = re.compile(r"(?<![\w+])\+?\d(?:[ ./()-]{0,2}\d){6,18}(?!\w)")
NAMED = re.compile(
    r"\b(?:[Mm]y (?:full |real )?name(?:'s| is)|[Ii]ch hei(?:ß|ss)e|[Mm]ein Name ist|[Jj]eg hedder"
    r"|[Mm]it navn er|[Mm]i chiamo|[Ii]l mio nome è)\s+([A-ZÆØÅÄÖÜÀÈÉÌÒÙ]\w+(?:\s+[A-ZÆØÅÄÖÜ]\w+)?)"
)
PHONE_DIGITS = 8


def look(draft: Draft) -> Iterator[Remark]:
    said = [turn["content"] for turn in draft.messages]
    for text, is_response in [(draft.response, True), *((text, False) for text in said)]:
        yield from _found(text, is_response)


def _found(text: str, is_response: bool) -> Iterator[Remark]:
    for hit in EMAIL.finditer(text):
        yield _remark("note" if is_response else "warn", text, hit, _("An e-mail address."))
    for hit in ACCOUNT.finditer(text):
        if _is_account(hit.group()):
            yield _remark("warn", text, hit, _("A bank account number."))
    for hit in DIGITS.finditer(text):
        what = _number(hit.group(), is_response)
        if what:
            yield _remark("warn", text, hit, what)
    for hit in NAMED.finditer(text):
        yield _remark("note", text, hit, _("A name that somebody gives as theirs."))


def _number(written: str, is_response: bool) -> str:
    """What a run of digits looks like, or nothing."""
    digits = re.sub(r"\D", "", written)
    if 13 <= len(digits) <= 19 and _is_card(digits):
        return _("The number of a payment card.")
    if BIRTH_NUMBER.fullmatch(written):
        return _("A number that begins with a date of birth.")
    if len(digits) >= PHONE_DIGITS and not is_response:
        return _("A long number, such as somebody's telephone.")
    return ""


def _is_card(digits: str) -> bool:
    """Luhn's check digit (ISO/IEC 7812-1)."""
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_account(written: str) -> bool:
    """The check digits of an IBAN (ISO 13616): the rearranged number is 1 modulo 97."""
    packed = written.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in packed[4:] + packed[:4])) % 97 == 1


def _remark(level: Level, text: str, hit: re.Match[str], what: str) -> Remark:
    return Remark(level, passage(text, *hit.span()), what, str(MEND))
