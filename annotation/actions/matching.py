"""Finds the completion that a rating from elsewhere is about. Loads the study once."""

from collections import defaultdict

from annotation import blinding
from annotation.imports.found import Target
from annotation.models import ItemAnswer, Study
from corpus.models import PromptSetEntry
from corpus.reading import RowProblem


class Matcher:
    """The completions of a study's items, by id, by prompt and run, and by text."""

    def __init__(self, study: Study, run: str = "") -> None:
        self.run = run
        self.digests: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.runs: dict[str, set[str]] = {}  # completion -> the names of its run
        self.of_prompt: dict[str, list[str]] = defaultdict(list)
        self.of_text: dict[str, list[str]] = defaultdict(list)
        self.last_turns: dict[str, str] = {}
        rows = ItemAnswer.objects.filter(item__study=study).order_by("item__position", "position")
        for answer in rows.select_related("completion__run__model", "item__prompt"):
            self._keep(answer)
        self.prompts = self._external_ids(study)

    def _keep(self, answer: ItemAnswer) -> None:
        completion = answer.completion
        self.digests[completion.pk] = completion.digest
        self.texts[completion.pk] = _same(completion.text)
        self.runs[completion.pk] = {completion.run_id, completion.run.model.name}
        self.of_prompt[completion.prompt_id].append(completion.pk)
        self.of_text[self.texts[completion.pk]].append(completion.pk)
        self.last_turns[completion.pk] = _same(answer.item.prompt.last_turn)

    @staticmethod
    def _external_ids(study: Study) -> dict[str, str]:
        entries = PromptSetEntry.objects.filter(prompt_set__runs__arms__study=study)
        found = dict(entries.order_by().values_list("external_id", "prompt_id").distinct())
        return {_short(name): prompt for name, prompt in found.items()} | found

    def completion(self, target: Target) -> str:
        """The completion's id, or `RowProblem`."""
        if target.completion:
            if target.completion not in self.digests:
                raise RowProblem("completion", f"{target.completion!r} is not in this study.")
            return target.completion
        if target.prompt and target.answer:
            return self._by_text(target)
        if target.item:
            return self._by_item(target)
        raise RowProblem("item", "The row does not say what was rated: give item or completion.")

    def _by_item(self, target: Target) -> str:
        prompt = self.prompts.get(target.item) or self.prompts.get(_short(target.item))
        candidates = self._of_run(target, self.of_prompt.get(prompt or "", []))
        if not candidates:
            raise RowProblem("item", f"{target.item!r} is not in this study.")
        answered = [pk for pk in candidates if self.texts[pk] == _same(target.answer)]
        if target.answer and not answered:
            raise RowProblem("completion", "The study has another answer. Is it another model's?")
        return self._only(answered or candidates, target)

    def _by_text(self, target: Target) -> str:
        same = self._of_run(target, self.of_text.get(_same(target.answer), []))
        found = [pk for pk in same if self.last_turns[pk] == _same(target.prompt)]
        if not found:
            raise RowProblem("answer", "No answer of the study has this prompt and this text.")
        return self._only(found, target)

    def _of_run(self, target: Target, candidates: list[str]) -> list[str]:
        run = target.run or self.run
        return [pk for pk in candidates if not run or run in self.runs[pk]]

    def _only(self, candidates: list[str], target: Target) -> str:
        if len(candidates) > 1:
            raise RowProblem("run", "Several runs answered this. Say which, in 'run' or by --run.")
        return candidates[0]


def _short(name: str) -> str:
    """ "v2-7" and "7" are the same prompt."""
    return name.rsplit("-", 1)[-1]


def _same(text: str) -> str:
    """Texts are compared without end tokens and without regard to white space."""
    return " ".join(blinding.readable(text).split())
