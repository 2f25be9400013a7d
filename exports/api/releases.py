"""REST place of releases: made, asked what one would be, read, withdrawn."""

from typing import Any, ClassVar, cast

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from exports import actions, serving, store
from exports.api.files import FILE
from exports.api.shapes import (
    AskedSerializer,
    HinderedSerializer,
    HindranceSerializer,
    ManifestSerializer,
    PlanSerializer,
    ReleaseSerializer,
    WithdrawSerializer,
)
from exports.models import Release
from gate.api import Place


class Releases(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Releases. They are frozen: one can only be withdrawn, with a reason."""

    permissions: ClassVar = {
        "read": "releases.read",
        "write": "releases.write",
        "check": "releases.write",
        "withdraw": "releases.write",
    }
    queryset = Release.objects.with_sizes().select_related("previous")

    def get_serializer_class(self) -> Any:
        return ManifestSerializer if self.action == "retrieve" else ReleaseSerializer

    @extend_schema(
        request=AskedSerializer, responses={201: ReleaseSerializer, 422: HinderedSerializer}
    )
    def create(self, request: Request) -> Response:
        """Make a release, or be told what hinders it (422)."""
        asked = AskedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            release = actions.cut_release(
                by=cast(User, request.user), at=timezone.now(), **asked.asked
            )
        except actions.Hindered as refusal:
            kept = HindranceSerializer(list(refusal.hindrances), many=True).data
            return Response({"detail": str(refusal), "hindrances": kept}, status=422)
        return Response(ReleaseSerializer(release).data, status=201)

    @extend_schema(request=AskedSerializer, responses=PlanSerializer)
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """What a release would hold and change, and what would hinder it. Makes nothing."""
        asked = AskedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        plan = actions.checked(at=timezone.now(), **asked.content)
        return Response(PlanSerializer(plan).data)

    @extend_schema(request=WithdrawSerializer, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Say that it must not be used any more, and why. Its files are no longer given."""
        asked = WithdrawSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        release = actions.withdraw(
            by=cast(User, request.user),
            release=self.get_object(),
            at=timezone.now(),
            **asked.validated_data,
        )
        return Response(ReleaseSerializer(release).data)

    @extend_schema(operation_id="releases_file", **FILE)
    def file(self, request: Request, pk: str, name: str) -> HttpResponseBase:
        """One file of the release."""
        return serving.send(request._request, store.keep(self.get_object(), name))
