"""All pairs, newest first, with filters that stand in the address."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from accounts.models import User
from accounts.permissions import SignedInRequest, permission_required
from corpus import listing, paging
from corpus.bulk import Action
from corpus.forms.lists import FilterForm
from corpus.models import CheckResult, CheckSetting, Version
from corpus.models.pairs import VersionQuerySet
from corpus.paging import Page
from corpus.views import filters

ORDER = ("-saved_at", "id")


@require_safe
@permission_required("pairs.read")
def index(request: SignedInRequest) -> HttpResponse:
    """One row a pair. A changed filter brings the part below the filters alone."""
    form, today = FilterForm(request.GET), timezone.now().date()
    rows = chosen(form, request.user)
    page = paging.page(rows.only("saved_at"), order=ORDER, cursor=request.GET.get("cursor", ""))
    context = {
        "form": form,
        "page": _shown(page, today),
        "n": len(page.rows),
        "has_more_than_n": page.is_part,
        "today": today,
        **_address(request, form),
    }
    context |= _allowed(request.user) | filters.shown(request.user, context["kept"])
    if not request.htmx:  # type: ignore[attr-defined]  # django-htmx
        return render(request, "corpus/index.html", context)
    part = render(request, "corpus/index.html#found", context)
    return push_url(part, f"{request.path}?{context['kept']}")


@require_safe
@permission_required("pairs.read")
def count(request: SignedInRequest) -> HttpResponse:
    """How many pairs the filters pass. It takes longer than a page, so the page asks afterwards."""
    n = listing.count(chosen(FilterForm(request.GET), request.user))
    counted = {"n": min(n, listing.COUNTED), "has_more_than_n": n > listing.COUNTED}
    return render(request, "corpus/index.html#counted", counted)


def chosen(form: FilterForm, user: User) -> VersionQuerySet:
    """The versions that the filters ask for; what a filter cannot read is said beside it."""
    return listing.filtered(form.asked, user=user, on=timezone.now().date())


def _shown(page: Page[Version], today: date) -> Page[Version]:
    """The page's rows with what the table says of them. Three queries."""
    ids = [row.pk for row in page.rows]
    whole = Version.objects.with_people().select_related("pair__source").defer("response")
    found = whole.order_by().in_bulk(ids)
    stale = Version.objects.stale(today).filter(pk__in=ids).order_by()
    stale_ids = set(stale.values_list("pk", flat=True))
    warned = _warnings(ids)
    for version in found.values():
        version.is_stale = version.pk in stale_ids  # type: ignore[attr-defined]  # for the template
        version.n_warnings = warned[version.pk]  # type: ignore[attr-defined]
    return replace(page, rows=[found[pk] for pk in ids if pk in found])


def _warnings(ids: list[str]) -> Counter[str]:
    """How many of the checks that are on warn of each of these. Two queries."""
    on = [key for key, setting in CheckSetting.objects.current().items() if setting.is_on]
    found = CheckResult.objects.filter(version__in=ids, key__in=on, level="warn")
    return Counter(found.order_by().values_list("version_id", flat=True))


def _address(request: SignedInRequest, form: FilterForm) -> dict[str, Any]:
    """The filters as an address keeps them, and each with the address that drops it."""
    kept = request.GET.copy()
    for name in list(kept):
        if name == "cursor" or not any(kept.getlist(name)):
            del kept[name]
    chips = []
    for name in form.asked:
        without = kept.copy()
        without.pop(name, None)
        chips.append({"words": form.words_of(name), "query": without.urlencode()})
    return {"kept": kept.urlencode(), "is_filtered": any(kept.values()), "chips": chips}


def _allowed(user: User) -> dict[str, Any]:
    return {
        "can_write": user.can("pairs.write"),
        "can_review": user.can("pairs.review"),
        "can_set_checks": user.can("checks.write"),
        "can_import": user.can("pairs.import"),
        "bulk_actions": list(Action) if user.can("pairs.curate") else [],
    }
