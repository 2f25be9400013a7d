"""REST: what people say about versions, and how requests move."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from corpus import actions, threads
from corpus.api.drafts import CommentAsJson
from corpus.models import Comment, CommentEvent, Version
from corpus.models.threads import Kind, Move
from gate.api import Place
from gate.parser import CursorPage

STATES = (threads.OPEN, threads.ADDRESSED, threads.RESOLVED)
PARAMETERS = [
    OpenApiParameter("version", str, description="Said about this version."),
    OpenApiParameter("pair", str, description="Said about any version of this pair."),
    OpenApiParameter("kind", str, enum=Kind.values),
    OpenApiParameter("state", str, enum=STATES),
]
LAST_MOVES = {
    threads.OPEN: Q(last_move__isnull=True) | Q(last_move=Move.REOPENED),
    threads.ADDRESSED: Q(last_move=Move.ADDRESSED),
    threads.RESOLVED: Q(last_move=Move.RESOLVED),
}


class EventAsJson(serializers.ModelSerializer[CommentEvent]):
    """An answer (`reply`) or a move."""

    author = serializers.CharField(source="author.name", read_only=True)

    class Meta:
        model = CommentEvent
        fields = ("move", "author", "body", "created_at")
        read_only_fields = fields


class ThreadAsJson(CommentAsJson):
    """A comment or a request with everything that followed; `moves` are what may follow now."""

    moves = serializers.ListField(
        child=serializers.ChoiceField(choices=Move.choices), read_only=True
    )
    events = EventAsJson(many=True, read_only=True)

    class Meta(CommentAsJson.Meta):
        fields = ("version", *CommentAsJson.Meta.fields, "moves", "events")
        read_only_fields = fields


class AnswerAsJson(serializers.Serializer[Any]):
    """A reply and a reopening say why; the other moves may."""

    move = serializers.ChoiceField(choices=Move.choices, default=Move.REPLY)
    body = serializers.CharField(default="", allow_blank=True)


class OldestFirst(CursorPage):
    ordering = ("created_at", "id")


class Threads(ListModelMixin, RetrieveModelMixin, Place):
    """Comments and requests, the oldest first. They begin under `versions/{id}/threads/`."""

    # Who may move which request is asked by the action, as on the page.
    permissions = {"read": "pairs.read", "answer": "pairs.read"}
    query_parameters = frozenset({"version", "pair", "kind", "state"})
    queryset = Comment.objects.none()
    serializer_class = ThreadAsJson
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Comment]:
        seen = Version.objects.visible_to(person(self.request))
        rows = Comment.objects.whole().filter(version__in=seen.order_by())
        return rows if self.action != "list" else self._asked(rows)

    def _asked(self, rows: QuerySet[Comment]) -> QuerySet[Comment]:
        asked = self.request.query_params
        for name, column in (("version", "version"), ("pair", "version__pair")):
            if value := asked.get(name):
                rows = rows.filter(**{column: value})
        if kind := _one_of("kind", asked.get("kind"), Kind.values):
            rows = rows.filter(kind=kind)
        if state := _one_of("state", asked.get("state"), STATES):
            rows = rows.filter(LAST_MOVES[state])
        return rows

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=AnswerAsJson, responses={201: ThreadAsJson})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Reply, or move a request. 409 where its state does not allow the move."""
        said = AnswerAsJson(data=request.data)
        said.is_valid(raise_exception=True)
        comment = self.get_object()
        actions.answer(by=person(request), comment=comment, **said.validated_data)
        return Response(ThreadAsJson(self.get_object()).data, status=201)


def _one_of(name: str, value: str | None, known: Sequence[str]) -> str | None:
    if value and value not in known:
        raise serializers.ValidationError(
            {name: [_("Not known. Use one of: %(known)s.") % {"known": ", ".join(known)}]}
        )
    return value
