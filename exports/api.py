"""REST places of releases and of the files made of releases and studies."""

from typing import Any, ClassVar, cast

from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.models import User
from annotation.models import Study
from corpus.models import Domain
from exports import actions, serving, store
from exports.models import Release
from exports.sources import Source
from gate.api import Place


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A release as it is made and listed. `domains` are slugs; none means all."""

    domains = serializers.SlugRelatedField(
        slug_field="slug", many=True, write_only=True, required=False, queryset=Domain.objects.all()
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    n_pairs = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields = (
            "id",
            "name",
            "version",
            "description",
            "domains",
            "filters",
            "n_pairs",
            "digest",
            "is_sample",
            "created_at",
            "withdrawn_at",
            "withdrawn_reason",
        )
        read_only_fields = (
            "id",
            "filters",
            "digest",
            "is_sample",
            "created_at",
            "withdrawn_at",
            "withdrawn_reason",
        )
        validators: ClassVar[list[Any]] = []  # the action says it in better words, with 409

    def get_n_pairs(self, release: Release) -> int:
        counted: int | None = getattr(release, "n_pairs", None)
        return release.entries.count() if counted is None else counted


class FileSerializer(serializers.Serializer[Any]):
    """A file that can be had. `sha256` is its ETag."""

    name = serializers.CharField()
    format = serializers.CharField()
    media_type = serializers.CharField()
    url = serializers.CharField()
    sha256 = serializers.CharField(required=False)
    n_bytes = serializers.IntegerField(required=False)


class ManifestSerializer(ReleaseSerializer):
    """A release with its files; a withdrawn one gives none."""

    files = serializers.SerializerMethodField()

    class Meta(ReleaseSerializer.Meta):
        fields = (*ReleaseSerializer.Meta.fields, "files")  # type: ignore[assignment]

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, release: Release) -> list[dict[str, Any]]:
        return [] if release.is_withdrawn else [_made(file) for file in _files(release)]


class StudyFilesSerializer(serializers.ModelSerializer[Study]):
    """The files of a study as it stands now; their digests come with the files."""

    study = serializers.CharField(source="slug")
    files = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields = ("study", "is_sample", "files")

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, study: Study) -> list[dict[str, Any]]:
        return [file for file, _, _ in _files(study)]


class WithdrawSerializer(serializers.Serializer[Any]):
    """Why a release must not be used any more."""

    reason = serializers.CharField(max_length=2_000)


Named = tuple[dict[str, Any], Source, str]


def _files(source: Source) -> list[Named]:
    name = "files:release" if isinstance(source, Release) else "files:study"
    key = source.pk if isinstance(source, Release) else source.slug
    return [
        (
            {
                "name": offer.name,
                "format": offer.form.name,
                "media_type": offer.writer.media_type,
                "url": reverse(name, args=[key, offer.name]),
            },
            source,
            offer.name,
        )
        for offer in store.offers(source)
    ]


def _made(file: Named) -> dict[str, Any]:
    told, source, name = file
    kept = store.keep(source, name)
    return {**told, "sha256": kept.sha256, "n_bytes": kept.n_bytes}


class AnyType(BaseContentNegotiation):
    """A file has the type that its name says, whatever the client would accept."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


FILE: dict[str, Any] = {
    "responses": {(200, "application/octet-stream"): OpenApiTypes.BINARY},
    "description": "One range is honoured (206); who has the file already gets 304 by its ETag.",
}


class Releases(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, Place):
    """Releases. They are frozen: one can only be withdrawn, with a reason."""

    permissions: ClassVar = {
        "read": "releases.read",
        "write": "releases.write",
        "withdraw": "releases.write",
    }
    queryset = Release.objects.with_sizes()

    def get_serializer_class(self) -> Any:
        return ManifestSerializer if self.action == "retrieve" else ReleaseSerializer

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = actions.cut_release(
            by=cast(User, self.request.user), at=timezone.now(), **serializer.validated_data
        )

    @extend_schema(request=WithdrawSerializer, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Say that it must not be used any more, and why. Its files are no longer given."""
        asked = WithdrawSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        release = actions.withdraw(
            by=cast(User, request.user),
            release=self.get_object(),
            at=timezone.now(),
            **asked.validated_data,
        )
        return Response(ReleaseSerializer(release).data)

    @extend_schema(operation_id="releases_file", **FILE)
    def file(self, request: Request, pk: str, name: str) -> HttpResponseBase:
        """One file of the release."""
        return serving.send(request._request, store.keep(self.get_object(), name))


class StudyFiles(mixins.RetrieveModelMixin, Place):
    """What was said in a study, as files: preferences, ratings, reliability matrices."""

    permissions: ClassVar = {"read": "releases.read"}
    queryset = Study.objects.select_related("rubric")
    lookup_field = "slug"
    serializer_class = StudyFilesSerializer

    @extend_schema(operation_id="study_files_file", **FILE)
    def file(self, request: Request, slug: str, name: str) -> HttpResponseBase:
        """One file of the study, as it stands now."""
        return serving.send(request._request, store.keep(self.get_object(), name))


# (prefix, viewset, basename), registered under /api/v1/.
ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("releases", Releases, "release"),
    ("study-files", StudyFiles, "study-file"),
]
# Files stand under /api/v1/ by their very names, without a slash at the end.
FILES = [
    path(
        "releases/<str:pk>/files/<str:name>",
        Releases.as_view({"get": "file"}, content_negotiation_class=AnyType),
        name="release",
    ),
    path(
        "study-files/<slug:slug>/<str:name>",
        StudyFiles.as_view({"get": "file"}, content_negotiation_class=AnyType),
        name="study",
    ),
]
