"""Where rows come from: the tables of a release or a study, streamed from the database."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy

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

# By the kind of the source.
NOT_KNOWN = {
    RELEASE: gettext_lazy("Format '%(form)s' is not known. Of a release there are: %(known)s."),
    STUDY: gettext_lazy("Format '%(form)s' is not known. Of a study there are: %(known)s."),
}
OF_THE_OTHER = {
    RELEASE: gettext_lazy(
        "Format '%(form)s' is made of a study. Of a release there are: %(known)s."
    ),
    STUDY: gettext_lazy("Format '%(form)s' is made of a release. Of a study there are: %(known)s."),
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
        said = (OF_THE_OTHER if form in FORMATS else NOT_KNOWN)[kind]
        raise Mismatch(said % {"form": form, "known": known})
    return MAKERS[form](Holding(source))


def offered(source: Source) -> list[tuple[Format, list[Table]]]:
    """Every format that the source has something for, with its tables. Reads no rows."""
    held = Holding(source)
    made = [(form, MAKERS[form.name](held)) for form in formats_of(kind_of(source))]
    return [(form, found) for form, found in made if found]
