"""All pairs, newest first, with filters that stand in the address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging
from corpus.forms.lists import FilterForm
from corpus.models import Version
from corpus.models.pairs import VersionQuerySet


@require_safe
@permission_required("pairs.read")
def index(request: SignedInRequest) -> HttpResponse:
    """One row a pair."""
    form = FilterForm(request.GET)
    rows = paging.page(
        chosen(form, request), order=("-saved_at", "id"), cursor=request.GET.get("cursor", "")
    )
    kept = request.GET.copy()
    kept.pop("cursor", None)
    context = {
        "form": form,
        "page": rows,
        "kept": kept.urlencode(),
        "is_filtered": any(kept.values()),
        "can_write": request.user.can("pairs.write"),
        "can_review": request.user.can("pairs.review"),
        "can_set_checks": request.user.can("checks.write"),
        "can_import": request.user.can("pairs.import"),
    }
    return render(request, "corpus/index.html", context)


def chosen(form: FilterForm, request: SignedInRequest) -> VersionQuerySet:
    """The versions that the filters ask for; what a filter cannot read is said beside it."""
    form.is_valid()
    wanted = form.cleaned_data
    rows = Version.objects.with_people().in_state(wanted.get("status", ""))
    for name in ("domain", "language", "expected_action"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("family"):
        rows = rows.filter(sketch__family=wanted["family"])
    if wanted.get("mine"):
        rows = rows.filter(author=request.user)
    return rows.saying(wanted["q"]) if wanted.get("q") else rows
