"""Things that a command line names: found, or refused with what there is."""

from typing import TypeVar

from django.core.management.base import CommandError
from django.db.models import Model, Q, QuerySet

from corpus.models import PromptSet

M = TypeVar("M", bound=Model)


def prompt_set_named(name: str) -> PromptSet:
    """By slug or by name."""
    everything = PromptSet.objects.order_by("slug")
    matching = everything.filter(Q(slug=name) | Q(name=name))
    return first_of(matching, everything, what="prompt set", name=name, shown="slug")


def named(everything: QuerySet[M, M], *, what: str, name: str) -> M:
    return first_of(everything.filter(Q(name=name)), everything, what=what, name=name)


def first_of(
    matching: QuerySet[M, M],
    everything: QuerySet[M, M],
    *,
    what: str,
    name: str,
    shown: str = "name",
) -> M:
    found = matching.first()
    if found is not None:
        return found
    names = [str(each) for each in everything.values_list(shown, flat=True)[:20]]
    known = f"Known are: {', '.join(names)}." if names else "There is none yet."
    raise CommandError(f"There is no {what} called {name!r}. {known}")
