"""Reading level: how hard the response is to read, by a formula of its language.

LIX (Björnsson 1968, Läsbarhet): words per sentence + 100 x words of more than six letters / words.
Made for Swedish, used for the Nordic languages, English and German; German words are longer, so its
bound is higher. Italian: Gulpease (Lucisano and Piemontese 1988, Scuola e città 39): 89 + (300 x
sentences - 10 x letters) / words. The bounds are where their authors begin to call a text hard.
Other languages are not judged.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.checks.shape import Draft, Remark, Words, passage

key = "reading_level"
label: Words = gettext_lazy("Reading level")
about: Words = gettext_lazy("LIX, in Italian Gulpease, and long sentences. It notes.")

HARD_LIX = {"en": 45, "da": 45, "nb": 45, "sv": 45, "de": 50}
HARD_GULPEASE = 60  # below it a text is hard after lower secondary school
FEWEST_WORDS = 30
LONG_SENTENCE = 35
MEND = gettext_lazy("Make two sentences of a long one, and take the everyday word.")


def look(draft: Draft) -> Iterator[Remark]:
    words = _words(draft.response)
    if len(words) < FEWEST_WORDS:
        return
    if draft.speaks == "it" and (found := gulpease(draft.response)) < HARD_GULPEASE:
        yield Remark(
            "note",
            "",
            _("Hard to read: Gulpease %(found)s, easy from 60 up.") % {"found": f"{found:.0f}"},
            str(MEND),
        )
    hard = HARD_LIX.get(draft.speaks)
    if hard and (found := lix(draft.response)) > hard:
        yield Remark(
            "note",
            "",
            _("Hard to read: LIX %(found)s, easy up to %(hard)s.")
            % {"found": f"{found:.0f}", "hard": hard},
            str(MEND),
        )
    if hard or draft.speaks == "it":
        yield from _long_sentences(draft.response)


def lix(text: str) -> float:
    """Needs at least one word."""
    words = _words(text)
    n_long = sum(len(word) > 6 for word in words)
    return len(words) / len(_sentences(text)) + 100 * n_long / len(words)


def gulpease(text: str) -> float:
    """Needs at least one word."""
    words = _words(text)
    return 89 + (300 * len(_sentences(text)) - 10 * sum(map(len, words))) / len(words)


@lru_cache(maxsize=8)  # one look asks for the words and sentences of a text several times
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]+", text))


@lru_cache(maxsize=8)
def _sentences(text: str) -> tuple[str, ...]:
    """Runs with a word in them, ended by . ! ? : or a line break."""
    parts = re.split(r"[.!?:…]+|\n+", text)
    return tuple(part for part in parts if re.search(r"[^\W\d_]", part)) or (text,)


def _long_sentences(text: str) -> Iterator[Remark]:
    for sentence in _sentences(text):
        if len(sentence) < 2 * LONG_SENTENCE:
            continue
        n_words = len(re.findall(r"[^\W\d_]+", sentence))
        if n_words > LONG_SENTENCE:
            start = text.find(sentence)
            shown = passage(text, start, start + 60, around=0)
            yield Remark(
                "note",
                shown,
                _("A sentence of %(n)s words.") % {"n": n_words},
                _("Make two of it."),
            )
