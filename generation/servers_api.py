"""REST places of servers and of the keepers of their hosts."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.permissions import person
from gate.api import Place
from gate.parser import CursorPage
from generation import actions
from generation.models import Keeper, Server


class ServerSerializer(serializers.ModelSerializer[Server]):
    """What is wanted of a server, and what its keeper last saw."""

    class Meta:
        model = Server
        fields: ClassVar = [
            "id",
            "model",
            "host",
            "port",
            "gpus",
            "is_wanted",
            "is_pinned",
            "state",
            "n_crashes",
            "adapters",
            "last_error",
            "log_tail",
            "ready_at",
            "seen_at",
            "created_at",
        ]
        read_only_fields: ClassVar = [each for each in fields if each not in ("model", "host")]
        validators: ClassVar[list[Any]] = []


class KeeperSerializer(serializers.ModelSerializer[Keeper]):
    """The process of a GPU host that starts, watches and stops its servers."""

    is_at_work = serializers.SerializerMethodField()

    class Meta:
        model = Keeper
        fields: ClassVar = ["host", "gpus", "seen_at", "is_at_work"]

    def get_is_at_work(self, keeper: Keeper) -> bool:
        return keeper.is_there(timezone.now())


class Servers(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, Place):
    """Model servers. POST has the server of a model run on a host; of an adapter, its base's."""

    permissions: ClassVar = {"read": "models.read", "write": "models.write"}
    queryset = Server.objects.all()
    serializer_class = ServerSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.instance = actions.start_server(
            by=person(self.request), at=timezone.now(), **serializer.validated_data
        )

    @extend_schema(request=None, responses=ServerSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        """Stop it. A run that asks its model starts it again."""
        server = get_object_or_404(Server.objects.with_names(), pk=pk)
        actions.let_go(by=person(request), server=server)
        return self._again(server)

    @extend_schema(request=None, responses=ServerSerializer)
    @action(detail=True, methods=["post"], url_path="start-again", url_name="start-again")
    def start_again(self, request: Request, pk: str) -> Response:
        """Stop it and start it anew, with its model's settings of now."""
        server = get_object_or_404(Server.objects.with_names(), pk=pk)
        actions.start_again(by=person(request), server=server)
        return self._again(server)

    def _again(self, server: Server) -> Response:
        server.refresh_from_db()
        return Response(ServerSerializer(server).data)


class KeeperPage(CursorPage):
    """Keepers are named by their host."""

    ordering = "host"


class Keepers(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """GPU hosts whose servers are kept running."""

    permissions: ClassVar = {"read": "models.read"}
    queryset = Keeper.objects.all()
    serializer_class = KeeperSerializer
    pagination_class = KeeperPage
    lookup_value_regex = "[^/]+"


ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("servers", Servers, "server"),
    ("keepers", Keepers, "keeper"),
]
