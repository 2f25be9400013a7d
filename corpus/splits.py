"""Where the approved pairs stand, and which sets of prompts reach into training. Only reads."""

from django.db.models import OuterRef, QuerySet, Subquery

from corpus.models import PromptSet, PromptSetEntry, Version
from corpus.splitting import TRAIN, Row


def of_approved() -> dict[str, str]:
    """The split of each current approved version, by its id. One query."""
    return dict(Version.objects.current().values_list("pk", "pair__split"))


def in_training(prompt_set: PromptSet) -> QuerySet[PromptSetEntry]:
    """The entries whose words were approved in a pair of the training split, in their order.

    Each carries `trained`, the id of such a version. One query, whatever the size of the corpus.
    """
    trained = (
        Version.objects.approved()
        .filter(prompt__digest=OuterRef("prompt__digest"), pair__split=TRAIN)
        .order_by("pk")
        .values("pk")[:1]
    )
    return (
        prompt_set.entries.select_related("prompt")
        .annotate(trained=Subquery(trained))
        .filter(trained__isnull=False)
        .order_by("position")
    )


def rows(versions: QuerySet[Version]) -> list[Row]:
    """What decides where the pairs of these approved versions go. One query."""
    columns = ("pair_id", "domain__slug", "sketch__family", "prompt__digest")
    return [
        Row(pair, domain or "", family or "", prompt or "")
        for pair, domain, family, prompt in versions.order_by("pk").values_list(*columns)
    ]
