"""How varied the answers of the three runs are, on the prompts that all of them answered."""

from collections.abc import Sequence
from functools import partial

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gate.text import digest
from generation.models import Completion, Run
from training import loop
from training.loop import Cell, Line, Part, Variety
from training.sides.chosen import Chosen

DAY_S = 86_400


def part(chosen: Chosen) -> Part:
    keys = _common(chosen.there)
    found = {run.pk: _variety_of(run, keys) for run in chosen.there} if keys else {}
    title = _("How varied the answers are")
    if not found:
        return Part("variety", title, (), missing=_("No prompt is answered by all of these runs."))

    def cells(n_gram: int = 0) -> tuple[Cell, ...]:
        """Of repeated templates, or of distinct n-grams."""
        return chosen.cells(partial(cell, n_gram=n_gram))

    def cell(run: Run, n_gram: int) -> Cell:
        of = found[run.pk]
        figure = of.distinct[n_gram] if n_gram else of.repeated
        return Cell(figure, len(keys), source=run.get_absolute_url())

    repeated = _("Answers that share their template with another")
    distinct = _("Distinct word %(n)d-grams")
    lines = [
        Line(repeated, cells(), more_is_better=False),
        *(Line(distinct % {"n": n}, cells(n)) for n in loop.N_GRAMS),
    ]
    hint = _(
        "Over %(n)d answers to the prompts that all of these runs answered. Answers share a "
        "template where six in ten of their five-word sequences agree. Fewer different words also "
        "come of longer answers."
    )
    return Part("variety", title, tuple(lines), hint=hint % {"n": len(keys)})


def _common(runs: Sequence[Run]) -> list[tuple[str, int]]:
    """(prompt, replicate) that every run answered; at most so many, the same ones each time."""
    if not runs:
        return []
    answered = [set(_answers(run).values_list("prompt_id", "replicate")) for run in runs]
    return sorted(set.intersection(*answered))[: loop.MOST_ANSWERS]


def _answers(run: Run) -> QuerySet[Completion]:
    return Completion.objects.answered().filter(run=run).order_by()


def _variety_of(run: Run, keys: list[tuple[str, int]]) -> Variety:
    """Answers never change, so the figures of the same ones are kept for a day."""
    name = f"variety-{run.pk}-{digest(keys)}"
    found: Variety | None = cache.get(name)
    if found is None:
        wanted = set(keys)
        rows = _answers(run).order_by("prompt_id", "replicate")
        said = rows.values_list("prompt_id", "replicate", "text").iterator()
        found = loop.variety([text for prompt, n, text in said if (prompt, n) in wanted])
        cache.set(name, found, DAY_S)
    return found
