"""Reads what is known of a base run, a prompted run and a fine-tuned run on the same prompts.

Nothing is judged or asked for here, and stored reports are read as they stand.
"""

from training.loop import Part
from training.sides import benchmarks, criteria, tasks, variety
from training.sides.chosen import Chosen, suggest
from training.sides.criteria import Stored, comparisons

__all__ = ["Chosen", "Stored", "comparisons", "parts", "suggest"]


def parts(chosen: Chosen) -> list[Part]:
    """Everything that the page shows, in its order."""
    return [each.part(chosen) for each in (criteria, benchmarks, tasks, variety)]
