"""Where rows come from: the tables of a release or a study, streamed from the database."""

from collections.abc import Callable

from exports.formats import FORMATS, RELEASE, STUDY, Format, formats_of
from exports.models import Release
from exports.sources import answers, matrices, preferences, ratings, releases
from exports.sources.holding import Holding, Source
from exports.sources.tables import Table

__all__ = ["Mismatch", "Source", "Table", "kind_of", "offered", "tables"]

MAKERS: dict[str, Callable[[Holding], list[Table]]] = {
    **{name: form.tables for name, form in releases.FORMS.items()},
    **{name: form.tables for name, form in preferences.FORMS.items()},
    "ratings": ratings.tables,
    "matrix": matrices.tables,
    **answers.MAKERS,
}


class Mismatch(Exception):
    """A format that cannot be made of this."""

    http_status = 422


def kind_of(source: Source) -> str:
    return RELEASE if isinstance(source, Release) else STUDY


def tables(source: Source, form: str) -> list[Table]:
    """The tables of a format; their rows are read when they are asked for."""
    kind = kind_of(source)
    if form not in FORMATS or kind not in FORMATS[form].of:
        known = ", ".join(known.name for known in formats_of(kind))
        made_of = f"is made of a {FORMATS[form].of[0]}" if form in FORMATS else "is not known"
        raise Mismatch(f"Format '{form}' {made_of}. Of a {kind} there are: {known}.")
    return MAKERS[form](Holding(source))


def offered(source: Source) -> list[tuple[Format, list[Table]]]:
    """Every format that the source has something for, with its tables. Reads no rows."""
    held = Holding(source)
    made = [(form, MAKERS[form.name](held)) for form in formats_of(kind_of(source))]
    return [(form, found) for form, found in made if found]
