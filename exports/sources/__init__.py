"""Where rows come from: the tables of a release or a study, streamed from the database."""

from collections.abc import Callable
from typing import Any

from annotation.models import Study
from exports.formats import FORMATS, RELEASE, STUDY, formats_of
from exports.models import Release
from exports.sources import matrices, preferences, ratings, releases
from exports.sources.tables import Table

__all__ = ["Mismatch", "Table", "kind_of", "tables"]

Source = Release | Study

MAKERS: dict[str, Callable[[Any], list[Table]]] = {
    "sft": releases.tables,
    "dpo": preferences.tables,
    "ratings": ratings.tables,
    "matrix": matrices.tables,
}


class Mismatch(Exception):
    """A format that cannot be made of this."""

    http_status = 422


def kind_of(source: Source) -> str:
    return RELEASE if isinstance(source, Release) else STUDY


def tables(source: Source, form: str) -> list[Table]:
    """The tables of a format; their rows are read when they are asked for."""
    kind = kind_of(source)
    if form not in FORMATS or FORMATS[form].of != kind:
        known = ", ".join(known.name for known in formats_of(kind))
        made_of = f"is made of a {FORMATS[form].of}" if form in FORMATS else "is not known"
        raise Mismatch(f"Format '{form}' {made_of}. Of a {kind} there are: {known}.")
    return MAKERS[form](source)
