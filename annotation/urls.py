"""The addresses of this app's pages."""

from django.urls import path

from annotation.views import answers, doors, rate, studies

app_name = "annotation"
urlpatterns = [
    path("studies/new/", studies.new_study, name="new_study"),
    path("studies/<slug:slug>/edit/", studies.edit_study, name="edit_study"),
    path("studies/<slug:slug>/open/", studies.open_study, name="open_study"),
    path("studies/<slug:slug>/close/", studies.close_study, name="close_study"),
    path("<slug:slug>/", rate.rate, name="rate"),
    path("<slug:slug>/start/", doors.start, name="start"),
    path("<slug:slug>/pause/", doors.pause, name="pause"),
    path("<slug:slug>/<str:pk>/submit/", answers.submit, name="submit"),
    path("<slug:slug>/<str:pk>/skip/", answers.skip, name="skip"),
    path("<slug:slug>/<str:pk>/draft/", answers.draft, name="draft"),
]
