"""Strict JSON and bounded cursor pages. DRF reads this module while it builds its own views."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser

from gate.text import BadText, read_json

MAX_BODY = 5_000_000


class GatedJSONParser(JSONParser):
    """JSON with bounded size and depth; text that cannot be stored is refused with its path."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            raise ParseError(_("The body is larger than %(n)s bytes.") % {"n": f"{MAX_BODY:,}"})
        try:
            return read_json(raw, where=_("The body"))
        except BadText as error:
            raise ParseError(str(error)) from error


class CursorPage(CursorPagination):
    """Pages by cursor: flat cost at any depth. `page_size` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: Any = ("-created_at", "id")
