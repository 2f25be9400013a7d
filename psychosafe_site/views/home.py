"""Home says what is waiting for this person, and nothing else."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import person
from psychosafe_site.waiting import jobs_for


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The next job of each of the person's roles."""
    return render(request, "home.html", {"jobs": jobs_for(person(request))})


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """For somebody who needs a person now. Touches neither queue nor model servers."""
    return render(request, "support.html", {"contact": settings.SUPPORT_CONTACT})
