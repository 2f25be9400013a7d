"""REST places of runs side by side: matchups, and the choices in them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.permissions import person
from annotation.telling import told
from gate.api import Place
from gate.parser import CursorPage
from generation.jobs_api import Jobs
from generation.models import Run
from judging import actions
from judging.matchup_report import findings
from judging.models import Duel, Judge, Matchup
from judging.records import matchup_record


class MatchupSerializer(serializers.ModelSerializer[Matchup]):
    """Two runs before a judge, with its progress."""

    judge = serializers.PrimaryKeyRelatedField(
        queryset=Judge.objects.filter(kind=Judge.Kind.SIDE_BY_SIDE)
    )
    run_a = serializers.PrimaryKeyRelatedField(queryset=Run.objects.all())
    run_b = serializers.PrimaryKeyRelatedField(queryset=Run.objects.all())
    progress = serializers.SerializerMethodField()
    shares_family = serializers.SerializerMethodField()

    class Meta:
        model = Matchup
        fields: ClassVar = [
            *("id", "judge", "run_a", "run_b", "state", "last_error"),
            *("progress", "shares_family", "created_at"),
        ]
        read_only_fields = ("id", "state", "last_error", "created_at")

    def get_progress(self, matchup: Matchup) -> dict[str, int]:
        """Choices by state; each pair has two, one in each order."""
        return matchup.duels.all().progress()

    def get_shares_family(self, matchup: Matchup) -> bool:
        """Whether the judge is of the family of a model that it compares."""
        return matchup.shares_family


class MatchupDetailSerializer(MatchupSerializer):
    """The same with what was found."""

    findings = serializers.SerializerMethodField()

    class Meta(MatchupSerializer.Meta):
        fields: ClassVar = [*MatchupSerializer.Meta.fields, "findings"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_findings(self, matchup: Matchup) -> dict[str, Any]:
        """Wins, ties and what place means, over all pairs and by domain."""
        said: dict[str, Any] = told(matchup_record(findings(matchup)))
        return said


class Matchups(mixins.CreateModelMixin, Jobs):
    """Runs side by side; posting the same judge and runs again compares only what is new."""

    permissions: ClassVar = {"read": "judges.read", "write": "judges.write"}
    query_parameters: ClassVar = frozenset({"judge"})
    queryset = Matchup.objects.with_names()

    def get_serializer_class(self) -> type[MatchupSerializer]:
        return MatchupSerializer if self.action in ("list", "create") else MatchupDetailSerializer

    def get_queryset(self) -> QuerySet[Matchup]:
        judge = self.request.query_params.get("judge")
        rows = super().get_queryset()
        return rows if judge is None else rows.filter(judge_id=judge)

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.instance = actions.start_matchup(
            by=person(self.request), at=timezone.now(), **serializer.validated_data
        )


class DuelSerializer(serializers.ModelSerializer[Duel]):
    """A choice in one order; `choice` is empty where `unscored_reason` or `error` says why."""

    class Meta:
        model = Duel
        fields: ClassVar = [
            *("id", "matchup", "completion_a", "completion_b", "is_swapped", "replicate"),
            *("state", "choice", "unscored_reason", "error", "reasoning", "n_asks"),
            *("completed_at", "provenance"),
        ]
        read_only_fields = fields


class DuelPage(CursorPage):
    """Choices stand in the order of their ids."""

    ordering = "id"


class Duels(mixins.ListModelMixin, Place):
    """The choices of one matchup, each pair in both orders."""

    permissions: ClassVar = {"read": "judges.read"}
    query_parameters: ClassVar = frozenset({"matchup"})
    queryset = Duel.objects.all()
    serializer_class = DuelSerializer
    pagination_class = DuelPage

    def get_queryset(self) -> QuerySet[Duel]:
        rows, matchup = super().get_queryset(), self.request.query_params.get("matchup")
        if matchup is None:
            return rows
        return rows.filter(matchup=get_object_or_404(Matchup, pk=matchup))

    @extend_schema(parameters=[OpenApiParameter("matchup", OpenApiTypes.STR)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Choices, of one matchup with `?matchup=`."""
        return super().list(request, *args, **kwargs)


MATCHUP_ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("matchups", Matchups, "matchup"),
    ("duels", Duels, "duel"),
]
