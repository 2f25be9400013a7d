"""REST places of training runs."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.permissions import person
from exports.models import Release
from gate.api import Place
from generation.models import LanguageModel
from training import actions, config
from training.models import TrainingRun


class TrainingRunSerializer(serializers.ModelSerializer[TrainingRun]):
    """A run as it stands in a list. `config` is an object; what it leaves out is the preset's."""

    release = serializers.PrimaryKeyRelatedField(queryset=Release.objects.all())
    base = serializers.PrimaryKeyRelatedField(queryset=LanguageModel.objects.all())
    name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    config = serializers.DictField(write_only=True, required=False)
    preset = serializers.CharField(required=False, allow_blank=True, max_length=40)
    settings = serializers.SerializerMethodField()

    class Meta:
        model = TrainingRun
        fields: ClassVar = [
            *("id", "name", "release", "base", "method", "preset", "config", "settings"),
            *("config_digest", "state", "last_error", "step", "n_steps", "checkpoint", "host"),
            *("facts", "result", "adapter_digest", "created_at", "started_at", "finished_at"),
        ]
        read_only_fields: ClassVar = [
            *("id", "method", "config_digest", "state", "last_error", "step", "n_steps"),
            *("checkpoint", "host", "facts", "result", "adapter_digest"),
            *("created_at", "started_at", "finished_at"),
        ]
        validators: ClassVar[list[Any]] = []

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_settings(self, run: TrainingRun) -> dict[str, Any]:
        """Every field of its configuration."""
        return config.read(run.config).canonical()


class LossSerializer(TrainingRunSerializer):
    """One run, with the loss along its steps: pairs of step and loss."""

    losses = serializers.SerializerMethodField()

    class Meta(TrainingRunSerializer.Meta):
        fields: ClassVar = [*TrainingRunSerializer.Meta.fields, "losses"]

    def get_losses(self, run: TrainingRun) -> list[list[float]]:
        return [list(point) for point in run.points.order_by("step").values_list("step", "loss")]


class TrainingRuns(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, Place
):
    """Fine-tuning runs. What can be seen to fail is refused with the reason, nothing started."""

    permissions: ClassVar = {"read": "training.read", "write": "training.write"}
    queryset = TrainingRun.objects.with_names()

    def get_serializer_class(self) -> Any:
        return LossSerializer if self.action == "retrieve" else TrainingRunSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        asked = dict(serializer.validated_data)
        preset = asked.pop("preset", "")
        said = {"preset": preset} if preset else {}
        read = config.read_fields(said | asked.pop("config", {}))
        serializer.instance = actions.start_training(
            by=person(self.request), config=read, preset=preset, at=timezone.now(), **asked
        )

    @extend_schema(request=None, responses=TrainingRunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Keep a checkpoint and stop."""
        actions.cancel_training(by=person(request), run=self.get_object(), at=timezone.now())
        return self._again()

    @extend_schema(request=None, responses=TrainingRunSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Go on from the newest whole checkpoint."""
        actions.resume_training(by=person(request), run=self.get_object(), at=timezone.now())
        return self._again()

    def _again(self) -> Response:
        return Response(TrainingRunSerializer(self.get_object()).data)


ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("training-runs", TrainingRuns, "training-run"),
]
