"""What raters differ on, and what was settled: no rater and no run is named."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from annotation import disputes
from annotation.actions import adjudication
from annotation.models import Adjudication, Criterion, Rater, Study
from gate.api import Place
from generation.models import Completion

N_SHOWN = 200
OF_A_STUDY = [OpenApiParameter("study", required=True)]


class DifferenceOut(serializers.Serializer[Any]):
    """An answer and a criterion; `item` counts from 1. What is `is_own` somebody else settles."""

    completion = serializers.CharField()
    key = serializers.CharField(help_text="The criterion's.")
    label: Any = serializers.CharField()
    item = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    n = serializers.IntegerField(help_text="Raters who gave a value.")
    is_own = serializers.BooleanField()


class DifferencesOut(serializers.Serializer[Any]):
    """The first 200 that nobody has settled."""

    n_open = serializers.IntegerField()
    differences = DifferenceOut(many=True)


class SettledOut(serializers.ModelSerializer[Adjudication]):
    """A settled value. It stands beside the ratings, never instead."""

    criterion = serializers.CharField(source="criterion.key", read_only=True)

    class Meta:
        model = Adjudication
        fields = ("id", "study", "completion", "criterion", "value", "note", "created_at")
        read_only_fields = fields


class SettleIn(serializers.Serializer[Any]):
    """The value that holds, and in a sentence why."""

    study = serializers.CharField()
    completion = serializers.CharField()
    criterion = serializers.CharField(help_text="Its key.")
    value = serializers.IntegerField()
    note = serializers.CharField(max_length=adjudication.MAX_NOTE)


class DifferencePlace(Place):
    """Differences of a study. Hidden while the study hides agreement."""

    queryset = Adjudication.objects.all()
    serializer_class = SettledOut
    query_parameters = frozenset({"study"})
    permissions: ClassVar[dict[str, str]] = {"read": "studies.write", "write": "studies.write"}

    def get_queryset(self) -> QuerySet[Adjudication]:
        return Adjudication.objects.select_related("criterion")

    @extend_schema(parameters=OF_A_STUDY, responses=DifferencesOut)
    def list(self, request: Request) -> Response:
        """What waits to be settled."""
        study = self._study(request)
        found = disputes.open_of(study)
        mine = Rater.objects.filter(user=person(request)).first()
        rows = disputes.listed(study, found[:N_SHOWN], mine)
        shown = {"n_open": found.count(), "differences": [asdict(row) for row in rows]}
        return Response(DifferencesOut(shown).data)

    @extend_schema(request=SettleIn, responses={201: SettledOut})
    def create(self, request: Request) -> Response:
        """Settle one, once and for good; not what one has rated oneself."""
        sent = SettleIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        study = get_object_or_404(Study.objects.select_related("rubric"), pk=said["study"])
        answers = Completion.objects.filter(item_answers__item__study=study).distinct()
        made = adjudication.settle(
            by=person(request),
            study=study,
            completion=get_object_or_404(answers, pk=said["completion"]),
            criterion=get_object_or_404(Criterion, rubric=study.rubric_id, key=said["criterion"]),
            value=said["value"],
            note=said["note"],
            at=timezone.now(),
        )
        return Response(SettledOut(made).data, status=201)

    @extend_schema(parameters=OF_A_STUDY, responses=SettledOut(many=True))
    @action(detail=False, methods=["get"])
    def settled(self, request: Request) -> Response:
        """What was settled, newest first."""
        rows = self.get_queryset().filter(study=self._study(request))
        return self.get_paginated_response(SettledOut(self.paginate_queryset(rows), many=True).data)

    def _study(self, request: Request) -> Study:
        if not (asked := request.query_params.get("study")):
            raise ValidationError({"study": ["Say which study, by its id."]})
        study = get_object_or_404(Study.objects.select_related("rubric"), pk=asked)
        disputes.refuse_hidden(study)
        return study
