"""The last question of a study by REST: which of one's own answers came from where."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import person
from annotation import guessing
from annotation.actions import guesses
from annotation.models import Guess, Seat
from gate.api import Place


class LabelOut(serializers.Serializer[Any]):
    """Where answers may have come from; `place` is what a guess says."""

    place = serializers.CharField()
    name = serializers.CharField()


class QuestionOut(serializers.Serializer[Any]):
    """One of the answers that this rater rated."""

    assignment = serializers.CharField()
    messages = serializers.ListField(child=serializers.DictField())
    language = serializers.CharField()
    text = serializers.CharField(allow_blank=True)


class QuestionsOut(serializers.Serializer[Any]):
    labels = LabelOut(many=True)
    questions = QuestionOut(many=True)


class GuessesIn(serializers.Serializer[Any]):
    """`guesses` is assignment -> place of a label, or "none" for no idea."""

    study = serializers.CharField()
    guesses = serializers.DictField(child=serializers.CharField())


class GuessesOut(serializers.Serializer[Any]):
    n = serializers.IntegerField()


class GuessPlace(Place):
    """One's own guesses, asked once, when nothing is left to rate. Nobody reads another's."""

    queryset = Guess.objects.none()
    serializer_class = QuestionsOut
    query_parameters = frozenset({"study"})
    permissions: ClassVar[dict[str, str]] = {
        "read": "assignments.rate",
        "write": "assignments.rate",
    }

    @extend_schema(parameters=[OpenApiParameter("study", required=True)], responses=QuestionsOut)
    def list(self, request: Request) -> Response:
        """A few of the answers that one rated, and where they may have come from."""
        seat = self._seat(person(request), request.query_params.get("study"))
        labels = enumerate(guessing.labels(seat.study), start=1)
        shown = {
            "labels": [{"place": str(n), "name": arm.guess_label} for n, arm in labels],
            "questions": guessing.questions(seat),
        }
        return Response(QuestionsOut(shown).data)

    @extend_schema(request=GuessesIn, responses={201: GuessesOut})
    def create(self, request: Request) -> Response:
        """Guess, once, about all that was asked."""
        sent = GuessesIn(data=request.data)
        sent.is_valid(raise_exception=True)
        seat = self._seat(person(request), sent.validated_data["study"])
        given = sent.validated_data["guesses"]
        return Response({"n": guesses.give(seat=seat, given=given, at=timezone.now())}, status=201)

    def _seat(self, user: User, study: str | None) -> Seat:
        if not study:
            raise ValidationError({"study": ["Say which study, by its id."]})
        mine = Seat.objects.filter(rater__user=user).exclude(study__opened_at=None)
        seat = get_object_or_404(mine.select_related("study__rubric", "rater"), study=study)
        guesses.refuse_early(seat, at=timezone.now())
        return seat
