"""Calibration rooms: curators make and move them, the people asked into one vote and talk in it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from annotation import answers
from annotation.actions import raters, rooms
from annotation.api.assignments import RatingIn
from annotation.api.permissions import MayDoOrRate
from annotation.api.room_shapes import ItemOfRoomOut, RoomInside, inside, item_shape
from annotation.models import Item, Rater, Room, Study
from gate.api import Place


class RoomOut(serializers.ModelSerializer[Room]):
    class Meta:
        model = Room
        fields = ("id", "study", "name", "state", "created_at")
        read_only_fields = fields


class RoomIn(serializers.Serializer[Any]):
    """`items` are numbers as the study's pages count them, from 1; `raters` are ids."""

    study = serializers.CharField()
    name = serializers.CharField(max_length=120)
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=rooms.MAX_ITEMS
    )
    raters = serializers.ListField(child=serializers.CharField(), max_length=rooms.MAX_RATERS)


class VoteIn(serializers.Serializer[Any]):
    item = serializers.CharField()
    ratings = RatingIn(many=True)


class SayIn(serializers.Serializer[Any]):
    item = serializers.CharField()
    text = serializers.CharField(max_length=rooms.MAX_WORDS)


@extend_schema_view(list=extend_schema(parameters=[OpenApiParameter("study")]))
class RoomPlace(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """Rooms: those one is asked into, or all of them for a curator."""

    queryset = Room.objects.all()
    serializer_class = RoomOut
    query_parameters = frozenset({"study"})
    permission_classes = (MayDoOrRate,)
    permissions: ClassVar[dict[str, str]] = {
        "read": "studies.write",
        "write": "studies.write",
        "vote": "assignments.rate",
    }
    open_to_raters = ("list", "retrieve", "item", "say")

    def get_queryset(self) -> QuerySet[Room]:
        if getattr(self, "swagger_fake_view", False):
            return Room.objects.none()
        user, study = person(self.request), self.request.query_params.get("study")
        curates = user.can("studies.write") and self.action != "vote"
        found = Room.objects.all() if curates else Room.objects.filter(raters__user=user)
        found = found.select_related("study__rubric")
        return found.filter(study=study) if study else found

    @extend_schema(request=RoomIn, responses={201: RoomOut})
    def create(self, request: Request) -> Response:
        """A room in which these people vote on these items."""
        sent = RoomIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        study = get_object_or_404(Study.objects.select_related("rubric"), pk=said["study"])
        people = Rater.objects.filter(pk__in=said["raters"], seats__study=study)
        made = rooms.make(
            by=person(request),
            study=study,
            name=said["name"],
            items=rooms.numbered(study, said["items"]),
            raters=list(people),
        )
        return Response(RoomOut(made).data, status=201)

    @extend_schema(responses=RoomInside)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Its items and criteria, how far each person is, and agreement once votes are shown."""
        room, user = self.get_object(), person(request)
        own = None if user.can("studies.write") else user
        return Response(RoomOut(room).data | inside(room, own))

    @extend_schema(
        responses=ItemOfRoomOut,
        parameters=[OpenApiParameter("item", str, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["get"], url_path=r"items/(?P<item>[^/.]+)")
    def item(self, request: Request, pk: str, item: str) -> Response:
        """An item under the room's letters; its votes and the talk once votes are shown."""
        room = self.get_object()
        mine = room.raters.filter(user=person(request)).first()
        return Response(item_shape(room, _item(room, item), mine))

    @extend_schema(request=VoteIn, responses=RoomOut)
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """Blind; sent again, it is replaced. With the last vote all votes are shown."""
        room, sent = self.get_object(), VoteIn(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            rooms.vote(
                room=room,
                item=_item(room, sent.validated_data["item"]),
                rater=raters.of(person(request)),
                ratings=sent.validated_data["ratings"],
                at=timezone.now(),
            )
        except answers.Unfit as refused:
            return Response({"detail": str(refused), "errors": refused.errors}, status=422)
        return self._moved(room)

    @extend_schema(request=SayIn, responses=RoomOut)
    @action(detail=True, methods=["post"])
    def say(self, request: Request, pk: str) -> Response:
        """What one says about an item while the room talks."""
        room, sent = self.get_object(), SayIn(data=request.data)
        sent.is_valid(raise_exception=True)
        item, text = _item(room, sent.validated_data["item"]), sent.validated_data["text"]
        rooms.say(by=person(request), room=room, item=item, text=text, at=timezone.now())
        return self._moved(room)

    @extend_schema(request=None, responses=RoomOut)
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: str) -> Response:
        """Show the votes although not all are in."""
        room = self.get_object()
        rooms.reveal(by=person(request), room=room)
        return self._moved(room)

    @extend_schema(request=None, responses=RoomOut)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """End the talk and begin the second, blind vote."""
        room = self.get_object()
        rooms.vote_again(by=person(request), room=room)
        return self._moved(room)

    @extend_schema(request=None, responses=RoomOut)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End the room. What was voted and said can be read."""
        room = self.get_object()
        rooms.close(by=person(request), room=room)
        return self._moved(room)

    def _moved(self, room: Room) -> Response:
        room.refresh_from_db(fields=["state"])
        return Response(RoomOut(room).data)


def _item(room: Room, pk: str) -> Item:
    return get_object_or_404(room.items.select_related("prompt"), pk=pk)
