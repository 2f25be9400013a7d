"""Why a release is not made or withdrawn, in words for the person who asked."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exports.hindrances import Hindrance
from gate.text import BadText, accept

WHERE = {
    "name": gettext_lazy("The name"),
    "description": gettext_lazy("The description"),
    "reason": gettext_lazy("The reason"),
    "overrides": gettext_lazy("The overrides"),
}


class Refused(Exception):
    """The action did not happen; the message says why and what to do. `field` is where."""

    http_status = 422
    field: str | None = None


class BadField(Refused):
    """A value that no release may have."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class NothingToRelease(Refused):
    """No version fits the choice."""


class Hindered(Refused):
    """The gate is shut: `hindrances` are those that nobody overrode, or nobody may."""

    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        self.hindrances = hindrances
        said = "; ".join(f"{each.title} ({each.n_rows:,})" for each in hindrances)
        super().__init__(
            _(
                "The release is kept from being made by: %(said)s. Mend what is named, or give a "
                "reason for what may pass."
            )
            % {"said": said}
        )


class NameTaken(Refused):
    """There is a release of this name and version."""

    http_status = 409
    field = "version"


class AlreadyWithdrawn(Refused):
    """Somebody withdrew it before."""

    http_status = 409


def text(value: str, field: str, *, limit: int) -> str:
    """Without blanks around it, or `BadField`."""
    try:
        return accept(value.strip(), where=str(WHERE[field]), limit=limit)
    except BadText as error:
        raise BadField(field, str(error)) from error
