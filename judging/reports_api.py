"""REST places of stored reports: asked for, read, computed again."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.permissions import person
from annotation.models import Rubric, Study
from gate.api import Place
from gate.parser import CursorPage
from generation.models import Run
from judging import actions
from judging.comparing import NotComparable, check_comparable
from judging.models import Judge, Panel, Report
from judging.reports import freshness


class AskSerializer(serializers.Serializer[Any]):
    """What a report is about: a study; a study and a judge; or two runs and a rubric."""

    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    study = serializers.PrimaryKeyRelatedField(
        queryset=Study.objects.select_related("rubric"), required=False
    )
    judge = serializers.PrimaryKeyRelatedField(queryset=Judge.objects.all(), required=False)
    panel = serializers.PrimaryKeyRelatedField(queryset=Panel.objects.all(), required=False)
    run_a = serializers.PrimaryKeyRelatedField(queryset=Run.objects.all(), required=False)
    run_b = serializers.PrimaryKeyRelatedField(queryset=Run.objects.all(), required=False)
    rubric = serializers.PrimaryKeyRelatedField(queryset=Rubric.objects.all(), required=False)

    NEEDS: ClassVar = {
        "study": {"study"},
        "validation": {"study", "judge"},
        "comparison": {"run_a", "run_b", "rubric"},
    }
    MAY: ClassVar = {"comparison": {"judge", "panel"}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly the subjects of the kind."""
        kind, given = attrs["kind"], set(attrs) - {"kind"}
        needed = self.NEEDS[kind]
        wrong = (needed - given) | (given - needed - self.MAY.get(kind, set()))
        if wrong or {"judge", "panel"} <= given:
            names = ", ".join(sorted(needed))
            raise ValidationError(
                _("A report of the kind %(kind)s is about: %(names)s.")
                % {"kind": kind, "names": names}
            )
        if kind == "comparison":
            speaker = attrs.get("judge") or attrs.get("panel")
            try:
                check_comparable(attrs["run_a"], attrs["run_b"], attrs["rubric"], speaker)
            except NotComparable as refusal:
                raise ValidationError(str(refusal)) from refusal
        elif kind == "validation" and attrs["judge"].rubric_id != attrs["study"].rubric_id:
            raise ValidationError(_("This judge judges by another rubric than the study's."))
        return {"rubric": attrs["study"].rubric, **attrs} if "study" in attrs else attrs


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report without its content."""

    class Meta:
        model = Report
        fields: tuple[str, ...] = (
            *("id", "kind", "study", "judge", "panel", "run_a", "run_b", "rubric"),
            *("state", "error", "asked_at", "computed_at", "input_digest"),
        )
        read_only_fields: tuple[str, ...] = fields


class WholeReportSerializer(ReportSerializer):
    """A report with its content; `is_fresh` says whether anything came since."""

    is_fresh = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "is_fresh", "result")
        read_only_fields = fields

    def get_is_fresh(self, report: Report) -> bool:
        return report.state == "done" and report.input_digest == freshness.of(report)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_result(self, report: Report) -> Any:
        """Headline, sections with sentences, tables and figures, and the methods paragraph.

        In the language that `Accept-Language` asks for.
        """
        return report.said


class ByAsking(CursorPage):
    """Those that were asked for last come first."""

    ordering = ("-asked_at", "id")


class Reports(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Reports; `POST reports/` asks for one, `POST reports/{id}/again/` has it computed anew."""

    permissions: ClassVar = {
        "read": "reports.read",
        "write": "reports.read",
        "again": "reports.read",
    }
    query_parameters: ClassVar = frozenset({"kind", "study"})
    queryset = Report.objects.told().select_related("rubric")
    serializer_class = ReportSerializer
    pagination_class = ByAsking

    def get_queryset(self) -> QuerySet[Report]:
        asked = self.request.query_params
        chosen = {name: asked[name] for name in ("kind", "study") if name in asked}
        rows: QuerySet[Report] = super().get_queryset().filter(**chosen)
        return rows.defer("result", "figures") if self.action == "list" else rows

    @extend_schema(responses=WholeReportSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With its content: null until it was computed."""
        return Response(WholeReportSerializer(self.get_object()).data)

    @extend_schema(request=AskSerializer, responses={201: ReportSerializer})
    def create(self, request: Request) -> Response:
        """The report on these subjects; the same one when it is asked for again."""
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        at = timezone.now()
        found = actions.report_on(by=person(request), at=at, **asked.validated_data)
        actions.bring_up_to_date(report=found, at=at)
        found.refresh_from_db()
        return Response(ReportSerializer(found).data, status=201)

    @extend_schema(request=None, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """Compute it again. While it is being computed nothing else happens."""
        found = self.get_object()
        actions.ask_report_again(by=person(request), report=found, at=timezone.now())
        found.refresh_from_db()
        return Response(ReportSerializer(found).data)


REPORT_ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [("reports", Reports, "report")]
