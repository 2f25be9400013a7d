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

MAX_TEXT = 100_000
MAX_DEPTH = 32
HALF = re.compile("[\ud800-\udfff]")


class BadText(ValueError):
    """Text that cannot be taken in; the message says where and what to do."""


def problem(text: str, *, limit: int = MAX_TEXT) -> str | None:
    """Why `text` cannot be stored, in words for the person who sent it, or None."""
    if len(text) > limit:
        return f"is {len(text):,} characters long; at most {limit:,} are taken"
    if "\x00" in text:
        return f"has a NUL character at position {text.index(chr(0)) + 1}; remove it"
    half = HALF.search(text)
    if half:
        return (
            f"has half of a character (U+{ord(half[0]):04X}) at position {half.start() + 1}; "
            "save the file as UTF-8 and try again"
        )
    return None


def accept(text: str, *, where: str, limit: int = MAX_TEXT) -> str:
    """`text` unchanged, or `BadText` naming `where`."""
    reason = problem(text, limit=limit)
    if reason:
        raise BadText(f"{where} {reason}.")
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
        raise BadText(f"{path} is nested too deeply; at most {MAX_DEPTH} levels are taken.")
    if isinstance(value, str):
        yield value, path
    elif isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise BadText(f"{path} is not a number that JSON knows.")
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
        raise BadText(
            f"{where} is nested too deeply; at most {MAX_DEPTH} levels are taken."
        ) from None
    except UnicodeDecodeError as error:
        raise BadText(f"{where} is not UTF-8 (byte {error.start + 1}).") from None
    except ValueError as error:
        raise BadText(f"{where} is not JSON: {error}.") from None
    return accept_document(value, where=where)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not allowed")


def digest(*parts: Any) -> str:
    """SHA-256 of the parts as canonical JSON, hexadecimal; text is compared in NFC form."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(unicodedata.normalize("NFC", canonical).encode()).hexdigest()
