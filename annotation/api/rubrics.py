"""Rubrics, with their criteria and anchored points. Installed from files, read here."""

from typing import Any, ClassVar

from rest_framework import mixins, serializers

from annotation.api.permissions import MayDoOrRate
from annotation.models import Rubric
from annotation.rubric_rules import ABOUT, KINDS
from gate.api import Place


class PointOut(serializers.Serializer[Any]):
    value = serializers.IntegerField()
    label: Any = serializers.CharField()
    anchor = serializers.CharField(allow_blank=True)
    example = serializers.CharField(allow_blank=True)


class WhenOut(serializers.Serializer[Any]):
    """Asked only after one of these values of an earlier criterion."""

    criterion = serializers.CharField()
    values = serializers.ListField(child=serializers.JSONField())


class CriterionOut(serializers.Serializer[Any]):
    """A criterion; `key` names it in ratings."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    question = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(KINDS)
    about = serializers.ChoiceField(ABOUT)
    ask_when = WhenOut(allow_null=True)
    scale = serializers.ListField(child=serializers.IntegerField())
    asks_rationale = serializers.BooleanField()
    points = PointOut(many=True)


class RubricOut(serializers.ModelSerializer[Rubric]):
    criteria = CriterionOut(many=True, source="sheet.as_json", read_only=True)

    class Meta:
        model = Rubric
        fields = (
            "id",
            "slug",
            "version",
            "title",
            "intro",
            "origin",
            "digest",
            "created_at",
            "criteria",
        )
        read_only_fields = fields


class RubricPlace(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Rubrics."""

    queryset = Rubric.objects.all()
    serializer_class = RubricOut
    permission_classes = (MayDoOrRate,)
    permissions: ClassVar[dict[str, str]] = {"read": "reports.read"}
    open_to_raters = ("list", "retrieve")
