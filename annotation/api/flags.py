"""Flags: raters raise them on their own items and read the answers, curators work them off."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from annotation.actions import flags
from annotation.api.permissions import MayDoOrRate
from annotation.models import Assignment, Flag, FlagNote
from gate.api import Place

OPEN = {"true": True, "false": False}


class FlagNoteOut(serializers.Serializer[Any]):
    """What was said; nobody is named."""

    by = serializers.ChoiceField(["rater", "curator"])
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class FlagOut(serializers.ModelSerializer[Flag]):
    notes = serializers.SerializerMethodField()

    class Meta:
        model = Flag
        fields = (
            *("id", "study", "assignment", "kind", "is_open"),
            *("notes", "created_at", "resolved_at"),
        )
        read_only_fields = fields

    @extend_schema(responses=FlagNoteOut(many=True))
    def get_notes(self, flag: Flag) -> list[dict[str, Any]]:
        return [
            {
                "by": "rater" if note.author_id == flag.rater.user_id else "curator",
                "text": note.text,
                "created_at": note.created_at,
            }
            for note in flag.notes.all()
        ]


class FlagIn(serializers.Serializer[Any]):
    """A flag on an item that is, or was, one's own."""

    assignment = serializers.CharField()
    kind = serializers.ChoiceField(Flag.Kind.choices)
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class FlagNoteIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)


FILTERS = [OpenApiParameter("study"), OpenApiParameter("open", bool)]


@extend_schema_view(list=extend_schema(parameters=FILTERS))
class FlagPlace(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Flags: a rater's own, or all of them for a curator. `open` filters those that wait."""

    queryset = Flag.objects.all()
    serializer_class = FlagOut
    query_parameters = frozenset({"study", "open"})
    permission_classes = (MayDoOrRate,)
    permissions: ClassVar[dict[str, str]] = {
        "read": "studies.write",
        "write": "studies.write",
        "create": "assignments.rate",
    }
    open_to_raters = ("list", "retrieve", "note")

    def get_queryset(self) -> QuerySet[Flag]:
        if getattr(self, "swagger_fake_view", False):
            return Flag.objects.none()
        user, asked = person(self.request), self.request.query_params
        found = Flag.objects.all() if user.can("studies.write") else Flag.objects.of(user)
        if study := asked.get("study"):
            found = found.filter(study=study)
        if "open" in asked:
            if asked["open"] not in OPEN:
                raise ValidationError({"open": ["Say true or false."]})
            found = found.waiting() if OPEN[asked["open"]] else found.settled()
        notes = FlagNote.objects.order_by("created_at", "id")
        return found.select_related("rater").prefetch_related(Prefetch("notes", notes))

    @extend_schema(request=FlagIn, responses={201: FlagOut})
    def create(self, request: Request) -> Response:
        """Tell the curator about an item. The same flag with other words adds the words."""
        sent = FlagIn(data=request.data)
        sent.is_valid(raise_exception=True)
        mine = Assignment.objects.to_work_on().of(person(request))
        assignment = get_object_or_404(mine, pk=sent.validated_data["assignment"])
        kind, text = sent.validated_data["kind"], sent.validated_data["text"]
        made = flags.raise_flag(assignment=assignment, kind=kind, text=text, at=timezone.now())
        return self._shown(made.pk, status=201)

    @extend_schema(request=FlagNoteIn, responses=FlagOut)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: str) -> Response:
        """A message: the rater's opens a settled flag again, a curator's may name no arm."""
        user, flag = person(request), self.get_object()
        sent = FlagNoteIn(data=request.data)
        sent.is_valid(raise_exception=True)
        say = flags.reply if flag.rater.user_id == user.pk else flags.answer
        say(by=user, flag=flag, text=sent.validated_data["text"], at=timezone.now())
        return self._shown(flag.pk)

    @extend_schema(request=None, responses=FlagOut)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """Settle it. The thread stays."""
        flags.resolve(by=person(request), flag=self.get_object(), at=timezone.now())
        return self._shown(pk)

    @extend_schema(request=None, responses=FlagOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """It waits for a curator again."""
        flags.reopen(by=person(request), flag=self.get_object())
        return self._shown(pk)

    def _shown(self, pk: str, status: int = 200) -> Response:
        return Response(FlagOut(self.get_queryset().get(pk=pk)).data, status=status)
