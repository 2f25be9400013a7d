"""REST places of releases and of the files made of releases and studies."""

from django.urls import path
from rest_framework.viewsets import ViewSetMixin

from exports.api.files import AnyType, StudyFiles
from exports.api.releases import Releases

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
