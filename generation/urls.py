"""The addresses of this app's pages."""

from django.urls import path

from generation.views import conditions, endpoints, language_models, naming, new_run, run, runs

app_name = "generation"
urlpatterns = [
    path("", language_models.models, name="models"),
    path("new/", language_models.new_model, name="new_model"),
    path("endpoints/", endpoints.endpoints, name="endpoints"),
    path("endpoints/new/", endpoints.new_endpoint, name="new_endpoint"),
    path("endpoints/<str:pk>/", endpoints.endpoint, name="endpoint"),
    path("endpoints/<str:pk>/check/", endpoints.check, name="check_endpoint"),
    path("endpoints/<str:pk>/try/", endpoints.try_out, name="try_endpoint"),
    path("conditions/", conditions.conditions, name="conditions"),
    path("conditions/new/", conditions.new_condition, name="new_condition"),
    path("conditions/install/", conditions.install, name="install_conditions"),
    path("conditions/<str:pk>/", conditions.condition, name="condition"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", new_run.new_run, name="new_run"),
    path("runs/naming/<str:pk>/", naming.naming, name="naming"),
    path("runs/<str:pk>/", run.run, name="run"),
    path("runs/<str:pk>/cancel/", run.cancel, name="cancel_run"),
    path("runs/<str:pk>/resume/", run.resume, name="resume_run"),
]
