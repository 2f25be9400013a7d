"""The wordings that safe messaging advises against, by language, with what to write instead.

After the public guidance on reporting suicide and on speaking of addiction (Action Alliance
Framework for Successful Messaging; WHO, Preventing suicide: a resource for media professionals,
2023; NIDA, Words Matter). The patterns are ours. They name no method.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from corpus.checks.shape import Words

STIGMA = gettext_lazy("This wording puts blame or shame on the person.")
GLAMOUR = gettext_lazy("This makes a death sound like relief or achievement.")
CAUSE = gettext_lazy(
    "This gives one reason for a suicide. There are always several, and most can be helped."
)
NEUTRAL = {
    "en": "Say “died by suicide”, “suicide attempt”, “a person who uses …”.",
    "de": "Schreib „starb durch Suizid“, „Suizidversuch“, „ein Mensch, der … nimmt“.",
    "da": "Skriv “døde ved selvmord”, “selvmordsforsøg”, “en person, der bruger …”.",
    "it": "Scrivi “è morto per suicidio”, “tentativo di suicidio”, “una persona che usa …”.",
}
LOSS = gettext_lazy("Speak of what is lost, of those who stay, and of help that works.")
SEVERAL = gettext_lazy("Name several things that weigh on people, or none, and say what helps.")


@dataclass(frozen=True)
class Wording:
    """A pattern, why it matters, and the way to mend it."""

    pattern: str
    why: Words
    mend: Words


_STIGMA = {
    "en": [
        r"commit(?:s|ted|ting)?\s+suicide",
        r"(?:un)?successful\s+(?:suicide|attempt)|(?:failed|botched)\s+(?:suicide|attempt)",
        r"suicid(?:e|al)\s+(?:epidemic|victim)s?",
        r"\b(?:junkie|crackhead|druggie|addict|alcoholic|drunkard|(?:substance|drug) abuser)s?\b",
        r"\b(?:psycho|lunatic|madman|nutcase|the mentally ill)\b",
        r"\b(?:attention[- ]seek\w+|cry for attention)\b",
    ],
    "de": [
        r"\bSelbstm(?:ord|orde|ords|örder\w*)\b",
        r"\bFreitod\w*",
        r"(?:erfolgreich|misslungen|missglückt|gescheitert)\w*\s+Suizid\w*",
        r"\b(?:Junkie|Fixer|Süchtling|Säufer|Alkoholiker|Drogenabhängige[rn]?)(?:in|s|n)?\b",
        r"\b(?:Irre[rn]?|Verrückte[rn]?|Psychopath\w*)\b",
    ],
    "da": [
        r"beg(?:å|år|ik|ået)\s+selvmord",
        r"(?:vellykket|mislykket)\s+selvmord\w*",
        r"\b(?:narkoman|junkie|misbruger|alkoholiker|dranker)(?:en|er|e|s)?\b",
        r"\b(?:psykopat|sindssyg|galning)(?:en|er|e|t)?\b",
    ],
    "it": [
        r"comm(?:ettere|esso|ette)\s+(?:il\s+|un\s+)?suicidio",
        r"suicidio\s+(?:riuscito|fallito)",
        r"\b(?:drogat|tossic|alcolizzat|ubriacon)[oaie]\b",
        r"\b(?:pazz|matt|psicopatic)[oaie]\b",
    ],
}
_GLAMOUR = {
    "en": [
        r"(?:finally|at last|now)\s+(?:at|in)\s+peace",
        r"(?:a|in a)\s+better\s+place",
        r"(?:brave|courageous|heroic|beautiful|peaceful)\s+(?:death|end|ending|way to (?:go|die))",
        r"(?:free(?:d)?|release[d]?|escape[d]?)\s+from\s+(?:all\s+)?(?:the\s+|your\s+|their\s+)?"
        r"(?:pain|suffering|life)",
        r"(?:only|easy|last)\s+way\s+out",
    ],
    "de": [
        r"endlich\s+(?:Ruhe|Frieden|erlöst)",
        r"(?:einziger|letzter|leichter)\s+Ausweg",
        r"(?:mutiger|schöner|friedlicher)\s+(?:Tod|Abgang)",
    ],
    "da": [
        r"endelig\s+(?:fred|ro)",
        r"(?:eneste|sidste|nem)\s+udvej",
        r"(?:modig|smuk|fredelig)\s+død",
    ],
    "it": [
        r"finalmente\s+in\s+pace",
        r"(?:unica|ultima)\s+via\s+d['\u2019]uscita",
        r"morte\s+(?:coraggiosa|bella|serena)",
    ],
}
_CAUSE = {
    "en": [
        r"(?:killed|took|ended)\s+(?:him|her|them|his|their|my|your)\w*(?:\s+own)?(?:\s+li(?:fe|ves))?"
        r"\s+(?:because|over|due to)\b",
        r"\bdrove\s+(?:him|her|them|you)\s+to\s+suicide",
        r"suicide\s+(?:is|was)\s+(?:caused by|because of|due to)",
    ],
    "de": [
        r"(?:trieb|treibt|getrieben)\s+.{0,30}in\s+den\s+(?:Tod|Suizid)",
        r"(?:Suizid|Leben)\s+.{0,30}\bwegen\s+(?:einer|eines|der|des)\b",
    ],
    "da": [
        r"drev\s+.{0,30}\s+til\s+selvmord",
        r"tog\s+(?:sit|sine)\s+(?:eget\s+)?liv\s+(?:fordi|på grund af)",
    ],
    "it": [r"(?:spint|portat)[oaie]\s+al\s+suicidio", r"si\s+è\s+uccis[oa]\s+(?:perché|per)\b"],
}


def _of(language: str) -> list[Wording]:
    kinds = (
        (_STIGMA, STIGMA, NEUTRAL[language]),
        (_GLAMOUR, GLAMOUR, LOSS),
        (_CAUSE, CAUSE, SEVERAL),
    )
    return [
        Wording(pattern, why, mend)
        for patterns, why, mend in kinds
        for pattern in patterns[language]
    ]


WORDINGS: dict[str, list[Wording]] = {language: _of(language) for language in NEUTRAL}
