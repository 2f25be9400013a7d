"""The reliability matrix of a criterion: an answer a line, a rater a column, empty where missing.

The shape that `read_csv(..., index_col="unit")` and every agreement package expects.
"""

from collections.abc import Mapping, Sequence

from exports.formats.columns import Column, Row


def columns(raters: Sequence[str]) -> tuple[Column, ...]:
    """`unit`, then a column for each rater."""
    return (Column("unit", "code"), *(Column(rater, "integer") for rater in raters))


def row(unit: str, values: Mapping[str, int | None], raters: Sequence[str]) -> Row:
    """What each rater gave this answer, in the order of the columns."""
    return (unit, *(values.get(rater) for rater in raters))
