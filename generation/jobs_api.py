"""What REST places of all kinds of jobs share: cancel, resume, retry."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from gate.api import Place
from generation import actions


class Jobs(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Jobs of one kind; each action answers with the job as it stands then."""

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Ask no more; the answers so far are kept."""
        return self._after(actions.cancel, request)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Ask for what has no answer, failed rows included."""
        return self._after(actions.resume, request)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Ask again where it failed, and nowhere else."""
        return self._after(actions.retry, request)

    def _after(self, act: Callable[..., Any], request: Request) -> Response:
        job = self.get_object()
        act(by=person(request), job=job, at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
