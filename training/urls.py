"""The addresses of fine-tuning and benchmarks."""

from django.urls import path

from training.views import loop, new_run, run, runs, tasks

app_name = "training"
urlpatterns = [
    path("loop/", loop.loop_page, name="loop"),
    path("tasks/", tasks.task_runs, name="task_runs"),
    path("tasks/new/", tasks.new_task_run, name="new_task_run"),
    path("tasks/<str:pk>/", tasks.task_run, name="task_run"),
    path("tasks/<str:pk>/cancel/", tasks.cancel_task_run, name="cancel_task_run"),
    path("tasks/<str:pk>/again/", tasks.again_task_run, name="again_task_run"),
    path("tasks/<str:pk>/samples/<str:name>", tasks.task_samples, name="task_samples"),
    path("", runs.runs, name="runs"),
    path("new/", new_run.new_run, name="new_run"),
    path("runs/<str:pk>/", run.run, name="run"),
    path("runs/<str:pk>/cancel/", run.cancel, name="cancel_run"),
    path("runs/<str:pk>/resume/", run.resume, name="resume_run"),
]
