"""Ratings, to read: for those who read studies, never for raters."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from annotation.models import Rating
from gate.api import Place

FILTERS = ("study", "rater", "completion", "criterion")


class RatingOut(serializers.ModelSerializer[Rating]):
    """`value`, `picked` or `words` by the criterion's kind; none where `answer` says why."""

    criterion = serializers.CharField(source="criterion.key", read_only=True)

    class Meta:
        model = Rating
        fields = (
            "id",
            "study",
            "rater",
            "completion",
            "criterion",
            "answer",
            "value",
            "picked",
            "words",
            "rationale",
            "completion_digest",
            "rubric_digest",
            "created_at",
        )
        read_only_fields = fields


@extend_schema_view(list=extend_schema(parameters=[OpenApiParameter(name) for name in FILTERS]))
class RatingPlace(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Ratings, newest first; `criterion` filters by its key."""

    queryset = Rating.objects.all()
    serializer_class = RatingOut
    query_parameters = frozenset(FILTERS)
    permissions: ClassVar[dict[str, str]] = {"read": "studies.read"}

    def get_queryset(self) -> QuerySet[Rating]:
        rows = Rating.objects.select_related("criterion")
        asked = self.request.query_params if self.request else {}
        for name in FILTERS:
            if value := asked.get(name):
                rows = rows.filter(**{"criterion__key" if name == "criterion" else name: value})
        return rows
