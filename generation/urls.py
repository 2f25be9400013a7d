"""The addresses of this app's pages."""

from django.urls import path

from generation.views import (
    addresses,
    answers,
    conditions,
    endpoints,
    import_answers,
    language_models,
    naming,
    new_run,
    run,
    runs,
    servers,
)

app_name = "generation"
urlpatterns = [
    path("", language_models.models, name="models"),
    path("new/", language_models.new_model, name="new_model"),
    path("endpoints/", endpoints.endpoints, name="endpoints"),
    path("endpoints/new/", endpoints.new_endpoint, name="new_endpoint"),
    path("endpoints/allowed/", addresses.allowed, name="allowed"),
    path("endpoints/allowed/<str:pk>/look-up/", addresses.look_up, name="look_up_address"),
    path("endpoints/allowed/<str:pk>/disallow/", addresses.disallow, name="disallow_address"),
    path("endpoints/<str:pk>/", endpoints.endpoint, name="endpoint"),
    path("endpoints/<str:pk>/check/", endpoints.check, name="check_endpoint"),
    path("endpoints/<str:pk>/try/", endpoints.try_out, name="try_endpoint"),
    path("endpoints/<str:pk>/start/", servers.start, name="start_server"),
    path("servers/", servers.servers, name="servers"),
    path("servers/<str:pk>/stop/", servers.stop, name="stop_server"),
    path("servers/<str:pk>/again/", servers.again, name="start_server_again"),
    path("conditions/", conditions.conditions, name="conditions"),
    path("conditions/new/", conditions.new_condition, name="new_condition"),
    path("conditions/install/", conditions.install, name="install_conditions"),
    path("conditions/<str:pk>/", conditions.condition, name="condition"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", new_run.new_run, name="new_run"),
    path("runs/import/", import_answers.import_answers, name="import_answers"),
    path("runs/naming/<str:pk>/", naming.naming, name="naming"),
    path("runs/<str:pk>/", run.run, name="run"),
    path("runs/<str:pk>/answers/", answers.answers, name="answers"),
    path("runs/answers/<str:pk>/", answers.answer, name="answer"),
    path("runs/<str:pk>/cancel/", run.cancel, name="cancel_run"),
    path("runs/<str:pk>/resume/", run.resume, name="resume_run"),
    path("runs/<str:pk>/retry/", run.retry, name="retry_run"),
    path("<str:pk>/", language_models.model, name="model"),
    path("<str:pk>/change/", language_models.change_model, name="change_model"),
]
