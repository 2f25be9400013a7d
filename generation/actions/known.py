"""The prompts of a set, by their ids and by their words."""

import re
from collections import defaultdict
from collections.abc import Iterable

from corpus.conversation import Message, content_digest
from corpus.models import PromptSet

# A mutation of a question carries its number and its kind; files of answers have the number only.
STYLED = re.compile(r"(\d+)-[a-z][\w-]*")


class Known:
    """The prompts of a set by their ids and by their words. One query."""

    def __init__(self, prompt_set: PromptSet) -> None:
        self.name = str(prompt_set)
        entries = prompt_set.entries.order_by("position")
        rows = list(entries.values_list("external_id", "prompt_id", "prompt__digest"))
        self.n = len(rows)
        self.shown = {prompt: external or prompt for external, prompt, _ in rows}
        self.first = next(iter(self.shown.values()), "")
        self._by_words: dict[str, list[str]] = defaultdict(list)
        for _, prompt, digest in rows:
            self._by_words[digest].append(prompt)
        self._by_id = _by_number(rows) | {prompt: prompt for _, prompt, _ in rows}
        self._by_id |= {external: prompt for external, prompt, _ in rows if external}

    def by_id(self, keys: Iterable[str]) -> str | None:
        return next((self._by_id[key] for key in keys if key in self._by_id), None)

    def by_words(self, asked: Iterable[list[Message]]) -> list[str]:
        """Every prompt that one of these conversations is, with or without space around it."""
        found: dict[str, None] = {}
        for messages in asked:
            bare = [{**each, "content": each["content"].strip()} for each in messages]
            for said in (messages, bare):
                found |= dict.fromkeys(self._by_words.get(content_digest(said), ()))
        return list(found)


def _by_number(rows: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for external, prompt, _ in rows:
        if styled := STYLED.fullmatch(external):
            found[styled[1]].append(prompt)
    return {number: prompts[0] for number, prompts in found.items() if len(prompts) == 1}
