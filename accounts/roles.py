"""Who may do what, on one page.

A person has one or more roles. A role is a set of permissions; a permission is `place.verb`.
Object rules (never one's own pair, only one's own assignment) stand beside the objects.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The roles, in the order of the work."""

    AUTHOR = "author", _("Author")
    REVIEWER = "reviewer", _("Reviewer")
    RATER = "rater", _("Rater")
    CURATOR = "curator", _("Curator")
    ENGINEER = "engineer", _("ML engineer")
    RESEARCHER = "researcher", _("Researcher")
    ADMINISTRATOR = "administrator", _("Administrator")


PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.AUTHOR: frozenset({"pairs.read", "pairs.write"}),
    Role.REVIEWER: frozenset({"pairs.read", "pairs.review", "pairs.watch", "resources.write"}),
    # A rater sees assignments and nothing else: no runs, no models, no reports.
    Role.RATER: frozenset({"assignments.rate"}),
    Role.CURATOR: frozenset(
        {
            "pairs.read",
            "pairs.write",
            "pairs.edit_any",  # drafts of other people too
            "pairs.curate",  # many at once
            "pairs.import",
            "pairs.watch",
            "resources.write",
            "sources.write",
            "checks.write",
            "prompts.read",
            "prompts.write",
            "models.read",
            "runs.read",
            "studies.read",
            "studies.write",
            "judges.read",
            "anchors.write",  # answers with settled values, for judges
            "reports.read",
            "releases.read",
            "releases.write",
            "training.read",
        }
    ),
    Role.ENGINEER: frozenset(
        {
            "pairs.read",
            "prompts.read",
            "prompts.write",
            "models.read",
            "models.write",
            "runs.read",
            "runs.write",
            "judges.read",
            "judges.write",
            "anchors.write",
            "reports.read",
            "releases.read",
            "training.read",
            "training.write",
        }
    ),
    Role.RESEARCHER: frozenset(
        {
            "pairs.read",
            "prompts.read",
            "models.read",
            "runs.read",
            "studies.read",
            "judges.read",
            "reports.read",
            "releases.read",
            "training.read",
        }
    ),
    Role.ADMINISTRATOR: frozenset({"people.read", "people.write", "audit.read", "addresses.write"}),
}

ALL_PERMISSIONS: frozenset[str] = frozenset().union(*PERMISSIONS.values())

# What an API token may carry. A scope never adds to what its owner's roles allow.
SCOPES: dict[str, frozenset[str]] = {
    "read": frozenset(p for p in ALL_PERMISSIONS if p.endswith(".read")),
    "rate": frozenset({"assignments.rate"}),
    "write": frozenset(
        p for p in ALL_PERMISSIONS if not p.startswith(("people.", "audit.", "addresses."))
    ),
}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """The union of what the roles allow."""
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles))
