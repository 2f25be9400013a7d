"""Which answers of a study have settled values, so that a judge can be anchored to them."""

from collections import defaultdict
from collections.abc import Iterator

from annotation.models import Adjudication, ItemAnswer, Rating, Study
from generation.models import Completion
from judging.sheets import measured_of

# Fewer raters than this agree with nobody.
N_RATERS = 2


def settled_answers(study: Study) -> Iterator[tuple[Completion, dict[str, int]]]:
    """Answers, in the study's order, of which every criterion that is one number is settled.

    Settled is what was adjudicated, and what two raters or more gave without another voice.
    """
    keys = {criterion.key for criterion in measured_of(study.rubric)}
    settled = _agreed(study)
    final = Adjudication.objects.filter(study=study).order_by()
    for completion, key, value in final.values_list("completion_id", "criterion__key", "value"):
        settled[completion][key] = value
    answers = ItemAnswer.objects.filter(item__study=study).order_by("item__position", "position")
    for shown in answers.select_related("completion__prompt").iterator(200):
        given = settled.get(shown.completion_id, {})
        values = {key: value for key, value in given.items() if key in keys}
        if values.keys() == keys:
            yield shown.completion, values


def _agreed(study: Study) -> dict[str, dict[str, int]]:
    voices: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    rows = Rating.objects.filter(study=study).order_by()
    for completion, key, value in rows.values_list("completion_id", "criterion__key", "value"):
        voices[completion, key].append(value)
    agreed: dict[str, dict[str, int]] = defaultdict(dict)
    for (completion, key), values in voices.items():
        first = values[0]
        if len(values) >= N_RATERS and first is not None and set(values) == {first}:
            agreed[completion][key] = first
    return agreed
