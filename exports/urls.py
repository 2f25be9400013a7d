"""The addresses of the releases, and of the files made of releases and studies."""

from django.urls import path

from exports.views import new, release, releases, study

app_name = "exports"
urlpatterns = [
    path("", releases.releases, name="releases"),
    path("new/", new.new, name="new"),
    path("studies/<slug:slug>/", study.study, name="study"),
    path("studies/<slug:slug>/files/<str:name>", study.file, name="study_file"),
    path("<str:pk>/", release.release, name="release"),
    path("<str:pk>/withdraw/", release.withdraw, name="withdraw"),
    path("<str:pk>/files/<str:name>", release.file, name="release_file"),
]
