"""The addresses of the rubrics."""

from django.urls import path

from annotation.views import rubric_editor, rubrics

app_name = "rubrics"
urlpatterns = [
    path("", rubrics.rubrics, name="rubrics"),
    path("new/", rubrics.new_rubric, name="new"),
    path("<slug:slug>/<int:version>/", rubrics.rubric, name="rubric"),
    path("<slug:slug>/<int:version>/preview/", rubrics.preview, name="preview"),
    path("<slug:slug>/<int:version>/new-version/", rubrics.new_version, name="new_version"),
    path("<slug:slug>/<int:version>/edit/", rubric_editor.edit, name="edit"),
    path("<slug:slug>/<int:version>/criteria/new/", rubric_editor.add, name="add"),
    path("<slug:slug>/<int:version>/criteria/<slug:key>/", rubric_editor.change, name="change"),
    path("<slug:slug>/<int:version>/criteria/<slug:key>/move/", rubric_editor.move, name="move"),
    path(
        "<slug:slug>/<int:version>/criteria/<slug:key>/remove/", rubric_editor.remove, name="remove"
    ),
]
