"""What became of the texts that a person wrote."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import corrections, paging
from corpus.corrections import Correction
from corpus.models import Version


@dataclass(frozen=True)
class Text:
    """A pair that the person wrote in: where it stands, the last reason given, the correction."""

    newest: Version
    decided: Version | None
    correction: Correction | None

    @property
    def url(self) -> str:
        """Where it is told."""
        shown = self.correction.approved if self.correction else self.decided or self.newest
        return shown.get_absolute_url() + ("#corrected" if self.correction else "")


@require_safe
@permission_required("pairs.write")
def mine(request: SignedInRequest) -> HttpResponse:
    """One card a pair, the one that was touched last first."""
    rows = Version.objects.of_writer(request.user).with_histories()
    page = paging.page(
        rows, order=("-saved_at", "id"), cursor=request.GET.get("cursor", ""), size=20
    )
    texts = []
    for newest in page.rows:
        history = list(newest.pair.versions.all())
        decided = [each for each in history if each.decided_at]
        texts.append(
            Text(
                newest=newest,
                decided=max(decided, key=lambda each: each.number) if decided else None,
                correction=corrections.of(request.user, history),
            )
        )
    return render(request, "corpus/mine.html", {"page": page, "texts": texts})
