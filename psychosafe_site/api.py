"""REST answers: refusals of actions become clear 4xx answers, never a traceback."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from gate.text import BadText


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler, plus the refusals that actions raise (each may name its own status)."""
    if isinstance(error, BadText):
        return Response({"detail": str(error)}, status=400)
    status = getattr(error, "http_status", None)
    if status is not None:
        return Response({"detail": str(error)}, status=status)
    return exception_handler(error, context)
