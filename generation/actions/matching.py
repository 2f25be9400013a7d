"""Which prompt of a set each answer of a file belongs to; a row that is in doubt is refused.

Answers wait in a spool, so memory stays flat: it holds the ids of the set and of the file's rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext

from corpus.conversation import Message
from corpus.models import Prompt
from corpus.reading import BadFile, Problem, Problems
from corpus.spool import Spool
from generation.actions.known import Known
from generation.conversation import script
from generation.imports.found import MAX_REPLICATES, NEXT, Found, Passed
from generation.messages import STUCK_IN_REASONING, split_thinking

BATCH = 500
SHOWN = 10
MAX_NAMES = 20


@dataclass
class Counted:
    """What was found in a file besides its answers. Rows are the first of them."""

    n_answers: int = 0
    n_prompts: int = 0
    n_replaced: int = 0
    n_others: int = 0  # of others who answered in the same file
    n_passed: int = 0
    passed: list[tuple[int, str]] = field(default_factory=list)
    n_differing: int = 0
    differing: list[int] = field(default_factory=list)
    replicates: int = 1
    plays_turns: bool = False
    by: list[str] = field(default_factory=list)


class Desk:
    """Takes the rows of a file one after another, and puts the answers into the spool."""

    def __init__(self, known: Known, problems: Problems, answered_by: str = "") -> None:
        self.known, self.problems, self.answered_by = known, problems, answered_by.strip()
        self.counted = Counted()
        self._others: list[str] = []
        self._row_of: dict[tuple[str, int], int] = {}
        self._latest: dict[str, int] = {}  # of prompts whose later row counts
        self._n_of: dict[str, int] = defaultdict(int)
        self._single: int | None = None  # the first row with one answer to several turns

    def take(
        self, rows: Iterator[Found | Passed], spool: Spool, heard: Callable[[int], None]
    ) -> Counted:
        """Everything, in batches. `BadFile` with the first problems if there is any."""
        n = 0
        while batch := list(islice(rows, BATCH)):
            n += len(batch)
            kept = self._kept(self._chosen(batch))
            if self.problems.total == 0:
                spool.add(kept)
            heard(n)
        self._finish()
        return self.counted

    def counts(self, said: dict[str, Any]) -> bool:
        """Whether an answer in the spool was not replaced by a later row."""
        return bool(self._latest.get(said["prompt"], said["row"]) == said["row"])

    def _chosen(self, batch: list[Found | Passed]) -> list[Found]:
        """Answers by whoever was asked for; the others are counted."""
        found = []
        for each in batch:
            if isinstance(each, Passed):
                self._pass(each)
            elif self.answered_by and self.answered_by not in each.by:
                _name(each, self._others)
                self.counted.n_others += 1
            else:
                _name(each, self.counted.by)
                found.append(each)
        return found

    def _pass(self, row: Passed) -> None:
        self.counted.n_passed += 1
        if len(self.counted.passed) < SHOWN:
            self.counted.passed.append((row.row, row.reason))

    def _kept(self, batch: list[Found]) -> list[dict[str, Any]]:
        places = [self._place(found) for found in batch]
        wanted = {
            prompt
            for found, prompt in zip(batch, places, strict=True)
            if prompt and (found.turns or (found.keys and found.asked))
        }
        prompts = Prompt.objects.in_bulk(list(wanted))
        kept = []
        for found, prompt in zip(batch, places, strict=True):
            if prompt and (not (stored := prompts.get(prompt)) or self._fits(found, stored)):
                said = self._said(found, prompt)
                kept += [said] if said else []
        return kept

    def _place(self, found: Found) -> str | None:
        """The prompt, by id or else by words."""
        alike = self.known.by_words(found.asked)
        by_id = self.known.by_id(found.keys) if found.asked or not found.is_place else None
        if found.is_place and len(alike) == 1:
            return alike[0]
        if by_id and alike and by_id not in alike:
            self._doubt(
                found,
                gettext(
                    "'%(shown)s' by its id, and its words are those of '%(other)s'. Which of the "
                    "two does it answer?"
                )
                % {"shown": self.known.shown[by_id], "other": self.known.shown[alike[0]]},
            )
        elif by_id:
            return by_id
        elif len(alike) == 1:
            return alike[0]
        elif alike:
            ids = ", ".join(repr(self.known.shown[each]) for each in alike[:5])
            self._doubt(
                found,
                gettext("Its words are those of %(n)s prompts: %(ids)s. Give the id.")
                % {"n": len(alike), "ids": ids},
            )
        elif found.keys and not found.is_place:
            self._doubt(
                found,
                gettext(
                    "'%(key)s' is not in the prompt set '%(name)s'. Its %(n)s ids look like "
                    "'%(first)s'."
                )
                % {
                    "key": found.keys[0][:60],
                    "name": self.known.name,
                    "n": f"{self.known.n:,}",
                    "first": self.known.first,
                },
            )
        else:
            self._doubt(
                found,
                gettext("What was asked is word for word no prompt of the set '%(name)s'.")
                % {"name": self.known.name},
            )
        return None

    def _fits(self, found: Found, prompt: Prompt) -> bool:
        n_turns = len(script(prompt.messages))
        if len(found.turns) > 1 and len(found.turns) != n_turns:
            self._doubt(
                found,
                gettext(
                    "There are %(n)s turns of the model, and the prompt has %(turns)s of a person."
                )
                % {"n": len(found.turns), "turns": n_turns},
                "choices" if found.replaces else "turns",
            )
            return False
        if found.turns and n_turns > 1 and len(found.turns) == 1:
            self._single = self._single or found.row
        if found.asked and not _agree(found.asked, prompt):
            return self._differ(found, prompt)
        return True

    def _differ(self, found: Found, prompt: Prompt) -> bool:
        if found.is_place:
            shown = self.known.shown[prompt.pk]
            self._doubt(
                found,
                gettext(
                    "Row '%(key)s' of the tool's own data asks something else than the prompt "
                    "'%(shown)s', and what it asks is word for word no prompt of the set."
                )
                % {"key": found.keys[0], "shown": shown},
            )
            return False
        self.counted.n_differing += 1
        if len(self.counted.differing) < SHOWN:
            self.counted.differing.append(found.row)
        return True

    def _said(self, found: Found, prompt: str) -> dict[str, Any] | None:
        if found.replaces:
            self._replace(found, prompt)
        replicate = found.replicate
        if replicate == NEXT:
            replicate = self._n_of[prompt] = self._n_of[prompt] + 1
        first = self._row_of.setdefault((prompt, replicate), found.row)
        if replicate > MAX_REPLICATES:
            self._doubt(
                found, gettext("It has more than %(most)s answers.") % {"most": MAX_REPLICATES}
            )
        elif first != found.row:
            self._doubt(
                found,
                gettext(
                    "'%(shown)s' is answered in row %(first)s already. Number several answers to a "
                    "prompt in a column 'replicate'."
                )
                % {"shown": self.known.shown[prompt], "first": first},
            )
        self.counted.plays_turns |= len(found.turns) > 1
        return _as_said(found, prompt, replicate)

    def _replace(self, found: Found, prompt: str) -> None:
        before = self._latest.get(prompt, found.row)
        if before != found.row:
            self.counted.n_replaced += 1
            for replicate in range(1, MAX_REPLICATES + 1):
                if self._row_of.pop((prompt, replicate), None) is None:
                    break
        self._latest[prompt] = found.row

    def _finish(self) -> None:
        counted = self.counted
        counted.n_answers = len(self._row_of)
        counted.n_prompts = len({prompt for prompt, _ in self._row_of})
        counted.replicates = max((each for _, each in self._row_of), default=1)
        self._check_names()
        self.problems.raise_if_any()
        if counted.plays_turns and self._single:
            self.problems.stop(
                self._single,
                gettext("There is one answer, and the prompt has several turns of a person."),
            )
        if not counted.n_answers:
            self.problems.stop(None, _nothing(counted))

    def _check_names(self) -> None:
        if self.answered_by and self._others and not self.counted.by:
            listed = ", ".join(map(repr, self._others))
            self.problems.stop(
                None,
                gettext(
                    "Nobody called '%(answered_by)s' answered in this file. It has: %(listed)s."
                )
                % {"answered_by": self.answered_by, "listed": listed},
            )
        if len(self.counted.by) > 1:
            listed = ", ".join(map(repr, self.counted.by))
            raise BadFile(
                [
                    Problem(
                        None,
                        "",
                        gettext("Several answered in this file: %(listed)s. Say whose to take.")
                        % {"listed": listed},
                    )
                ]
            )

    def _doubt(self, found: Found, message: str, column: str = "") -> None:
        self.problems.add(found.row, column or ("id" if found.keys else "prompt"), message)


def _name(found: Found, names: list[str]) -> None:
    if found.by and found.by[-1] not in names and len(names) < MAX_NAMES:
        names.append(found.by[-1])


def _nothing(counted: Counted) -> str:
    if not counted.n_passed:
        return gettext("The file holds no answers.")
    return gettext("The file holds no answers, in %(n)s rows: %(why)s.") % {
        "n": f"{counted.n_passed:,}",
        "why": counted.passed[0][1],
    }


def _agree(asked: Iterable[list[Message]], prompt: Prompt) -> bool:
    """Whether the prompt's words were sent, as such or within a template."""
    last = prompt.last_turn.strip()
    return any(last in each["content"] for messages in asked for each in messages)


def _as_said(found: Found, prompt: str, replicate: int) -> dict[str, Any]:
    """Plain values for the spool. Reasoning at the start of an answer is put apart."""
    text, thought, is_stuck = found.text, found.reasoning, False
    if not thought:
        text, thought, is_stuck = split_thinking(text)
    return {
        "row": found.row,
        "prompt": prompt,
        "replicate": replicate,
        "text": text,
        "reasoning": thought,
        "finish_reason": STUCK_IN_REASONING if is_stuck else found.finish_reason,
        "turns": list(found.turns),
        "n_prompt_tokens": found.n_prompt_tokens,
        "n_completion_tokens": found.n_completion_tokens,
        "latency_s": found.latency_s,
        "told": dict(found.told),
    }
