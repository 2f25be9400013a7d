"""The runs that stand side by side, and which ones go with a base run."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from generation.models import Run
from training import loop
from training.loop import Cell


@dataclass(frozen=True)
class Chosen:
    """The runs, in the order of `loop.SIDES`; None where there is none."""

    runs: tuple[Run | None, ...]

    @property
    def there(self) -> list[Run]:
        return [run for run in self.runs if run is not None]

    def cells(self, of: Callable[[Run], Cell]) -> tuple[Cell, ...]:
        """A cell for each side; a side without a run says so."""
        return tuple(of(run) if run else Cell(missing=_("No run is chosen.")) for run in self.runs)


def suggest(base: Run) -> dict[str, Run]:
    """The newest runs on the same prompts: under a system prompt, and of a fine-tuned model."""
    same = Run.objects.with_names().filter(prompt_set=base.prompt_set_id, state="done")
    others = same.exclude(pk=base.pk).order_by("-created_at", "pk")
    prompted = others.filter(model=base.model_id).exclude(condition__system_prompt="")
    tuned = others.filter(model__base=base.model.base_id or base.model_id)
    found = {
        loop.PROMPTED: prompted.filter(condition__isnull=False).first(),
        loop.TUNED: tuned.first(),
    }
    return {side: run for side, run in found.items() if run is not None}
