"""The addresses of this app's pages."""

from django.urls import path

from annotation import care_urls, curating_urls
from annotation.practice_urls import urlpatterns as of_practice
from annotation.views import answers, blinding, doors, gold, guess, rate, raters, studies

app_name = "annotation"
urlpatterns = [
    path("studies/new/", studies.new_study, name="new_study"),
    path("studies/<slug:slug>/edit/", studies.edit_study, name="edit_study"),
    path("studies/<slug:slug>/open/", studies.open_study, name="open_study"),
    path("studies/<slug:slug>/raters-per-item/", studies.raters_per_item, name="raters_per_item"),
    path("studies/<slug:slug>/close/", studies.close_study, name="close_study"),
    path("studies/<slug:slug>/blinding/", blinding.blinding, name="blinding"),
    path("studies/<slug:slug>/passages/", blinding.hide_passages, name="hide_passages"),
    path("studies/<slug:slug>/gold/", gold.gold, name="gold"),
    path("studies/<slug:slug>/gold/mark/", gold.mark_gold, name="mark_gold"),
    path("studies/<slug:slug>/arms/", blinding.name_arms, name="name_arms"),
    path("profile/", raters.profile, name="profile"),
    path("raters/", raters.raters, name="raters"),
    path("raters/<str:pk>/", raters.rater, name="rater"),
    *curating_urls.urlpatterns,
    *of_practice,
    *care_urls.urlpatterns,
    path("<slug:slug>/", rate.rate, name="rate"),
    path("<slug:slug>/start/", doors.start, name="start"),
    path("<slug:slug>/guess/", guess.guess, name="guess"),
    path("<slug:slug>/pause/", doors.pause, name="pause"),
    path("<slug:slug>/<str:pk>/submit/", answers.submit, name="submit"),
    path("<slug:slug>/<str:pk>/skip/", answers.skip, name="skip"),
    path("<slug:slug>/<str:pk>/draft/", answers.draft, name="draft"),
    path("<slug:slug>/<str:pk>/undo/", answers.undo, name="undo"),
]
