"""Studies: made, opened and closed by curators; raters see the open ones and ask for an item."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from annotation import progress
from annotation.actions import allocation, care, plans, quota, raters, studies
from annotation.api.assignments import NextOut, shape
from annotation.api.permissions import MayDoOrRate
from annotation.models import Rater, Rubric, Study
from gate.api import Place
from generation.models import Run


class StudyForRaters(serializers.ModelSerializer[Study]):
    """What a rater may know: nothing of runs, models, seed or k."""

    class Meta:
        model = Study
        fields = (
            "id",
            "slug",
            "name",
            "state",
            "rubric",
            "n_items",
            "asks_preference",
            "guidelines",
            "content_note",
            "created_at",
        )
        read_only_fields = fields


class StudyOut(StudyForRaters):
    """What a curator or researcher sees."""

    runs: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = Study
        fields = (
            *StudyForRaters.Meta.fields,
            "runs",
            "k",
            "n_shared",
            "n_core",
            "asks_ratings",
            "asks_reason",
            "asks_guess",
            "repeat_percent",
            "repeat_after_days",
            "routes_by_language",
            "routes_by_country",
            "routes_by_domain",
            "hides_names",
            "hides_agreement",
            "practice_percent",
            "undo_minutes",
            "lease_minutes",
            "is_imported",
            "is_sample",
            "opened_at",
            "closed_at",
        )
        read_only_fields = fields


class NextIn(serializers.Serializer[Any]):
    """Nothing, or that one goes on although a break was offered."""

    go_on = serializers.BooleanField(required=False, default=False)


class PlanIn(serializers.Serializer[Any]):
    """What decides how much work a study is."""

    rubric = serializers.PrimaryKeyRelatedField(queryset=Rubric.objects.all())
    runs = serializers.PrimaryKeyRelatedField(many=True, queryset=Run.objects.all())
    k = serializers.IntegerField(min_value=1, max_value=studies.MAX_K, default=3)
    asks_ratings = serializers.BooleanField(default=True)
    asks_preference = serializers.BooleanField(required=False, allow_null=True, default=None)
    n_shared = serializers.IntegerField(
        min_value=0, required=False, allow_null=True, help_text="Null: all items are rated by k."
    )
    n_core = serializers.IntegerField(min_value=0, max_value=studies.MAX_CORE, default=0)
    repeat_percent = serializers.IntegerField(min_value=0, max_value=50, default=0)
    repeat_after_days = serializers.IntegerField(min_value=1, max_value=90, default=3)


class StudyIn(PlanIn):
    """A new study."""

    name = serializers.CharField(max_length=120)
    slug = serializers.SlugField(max_length=80)
    asks_reason = serializers.BooleanField(default=False)
    asks_guess = serializers.BooleanField(default=True)
    routes_by_language = serializers.BooleanField(default=False)
    routes_by_country = serializers.BooleanField(default=False)
    routes_by_domain = serializers.BooleanField(default=False)
    hides_names = serializers.BooleanField(default=False)
    hides_agreement = serializers.BooleanField(default=False)
    practice_percent = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True
    )
    undo_minutes = serializers.IntegerField(min_value=0, max_value=1440, default=10)
    guidelines = serializers.CharField(required=False, allow_blank=True, default="")
    content_note = serializers.CharField(required=False, allow_blank=True, default="")
    lease_minutes = serializers.IntegerField(min_value=1, max_value=1440, default=60)


class PlanOut(serializers.Serializer[Any]):
    """`n_ratings` counts items times people, without the core; `seconds` is for one item."""

    n_items = serializers.IntegerField()
    n_by_k = serializers.IntegerField()
    n_by_one = serializers.IntegerField()
    n_core = serializers.IntegerField()
    n_ratings = serializers.IntegerField()
    seconds = serializers.IntegerField()
    sentences = serializers.ListField(child=serializers.CharField())


class RatersPerItemIn(serializers.Serializer[Any]):
    """`was`, where it is sent, is the number that was seen: another one since is a conflict."""

    k = serializers.IntegerField(min_value=1, max_value=studies.MAX_K)
    was = serializers.IntegerField(required=False)


class OpenIn(serializers.Serializer[Any]):
    """Without `shows_names`, a study whose answers name their model in the open does not open."""

    shows_names = serializers.BooleanField(required=False, default=False)


class ProgressOut(serializers.Serializer[Any]):
    """Counts of places; raters get their own only, without the last four."""

    n_items = serializers.IntegerField()
    n_submitted = serializers.IntegerField()
    n_skipped = serializers.IntegerField()
    k = serializers.IntegerField(required=False)
    n_wanted = serializers.IntegerField(required=False)
    n_leased = serializers.IntegerField(required=False)
    n_raters = serializers.IntegerField(required=False)


class StudyPlace(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Studies."""

    queryset = Study.objects.all()
    serializer_class = StudyOut
    permission_classes = (MayDoOrRate,)
    permissions: ClassVar[dict[str, str]] = {
        "read": "studies.read",
        "write": "studies.write",
        "next": "assignments.rate",
    }
    open_to_raters = ("list", "retrieve", "progress")

    def get_queryset(self) -> QuerySet[Study]:
        if getattr(self, "swagger_fake_view", False):
            return Study.objects.none()
        if self.action == "next":
            return Study.objects.opened().select_related("rubric")
        return Study.objects.visible_to(person(self.request)).prefetch_related("runs")

    def get_serializer_class(self) -> Any:
        if getattr(self, "swagger_fake_view", False) or person(self.request).can("studies.read"):
            return StudyOut
        return StudyForRaters

    @extend_schema(request=StudyIn, responses={201: StudyOut})
    def create(self, request: Request) -> Response:
        """Make a study. It is prepared, not open."""
        sent = StudyIn(data=request.data)
        sent.is_valid(raise_exception=True)
        made = studies.create(by=person(request), **sent.validated_data)
        return Response(StudyOut(made).data, status=201)

    @extend_schema(request=PlanIn, responses=PlanOut)
    @action(detail=False, methods=["post"])
    def plan(self, request: Request) -> Response:
        """How many ratings and hours a study would take. Makes nothing."""
        sent = PlanIn(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(PlanOut(plans.of(**sent.validated_data)).data)

    @extend_schema(request=RatersPerItemIn, responses=StudyOut)
    @action(detail=True, methods=["post"], url_path="raters-per-item")
    def raters_per_item(self, request: Request, pk: str) -> Response:
        """More or fewer people for each item. More adds places, fewer deletes nothing."""
        sent = RatersPerItemIn(data=request.data)
        sent.is_valid(raise_exception=True)
        study = quota.change(by=person(request), study=self.get_object(), **sent.validated_data)
        return Response(StudyOut(study).data)

    @extend_schema(request=OpenIn, responses=StudyOut)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """Let raters in."""
        sent = OpenIn(data=request.data)
        sent.is_valid(raise_exception=True)
        study = studies.open(
            by=person(request), study=self.get_object(), at=timezone.now(), **sent.validated_data
        )
        return Response(StudyOut(study).data)

    @extend_schema(request=None, responses=StudyOut)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Take no more ratings."""
        study = studies.close(by=person(request), study=self.get_object(), at=timezone.now())
        return Response(StudyOut(study).data)

    @extend_schema(request=NextIn, responses=NextOut)
    @action(detail=True, methods=["post"])
    def next(self, request: Request, pk: str) -> Response:
        """Your item, leased to you; or none, and why. A break that was offered is a prompt: say
        `go_on` to go on before it is over. A cap is a cap.
        """
        study = self.get_queryset().filter(pk=pk).first()
        if study is None:
            raise NotFound
        rater = raters.of(person(request))
        sent = NextIn(data=request.data)
        sent.is_valid(raise_exception=True)
        if sent.validated_data["go_on"]:
            care.end_rest(rater=rater, at=timezone.now())
        found = allocation.next_assignment(study=study, rater=rater, at=timezone.now())
        if isinstance(found, allocation.Nothing):
            return Response({"assignment": None, "reason": str(found.reason)})
        return Response({"assignment": shape(found)})

    @extend_schema(responses=ProgressOut)
    @action(detail=True, methods=["get"])
    def progress(self, request: Request, pk: str) -> Response:
        """How far the study is; for raters, how far they are."""
        study = self.get_object()
        if person(request).can("studies.read"):
            return Response(progress.of_study(study))
        return Response(
            progress.of_rater(study, Rater.objects.filter(user=person(request)).first())
        )
