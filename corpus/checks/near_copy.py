"""Near copies: a response that another pair gives already, word for word or nearly."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.checks.shape import Draft, Remark, Words

key = "near_copy"
label: Words = gettext_lazy("Near copies of other responses")
about: Words = gettext_lazy("Another pair has the same response, or nearly. It warns.")


def look(draft: Draft) -> Iterator[Remark]:
    for near in draft.near:
        if near.likeness == 1:
            what = _("Another pair has this response word for word.")
        else:
            said = _("Another pair has this response to %(percent)s.")
            what = said % {"percent": f"{near.likeness:.0%}"}
        yield Remark(
            "warn",
            near.title,
            what,
            _("Write to this person: take up words of theirs, and choose the step that fits them."),
            near.url,
        )
