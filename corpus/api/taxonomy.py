"""REST: risk domains and strategies, to read."""

from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.serializers import ModelSerializer, SlugRelatedField

from corpus.models import Category, Domain, Strategy
from gate.api import Place
from gate.parser import CursorPage


class CategoryAsJson(ModelSerializer[Category]):
    class Meta:
        model = Category
        fields = ("slug", "name")


class DomainAsJson(ModelSerializer[Domain]):
    """Cues stand one a line."""

    categories = CategoryAsJson(many=True, read_only=True)
    strategies: SlugRelatedField[Strategy] = SlugRelatedField(
        many=True, read_only=True, slug_field="slug"
    )

    class Meta:
        model = Domain
        fields = (
            "slug",
            "name",
            "definition",
            "direct_cues",
            "indirect_cues",
            "is_active",
            "categories",
            "strategies",
        )


class StrategyAsJson(ModelSerializer[Strategy]):
    """Steps stand one a line."""

    domains: SlugRelatedField[Domain] = SlugRelatedField(
        many=True, read_only=True, slug_field="slug"
    )

    class Meta:
        model = Strategy
        fields = ("slug", "name", "steps", "citation", "domains")


class InPlace(CursorPage):
    ordering = ("position", "id")


class ByName(CursorPage):
    ordering = ("name", "id")


class Domains(ListModelMixin, RetrieveModelMixin, Place):
    """Risk domains with their categories, in their order."""

    permissions = {"read": "pairs.read"}
    queryset = Domain.objects.prefetch_related("categories", "strategies")
    serializer_class = DomainAsJson
    pagination_class = InPlace
    lookup_field = "slug"


class Strategies(ListModelMixin, RetrieveModelMixin, Place):
    """Evidence-based strategies with their steps and citations."""

    permissions = {"read": "pairs.read"}
    queryset = Strategy.objects.prefetch_related("domains")
    serializer_class = StrategyAsJson
    pagination_class = ByName
    lookup_field = "slug"
