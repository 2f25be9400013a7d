"""REST: prompts and prompt sets."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from corpus import actions
from corpus.api.drafts import TurnAsJson
from corpus.api.taxonomy import ByName, InPlace
from corpus.models import Domain, Prompt, PromptSet, PromptSetEntry
from gate.api import Place

FILTERS = ("prompt_set", "domain", "expected_action", "language", "source")
MAX_PROMPTS = 10_000


class PromptAsJson(serializers.ModelSerializer[Prompt]):
    messages = TurnAsJson(many=True, read_only=True)
    domain = serializers.CharField(source="domain.slug", default=None, read_only=True)
    source = serializers.CharField(  # type: ignore[assignment]  # a field called as DRF's own
        source="source.name", default=None, read_only=True
    )

    class Meta:
        model = Prompt
        fields = (
            "id",
            "messages",
            "digest",
            "language",
            "country",
            "domain",
            "category",
            "expected_action",
            "source",
            "created_at",
        )


class EntryAsJson(serializers.ModelSerializer[PromptSetEntry]):
    prompt = PromptAsJson(read_only=True)

    class Meta:
        model = PromptSetEntry
        fields = ("position", "external_id", "prompt")


class PromptSetAsJson(serializers.ModelSerializer[PromptSet]):
    source = serializers.CharField(  # type: ignore[assignment]  # a field called as DRF's own
        source="source.name", default=None, read_only=True
    )
    n_prompts = serializers.IntegerField(read_only=True)

    class Meta:
        model = PromptSet
        fields = (
            "id",
            "slug",
            "name",
            "description",
            "source",
            "digest",
            "n_prompts",
            "created_at",
        )


class NewSetAsJson(serializers.Serializer[Any]):
    """Of prompts in this order, or of the pairs approved and fresh today in these domains."""

    name = serializers.CharField(max_length=120)
    slug = serializers.SlugField(required=False, default="", allow_blank=True, max_length=80)
    description = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=2000
    )
    domains = serializers.SlugRelatedField(
        slug_field="slug", many=True, required=False, queryset=Domain.objects.all()
    )
    prompts = serializers.ListField(
        child=serializers.CharField(max_length=22), required=False, max_length=MAX_PROMPTS
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("domains" in attrs) == ("prompts" in attrs):
            raise serializers.ValidationError(
                _("Send either prompts (their ids) or domains (their slugs; [] for all).")
            )
        return attrs

    def validate_prompts(self, ids: list[str]) -> list[Prompt]:
        found = Prompt.objects.in_bulk(ids)
        unknown = [id_ for id_ in ids if id_ not in found]
        if unknown:
            listed = ", ".join(unknown[:5])
            raise serializers.ValidationError(
                _("%(n)s ids are not known: %(ids)s.") % {"n": len(unknown), "ids": listed}
            )
        if len(found) < len(ids):
            raise serializers.ValidationError(_("A prompt stands in a set once."))
        return [found[id_] for id_ in ids]


class PromptSets(ListModelMixin, RetrieveModelMixin, Place):
    """Named, frozen lists of prompts."""

    permissions = {"read": "prompts.read", "write": "prompts.write"}
    query_parameters = frozenset({"slug"})
    queryset = PromptSet.objects.none()
    serializer_class = PromptSetAsJson
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[PromptSet]:
        rows = PromptSet.objects.select_related("source").annotate(n_prompts=Count("entries"))
        slug = self.request.query_params.get("slug")
        return rows.filter(slug=slug) if slug else rows

    @extend_schema(parameters=[OpenApiParameter("slug", str)])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewSetAsJson, responses={201: PromptSetAsJson})
    def create(self, request: Request) -> Response:
        """A new set. 409 if its name is taken."""
        asked = NewSetAsJson(data=request.data)
        asked.is_valid(raise_exception=True)
        if "prompts" in asked.validated_data:
            made = actions.make_prompt_set(by=person(request), **asked.validated_data)
        else:
            made = actions.prompt_set_from_approved(
                by=person(request), on=timezone.now().date(), **asked.validated_data
            )
        return Response(PromptSetAsJson(self.get_queryset().get(pk=made.pk)).data, status=201)

    @extend_schema(responses=EntryAsJson(many=True))
    @action(detail=True, methods=["get"], pagination_class=InPlace)
    def entries(self, request: Request, pk: str) -> Response:
        """The prompts of a set in its order, with the ids of their source."""
        entries = PromptSetEntry.objects.filter(prompt_set=self.get_object()).select_related(
            "prompt__domain", "prompt__source"
        )
        page = self.paginate_queryset(entries)
        return self.get_paginated_response(EntryAsJson(page, many=True).data)


class Prompts(ListModelMixin, RetrieveModelMixin, Place):
    """Prompts, newest first. `prompt_set` is a set's id or slug."""

    permissions = {"read": "prompts.read"}
    query_parameters = frozenset(FILTERS)
    queryset = Prompt.objects.none()
    serializer_class = PromptAsJson

    def get_queryset(self) -> QuerySet[Prompt]:
        asked = self.request.query_params
        rows = Prompt.objects.select_related("domain", "source")
        if wanted := asked.get("prompt_set"):
            rows = rows.filter(
                entries__prompt_set__in=PromptSet.objects.filter(Q(pk=wanted) | Q(slug=wanted))
            )
        columns = {"domain": "domain__slug", "source": "source__name"}
        for name in ("domain", "expected_action", "language", "source"):
            if value := asked.get(name):
                rows = rows.filter(**{columns.get(name, name): value})
        return rows

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)
