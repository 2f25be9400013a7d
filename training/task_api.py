"""REST place: benchmark tasks put to models, with their scores."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.permissions import person
from gate.api import Place
from generation.models import Condition, LanguageModel
from training import beside
from training.actions import tasks as actions
from training.models import TaskRun, TaskScore
from training.models.tasks import MODES
from training.task_forms import folder_named


class TaskScoreSerializer(serializers.ModelSerializer[TaskScore]):
    """A figure with its 95 % interval; `note` says how that was made, or why there is none."""

    class Meta:
        model = TaskScore
        fields: ClassVar = [
            *("task", "metric", "filter", "value", "low", "high", "n", "note"),
            *("is_group", "weighs", "higher_is_better", "n_shots", "task_version"),
        ]
        read_only_fields = fields


class TaskRunSerializer(serializers.ModelSerializer[TaskRun]):
    """`tasks` are names of the harness; `folder` is one within TASK_DIR. `tasks_in_doubt` weighed
    given answers within a chat template: their scores may be at chance for that reason alone."""

    model = serializers.PrimaryKeyRelatedField(queryset=LanguageModel.objects.all())
    condition = serializers.PrimaryKeyRelatedField(
        queryset=Condition.objects.all(), required=False, allow_null=True, default=None
    )
    tasks = serializers.ListField(child=serializers.CharField(max_length=120), max_length=50)
    mode = serializers.ChoiceField(choices=MODES)
    folder = serializers.CharField(
        source="task_folder", required=False, allow_blank=True, max_length=255, default=""
    )
    tokenizer = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    limit = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    n_shots = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True, default=None
    )
    scores = TaskScoreSerializer(many=True, read_only=True)
    tasks_in_doubt = serializers.SerializerMethodField()

    class Meta:
        model = TaskRun
        fields: ClassVar = [
            *("id", "model", "condition", "tasks", "mode", "folder", "tokenizer", "limit"),
            *("n_shots", "state", "last_error", "harness_version", "created_at", "started_at"),
            *("finished_at", "scores", "tasks_in_doubt"),
        ]
        read_only_fields: ClassVar = [
            *("id", "state", "last_error", "harness_version", "created_at", "started_at"),
            "finished_at",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_tasks_in_doubt(self, run: TaskRun) -> list[str]:
        return beside.collapsing(run, list(run.scores.all()))

    def validate_folder(self, name: str) -> str:
        """A folder of the list, by name; no path."""
        try:
            return folder_named(name)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


class TaskRuns(mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Benchmark tasks put to a model at its endpoint."""

    permissions: ClassVar = {"read": "training.read", "write": "training.write"}
    queryset = TaskRun.objects.prefetch_related("scores").defer("results", "log_tail")
    serializer_class = TaskRunSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        values = dict(serializer.validated_data)
        serializer.instance = actions.start_task_run(
            by=person(self.request), folder=values.pop("task_folder"), at=timezone.now(), **values
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """End it; nothing of it is kept."""
        actions.cancel_task_run(by=person(request), run=self.get_object(), at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)


# (prefix, viewset, basename), registered under /api/v1/.
ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [("task-runs", TaskRuns, "task-run")]
