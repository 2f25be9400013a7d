"""The addresses of the studies' reports, comparisons and judges."""

from django.urls import path

from judging.views import (
    anchors,
    comparison,
    judges,
    matchups,
    panels,
    reports,
    rule_judges,
    studies,
)

app_name = "judging"
urlpatterns = [
    path("", studies.studies, name="studies"),
    path("comparison/", comparison.comparison, name="comparison"),
    path("comparison/report/", reports.of_runs, name="comparison_report"),
    path("judges/", judges.judges, name="judges"),
    path("judges/new/", judges.new_judge, name="new_judge"),
    path("judges/new/rule/", rule_judges.new_rule_judge, name="new_rule_judge"),
    path("judges/new/side-by-side/", matchups.new_judge, name="new_comparing_judge"),
    path("judges/start/", judges.start, name="start_judge"),
    path("judges/anchors/", anchors.anchors, name="anchors"),
    path("judges/anchors/take/", anchors.take_settled, name="take_settled"),
    path("judges/anchors/<str:pk>/new/", anchors.new_anchor, name="new_anchor"),
    path("judges/anchors/<str:pk>/retire/", anchors.retire_anchor, name="retire_anchor"),
    path("judges/<str:pk>/", judges.judge, name="judge"),
    path("judge-runs/<str:pk>/", judges.judge_run, name="judge_run"),
    path("judge-runs/<str:pk>/cancel/", judges.cancel, name="cancel_judge_run"),
    path("judge-runs/<str:pk>/resume/", judges.resume, name="resume_judge_run"),
    path("judge-runs/<str:pk>/retry/", judges.retry, name="retry_judge_run"),
    path("matchups/", matchups.matchups, name="matchups"),
    path("matchups/start/", matchups.start, name="start_matchup"),
    path("matchups/<str:pk>/", matchups.matchup, name="matchup"),
    path("matchups/<str:pk>/cancel/", matchups.cancel, name="cancel_matchup"),
    path("matchups/<str:pk>/resume/", matchups.resume, name="resume_matchup"),
    path("matchups/<str:pk>/retry/", matchups.retry, name="retry_matchup"),
    path("panels/", panels.panels, name="panels"),
    path("panels/new/", panels.new_panel, name="new_panel"),
    path("panels/<str:pk>/", panels.panel, name="panel"),
    path("panels/<str:pk>/start/", panels.start, name="start_panel"),
    path("reports/<str:pk>/", reports.report, name="report"),
    path("reports/<str:pk>/again/", reports.again, name="report_again"),
    path("reports/<str:pk>/files/<str:name>", reports.file, name="report_file"),
    path("<slug:slug>/", studies.study, name="study"),
    path("<slug:slug>/report/", reports.of_study, name="study_report"),
]
