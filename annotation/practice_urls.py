"""The addresses of the practice round: the rater's, and the curator's under studies/."""

from django.urls import path

from annotation.views import practice, practice_items

urlpatterns = [
    path("studies/<slug:slug>/practice/", practice_items.practice_items, name="practice_items"),
    path(
        "studies/<slug:slug>/practice/<str:pk>/remove/",
        practice_items.remove_practice_item,
        name="remove_practice_item",
    ),
    path("studies/<slug:slug>/let-in/<str:pk>/", practice_items.let_in, name="let_in"),
    path("<slug:slug>/practice/", practice.practice, name="practice"),
    path("<slug:slug>/practice/<str:pk>/", practice.practice_item, name="practice_item"),
]
