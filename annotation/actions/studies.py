"""Makes, opens and closes studies."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.actions import record
from accounts.models import User
from annotation import ordering
from annotation.actions import leases
from annotation.blinding import MAX_ARMS
from annotation.models import Item, ItemAnswer, Rubric, Study, StudyRun
from gate.text import accept
from generation.models import Completion, Run
from generation.queue import State

BATCH = 2_000
# Places that stand where a study's short name would: /rate/studies/, /studies/judges/ …
RESERVED = ("studies", "comparison", "judges", "judge-runs", "matchups", "panels")


class Unsuitable(Exception):
    """A study cannot be made of this; the message says why."""

    http_status = 422


class NotNow(Exception):
    """The study is not in a state for this."""

    http_status = 409


@transaction.atomic
def create(
    *,
    by: User | None,
    name: str,
    slug: str,
    rubric: Rubric,
    runs: Sequence[Run],
    k: int = 3,
    asks_preference: bool | None = None,
    seed: int | None = None,
    guidelines: str = "",
    content_note: str = "",
    lease_minutes: int = 60,
    is_sample: bool = False,
) -> Study:
    """A draft study: an item for every prompt that all runs have answered, in seeded order.

    By default it asks for a preference where two or more runs are compared. The seed is drawn
    from the system's secure source unless it is given.
    """
    runs = list(runs)
    asks_preference = len(runs) > 1 if asks_preference is None else asks_preference
    _check(slug, runs, k, asks_preference, lease_minutes)
    study = _made(
        name=accept(name.strip(), where="The name", limit=120),
        slug=slug,
        rubric=rubric,
        k=k,
        n_arms=len(runs),
        asks_preference=asks_preference,
        seed=secrets.randbits(62) if seed is None else seed,
        guidelines=accept(guidelines, where="The guidelines"),
        content_note=accept(content_note, where="The content note"),
        lease_minutes=lease_minutes,
        is_sample=is_sample,
        created_by=by,
    )
    StudyRun.objects.bulk_create(
        [StudyRun(study=study, run=run, position=place) for place, run in enumerate(runs)]
    )
    study.n_items = _add_items(study, runs)
    study.save(update_fields=["n_items"])
    record(by=by, verb="study made", target=study.slug, note=f"{study.n_items} items, k={k}")
    return study


def _made(**fields: Any) -> Study:
    try:
        with transaction.atomic():
            return Study.objects.create(**fields)
    except IntegrityError:  # somebody else took the short name just now
        raise Unsuitable(f"There is a study named {fields['slug']!r} already.") from None


def _check(slug: str, runs: list[Run], k: int, asks_preference: bool, lease_minutes: int) -> None:
    if not slug or slug != slugify(slug) or len(slug) > 80 or slug in RESERVED:
        raise Unsuitable(
            f"The short name {slug!r} cannot stand in an address. "
            "Use up to 80 lower-case letters, digits and hyphens."
        )
    if Study.objects.filter(slug=slug).exists():
        raise Unsuitable(f"There is a study with the short name {slug!r} already.")
    if not 1 <= len(runs) <= MAX_ARMS or len({run.pk for run in runs}) < len(runs):
        raise Unsuitable(f"A study compares 1 to {MAX_ARMS} different runs, not {len(runs)}.")
    if unfinished := [str(run) for run in runs if run.state != "done"]:
        raise Unsuitable(f"Not finished yet: {', '.join(unfinished)}. Choose runs that are done.")
    if len({run.prompt_set_id for run in runs}) > 1:
        raise Unsuitable("The runs are over different prompt sets. Choose runs over the same set.")
    if asks_preference and len(runs) < 2:
        raise Unsuitable("A preference needs two runs. Choose another run or do not ask for one.")
    if not 1 <= k <= 50:
        raise Unsuitable(f"Each item is rated by 1 to 50 people, not {k}.")
    if not 1 <= lease_minutes <= 24 * 60:
        raise Unsuitable(f"An item is held for 1 to 1,440 minutes, not {lease_minutes}.")


def _add_items(study: Study, runs: list[Run]) -> int:
    """How many items were made. Two statements for each 2,000 items, and one for each run."""
    answers = [
        dict(
            Completion.objects.filter(run=run, state=State.DONE, replicate=1)
            .order_by()
            .values_list("prompt_id", "id")
        )
        for run in runs
    ]
    shared = set(answers[0]).intersection(*answers)
    if not shared:
        raise Unsuitable("No prompt has an answer in every run, so there is nothing to rate.")
    order = ordering.shuffled(shared, seed=study.seed)
    items = [
        Item(study=study, prompt_id=prompt, position=place, places=study.k)
        for place, prompt in enumerate(order)
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


@transaction.atomic
def edit(*, by: User | None, study: Study, name: str, guidelines: str, content_note: str) -> Study:
    """What raters read about the study. Neither items nor blinding can be changed."""
    study.name = accept(name.strip(), where="The name", limit=120)
    study.guidelines = accept(guidelines, where="The guidelines")
    study.content_note = accept(content_note, where="The content note")
    study.save(update_fields=["name", "guidelines", "content_note"])
    record(by=by, verb="study edited", target=study.slug)
    return study


@transaction.atomic
def open(*, by: User | None, study: Study, at: datetime) -> Study:
    """From now on raters can rate."""
    moved = Study.objects.filter(pk=study.pk, state=Study.State.DRAFT).update(
        state=Study.State.OPEN, opened_at=at
    )
    if not moved:
        raise NotNow("Only a study that is being prepared can be opened. Load the page again.")
    record(by=by, verb="study opened", target=study.slug)
    study.refresh_from_db()
    return study


@transaction.atomic
def close(*, by: User | None, study: Study, at: datetime) -> Study:
    """No more ratings. Items in work come back; what was typed is kept as a draft."""
    moved = Study.objects.filter(pk=study.pk, state=Study.State.OPEN).update(
        state=Study.State.CLOSED, closed_at=at
    )
    if not moved:
        raise NotNow("Only an open study can be closed. Load the page again.")
    leases.release_all(study=study)
    record(by=by, verb="study closed", target=study.slug)
    study.refresh_from_db()
    return study
