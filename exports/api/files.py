"""REST places of the files made of releases and studies."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from annotation.models import Study
from exports import serving, store
from exports.models import Release
from exports.sources import Source
from gate.api import Place


class FileSerializer(serializers.Serializer[Any]):
    """A file that can be had: of one table, or a zip of a format's files with their card.

    `sha256` is its ETag.
    """

    name = serializers.CharField()
    format = serializers.CharField()
    media_type = serializers.CharField()
    url = serializers.CharField()
    sha256 = serializers.CharField(required=False)
    n_bytes = serializers.IntegerField(required=False)


class StudyFilesSerializer(serializers.ModelSerializer[Study]):
    """The files of a study as it stands now; their digests come with the files."""

    study = serializers.CharField(source="slug")
    files = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields = ("study", "is_sample", "files")

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, study: Study) -> list[dict[str, Any]]:
        return [file for file, _, _ in files_of(study)]


Named = tuple[dict[str, Any], Source, str]


def files_of(source: Source) -> list[Named]:
    name = "files:release" if isinstance(source, Release) else "files:study"
    key = source.pk if isinstance(source, Release) else source.slug
    return [
        (
            {
                "name": offer.name,
                "format": offer.form.name,
                "media_type": offer.media_type,
                "url": reverse(name, args=[key, offer.name]),
            },
            source,
            offer.name,
        )
        for offer in store.offers(source)
    ]


def described(source: Source) -> list[dict[str, Any]]:
    """With digest and size of the files that were made already; who asks for one has it made."""
    kept = store.kept(source)
    return [
        {**told, "sha256": kept[name].sha256, "n_bytes": kept[name].n_bytes}
        if name in kept
        else told
        for told, _, name in files_of(source)
    ]


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
