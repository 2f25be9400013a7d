"""Is this run of digits something to call? The words around it say so."""

import re
from dataclasses import dataclass
from functools import cached_property

from crisis import numbers, patterns

BEFORE, AFTER = 90, 60


@dataclass(frozen=True)
class Place:
    """Where digits stand in a prepared text."""

    text: str
    start: int
    end: int

    @cached_property
    def before(self) -> str:
        """The sentence up to the digits."""
        said = self.text[max(0, self.start - BEFORE) : self.start]
        ends = [0, *(hit.end() for hit in patterns.SENTENCE_END.finditer(said))]
        if len(ends) > 1 and patterns.GOES_ON.match(said[ends[-1] :]):
            ends.pop()  # "Ring 111. Or 999."
        return said[ends[-1] :]

    @cached_property
    def after(self) -> str:
        """The rest of the sentence."""
        said = self.text[self.end : self.end + AFTER]
        stop = patterns.SENTENCE_END.search(said)
        return said[: stop.start()] if stop else said

    def is_number(self, said: str, *, is_known: bool) -> bool:
        """A known number needs a word of calling in its sentence, another one right before it."""
        if len(said) >= numbers.LONG:
            return is_known or said.startswith(("+", "0", "18")) or self.is_spoken_of
        if is_known:
            return self.is_spoken_of
        is_followed_well = patterns.FOLLOWS.match(self.text[self.end : self.end + AFTER])
        return bool(patterns.DIRECT.search(self.before) and is_followed_well)

    @cached_property
    def is_spoken_of(self) -> bool:
        around = f"{self.before}\n{self.after}"
        return bool(patterns.CALLING.search(around) or patterns.TEXTING.search(around))

    @cached_property
    def is_for_texts(self) -> bool:
        """The nearest verb before it speaks of texting, and of nothing else."""
        last = max((hit.end() for hit in re.finditer(r"\d", self.before)), default=0)
        said = self.before[last : len(self.before) - (self.start - self.keyword[0])]
        if patterns.BOTH.search(said):
            return False
        texting = max((hit.start() for hit in patterns.TEXTING.finditer(said)), default=-1)
        calling = max((hit.start() for hit in patterns.CALL.finditer(said)), default=-1)
        return texting > calling

    @cached_property
    def keyword(self) -> tuple[int, str]:
        """Where "HOME to" begins, and the word; or the number itself and nothing."""
        hit = patterns.KEYWORD.search(self.before)
        if not hit:
            return self.start, ""
        begins = self.start - len(self.before) + hit.start("keyword")
        return begins, hit.group("keyword").strip("\"'*_")


def is_whole_name(text: str, start: int, end: int) -> bool:
    """A one-word name inside a longer name ("River Lifeline") is another name."""
    if re.match(r" of [A-Z]", text[end:]):
        return False
    if re.search(r"[ -]", text[start:end]):
        return True
    before = re.search(r"(?:^|[.!?:\n]\s*|\s)([\w&'-]+) $", text[:start])
    if before is None or not before.group(1)[0].isupper():
        return True
    opens_sentence = text[: before.start(1)].rstrip()[-1:] in ("", ".", "!", "?", ":", "\n")
    return opens_sentence and before.group(1).lower() != "good"
