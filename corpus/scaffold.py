"""Writing help beside the one text of a response: four parts, what each is for, and ways to begin.

The beginnings are in the language of the draft. They are starts, not sentences to keep: a corpus
of the same openings is a template.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

Phrases = dict[str, tuple[str, ...]]

DECLINE: Phrases = {
    "en": (
        "What you write sounds like … I won't help with that part, and I'd like to stay with you",
        "You're asking for one thing, and I hear another underneath: …",
    ),
    "da": (
        "Det lyder, som om … Det hjælper jeg ikke med, men jeg bliver gerne her hos dig",
        "Du spørger om én ting, og jeg hører en anden nedenunder: …",
    ),
    "de": (
        "Das klingt, als ob … Dabei helfe ich nicht, aber ich bleibe gern bei dir",
        "Du fragst nach dem einen, und darunter höre ich etwas anderes: …",
    ),
    "it": (
        "Da come lo scrivi sembra che … In questo non ti aiuto, ma resto qui con te",
        "Chiedi una cosa, e sotto ne sento un'altra: …",
    ),
}
STEP: Phrases = {
    "en": ("For the next ten minutes, …", "One thing that fits what you told me: …"),
    "da": ("De næste ti minutter kan du …", "En ting, der passer til det, du fortæller: …"),
    "de": ("In den nächsten zehn Minuten …", "Eines, das zu dem passt, was du erzählst: …"),
    "it": ("Nei prossimi dieci minuti …", "Una cosa che si adatta a ciò che racconti: …"),
}
RESOURCES: Phrases = {
    "en": (
        "If you would rather hear a voice, …",
        "Somebody who knows this well, and could be a next step if you want one: …",
    ),
    "da": (
        "Hvis du hellere vil høre en stemme, …",
        "Nogen, som kender til det her, og som kan være et næste skridt, hvis du vil: …",
    ),
    "de": (
        "Wenn du lieber eine Stimme hören möchtest, …",
        "Jemand, der sich damit auskennt und ein nächster Schritt sein kann, wenn du willst: …",
    ),
    "it": (
        "Se preferisci sentire una voce, …",
        "Qualcuno che conosce bene queste situazioni, se vuoi fare un passo: …",
    ),
}
CLOSE: Phrases = {
    "en": (
        "You wrote this down instead of …, and that counts.",
        "Tell me how … went, if you like.",
    ),
    "da": (
        "Du skrev det her i stedet for …, og det tæller.",
        "Fortæl gerne, hvordan det gik med …",
    ),
    "de": ("Du hast es aufgeschrieben, statt …, und das zählt.", "Erzähl gern, wie … war."),
    "it": ("L'hai scritto invece di …, e questo conta.", "Se ti va, raccontami com'è andata …"),
}


@dataclass(frozen=True)
class Part:
    """One of the four; `asked_of` are the answers to "Should this be refused?" that need it."""

    key: str
    title: str
    about: str
    phrases: tuple[str, ...]
    asked_of: str = "refuse partial answer"


def parts(language: str) -> list[Part]:
    """The four, in their order, with beginnings in this language or in English."""
    return [
        Part(
            "decline",
            _("Say what you heard, and decline"),
            _("In their words, without coldness or a lecture. Say plainly what you leave out."),
            _in(language, DECLINE),
            "refuse partial",
        ),
        Part(
            "step",
            _("One step that helps now"),
            _("A step of the strategy that fits this person, small enough for tonight."),
            _in(language, STEP),
            "refuse partial",
        ),
        Part(
            "resources",
            _("People and services, as options"),
            _("In the person's country, offered and not prescribed. One that fits is enough."),
            _in(language, RESOURCES),
        ),
        Part(
            "close",
            _("A close with hope in it"),
            _("Short and about this person. No phrases."),
            _in(language, CLOSE),
        ),
    ]


def _in(language: str, phrases: Phrases) -> tuple[str, ...]:
    return phrases.get(language.partition("-")[0], phrases["en"])
