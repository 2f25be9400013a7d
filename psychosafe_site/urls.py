"""Every address of the site."""

from csp.decorators import csp_update
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from annotation import api as annotation_api
from corpus import api as corpus_api
from exports import api as exports_api
from generation import api as generation_api
from judging import api as judging_api
from psychosafe_site import admin, health
from psychosafe_site.views import home
from training import api as training_api
from training import task_api

router = SimpleRouter()
for app in (
    *(corpus_api, generation_api, annotation_api, judging_api, exports_api),
    *(training_api, task_api),
):
    for prefix, viewset, basename in app.ROUTES:
        router.register(prefix, viewset, basename=basename)

# Swagger's own style sheet draws its icons from data: images; no other page needs them.
docs = SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/docs.html")

urlpatterns = [
    path("", home.home, name="home"),
    path("support/", home.support, name="support"),
    path("language/", require_POST(set_language), name="language"),
    path("corpus/", include("corpus.urls")),
    path("models/", include("generation.urls")),
    path("rate/", include("annotation.urls")),
    path("rubrics/", include("annotation.rubric_urls")),
    path("studies/", include("judging.urls")),
    path("releases/", include("exports.urls")),
    path("training/", include("training.urls")),
    path("people/", include("accounts.urls")),
    path("you/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path(
        "api/v1/studies/<str:pk>/agreement/",
        judging_api.StudyAgreement.as_view({"get": "retrieve"}),
        name="api-study-agreement",
    ),
    path("api/v1/", include((exports_api.FILES, "files"))),
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", csp_update({"img-src": ["data:"]})(docs), name="api-docs"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
