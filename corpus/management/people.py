"""On whose behalf a command imports."""

from django.core.management.base import CommandError

from accounts.models import User
from accounts.roles import Role


def find_author(email: str | None, permission: str) -> User:
    """The named person, or the first curator; somebody must answer for what comes in."""
    if email:
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody has the e-mail address {email}. Check --author.")
    else:
        curators = User.objects.filter(is_active=True, grants__role=Role.CURATOR)
        person = curators.order_by("created_at", "id").first()
        if person is None:
            raise CommandError(
                "There is no curator yet. Make one: manage.py create_user EMAIL --role curator. "
                "Or name an author with --author EMAIL."
            )
    if not person.can(permission):
        raise CommandError(f"{person.email} may not do this: it needs the permission {permission}.")
    return person
