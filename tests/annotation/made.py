"""Made runs and studies. Runs are finished rows, as an import of answers leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from annotation.actions import allocation, raters, rubrics, studies
from annotation.models import Assignment, Rater, Rubric, Study
from corpus.models import Domain, Prompt, PromptSet, PromptSetEntry
from gate.text import digest
from generation.models import Completion, LanguageModel, Run

if TYPE_CHECKING:
    from accounts.models import User

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
LATER = timedelta(minutes=61)


def rubric(name: str = "psychosafe") -> Rubric:
    return rubrics.install(rubrics.FOLDER / f"{name}.toml")


def prompt_set(
    n: int = 4, slug: str = "sample", domains: Sequence[Domain] = (), **fields: str
) -> PromptSet:
    """A set of n short prompts, of the domains in turn; their external ids are "1" to "n"."""
    made = PromptSet.objects.create(slug=slug, name=slug, digest=digest(slug, n))
    prompts = []
    for number in range(1, n + 1):
        messages = [{"role": "user", "content": f"Nobody listens to me, number {number}."}]
        whole: dict[str, Any] = {"language": "en", **fields}
        if domains:
            whole["domain"] = domains[number % len(domains)]
        prompts.append(Prompt(messages=messages, digest=digest(messages), **whole))
    Prompt.objects.bulk_create(prompts)
    PromptSetEntry.objects.bulk_create(
        PromptSetEntry(prompt_set=made, prompt=prompt, position=place, external_id=str(place))
        for place, prompt in enumerate(prompts, start=1)
    )
    return made


def run(over: PromptSet, name: str = "model-a", text: str = "I hear you, {n}.") -> Run:
    """A finished run with an answer to every prompt of the set; `{n}` is its number."""
    model = LanguageModel.objects.get_or_create(name=name)[0]
    made = Run.objects.create(prompt_set=over, model=model, state="done", is_imported=True)
    Completion.objects.bulk_create(
        Completion(
            run=made,
            prompt_id=entry.prompt_id,
            state="done",
            text=text.format(n=entry.external_id),
            digest=digest(text.format(n=entry.external_id)),
            finish_reason="stop",
            completed_at=AT,
        )
        for entry in over.entries.all()
    )
    return made


def study(
    n: int = 4,
    *,
    runs: Sequence[Run] | None = None,
    is_open: bool = True,
    slug: str = "spring",
    **fields: Any,
) -> Study:
    """A study of two runs over n prompts, open unless told otherwise."""
    if runs is None:
        over = prompt_set(n, slug=f"set-{slug}")
        runs = [run(over, f"{slug}-plain", "Ask somebody, {n}."), run(over, f"{slug}-kind")]
    fields = {"rubric": None, "seed": 7, "k": 2, "name": "Refusal study, spring round"} | fields
    fields["rubric"] = fields["rubric"] or rubric()
    made = studies.create(by=None, slug=slug, runs=runs, **fields)
    return studies.open(by=None, study=made, at=AT) if is_open else made


def lease(of: Study, rater: Rater | User, at: datetime = AT) -> Assignment:
    """The rater's next item."""
    who = rater if isinstance(rater, Rater) else raters.of(rater)
    found = allocation.next_assignment(study=of, rater=who, at=at)
    assert isinstance(found, Assignment), found
    return found


def reason(of: Study, rater: Rater | User, at: datetime = AT) -> str:
    """Why there is no next item."""
    who = rater if isinstance(rater, Rater) else raters.of(rater)
    found = allocation.next_assignment(study=of, rater=who, at=at)
    assert isinstance(found, allocation.Nothing), found
    return found.reason


def ratings(of: Study, **values: int) -> list[dict[str, Any]]:
    """A whole set of ratings: the lowest point of each scale, or the value given by key."""
    slots = "ABCDEF"[: of.n_arms]
    return [
        {
            "slot": slot,
            "criterion": asked.key,
            "value": values.get(asked.key, asked.scale[0]),
            "rationale": "",
        }
        for slot in slots
        for asked in of.rubric.sheet.criteria
    ]
