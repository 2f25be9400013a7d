"""Languages by name and by code: people write "Danish" or "dansk", rows keep "da"."""

from functools import lru_cache

from django.conf.locale import LANG_INFO


def code(written: str) -> str:
    """The code of a language as somebody wrote it; what is not known stays as it was written."""
    return _codes().get(written.strip().lower(), written.strip())


def name(known: str) -> str:
    """How a language is called in English; its code where it has no name here."""
    info = LANG_INFO.get(known, {})
    return str(info.get("name", known))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Names in English and in the language itself. Dialects give way to the language."""
    found: dict[str, str] = {}
    for short, info in sorted(LANG_INFO.items(), key=lambda each: -len(each[0])):
        for word in (info.get("name"), info.get("name_local")):
            if word:
                found[str(word).lower()] = short.split("-")[0]
    return found
