"""REST places of panels: judges of one rubric, heard as one."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.permissions import person
from annotation.models import Rubric
from gate.api import Place
from generation.models import Run
from judging import actions, words
from judging.models import Judge, Panel


class PanelSerializer(serializers.ModelSerializer[Panel]):
    """A panel; `warnings` say which members are of one family."""

    rubric = serializers.PrimaryKeyRelatedField(queryset=Rubric.objects.all())
    judges = serializers.PrimaryKeyRelatedField(queryset=Judge.objects.all(), many=True)
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Panel
        fields = ("id", "name", "rubric", "judges", "warnings", "created_at")
        read_only_fields = ("id", "created_at")

    def get_warnings(self, panel: Panel) -> list[str]:
        return words.shared_families(panel.members)


class PanelRunSerializer(serializers.Serializer[Any]):
    """Which run the members score."""

    run = serializers.PrimaryKeyRelatedField(queryset=Run.objects.all())


class StartedSerializer(serializers.Serializer[Any]):
    """The judge runs of the members."""

    judge_runs = serializers.ListField(child=serializers.CharField())


class Panels(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, Place):
    """Panels; `POST panels/{id}/score/` sets every member to work on a run."""

    permissions: ClassVar = {
        "read": "judges.read",
        "write": "judges.write",
        "score": "judges.write",
    }
    queryset = Panel.objects.with_members()
    serializer_class = PanelSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.instance = actions.make_panel(
            by=person(self.request), **serializer.validated_data
        )

    @extend_schema(request=PanelRunSerializer, responses={201: StartedSerializer})
    @action(detail=True, methods=["post"])
    def score(self, request: Request, pk: str) -> Response:
        """Score a run by every member; asking again scores only what is new."""
        asked = PanelRunSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        started = actions.start_panel(
            by=person(request), panel=self.get_object(), at=timezone.now(), **asked.validated_data
        )
        return Response({"judge_runs": [each.pk for each in started]}, status=201)


# (prefix, viewset, basename)
PANEL_ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [("panels", Panels, "panel")]
