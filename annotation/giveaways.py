"""Answers that name their model or maker: a blinded study should not show them unnoticed."""

from collections import Counter

from annotation import blinding
from annotation.models import ItemAnswer, Study


def found(study: Study) -> list[tuple[str, int]]:
    """Each name with the number of answers that carry it, the most frequent first.

    Reads every answer of the study, one after the other.
    """
    texts = ItemAnswer.objects.filter(item__study=study).order_by()
    counted: Counter[str] = Counter()
    for text in texts.values_list("completion__text", flat=True).iterator():
        counted.update(blinding.gives_away(text))
    return counted.most_common()
