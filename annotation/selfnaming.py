"""Passages of an answer that could tell whose it is: names, what it says of its making, echoes.

What is found is shown to a curator, who decides; so a rule here may find too much rather than too
little. Seven languages are covered where a maker is named in a sentence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from annotation import blinding

ECHO_WORDS = 8  # so many words in a row of its instructions are no chance


class Kind(StrEnum):
    """What a passage gives away."""

    NAME = "name"  # a model or its maker
    MADE = "made"  # who made it, what it is called, when its knowledge ends
    MARKUP = "markup"  # what a chat template writes between turns
    ECHO = "echo"  # words of its own instructions


@dataclass(frozen=True, order=True)
class Passage:
    """Characters [start, end) of the stored text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Known:
    """What the study knows of its runs: the models' names, and instructions that differ."""

    names: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


NOTHING = Known()

# Names that are no ordinary words, in any case; then names that are, as they are written.
_NAMES = re.compile(
    r"(?<!\w)(?:Chat[ -]?GPT|GPT[ -]?\d[\w.]*(?:[ -](?:mini|turbo))?|OpenAI|Anthropic|Meta AI"
    r"|Mixtral|Ministral|Pixtral|Magistral|Mistral[ -]?(?:AI|\d\w*)|Google DeepMind|DeepMind"
    r"|Google (?:AI|Bard)|Qwen[\w.-]*|Tongyi(?: Qianwen)?|Alibaba(?: Cloud)?|DeepSeek[\w.-]*|xAI"
    r"|Command[ -]R\+?|Phi-\d[\w.-]*|Microsoft Copilot|GitHub Copilot|Vicuna|Falcon-\d+B|OLMo[\w-]*"
    r"|Allen Institute for AI|Ai2|ChatGLM\d?|GLM-\d[\w.]*|Zhipu(?: AI)?|Moonshot AI|ERNIE Bot"
    r"|Nemotron|IBM Granite|Granite-\d[\w.-]*|watsonx|Zephyr-\d+B|Nous Hermes|Nous Research"
    r"|LLaMA[ -]?\d[\w.]*|Meta Llama|SmolLM\d?|Hugging ?Face|StableLM|Stability AI|Aleph Alpha"
    r"|EuroLLM|Teuken|Apertus|MiniMax|Perplexity AI|Character\.AI|Replika|Gemma[ -]?\d[\w.]*"
    r"|Gemini[ -]?\d[\w.]*|Claude[ -]?\d[\w.]*)(?!\w)|通义千问|阿里云|深度求索|文心一言|智谱",
    re.IGNORECASE,
)
_CAPITALS = re.compile(
    r"\b(?:Claude(?: (?:Haiku|Sonnet|Opus))?|Gemini|Gemma|Grok|Llama|Mistral|Cohere|Kimi|Copilot"
    r"|Nemo|Hermes)\b"
)
_A_MODEL = (
    r"(?:AI|A\.I\.|language model|chat ?bot|assistant|KI|Sprachmodell|Assistent(?:in)?"
    r"|sprogmodel|kunstig intelligens|modello linguistico|intelligenza artificiale|IA|assistente"
    r"|modèle de langage|assistant virtuel|modelo de lenguaje|asistente)"
)
_NAMED = r"[^\s.,;:!?()\n][^.,;:!?()\n]{1,50}"
_MADE = re.compile(
    rf"\b{_A_MODEL}\b[^.!?\n]{{0,60}}?(?:"
    rf"\b(?:trained|developed|created|made|built|designed|powered) by {_NAMED}"
    rf"|\b(?:trænet|udviklet|skabt|lavet|bygget) (?:af|hos) {_NAMED}"
    rf"|\b(?:entwickelt|trainiert|erstellt|geschaffen|gebaut) (?:von|durch|bei) {_NAMED}"
    rf"|\b(?:von|durch) {_NAMED}? (?:entwickelt|trainiert|erstellt|geschaffen|gebaut)\w*"
    rf"|\b(?:addestrat|sviluppat|creat|realizzat)[oaie] da(?:l|lla|ll)?\b.? ?{_NAMED}"
    rf"|\b(?:entraîné|développé|créé|conçu)e? par {_NAMED}"
    rf"|\b(?:entrenad|desarrollad|cread)[oa] por {_NAMED})",
    re.IGNORECASE,
)
# "I am Aria, your support assistant"
_CALLED = re.compile(
    rf"\b(?:I am|I'm|I’m|Jeg er|Ich bin|Sono|Je suis|Soy) [A-ZÆØÅÄÖÜ]\w+, [^.!?\n]{{0,40}}?"
    rf"\b{_A_MODEL}\b"
)
# "my knowledge ends in September 2021"
_ENDS = re.compile(
    r"\b(?:knowledge|training data|training|viden|træningsdata|Wissen(?:sstand)?|Trainingsdaten"
    r"|conoscenze?|dati di addestramento)\b[^.!?\n]{0,40}?"
    r"\b(?:cut-?off|ends?|until|up to|as of|update|slutter|indtil|til og med|endet|bis|reicht|"
    r"aggiornat\w+|fino a\w*)\b[^.!?\n]{0,30}?\b20\d\d\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<\|[a-z_]{2,40}\|>|<｜[^｜\n]{2,40}｜>|<(?:start|end)_of_turn>|</?s>|<(?:bos|eos|pad|unk)>"
    r"|\[/?INST\]|<</?SYS>>|</?think(?:ing)?>|\[/?(?:AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]"
    r"|^#{2,3} (?:Assistant|Response|Instruction|System|Human|User):",
    re.IGNORECASE | re.MULTILINE,
)
# Each rule, with what a text must hold (in lower case) before it is worth looking: most hold none.
_RULES: tuple[tuple[re.Pattern[str], Kind, tuple[str, ...]], ...] = (
    (
        _NAMES,
        Kind.NAME,
        (
            *(
                "gpt",
                "openai",
                "anthropic",
                "meta ai",
                "mixtral",
                "ministral",
                "pixtral",
                "magistral",
            ),
            *("mistral", "deepmind", "google", "qwen", "tongyi", "alibaba", "deepseek", "xai"),
            *("command", "phi-", "copilot", "vicuna", "falcon", "olmo", "allen inst", "ai2", "glm"),
            *("zhipu", "moonshot", "ernie", "nemotron", "granite", "watsonx", "zephyr", "nous"),
            *("llama", "smollm", "hugging", "stab", "aleph", "eurollm", "teuken", "apertus"),
            *("minimax", "perplexity", "character.ai", "replika", "gemma", "gemini", "claude"),
            *("通义千问", "阿里云", "深度求索", "文心一言", "智谱"),
        ),
    ),
    (
        _CAPITALS,
        Kind.NAME,
        (
            *("claude", "gemini", "gemma", "grok", "llama", "mistral", "cohere", "kimi", "copilot"),
            *("nemo", "hermes"),
        ),
    ),
    (
        _MADE,
        Kind.MADE,
        (
            *(" by ", "trænet", "udviklet", "skabt", "lavet", "bygget", "entwickel", "trainier"),
            *("erstellt", "geschaffen", "gebaut", "addestrat", "sviluppat", "creat", "realizzat"),
            *("entraîn", "dévelop", "créé", "conçu", "entrenad", "desarroll", "cread"),
        ),
    ),
    (
        _CALLED,
        Kind.MADE,
        ("i am ", "i'm ", "i’m ", "jeg er ", "ich bin ", "sono ", "suis ", "soy "),
    ),
    (_ENDS, Kind.MADE, (" 20",)),
    (_MARKUP, Kind.MARKUP, ("<", "[", "##")),
)
_WORD = re.compile(r"\w+")


