"""What a purge of a source means for studies: one without an item left goes, others are shorter."""

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from annotation.models import Item, Study
from corpus import purging


def register() -> None:
    """Called once, when the app is ready."""
    purging.holds(Study, "items", fate=_("Keeps the rest, with their ratings"))
    purging.on_purge(count_items)


def count_items(purge: purging.Purge) -> None:
    """What raters still see. Positions keep their gaps: a walk goes on past them."""
    items = Item.objects.filter(study=OuterRef("pk")).order_by().values("study")
    left = Subquery(items.annotate(n=Count("pk")).values("n"))
    Study.objects.filter(pk__in=purge.kept(Study)).update(n_items=left)
