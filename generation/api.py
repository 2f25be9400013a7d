"""REST places: endpoints, models, conditions, runs and their completions."""

from dataclasses import fields
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.permissions import person
from corpus.models import PromptSet
from gate.api import Place
from gate.parser import CursorPage
from generation import actions
from generation.jobs_api import Jobs
from generation.messages import Sampling
from generation.models import Completion, Condition, Endpoint, LanguageModel, Run
from generation.queue import State
from generation.servers_api import ROUTES as SERVER_ROUTES

SERVING = tuple(field.name for field in fields(actions.Serving))
SAMPLING = ("temperature", "top_p", "max_tokens", "seed")


class EndpointSerializer(serializers.ModelSerializer[Endpoint]):
    """The key itself is never stored, so there is nothing to hide."""

    class Meta:
        model = Endpoint
        fields: ClassVar = [
            *("id", "name", "kind", "base_url", "api_key_variable", "max_in_flight"),
            "created_at",
        ]
        read_only_fields: ClassVar = ["id", "created_at"]
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "name": {"validators": []},
            "kind": {"required": True},
            "max_in_flight": {"required": False},
        }
        validators: ClassVar[list[Any]] = []


class ModelSerializer(serializers.ModelSerializer[LanguageModel]):
    """`endpoint` is an id, or null for a model whose answers are imported.

    With `base` it is an adapter, served by its base's server under its own name.
    """

    class Meta:
        model = LanguageModel
        fields: ClassVar = [
            "id",
            "name",
            "endpoint",
            "served_name",
            "revision",
            "family",
            "base",
            "adapter_path",
            "adapter_digest",
            *SERVING,
            "created_at",
        ]
        read_only_fields: ClassVar = ["id", "created_at"]
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "name": {"validators": []},
            "endpoint": {"required": False},
            "base": {"required": False},
        }
        validators: ClassVar[list[Any]] = []


class ConditionSerializer(serializers.ModelSerializer[Condition]):
    """`thinking` null leaves reasoning to the model."""

    class Meta:
        model = Condition
        fields: ClassVar = [
            "id",
            "name",
            "system_prompt",
            "system_prompt_digest",
            "temperature",
            "top_p",
            "max_tokens",
            "seed",
            "thinking",
            "created_at",
        ]
        read_only_fields: ClassVar = ["id", "system_prompt_digest", "created_at"]
        extra_kwargs: ClassVar[dict[str, Any]] = {"name": {"validators": []}}
        validators: ClassVar[list[Any]] = []


class RunSerializer(serializers.ModelSerializer[Run]):
    """A run as it stands in a list. `prompt_set` is the set's slug."""

    prompt_set = serializers.SlugRelatedField(slug_field="slug", queryset=PromptSet.objects.all())
    condition = serializers.PrimaryKeyRelatedField(queryset=Condition.objects.all())

    class Meta:
        model = Run
        fields: ClassVar = [
            "id",
            "prompt_set",
            "model",
            "condition",
            "replicates",
            "plays_turns",
            "state",
            "last_error",
            "is_imported",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields: ClassVar = [
            "id",
            "state",
            "last_error",
            "is_imported",
            "created_at",
            "started_at",
            "finished_at",
        ]


class ProgressSerializer(serializers.Serializer[dict[str, int]]):
    """Answers by state."""

    pending = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()


class RunDetailSerializer(RunSerializer):
    """A run with its progress."""

    progress = serializers.SerializerMethodField()

    class Meta(RunSerializer.Meta):
        fields: ClassVar = [*RunSerializer.Meta.fields, "progress"]

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, run: Run) -> dict[str, int]:
        return run.completions.progress()


class CompletionSerializer(serializers.ModelSerializer[Completion]):
    """An answer with everything it came from; `marks` say what to know before judging it."""

    marks = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Completion
        fields: ClassVar = [
            "id",
            "run",
            "prompt",
            "replicate",
            "state",
            "text",
            "reasoning",
            "digest",
            "finish_reason",
            "n_prompt_tokens",
            "n_completion_tokens",
            "latency_s",
            "completed_at",
            "error",
            "marks",
            "trajectory",
            "provenance",
        ]
        read_only_fields = fields


