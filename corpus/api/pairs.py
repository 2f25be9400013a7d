"""REST: pairs, each with its newest version."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from corpus import actions, listing
from corpus.api import filters
from corpus.api.drafts import DraftAsJson, VersionAsJson
from corpus.models import Pair, Version
from corpus.models.pairs import VersionQuerySet
from gate.api import Place


class PairAsJson(serializers.ModelSerializer[Pair]):
    """A pair and its newest version."""

    source = serializers.CharField(  # type: ignore[assignment]  # a field called as DRF's own
        source="source.name", read_only=True, allow_null=True
    )
    latest = serializers.SerializerMethodField()

    class Meta:
        model = Pair
        fields = ("id", "source", "external_id", "created_at", "latest")

    @extend_schema_field(VersionAsJson)
    def get_latest(self, pair: Pair) -> dict[str, object]:
        return VersionAsJson(pair.newest[0]).data  # type: ignore[attr-defined]  # prefetched below


class Pairs(ListModelMixin, RetrieveModelMixin, Place):
    """Pairs, newest first, each with the newest version that one may read.

    Filters ask about the newest version; `status=approved` about what is approved, also while a
    newer version is being written.
    """

    permissions = {"read": "pairs.read", "write": "pairs.write"}
    query_parameters = frozenset(filters.NAMES)
    queryset = Pair.objects.none()
    serializer_class = PairAsJson

    def get_queryset(self) -> QuerySet[Pair]:
        newest = Version.objects.newest_for(person(self.request))
        pairs = Pair.objects.select_related("source").prefetch_related(
            Prefetch("versions", queryset=newest.with_people(), to_attr="newest")
        )
        return pairs.filter(self._chosen(newest))

    def _chosen(self, newest: VersionQuerySet) -> Exists | Q:
        asked = filters.asked(self.request) if self.action == "list" else {}
        if not asked:
            return Exists(newest.filter(pair=OuterRef("pk")))
        rows = listing.filtered(asked, user=person(self.request), on=timezone.now().date())
        return Q(pk__in=rows.order_by().values("pair"))

    @extend_schema(parameters=filters.PARAMETERS)
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=DraftAsJson, responses={201: VersionAsJson})
    def create(self, request: Request) -> Response:
        """A new pair; the answer is the draft of its first version."""
        draft = DraftAsJson(data=request.data)
        draft.is_valid(raise_exception=True)
        version = actions.start_pair(by=person(request), at=timezone.now(), fields=draft.written())
        return Response(VersionAsJson(version).data, status=201)

    @extend_schema(request=None, responses={201: VersionAsJson})
    @action(detail=True, methods=["post"], url_path="new-version")
    def new_version(self, request: Request, pk: str) -> Response:
        """Go on after changes were asked for, or from what was approved."""
        version = actions.start_new_version(
            by=person(request), pair=self.get_object(), at=timezone.now()
        )
        return Response(VersionAsJson(version).data, status=201)
