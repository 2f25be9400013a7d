"""REST: where imported material came from, to read."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from corpus.api.taxonomy import ByName
from corpus.models import Pair, Prompt, Source
from gate.api import Place


class SourceAsJson(serializers.ModelSerializer[Source]):
    """Its licence and revision; a purged source says when, why, and how much went."""

    n_pairs = serializers.IntegerField(read_only=True)
    n_prompts = serializers.IntegerField(read_only=True)
    purge_counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = Source
        fields = (
            *("id", "name", "licence", "url", "revision", "is_sample", "created_at"),
            *("n_pairs", "n_prompts", "purged_at", "purge_reason", "purge_counts"),
        )
        read_only_fields = fields


class Sources(ListModelMixin, RetrieveModelMixin, Place):
    """Sources by name."""

    permissions = {"read": "pairs.read"}
    query_parameters = frozenset({"name"})
    queryset = Source.objects.none()
    serializer_class = SourceAsJson
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[Source]:
        rows = Source.objects.annotate(n_pairs=_number_of(Pair), n_prompts=_number_of(Prompt))
        name = self.request.query_params.get("name")
        return rows.filter(name=name) if name else rows

    @extend_schema(parameters=[OpenApiParameter("name", str)])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)


def _number_of(model: type[Pair] | type[Prompt]) -> Coalesce:
    """By subquery: joined, the two would multiply."""
    counted = model._default_manager.filter(source=OuterRef("pk")).order_by().values("source")
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)
