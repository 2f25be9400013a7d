"""Cancel, resume and retry, on the page of any job: done, said, and back to its page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import SignedInRequest
from generation import actions
from generation.queue import Job


def cancel(request: SignedInRequest, job: Job) -> HttpResponse:
    """Ask no more."""
    try:
        actions.cancel(by=request.user, job=job, at=timezone.now())
        messages.success(request, _("It stops after the answers that are under way."))
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(job)


def resume(request: SignedInRequest, job: Job) -> HttpResponse:
    """Ask for what is missing."""
    return _asked_again(request, job, actions.resume)


def retry(request: SignedInRequest, job: Job) -> HttpResponse:
    """Ask again where it failed."""
    return _asked_again(request, job, actions.retry)


def _asked_again(request: SignedInRequest, job: Job, act: Callable[..., int]) -> HttpResponse:
    try:
        n = act(by=request.user, job=job, at=timezone.now())
        said = ngettext("%(n)d answer is asked for again.", "%(n)d answers are asked for again.", n)
        messages.success(request, said % {"n": n})
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(job)
