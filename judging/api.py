"""REST places of judges, verdicts, comparisons, and of a study's agreement."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.models import User
from accounts.permissions import person
from annotation import disputes
from annotation.models import Rubric, Study
from annotation.telling import told
from gate.api import Place
from generation.jobs_api import Jobs
from generation.models import LanguageModel, Run
from judging import actions
from judging.comparing import compare
from judging.matchups_api import MATCHUP_ROUTES
from judging.models import Approval, Judge, JudgeRun, Panel, Verdict
from judging.panels_api import PANEL_ROUTES
from judging.rates import rates
from judging.records import agreement_record, comparison_record, rates_record
from judging.reports_api import REPORT_ROUTES
from judging.speakers import speaker
from judging.study_report import report


class JudgeSerializer(serializers.ModelSerializer[Judge]):
    """A judge as it is made and read."""

    kind = serializers.ChoiceField(choices=Judge.Kind.choices, default=Judge.Kind.MODEL)
    model = serializers.PrimaryKeyRelatedField(
        queryset=LanguageModel.objects.filter(endpoint__isnull=False),
        required=False,
        allow_null=True,
        default=None,
    )
    rubric = serializers.PrimaryKeyRelatedField(queryset=Rubric.objects.all())
    prompt = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    is_approved = serializers.SerializerMethodField()

    class Meta:
        model = Judge
        fields = (
            "id",
            "name",
            "kind",
            "model",
            "rubric",
            "prompt",
            "prompt_digest",
            "temperature",
            "max_tokens",
            "seed",
            "asks_one_by_one",
            "replicates",
            "takes_expected_value",
            "is_approved",
            "created_at",
        )
        read_only_fields = ("id", "prompt_digest", "created_at")

    def get_is_approved(self, judge: Judge) -> bool:
        """Whether it may stand in for a rater on its rubric; a new judge may not."""
        return bool(getattr(judge, "approved", False))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A rule has no settings, and every other judge a model."""
        if attrs["kind"] in actions.RULES:
            settings = set(self.initial_data) & (set(self.fields) - {"name", "kind", "rubric"})
            if settings:
                raise ValidationError(
                    {each: [_("A judge that decides by rule has none.")] for each in settings}
                )
        elif attrs["model"] is None:
            raise ValidationError({"model": [_("Name the model that is asked.")]})
        return attrs


class JudgeRunSerializer(serializers.ModelSerializer[JudgeRun]):
    """A judge run with its progress."""

    progress = serializers.SerializerMethodField()
    shares_family = serializers.SerializerMethodField()

    class Meta:
        model = JudgeRun
        fields = (
            "id",
            "judge",
            "run",
            "state",
            "last_error",
            "progress",
            "shares_family",
            "created_at",
        )
        read_only_fields = fields

    def get_progress(self, judge_run: JudgeRun) -> dict[str, int]:
        return judge_run.judgements.all().progress()

    def get_shares_family(self, judge_run: JudgeRun) -> bool:
        """Whether judge and judged are of one family, which the judge may favour."""
        return judge_run.judge.shares_family_with(judge_run.run.model)


class JudgeRuns(Jobs):
    """What judges are set to work on, and how far they are."""

    permissions: ClassVar = {
        "read": "judges.read",
        "write": "judges.write",
        "rates": "judges.read",
    }
    query_parameters: ClassVar = frozenset({"judge", "run"})
    queryset = JudgeRun.objects.select_related("judge__model", "judge__rubric", "run__model")
    serializer_class = JudgeRunSerializer

    def get_queryset(self) -> QuerySet[JudgeRun]:
        asked = self.request.query_params
        chosen = {f"{name}_id": asked[name] for name in ("judge", "run") if name in asked}
        return super().get_queryset().filter(**chosen)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True)
    def rates(self, request: Request, pk: str) -> Response:
        """How often answers complied and refused, by what their prompts call for."""
        return Response(told(rates_record(rates(self.get_object()))))


class StartSerializer(serializers.Serializer[Any]):
    """Which run a judge scores."""

    run = serializers.PrimaryKeyRelatedField(queryset=Run.objects.all())


class Judges(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, Place):
    """Judges; `POST judges/{id}/score/` sets one to work on a run."""

    permissions: ClassVar = {
        "read": "judges.read",
        "write": "judges.write",
        "score": "judges.write",
    }
    queryset = Judge.objects.select_related("model", "rubric").annotate(
        approved=Exists(Approval.objects.standing().filter(judge=OuterRef("pk")))
    )
    serializer_class = JudgeSerializer

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = _make(person(self.request), serializer.validated_data)

    @extend_schema(request=StartSerializer, responses={201: JudgeRunSerializer})
    @action(detail=True, methods=["post"])
    def score(self, request: Request, pk: str) -> Response:
        """Score a run; asking again scores only what is new."""
        asked = StartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        started = actions.start_judge_run(
            by=person(request), judge=self.get_object(), at=timezone.now(), **asked.validated_data
        )
        return Response(JudgeRunSerializer(started).data, status=201)


