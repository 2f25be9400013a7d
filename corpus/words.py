"""What a person types into the search box, read into what both databases understand. Pure.

    two words      both, anywhere          "two words"   exactly this
    prefix*        words that begin so     -not          without this word

Whatever is typed can be read: marks that say nothing are passed over.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_TERMS = 12
# A minus sign or a quotation mark counts at the beginning of a term only.
_TERM = re.compile(
    r'(?P<minus>-?)(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]?|(?P<word>[^\s"“”„«»]+))'
)


@dataclass(frozen=True)
class Term:
    """Words in this order; of a prefix, the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class Words:
    """What a text must say, and what it must not."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    @property
    def is_negative(self) -> bool:
        """Whether it only says what must not be there: what matches is then left out."""
        return not self.wanted

    def for_fts5(self) -> str:
        """For MATCH of SQLite. Every word is quoted, so none of them is an operator."""
        unwanted = " OR ".join(map(_fts5, self.unwanted))
        wanted = " AND ".join(map(_fts5, self.wanted))
        return f"({wanted}) NOT ({unwanted})" if wanted and unwanted else wanted or unwanted

    def for_postgres(self) -> str:
        """For to_tsquery of PostgreSQL, quoted likewise."""
        unwanted = " | ".join(map(_tsquery, self.unwanted))
        wanted = " & ".join(map(_tsquery, self.wanted))
        return f"{wanted} & !({unwanted})" if wanted and unwanted else wanted or unwanted

    def phrases(self) -> list[str]:
        """Whole words that are wanted one after the other, folded; none where words stand alone."""
        runs = (term.words[: -1 if term.is_prefix else None] for term in self.wanted)
        return [" ".join(map(_folded, run)) for run in runs if len(run) > 1]


def read(typed: str) -> Words:
    """The terms of what was typed; the first twelve."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for found in _TERM.finditer(typed):
        phrase, word = found["phrase"], found["word"]
        words = _split(phrase if word is None else word)
        if words and len(wanted) + len(unwanted) < MAX_TERMS:
            term = Term(words, is_prefix=word is not None and word.endswith("*"))
            (unwanted if found["minus"] else wanted).append(term)
    return Words(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))


def _split(text: str) -> tuple[str, ...]:
    """Letters and digits, with the marks that belong to them; each word has one at least."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" else " " for each in composed)
    return tuple(
        word for word in kept.split() if any(unicodedata.category(each)[0] in "LN" for each in word)
    )


def _fts5(term: Term) -> str:
    """The table folds case and marks itself."""
    return f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'


def _tsquery(term: Term) -> str:
    quoted = [f"'{_folded(word)}'" for word in term.words]
    return f"({' <-> '.join(quoted)}{':*' if term.is_prefix else ''})"


def _folded(word: str) -> str:
    """As the column folds what it holds: letter by letter, without marks over letters."""
    bare = unicodedata.normalize("NFKD", word)
    return "".join(each.lower() for each in bare if not "\u0300" <= each <= "\u036f")