def passages(text: str, known: Known = NOTHING) -> list[Passage]:
    """What could tell, in order and apart: passages that touch or overlap are one.

    End tokens that no rater is shown (`blinding.readable`) are not found.
    """
    shown = blinding.readable(text)
    lowered = shown.lower()
    rules = [(rule, kind) for rule, kind, hints in _RULES if any(h in lowered for h in hints)]
    rules += [(rule, Kind.NAME) for rule in _names(known.names)]
    found = [
        Passage(match.start(), match.end(), kind)
        for rule, kind in rules
        for match in rule.finditer(shown)
    ]
    for prompt in known.prompts:
        found += _echoes(shown, prompt)
    return _apart(found)


def own_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names of models as they could stand in an answer: whole and without their owner.

    A name without digit or hyphen may be any word, so it is left out.
    """
    each = (part for name in names for part in (name, name.rsplit("/", 1)[-1]))
    return tuple(dict.fromkeys(n for n in each if len(n) >= 5 and re.search(r"[\d-]", n)))


@lru_cache(maxsize=16)
def _names(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    if not names:
        return ()
    each = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return (re.compile(rf"(?<![\w-])(?:{each})(?![\w-])", re.IGNORECASE),)


def _echoes(text: str, prompt: str) -> Iterator[Passage]:
    """Runs of words that the instructions hold too, in the same order."""
    runs, said = _runs(prompt), _WORD.findall(text.casefold())
    if runs.isdisjoint(zip(*(said[n:] for n in range(ECHO_WORDS)), strict=False)):
        return
    words = list(_WORD.finditer(text))
    said = [word.group().casefold() for word in words]
    for place in range(len(words) - ECHO_WORDS + 1):
        if tuple(said[place : place + ECHO_WORDS]) in runs:
            yield Passage(words[place].start(), words[place + ECHO_WORDS - 1].end(), Kind.ECHO)


@lru_cache(maxsize=16)
def _runs(prompt: str) -> frozenset[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(prompt)]
    places = range(len(words) - ECHO_WORDS + 1)
    return frozenset(tuple(words[place : place + ECHO_WORDS]) for place in places)


def _apart(found: list[Passage]) -> list[Passage]:
    kept: list[Passage] = []
    for passage in sorted(found):
        if kept and passage.start <= kept[-1].end:
            last = kept.pop()
            passage = Passage(last.start, max(last.end, passage.end), last.kind)
        kept.append(passage)
    return kept
