"""REST places of this app."""

from rest_framework.viewsets import ViewSetMixin

# (prefix, viewset, basename), registered under /api/v1/.
ROUTES: list[tuple[str, type[ViewSetMixin], str]] = []
