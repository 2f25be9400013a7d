"""Lays the items of a new study: their order, their places, and what is known of each."""

from collections.abc import Sequence

from annotation import competence, ordering, sampling
from annotation.models import Item, ItemAnswer, Study
from corpus.models import Prompt
from generation.models import Completion, Run
from generation.queue import State

BATCH = 2_000
# Places of an item that everybody rates: more than any study has raters.
FOR_ALL = 10_000


def answered(runs: Sequence[Run]) -> list[dict[str, str]]:
    """For each run: prompt -> completion, of the prompts that every run has answered."""
    answers = [
        dict(
            Completion.objects.filter(run=run, state=State.DONE, replicate=1)
            .order_by()
            .values_list("prompt_id", "id")
        )
        for run in runs
    ]
    shared = set(answers[0]).intersection(*answers) if answers else set()
    return [{prompt: arm[prompt] for prompt in shared} for arm in answers]


def lay(study: Study, answers: list[dict[str, str]]) -> int:
    """How many items were made. Two statements for each 2,000 items and one for their prompts."""
    order = ordering.shuffled(answers[0], seed=study.seed)
    prompts = _prompts(order)
    core, shared = chosen(study, {pk: prompts[pk].domain_id or "" for pk in order})
    items = [
        _item(study, prompts[pk], place, is_core=pk in core, is_shared=pk in shared)
        for place, pk in enumerate(order)
    ]
    Item.objects.bulk_create(items, batch_size=BATCH)
    ItemAnswer.objects.bulk_create(
        [
            ItemAnswer(item=item, completion_id=arm[item.prompt_id], position=place)
            for item in items
            for place, arm in enumerate(answers)
        ],
        batch_size=BATCH,
    )
    return len(items)


def chosen(study: Study, domains: dict[str, str]) -> tuple[set[str], set[str]]:
    """The core, and of the others those that k people rate; each domain has its share of both."""
    core = sampling.stratified(domains, study.n_core, seed=study.seed)
    others = {pk: domain for pk, domain in domains.items() if pk not in core}
    if study.n_shared is None:
        return core, set(others)
    return core, sampling.stratified(others, study.n_shared, seed=study.seed + 1)


def _prompts(ids: list[str]) -> dict[str, Prompt]:
    found: dict[str, Prompt] = {}
    for start in range(0, len(ids), BATCH):
        rows = Prompt.objects.filter(pk__in=ids[start : start + BATCH]).select_related("domain")
        found |= {row.pk: row for row in rows.only("language", "country", "domain").order_by()}
    return found


def _item(study: Study, prompt: Prompt, place: int, *, is_core: bool, is_shared: bool) -> Item:
    return Item(
        study=study,
        prompt=prompt,
        position=place,
        places=FOR_ALL if is_core else study.k if is_shared else 1,
        is_core=is_core,
        is_shared=is_shared,
        language=competence.tongue(prompt.language),
        country=prompt.country.upper(),
        domain=prompt.domain,
        severity=prompt.domain.severity if prompt.domain else 1,
    )
