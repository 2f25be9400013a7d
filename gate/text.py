"""The one gate for text: what a database or a person could not hold is refused, with where and why.

Anything typed, uploaded or posted passes `accept`; what a model server says passes `visible`,
because an answer must be kept even when it carries characters that no database stores.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_TEXT = 100_000
MAX_DEPTH = 32
HALF = re.compile("[\ud800-\udfff]")
# What is wrong with a text: to stand within another sentence, and as one of its own.
REASONS = {
    "long": gettext_lazy("is %(n)s characters long; at most %(limit)s are taken"),
    "nul": gettext_lazy("has a NUL character at position %(position)s; remove it"),
    "half": gettext_lazy(
        "has half of a character (U+%(code)s) at position %(position)s; "
        "save the file as UTF-8 and try again"
    ),
}
REFUSALS = {
    "long": gettext_lazy("%(where)s is %(n)s characters long; at most %(limit)s are taken."),
    "nul": gettext_lazy("%(where)s has a NUL character at position %(position)s; remove it."),
    "half": gettext_lazy(
        "%(where)s has half of a character (U+%(code)s) at position %(position)s; "
        "save the file as UTF-8 and try again."
    ),
}


class BadText(ValueError):
    """Text that cannot be taken in; the message says where and what to do."""


def problem(text: str, *, limit: int = MAX_TEXT) -> str | None:
    """Why `text` cannot be stored, in words for the person who sent it, or None."""
    found = _flaw(text, limit)
    return str(REASONS[found[0]] % found[1]) if found else None


def refusal(text: str, *, where: str, limit: int = MAX_TEXT) -> str | None:
    """The same as a whole sentence that names `where`, or None."""
    found = _flaw(text, limit)
    return str(REFUSALS[found[0]] % {"where": where, **found[1]}) if found else None


def _flaw(text: str, limit: int) -> tuple[str, dict[str, Any]] | None:
    if len(text) > limit:
        return "long", {"n": f"{len(text):,}", "limit": f"{limit:,}"}
    if "\x00" in text:
        return "nul", {"position": text.index("\x00") + 1}
    half = HALF.search(text)
    if half:
        return "half", {"code": f"{ord(half[0]):04X}", "position": half.start() + 1}
    return None


def accept(text: str, *, where: str, limit: int = MAX_TEXT) -> str:
    """`text` unchanged, or `BadText` naming `where`."""
    said = refusal(text, where=where, limit=limit)
    if said:
        raise BadText(said)
    return text


def visible(text: str) -> str:
    """`text` with NUL and lone surrogates written out, so that a model's answer is kept."""
    if problem(text, limit=len(text)) is None:
        return text
    return "".join(
        f"\\u{ord(character):04x}"
        if character == "\x00" or "\ud800" <= character <= "\udfff"
        else character
        for character in text
    )


def accept_document(value: Any, *, where: str, depth: int = MAX_DEPTH) -> Any:
    """A parsed JSON document unchanged, or `BadText` for text, depth or numbers it may not hold."""
    for text, path in _texts(value, where, depth):
        accept(text, where=path)
    return value


def _texts(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth < 0:
        raise BadText(_too_deep(path))
    if isinstance(value, str):
        yield value, path
    elif isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise BadText(_("%(where)s is not a number that JSON knows.") % {"where": path})
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key), path
            yield from _texts(inner, f"{path}.{visible(str(key))[:40]}", depth - 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _texts(inner, f"{path}[{number}]", depth - 1)


def read_json(raw: str | bytes, *, where: str) -> Any:
    """Parse one JSON document strictly: no NaN, bounded depth, storable text; else `BadText`."""
    try:
        value = json.loads(raw, parse_constant=_no_constant)
    except RecursionError:
        raise BadText(_too_deep(where)) from None
    except UnicodeDecodeError as error:
        raise BadText(
            _("%(where)s is not UTF-8 (byte %(byte)s).") % {"where": where, "byte": error.start + 1}
        ) from None
    except ValueError as error:
        raise BadText(
            _("%(where)s is not JSON: %(error)s.") % {"where": where, "error": error}
        ) from None
    return accept_document(value, where=where)


def _too_deep(where: str) -> str:
    return _("%(where)s is nested too deeply; at most %(n)s levels are taken.") % {
        "where": where,
        "n": MAX_DEPTH,
    }


def _no_constant(name: str) -> float:
    raise ValueError(_("%(name)s is not allowed") % {"name": name})


def digest(*parts: Any) -> str:
    """SHA-256 of the parts as canonical JSON, hexadecimal; text is compared in NFC form."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(unicodedata.normalize("NFC", canonical).encode()).hexdigest()
