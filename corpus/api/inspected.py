"""REST: what is known of a version beyond its text: threads, checks, the services it names."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from corpus import actions, places
from corpus.api.threads import OldestFirst, ThreadAsJson
from corpus.inspection import inspect
from corpus.models import Comment, Reference, Version
from corpus.models.prompts import ExpectedAction
from corpus.models.threads import Kind
from crisis.entries import Kind as Shape
from crisis.entries import Verdict
from crisis.verdicts import judge
from gate.api import Place

LONGEST = 20_000  # characters of a text that is checked without being stored


class RemarkAsJson(serializers.Serializer[Any]):
    """A request waits until it is resolved; a blocking one stops an approval."""

    body = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    is_blocking = serializers.BooleanField(required=False)
    passage = serializers.CharField(required=False, allow_blank=True)


class CheckedAsJson(serializers.Serializer[Any]):
    """A place that a check points to. `blocks`: it stops an approval."""

    key = serializers.CharField(source="check.key")
    label = serializers.CharField(  # type: ignore[assignment]  # a field called as DRF's own
        source="check.label"
    )
    level = serializers.ChoiceField(choices=["warn", "note"], source="remark.level")
    passage = serializers.CharField(source="remark.passage")
    what = serializers.CharField(source="remark.what")
    how_to_mend = serializers.CharField(source="remark.how_to_mend")
    url = serializers.CharField(source="remark.url")
    blocks = serializers.BooleanField()


class ChecksAsJson(serializers.Serializer[Any]):
    findings = CheckedAsJson(many=True)


class UncheckedAsJson(serializers.Serializer[Any]):
    """A response that is stored nowhere, and for whom it is."""

    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    language = serializers.RegexField(rf"^{places.LANGUAGE.pattern}$", default="en")
    country = serializers.RegexField(rf"^{places.COUNTRY.pattern}$", default="", allow_blank=True)
    expected_action = serializers.ChoiceField(
        choices=ExpectedAction.choices, default=ExpectedAction.REFUSE
    )


class ReferenceAsJson(serializers.Serializer[Any]):
    """`start` and `end` count characters of the response; `verdict` is today's."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    passage = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(each.value, each.name) for each in Shape])
    normal = serializers.CharField()
    serves_country = serializers.BooleanField()
    verdict = serializers.ChoiceField(choices=[each.value for each in Verdict])
    resource = serializers.CharField(source="resource_id", allow_null=True)


class ReferencesAsJson(serializers.Serializer[Any]):
    references = ReferenceAsJson(many=True)


class Inspected(Place):
    """Reads of one version, and the beginning of a thread on it."""

    @extend_schema(responses=ThreadAsJson(many=True), parameters=[], filters=False)
    @action(detail=True, methods=["get"], pagination_class=OldestFirst)
    def threads(self, request: Request, pk: str) -> Response:
        """Said about this version, and the requests that earlier ones hand on; oldest first."""
        page = self.paginate_queryset(Comment.objects.on(self.get_object()))
        return self.get_paginated_response(ThreadAsJson(page, many=True).data)

    @extend_schema(request=RemarkAsJson, responses={201: ThreadAsJson})
    @threads.mapping.post
    def start_thread(self, request: Request, pk: str) -> Response:
        """Comment, or ask for a change. A `passage` is words of the version."""
        said = self._said(request)
        return Response(ThreadAsJson(Comment.objects.whole().get(pk=said.pk)).data, status=201)

    @extend_schema(responses=ChecksAsJson)
    @action(detail=True, methods=["get"])
    def checks(self, request: Request, pk: str) -> Response:
        """What the checks say of it today, what blocks first."""
        return _checked(self.get_object())

    @extend_schema(request=UncheckedAsJson, responses=ChecksAsJson)
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """What the checks say of a response. Nothing is stored."""
        asked = UncheckedAsJson(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        unsaved = Version(response=values.pop("text"), **values)
        return _checked(unsaved)

    @extend_schema(responses=ReferencesAsJson)
    @action(detail=True, methods=["get"])
    def references(self, request: Request, pk: str) -> Response:
        """The services that its response named when it was sent, each with today's verdict."""
        version, today = self.get_object(), timezone.now().date()
        rows = list(version.references.select_related("resource"))
        for row in rows:
            row.verdict = _verdict(row, version, today)
        return Response(ReferencesAsJson({"references": rows}).data)

    def _said(self, request: Request) -> Comment:
        remark = RemarkAsJson(data=request.data)
        remark.is_valid(raise_exception=True)
        return actions.comment(
            by=person(request), version=self.get_object(), **remark.validated_data
        )


def _checked(version: Version) -> Response:
    findings = inspect(version, on=timezone.now().date())
    return Response(ChecksAsJson({"findings": findings}).data)


def _verdict(row: Reference, version: Version, on: date) -> Verdict:
    """Of the row that was met, as it stands on that day."""
    met = [row.resource.entry(on)] if row.resource else []
    return judge(Shape(row.kind), met, version.country)[0]
