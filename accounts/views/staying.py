"""Staying signed in, from the warning that the session will end."""

import time

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from accounts.staying import STAYED


@require_POST
@login_required
def stay(request: HttpRequest) -> JsonResponse:
    """The session lasts its whole length again, from now."""
    request.session[STAYED] = time.time()
    return JsonResponse({"left": settings.SESSION_COOKIE_AGE})
