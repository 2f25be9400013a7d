"""REST: services, and references to them in a text."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from corpus import actions
from corpus.api.taxonomy import ByName
from crisis import table
from crisis.entries import Channel, Kind, Standing, Verdict
from crisis.finding import find
from crisis.models import Resource
from gate.api import Place

FILTERS = ("country", "domain", "channel", "standing")
LONGEST = 20_000  # characters; at worst about a second of search


class ResourceAsJson(serializers.ModelSerializer[Resource]):
    """Lists stand in one text with `;` between their members."""

    standing = serializers.SerializerMethodField()

    class Meta:
        model = Resource
        fields = (
            "id",
            *table.COLUMNS,
            "is_sample",
            "standing",
            "digest",
            "verified_on",
            "recheck_by",
            "retired_on",
            "retired_reason",
            "replaced_by",
        )

    @extend_schema_field(serializers.ChoiceField(choices=[each.value for each in Standing]))
    def get_standing(self, row: Resource) -> str:
        return row.standing(timezone.now().date()).value


class DetailsAsJson(serializers.Serializer[Any]):
    """What is known of a service."""

    name = serializers.CharField(max_length=200)
    countries = serializers.CharField(max_length=200, help_text="GB;IE, or * for everywhere")
    channel = serializers.ChoiceField(choices=[each.value for each in Channel])
    contact = serializers.CharField(max_length=300)
    alternate_name = serializers.CharField(max_length=300, default="", allow_blank=True)
    organisation = serializers.CharField(max_length=200, default="", allow_blank=True)
    languages = serializers.CharField(max_length=200, default="", allow_blank=True)
    audience = serializers.CharField(max_length=200, default="", allow_blank=True)
    domains = serializers.CharField(max_length=200, default="", allow_blank=True)
    keyword = serializers.CharField(max_length=200, default="", allow_blank=True)
    hours = serializers.CharField(max_length=200, default="", allow_blank=True)
    cost = serializers.CharField(max_length=200, default="", allow_blank=True)
    url = serializers.CharField(max_length=500, default="", allow_blank=True)
    source_url = serializers.CharField(max_length=500, default="", allow_blank=True)


class VerifyAsJson(serializers.Serializer[Any]):
    """`seen` is the `digest` that was read: what is verified is what was seen."""

    seen = serializers.CharField(max_length=64)
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class RetireAsJson(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)
    replaced_by = serializers.PrimaryKeyRelatedField(
        queryset=Resource.objects.all(), required=False, allow_null=True, default=None
    )


class TextAsJson(serializers.Serializer[Any]):
    """A text, and the country of the person who reads it."""

    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    country = serializers.RegexField(r"^[A-Z]{2}$")


class FindingAsJson(serializers.Serializer[Any]):
    """`start` and `end` count characters of the text; `resource` is the row that was met."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    passage = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(each.value, each.name) for each in Kind])
    normal = serializers.CharField()
    keyword = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[each.value for each in Verdict])
    resource = serializers.CharField(source="entry.id", default=None, allow_null=True)


class FindingsAsJson(serializers.Serializer[Any]):
    findings = FindingAsJson(many=True)


class Resources(ListModelMixin, RetrieveModelMixin, Place):
    """Helplines and services. A row counts as verified when two people have verified it."""

    permissions = {"read": "pairs.read", "write": "resources.write", "check": "pairs.read"}
    query_parameters = frozenset(FILTERS)
    queryset = Resource.objects.none()
    serializer_class = ResourceAsJson
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[Resource]:
        asked = self.request.query_params
        rows, today = Resource.objects.all(), timezone.now().date()
        if country := asked.get("country"):
            rows = rows.for_country(country)
        if domain := asked.get("domain"):
            rows = rows.for_domain(domain)
        if channel := asked.get("channel"):
            rows = rows.filter(channel=channel)
        match asked.get("standing"):
            case None | "":
                return rows
            case Standing.VERIFIED:
                return rows.verified(today)
            case Standing.UNVERIFIED:
                return rows.unverified()
            case Standing.STALE:
                return rows.stale(today)
            case Standing.RETIRED:
                return rows.filter(retired_on__isnull=False)
        raise serializers.ValidationError(
            {"standing": [_("Not known. Use one of: %(known)s.") % {"known": ", ".join(Standing)}]}
        )

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=DetailsAsJson, responses={201: ResourceAsJson})
    def create(self, request: Request) -> Response:
        """A new row, unverified. 409 if the contact is there already."""
        made = actions.add_resource(
            by=person(request), details=_details(request), at=timezone.now()
        )
        return Response(ResourceAsJson(made).data, status=201)

    @extend_schema(request=DetailsAsJson, responses=ResourceAsJson)
    def update(self, request: Request, pk: str) -> Response:
        """Other details. What was verified is unverified then."""
        changed = actions.change_resource(
            by=person(request),
            resource=self.get_object(),
            details=_details(request),
            at=timezone.now(),
        )
        return Response(ResourceAsJson(changed).data)

    @extend_schema(request=VerifyAsJson, responses=ResourceAsJson)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Say that the row is right. The second person makes it verified."""
        asked = VerifyAsJson(data=request.data)
        asked.is_valid(raise_exception=True)
        found = actions.verify_resource(
            by=person(request),
            resource=self.get_object(),
            at=timezone.now(),
            **asked.validated_data,
        )
        return Response(ResourceAsJson(found).data)

    @extend_schema(request=RetireAsJson, responses=ResourceAsJson)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """The service must not be named any more."""
        asked = RetireAsJson(data=request.data)
        asked.is_valid(raise_exception=True)
        found = actions.retire_resource(
            by=person(request),
            resource=self.get_object(),
            at=timezone.now(),
            **asked.validated_data,
        )
        return Response(ResourceAsJson(found).data)

    @extend_schema(request=TextAsJson, responses=FindingsAsJson)
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """Every reference to a service in a text, and whether it fits the reader's country."""
        asked = TextAsJson(data=request.data)
        asked.is_valid(raise_exception=True)
        directory = Resource.objects.all().entries(timezone.now().date())
        findings = find(asked.validated_data["text"], asked.validated_data["country"], directory)
        return Response(FindingsAsJson({"findings": findings}).data)


def _details(request: Request) -> table.Details:
    asked = DetailsAsJson(data=request.data)
    asked.is_valid(raise_exception=True)
    return table.details(asked.validated_data)