def _make(by: User, asked: dict[str, Any]) -> Judge:
    """By the action for its kind."""
    name, rubric, kind = asked["name"], asked["rubric"], asked["kind"]
    if kind in actions.RULES:
        return actions.make_rule_judge(by=by, name=name, rubric=rubric, kind=kind)
    settings = {field: value for field, value in asked.items() if field != "kind"}
    if kind == Judge.Kind.SIDE_BY_SIDE:
        settings["compares"] = True
    return actions.make_judge(by=by, **settings)


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    """A verdict; `value` is null where `unscored_reason` says why."""

    criterion = serializers.CharField(source="criterion.key")
    run = serializers.CharField(source="completion.run_id")
    shares_family = serializers.SerializerMethodField()

    class Meta:
        model = Verdict
        fields = (
            "id",
            "judge",
            "run",
            "completion",
            "criterion",
            "replicate",
            "value",
            "expected_value",
            "unscored_reason",
            "evidence",
            "reasoning",
            "shares_family",
            "created_at",
        )

    def get_shares_family(self, verdict: Verdict) -> bool:
        """Whether the judge is of the family of the model that it judged."""
        model = verdict.completion.run.model if verdict.completion else None
        return model is not None and verdict.judge.shares_family_with(model)


class Verdicts(mixins.ListModelMixin, Place):
    """Verdicts, by judge and run, each replicate by itself. Those on anchors are not here."""

    permissions: ClassVar = {"read": "judges.read"}
    query_parameters: ClassVar = frozenset({"judge", "run"})
    queryset = Verdict.objects.on_answers().select_related(
        "criterion", "completion__run__model", "judge__model"
    )
    serializer_class = VerdictSerializer

    def get_queryset(self) -> QuerySet[Verdict]:
        rows = super().get_queryset()
        asked = self.request.query_params
        if judge := asked.get("judge"):
            rows = rows.filter(judge_id=judge)
        if run := asked.get("run"):
            rows = rows.filter(completion__run_id=run)
        return rows


def _parameter(name: str, text: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, required=True, description=text)


class Comparisons(Place):
    """The comparison of two runs: `GET comparisons/?a=&b=&rubric=`."""

    permissions: ClassVar = {"read": "reports.read"}
    query_parameters: ClassVar = frozenset({"a", "b", "rubric", "judge"})
    queryset = Run.objects.select_related("model", "condition", "prompt_set")

    @extend_schema(
        parameters=[
            _parameter("a", "A run's id."),
            _parameter("b", "A run's id, over the same prompt set."),
            _parameter("rubric", "A rubric's slug; its newest version is taken."),
            OpenApiParameter(
                "judge",
                OpenApiTypes.STR,
                description="A judge's or panel's id or name; else the newest that scored both.",
            ),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def list(self, request: Request) -> Response:
        """Per criterion and overall: people, judge, and both together."""
        a, b = self._run("a"), self._run("b")
        slug = request.query_params.get("rubric", "")
        rubric = Rubric.objects.filter(slug=slug).order_by("-version").first()
        if rubric is None:
            raise ValidationError(
                {"rubric": [_("There is no rubric '%(slug)s'.") % {"slug": slug}]}
            )
        found = compare(a=a, b=b, rubric=rubric, judge=self._judge())
        return Response(told(comparison_record(found)))

    def _judge(self) -> Judge | Panel | None:
        named = self.request.query_params.get("judge", "")
        found = speaker(named)
        if named and found is None:
            raise ValidationError(
                {"judge": [_("There is no judge or panel '%(named)s'.") % {"named": named}]}
            )
        return found

    def _run(self, name: str) -> Run:
        pk = self.request.query_params.get(name, "")
        run: Run | None = self.get_queryset().filter(pk=pk).first()
        if run is None:
            raise ValidationError({name: [_("There is no run '%(pk)s'.") % {"pk": pk}]})
        return run


class StudyAgreement(Place):
    """`GET studies/{id}/agreement/`: the study page's figures, per criterion."""

    permissions: ClassVar = {"read": "reports.read"}
    queryset = Study.objects.select_related("rubric")

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The contract of `agreement --json` per criterion, with the judges beside."""
        study = self.get_object()
        disputes.refuse_hidden(study)
        return Response(told(agreement_record(report(study))))


# (prefix, viewset, basename), registered under /api/v1/.
ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("judges", Judges, "judge"),
    ("judge-runs", JudgeRuns, "judge-run"),
    ("verdicts", Verdicts, "verdict"),
    ("comparisons", Comparisons, "comparison"),
    *MATCHUP_ROUTES,
    *PANEL_ROUTES,
    *REPORT_ROUTES,
]
