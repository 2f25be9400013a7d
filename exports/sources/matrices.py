"""A reliability matrix for each criterion of a study: answers, or prompts, by raters; people only.

One query for each criterion and two more, whatever the number of values.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter

from annotation.models import Criterion, PromptRating, Rating, Study
from exports.formats import matrix
from exports.formats.columns import Row
from exports.sources.ratings import raters_of
from exports.sources.tables import CHUNK, Table


def tables(study: Study) -> list[Table]:
    raters = {rater.pk: pseudonym for pseudonym, rater in raters_of(study)}
    columns = matrix.columns(list(raters.values()))
    return [
        Table(f"matrix-{criterion.key}", columns, partial(rows, study, criterion, raters))
        for criterion in Criterion.objects.filter(rubric=study.rubric_id).order_by("position", "id")
        if criterion.is_measured
    ]


def rows(study: Study, criterion: Criterion, raters: dict[str, str]) -> Iterator[Row]:
    is_about_prompt = criterion.about == Criterion.About.PROMPT
    model, of = (PromptRating, "item_id") if is_about_prompt else (Rating, "completion_id")
    given = model.objects.filter(study=study, criterion=criterion).order_by(of)
    cells = given.values_list(of, "rater_id", "value").iterator(CHUNK)
    names = list(raters.values())
    for unit, answers in groupby(cells, key=itemgetter(0)):
        # A rater of this very moment is not in the columns yet.
        values = {raters[who]: value for _, who, value in answers if who in raters}
        yield matrix.row(unit, values, names)
