"""What stands in the top bar: only places that this person may open."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.staying import seconds_left

# Label, address name, the permission that opens it.
PLACES = [
    (_("Corpus"), "corpus:index", "pairs.read"),
    (_("Services"), "corpus:resources", "pairs.read"),
    (_("Prompt sets"), "corpus:prompt_sets", "prompts.read"),
    (_("Runs"), "generation:runs", "runs.read"),
    (_("Studies"), "judging:studies", "reports.read"),
    (_("Releases"), "exports:releases", "releases.read"),
    (_("Training"), "training:runs", "training.read"),
    (_("People"), "people", "people.read"),
    (_("Addresses"), "generation:allowed", "addresses.write"),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame reads: places, support, the person's own page, the sample's mark."""
    frame = {
        "support_url": reverse("support"),
        "profile_url": reverse("profile"),
        "is_sample_project": settings.DEMO,
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav_items": [], **frame}
    frame["session_left"] = seconds_left(
        request.session, lasts=settings.SESSION_COOKIE_AGE, now=time.time()
    )
    if user.can("people.write"):
        frame["administration_url"] = reverse("admin:index")
    items: list[dict[str, Any]] = []
    for label, name, permission in PLACES:
        if user.can(permission):
            items.append({"label": label, "url": reverse(name)})
    here = [item["url"] for item in items if request.path.startswith(item["url"])]
    for item in items:  # of a place and a place within it, only the inner one is current
        item["current"] = item["url"] == max(here, key=len, default="")
    return {"nav_items": items, **frame}
