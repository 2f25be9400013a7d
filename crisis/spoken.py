"""Numbers written as words: "nine eight eight", "eins eins sechs", "centododici", "triple zero".

A run of number words of one language that makes at least three digits is read as those digits.
Whether it is a telephone number is decided later, by its context.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

MIN_DIGITS = 3


def _list(words: str) -> list[str]:
    return words.split()


ENGLISH_UNITS = _list("zero one two three four five six seven eight nine")
ENGLISH_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
ENGLISH_TENS = _list("twenty thirty forty fifty sixty seventy eighty ninety")
GERMAN_UNITS = _list("null eins zwei drei vier fünf sechs sieben acht neun")
GERMAN_TEENS = [
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
GERMAN_TENS = _list("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
DANISH_UNITS = _list("nul en to tre fire fem seks syv otte ni")
DANISH_TEENS = _list("ti elleve tolv tretten fjorten femten seksten sytten atten nitten")
DANISH_TENS = _list("tyve tredive fyrre halvtreds tres halvfjerds firs halvfems")
ITALIAN_UNITS = _list("zero uno due tre quattro cinque sei sette otto nove")
ITALIAN_TEENS = _list(
    "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove"
)
ITALIAN_TENS = _list("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")


def _numbered(*lists: tuple[list[str], int, int]) -> dict[str, str]:
    return {
        word: str(first + step * n) for words, first, step in lists for n, word in enumerate(words)
    }


def _plain(units: list[str], teens: list[str], tens: list[str]) -> dict[str, str]:
    return _numbered((units, 0, 1), (teens, 10, 1), (tens, 20, 10))


def _english() -> dict[str, str]:
    words = _plain(ENGLISH_UNITS, ENGLISH_TEENS, ENGLISH_TENS) | {"oh": "0", "nought": "0"}
    for ten, tens in enumerate(ENGLISH_TENS, start=2):
        words |= {f"{tens}-{u}": f"{ten}{n}" for n, u in enumerate(ENGLISH_UNITS) if n}
    return words


def _joined(words: dict[str, str], units: list[str], tens: list[str], by: str) -> dict[str, str]:
    """ "achtundachtzig", "otteogfirs"."""
    stems = {1: "ein", 2: units[2]} if by == "und" else {1: units[1]}
    for ten, word in enumerate(tens, start=2):
        words |= {f"{stems.get(n, u)}{by}{word}": f"{ten}{n}" for n, u in enumerate(units) if n}
    return words


def _german() -> dict[str, str]:
    words = _joined(
        _plain(GERMAN_UNITS, GERMAN_TEENS, GERMAN_TENS), GERMAN_UNITS, GERMAN_TENS, "und"
    )
    hundreds = {
        f"{one}hundert{w}": f"1{int(d):02}" for w, d in words.items() for one in ("", "ein")
    }
    return words | hundreds | {"zwo": "2", "fuenf": "5", "zwoelf": "12"}


def _danish() -> dict[str, str]:
    words = _joined(
        _plain(DANISH_UNITS, DANISH_TEENS, DANISH_TENS), DANISH_UNITS, DANISH_TENS, "og"
    )
    hundreds = {
        f"{one}hundredeog{w}": f"1{int(d):02}" for w, d in words.items() for one in ("", "et")
    }
    return words | hundreds | {"et": "1", "én": "1", "ét": "1"}


def _italian() -> dict[str, str]:
    words = _plain(ITALIAN_UNITS, ITALIAN_TEENS, ITALIAN_TENS)
    for ten, tens in enumerate(ITALIAN_TENS, start=2):
        for n, unit in enumerate(ITALIAN_UNITS[1:], start=1):
            stem = tens[:-1] if unit[0] in "uo" else tens
            words[f"{stem}{unit}"] = f"{ten}{n}"
    return words | {f"cento{w}": f"1{int(d):02}" for w, d in words.items() if w != "zero"}


LANGUAGES = {"en": _english(), "de": _german(), "da": _danish(), "it": _italian()}
TIMES = {
    "en": {"double": 2, "triple": 3},
    "de": {"zweimal": 2, "dreimal": 3},
    "da": {"dobbelt": 2},
    "it": {"doppio": 2, "triplo": 3},
}
# A full stop before a capital ends the sentence, and with it the number: "out of ten. Seven …".
GAP = r"(?:\s*[-,]\s*|\s*\.(?!\s+(?-i:[A-ZÆØÅÄÖÜ]))\s*|\s+)"


@cache
def _runs_of(language: str) -> re.Pattern[str]:
    words = sorted([*LANGUAGES[language], *TIMES[language]], key=len, reverse=True)
    word = f"(?:{'|'.join(map(re.escape, words))})"
    return re.compile(rf"(?<!\w){word}(?:{GAP}{word})*(?!\w)", re.IGNORECASE)


@cache
def _parts_of(language: str) -> re.Pattern[str]:
    names = sorted([*LANGUAGES[language], *TIMES[language]], key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, names))})|([\s,.-]+)")


# How many digits a word adds at most.
WEIGHTS = {
    language: {word: len(digits) for word, digits in words.items()} | TIMES[language]
    for language, words in LANGUAGES.items()
}


@dataclass(frozen=True)
class Spoken:
    """Number words between `start` and `end`, and the digits that they say (in their groups)."""

    start: int
    end: int
    digits: str


def runs(text: str) -> list[Spoken]:
    """Number words that say a number of three digits or more, in order, without overlaps."""
    found = sorted(_candidates(text), key=lambda run: (run.start, -run.end))
    kept: list[Spoken] = []
    for run in found:
        if not kept or run.start >= kept[-1].end:
            kept.append(run)
    return kept


def _candidates(text: str) -> Iterator[Spoken]:
    said = re.findall(r"\w+", text.lower())
    for language in LANGUAGES:
        if not _may_say_digits(said, language):
            continue
        for hit in _runs_of(language).finditer(text):
            digits = _said(hit.group().lower(), language)
            if sum(character.isdigit() for character in digits) >= MIN_DIGITS:
                yield Spoken(hit.start(), hit.end(), digits)


def _may_say_digits(said: list[str], language: str) -> bool:
    """Whether neighbouring words could say a number: cheaper than to look where."""
    weights, sum_of_run = WEIGHTS[language], 0
    for word in said:
        sum_of_run = sum_of_run + weights[word] if word in weights else 0
        if sum_of_run >= MIN_DIGITS:
            return True
    return False


def _said(run: str, language: str) -> str:
    words, times = LANGUAGES[language], TIMES[language]
    said, repeat, ten = "", 1, False
    for part in _parts_of(language).finditer(run):
        word, gap = part.group(1), part.group(2)
        if gap:
            said += " " if "," in gap and said else ""
            continue
        if word in times:
            repeat = times[word]
            continue
        digits = words[word] * repeat
        if ten and language == "en" and word in ENGLISH_UNITS and not said.endswith(" "):
            said = said[:-1]  # "eighty eight"
        said, repeat, ten = said + digits, 1, word in ENGLISH_TENS
    return said.strip()


def read_out(digits: str) -> list[list[str]]:
    """The number in words, digit by digit, in each language."""
    return [[_unit(language, one) for one in digits if one.isdigit()] for language in LANGUAGES]


def _unit(language: str, digit: str) -> str:
    return next(word for word, said in LANGUAGES[language].items() if said == digit)
