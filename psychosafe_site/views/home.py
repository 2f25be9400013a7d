"""Home says what is waiting for this person, and nothing else."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import person
from annotation.actions.care_settings import support_words
from crisis.entries import EVERYWHERE, Standing
from crisis.models import Resource
from psychosafe_site.waiting import jobs_for

MOST = 40  # services on one page


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The next job of each of the person's roles."""
    return render(request, "home.html", {"jobs": jobs_for(person(request))})


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """For somebody who needs a person now. Touches neither queue nor model servers.

    Services of the person's own country, or of another that they choose; those that two people have
    verified come first, and others are marked. Strangers are shown this project's words alone.
    """
    context = {"contact": settings.SUPPORT_CONTACT, "words": support_words()}
    if request.user.is_authenticated:
        context |= _services(person(request), request.GET.get("country", ""))
    return render(request, "support.html", context)


def _services(user: User, asked: str) -> dict[str, Any]:
    today = timezone.now().date()
    known = {
        code
        for row in Resource.objects.live().values_list("countries", flat=True).distinct()
        for code in row.split(";")
        if code != EVERYWHERE
    }
    country = asked if asked in known else user.country.upper()
    if not country:
        return {"countries": sorted(known), "country": ""}
    found = [(row, row.standing(today)) for row in Resource.objects.live().for_country(country)]
    found.sort(key=lambda each: (each[1] != Standing.VERIFIED, each[0].name))
    rows = [(row, standing == Standing.VERIFIED) for row, standing in found[:MOST]]
    return {"countries": sorted(known), "country": country, "services": rows}
