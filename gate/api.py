"""The REST side of the gate: strict JSON, known query parameters only, bounded cursor pages."""

import json
from typing import Any, ClassVar

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from gate.text import BadText, read_json

MAX_BODY = 5_000_000


class GatedJSONParser(JSONParser):
    """JSON with bounded size and depth; text that cannot be stored is refused with its path."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            raise ParseError(f"The body is larger than {MAX_BODY:,} bytes.")
        try:
            return read_json(raw, where="The body")
        except BadText as error:
            raise ParseError(str(error)) from error


class CursorPage(CursorPagination):
    """Pages by cursor: flat cost at any depth. `page_size` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: Any = ("-created_at", "id")


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
                {name: [f"Unknown query parameter. Known here: {allowed}."] for name in unknown}
            )


class Place(StrictQuery, GenericViewSet[Any]):
    """The base of every REST place."""

    pagination_class = CursorPage
    http_method_names: ClassVar[list[str]] = ["get", "post", "put", "delete", "head", "options"]


def compact(value: Any) -> str:
    """Canonical JSON, for digests of request bodies."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
