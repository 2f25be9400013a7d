"""The splits of the approved pairs as they stand, and which sets of prompts reach into training."""

from corpus import conversation
from corpus.models import PromptSet, PromptSetEntry, Version
from corpus.splitting import TRAIN, Row, assign


def of_approved() -> dict[str, str]:
    """The split of each current approved version, by its id. One query."""
    return assign(_rows())


def in_training(prompt_set: PromptSet) -> list[PromptSetEntry]:
    """The entries whose words the training split holds too, in order. Two queries at most."""
    digests = Version.objects.current().values("prompt__digest")
    shared = prompt_set.entries.filter(prompt__digest__in=digests).select_related("prompt")
    entries = list(shared)
    if not entries:
        return []
    rows = _rows()
    split = assign(rows)
    training = {row.prompt for row in rows if split[row.id] == TRAIN}
    return [
        entry for entry in entries if conversation.content_digest(entry.prompt.messages) in training
    ]


def _rows() -> list[Row]:
    found = Version.objects.current().order_by("pk")
    columns = found.values_list("pk", "domain__slug", "sketch__family", "prompt__digest")
    return [Row(pk, domain or "", family or "", prompt) for pk, domain, family, prompt in columns]
