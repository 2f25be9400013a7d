"""The base of every REST place: known query parameters only, bounded cursor pages."""

import json
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from gate.parser import CursorPage


class StrictQuery:
    """A viewset that answers 400 to a query parameter it does not know, instead of ignoring it."""

    query_parameters: ClassVar[frozenset[str]] = frozenset()
    _always = frozenset({"cursor", "page_size", "format"})

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # cooperates with APIView
        unknown = set(request.query_params) - self.query_parameters - self._always
        if unknown:
            allowed = ", ".join(sorted(self.query_parameters | {"cursor", "page_size"}))
            raise ValidationError(
                {
                    name: [
                        _("Unknown query parameter. Known here: %(allowed)s.")
                        % {"allowed": allowed}
                    ]
                    for name in unknown
                }
            )


class Place(StrictQuery, GenericViewSet[Any]):
    """The base of every REST place."""

    pagination_class = CursorPage
    http_method_names = ["get", "post", "put", "delete", "head", "options"]


def compact(value: Any) -> str:
    """Canonical JSON, for digests of request bodies."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
