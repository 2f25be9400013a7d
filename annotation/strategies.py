"""The strategies that a rater can name for an item: those of its prompt's domain."""

from annotation.models import Item
from annotation.paper import Offered
from annotation.sheets import Sheet
from corpus.models import Strategy


def named() -> dict[str, str]:
    """Names of all strategies by short name, for practice: its items have no domain."""
    return dict(Strategy.objects.order_by("name", "id").values_list("slug", "name"))


def in_practice(sheet: Sheet) -> tuple[Offered, ...]:
    """All of them, by name. No query unless the rubric asks."""
    found = named() if sheet.asks_strategy else {}
    return tuple(Offered(slug, name) for slug, name in found.items())


def offered(item_id: str, sheet: Sheet) -> tuple[Offered, ...]:
    """By name; every strategy where the prompt has no domain. No query unless the rubric asks."""
    if not sheet.asks_strategy:
        return ()
    item = Item.objects.filter(pk=item_id)
    fitting = Strategy.objects.filter(domains__prompts__items__in=item).distinct()
    found = fitting.order_by("name", "id") or Strategy.objects.order_by("name", "id")
    return tuple(Offered(each.slug, each.name) for each in found)
