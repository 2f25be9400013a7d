"""A reliability matrix for each criterion of a study: answers, or prompts, by raters; people only.

One query for each criterion and two more, whatever the number of values.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter

from annotation.models import Criterion, PromptRating, Rating
from exports.formats import matrix
from exports.formats.columns import Row
from exports.sources.holding import Holding
from exports.sources.ratings import part_of, raters_of
from exports.sources.scope import Scope
from exports.sources.tables import CHUNK, Table


def tables(held: Holding) -> list[Table]:
    return [table for scope in held.scopes for table in _of_scope(scope)]


def _of_scope(scope: Scope) -> list[Table]:
    raters = {rater.pk: pseudonym for pseudonym, rater in raters_of(scope)}
    columns, criteria = (
        matrix.columns(list(raters.values())),
        Criterion.objects.order_by("position"),
    )
    return [
        Table(
            part_of(scope, f"matrix-{criterion.key}"),
            columns,
            partial(rows, scope, criterion, raters),
        )
        for criterion in criteria.filter(rubric=scope.study.rubric_id)
        if criterion.is_measured
    ]


def rows(scope: Scope, criterion: Criterion, raters: dict[str, str]) -> Iterator[Row]:
    is_about_prompt = criterion.about == Criterion.About.PROMPT
    model, of = (PromptRating, "item_id") if is_about_prompt else (Rating, "completion_id")
    standing = model.everything.filter(scope.standing(), study=scope.study, criterion=criterion)
    cells = standing.order_by(of).values_list(of, "rater_id", "value").iterator(CHUNK)
    names = list(raters.values())
    for unit, answers in groupby(cells, key=itemgetter(0)):
        # A rater of this very moment is not in the columns yet.
        values = {raters[who]: value for _, who, value in answers if who in raters}
        yield matrix.row(unit, values, names)
