"""What changed between two texts, word by word. Pure."""

import re
from difflib import SequenceMatcher

MAX_WORDS = 4000
Runs = list[tuple[str, str]]


def words(before: str, after: str) -> Runs:
    """Runs of text, each "same", "gone" or "new"; joined without the gone ones they are `after`.

    Texts of more than 4,000 words are compared by line: word by word the cost grows as a square.
    """
    pattern = (
        r"\s+|[^\s]+"
        if max(before.count(" "), after.count(" ")) < MAX_WORDS
        else r"[^\n]*\n|[^\n]+"
    )
    old, new = re.findall(pattern, before), re.findall(pattern, after)
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