class ListOnly(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """What is listed and read."""


class Endpoints(mixins.CreateModelMixin, ListOnly):
    """Where models answer."""

    permissions: ClassVar = {"read": "models.read", "write": "models.write"}
    queryset = Endpoint.objects.all()
    serializer_class = EndpointSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        values = serializer.validated_data
        serializer.instance = actions.register_endpoint(by=person(self.request), **values)


class Models(mixins.CreateModelMixin, ListOnly):
    """Weights under a name."""

    permissions: ClassVar = {"read": "models.read", "write": "models.write"}
    queryset = LanguageModel.objects.all()
    serializer_class = ModelSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        values = dict(serializer.validated_data)
        settings = {name: values.pop(name) for name in SERVING if name in values}
        serializer.instance = actions.register_model(
            by=person(self.request), serving=actions.Serving(**settings), **values
        )


class Conditions(mixins.CreateModelMixin, ListOnly):
    """How a model is asked."""

    permissions: ClassVar = {"read": "models.read", "write": "models.write"}
    queryset = Condition.objects.all()
    serializer_class = ConditionSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        values = dict(serializer.validated_data)
        sampling = Sampling(**{name: values.pop(name) for name in SAMPLING if name in values})
        serializer.instance = actions.make_condition(
            by=person(self.request), sampling=sampling, **values
        )


class Runs(mixins.CreateModelMixin, Jobs):
    """A model under a condition over a prompt set."""

    permissions: ClassVar = {"read": "runs.read", "write": "runs.write"}
    query_parameters = frozenset({"state"})
    queryset = Run.objects.select_related("prompt_set")

    def get_serializer_class(self) -> type[RunSerializer]:
        return RunSerializer if self.action in ("list", "create") else RunDetailSerializer

    def get_queryset(self) -> QuerySet[Run]:
        state = self.request.query_params.get("state")
        if state is None:
            return super().get_queryset()
        if state not in Run.STATES:
            raise ValidationError(
                {"state": [_("Use one of: %(run)s.") % {"run": ", ".join(Run.STATES)}]}
            )
        return super().get_queryset().filter(state=state)

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        values = serializer.validated_data
        serializer.instance = actions.start_run(
            by=person(self.request), at=timezone.now(), **values
        )


class CompletionPage(CursorPage):
    """Completions have no time of creation: they stand in the order of their ids."""

    ordering = "id"


class Completions(ListOnly):
    """The answers of runs."""

    permissions: ClassVar = {"read": "runs.read"}
    query_parameters = frozenset({"run", "state"})
    queryset = Completion.objects.all()
    serializer_class = CompletionSerializer
    pagination_class = CompletionPage

    def get_queryset(self) -> QuerySet[Completion]:
        rows = super().get_queryset()
        run, state = (self.request.query_params.get(name) for name in ("run", "state"))
        if state is not None and state not in State.values:
            raise ValidationError(
                {"state": [_("Use one of: %(state)s.") % {"state": ", ".join(State.values)}]}
            )
        if run is not None:
            rows = rows.filter(run=get_object_or_404(Run, pk=run))
        return rows if state is None else rows.filter(state=state)

    @extend_schema(
        parameters=[
            OpenApiParameter("run", OpenApiTypes.STR, description="Id of a run."),
            OpenApiParameter("state", OpenApiTypes.STR, enum=State.values),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answers, of one run with `?run=`."""
        return super().list(request, *args, **kwargs)


# (prefix, viewset, basename), registered under /api/v1/.
ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("endpoints", Endpoints, "endpoint"),
    ("models", Models, "model"),
    ("conditions", Conditions, "condition"),
    ("runs", Runs, "run"),
    ("completions", Completions, "completion"),
    *SERVER_ROUTES,
]
