"""The addresses of fine-tuning and benchmarks."""

from django.urls import path

from training.views import runs

app_name = "training"
urlpatterns = [
    path("", runs.runs, name="runs"),
]
