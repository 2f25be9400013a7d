"""What changed between two texts, word by word, and a text that holds both. Pure."""

import re
from difflib import SequenceMatcher

MAX_WORDS = 4000
Runs = list[tuple[str, str]]
LINE = re.compile(r"[^\n]*\n|[^\n]+")
WORD = re.compile(r"\s+|[^\s]+")
SENTENCE = re.compile(r".+?(?:[.!?…]+[\"'”’)]*\s+|\n+|$)", re.DOTALL)


def words(before: str, after: str) -> Runs:
    """Runs of text, each "same", "gone" or "new"; joined without the gone ones they are `after`.

    Texts of more than 4,000 words are compared by line: word by word the cost grows as a square.
    """
    pattern = WORD if max(before.count(" "), after.count(" ")) < MAX_WORDS else LINE
    old, new = pattern.findall(before), pattern.findall(after)
    found: Runs = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(new[c:d])))
            continue
        found += [
            (name, text)
            for name, text in (("gone", "".join(old[a:b])), ("new", "".join(new[c:d])))
            if text
        ]
    return found


def sides(before: str, after: str) -> tuple[Runs, Runs]:
    """The same for two columns: the earlier text with what went, the later with what came."""
    runs = words(before, after)
    return [run for run in runs if run[0] != "new"], [run for run in runs if run[0] != "gone"]


def counted(before: str, after: str) -> tuple[int, int]:
    """How many words went and how many came."""
    runs = words(before, after)
    gone, new = (
        sum(len(text.split()) for kind, text in runs if kind == wanted)
        for wanted in ("gone", "new")
    )
    return gone, new


def both(first: str, second: str) -> str:
    """Every sentence of the two texts, what they share once; where they differ the first's stand
    before the second's. For a person to edit: nothing is marked, so nothing is left behind.
    """
    ours, theirs = SENTENCE.findall(first), SENTENCE.findall(second)
    matcher = SequenceMatcher(
        None, [part.strip() for part in ours], [part.strip() for part in theirs], autojunk=False
    )
    parts: list[str] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        parts += theirs[c:d] if kind == "equal" else [*ours[a:b], *theirs[c:d]]
    spaced = [part if part[-1:].isspace() else f"{part} " for part in parts[:-1]]
    return "".join([*spaced, *parts[-1:]])
