"""The prompts of a set, by their ids and by their words."""

import re
from collections import defaultdict
from collections.abc import Iterable

from corpus.conversation import Message, content_digest
from corpus.models import PromptSet
from gate.text import visible

# A mutation of a question carries its number and its kind; files of answers have the number only.
STYLED = re.compile(r"(\d+)-[a-z][\w-]*")


class Known:
    """The prompts of a set by their ids and by their words. One query.

    Of 100,000 prompts this takes some 60 MB: ids whole, words as the first half of their digest.
    """

    def __init__(self, prompt_set: PromptSet) -> None:
        self.name = str(prompt_set)
        self.shown: dict[str, str] = {}
        self._by_words: dict[int, str] = {}
        self._alike: dict[int, list[str]] = {}  # of words that several prompts share
        self._by_id: dict[str, str] = {}
        styled: dict[str, list[str]] = defaultdict(list)
        entries = prompt_set.entries.order_by("position")
        rows = entries.values_list("external_id", "prompt_id", "prompt__digest")
        for external, prompt, digest in rows.iterator(chunk_size=2_000):
            self.shown[prompt] = external or prompt
            self._remember(_short(digest), prompt)
            if number := STYLED.fullmatch(external):
                styled[number[1]].append(prompt)
            if external:
                self._by_id[external] = prompt
        for number_alone, prompts in styled.items():
            if len(prompts) == 1:
                self._by_id.setdefault(number_alone, prompts[0])
        self.n = len(self.shown)
        self.first = next(iter(self.shown.values()), "")

    def by_id(self, keys: Iterable[str]) -> str | None:
        """The prompt with one of these ids: those that its source gave it, or its own."""
        for key in keys:
            if key in self._by_id:
                return self._by_id[key]
            if key in self.shown:
                return key
        return None

    def by_words(self, asked: Iterable[list[Message]]) -> list[str]:
        """Every prompt that one of these conversations is, with or without space around it."""
        found: dict[str, None] = {}
        for messages in asked:
            whole = [{**each, "content": visible(each["content"])} for each in messages]
            bare = [{**each, "content": each["content"].strip()} for each in whole]
            for said in (whole, bare) if bare != whole else (whole,):
                found |= dict.fromkeys(self._with_words(_short(content_digest(said))))
        return list(found)

    def _remember(self, digest: int, prompt: str) -> None:
        first = self._by_words.setdefault(digest, prompt)
        if first != prompt:
            self._alike.setdefault(digest, [first]).append(prompt)

    def _with_words(self, digest: int) -> list[str]:
        if digest in self._alike:
            return self._alike[digest]
        return [self._by_words[digest]] if digest in self._by_words else []


def _short(digest: str) -> int:
    return int(digest[:32] or "0", 16)
