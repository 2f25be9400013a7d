"""How far the responses are written one by one, and which templates they share."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import differences, reuse
from corpus.families import Diversity
from corpus.reuse import Family, Part

WIDTH = 400  # of a figure


@require_safe
@permission_required("pairs.read")
def diversity(request: SignedInRequest) -> HttpResponse:
    """Its first sentence is the finding."""
    found = reuse.report(request.user)
    seen = {family.name for family in found.families if family.example}
    rows = [_row(part, seen) for part in found.parts]
    context = {
        "reuse": found,
        "shared": [row for row in rows if row["part"].found.n_shared],
        "written": [row for row in rows if not row["part"].found.n_shared],
        "cards": [_card(family) for family in found.families],
    }
    return render(request, "corpus/diversity.html", context)


def _row(part: Part, seen: set[str]) -> dict[str, Any]:
    """A part with its sentence, the widths of its bars, and the way to its largest family."""
    found = part.found
    largest = found.n_largest if found.n_largest > 1 else 0
    query = urlencode({"family": part.family, **part.place}) if part.family in seen else ""
    return {
        "part": part,
        "sentence": sentence(found),
        "largest": round(WIDTH * largest / found.n_responses),
        "shared": round(WIDTH * found.n_shared / found.n_responses),
        "query": query,
    }


def sentence(found: Diversity) -> str:
    """What the bar shows, in words."""
    numbers = {"n": found.n_largest, "of": found.n_responses}
    if found.n_responses == 1:
        return _("There is one response.")
    if found.n_shared == 0:
        return _("Each of %(of)d responses is written on its own.") % numbers
    if found.n_largest == found.n_responses:
        return _("All %(of)d responses are one template.") % numbers
    said = _("%(n)d of %(of)d responses are one template.") % numbers
    others = found.n_shared - found.n_largest
    if others:
        more = ngettext(
            "%(n)d more shares another one.", "%(n)d more share other ones.", others
        ) % {"n": others}  # fmt: skip
        said = f"{said} {more}"
    return said


def _card(family: Family) -> dict[str, Any]:
    """A family, and how two of its wordings differ word by word."""
    card: dict[str, Any] = {"family": family, "query": urlencode({"family": family.name})}
    if family.example and family.other:
        two = (family.example, family.other)
        sides = differences.sides(two[0].response, two[1].response)
        card["sides"] = list(zip(sides, two, strict=True))
    return card
