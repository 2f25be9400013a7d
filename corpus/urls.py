"""The addresses of the corpus's pages."""

from django.urls import path

from corpus.views import (
    bulk,
    checks,
    diversity,
    edit,
    imports,
    index,
    new,
    pair,
    prompt_sets,
    queue,
    resources,
    review,
    threads,
    version,
)

app_name = "corpus"
urlpatterns = [
    path("", index.index, name="index"),
    path("new/", new.new, name="new"),
    path("bulk/", bulk.preview, name="bulk"),
    path("bulk/count/", bulk.count, name="bulk_count"),
    path("bulk/<str:pk>/", bulk.change, name="bulk_change"),
    path("bulk/<str:pk>/put-back/", bulk.put_back, name="put_back"),
    path("checks/", checks.checks, name="checks"),
    path("diversity/", diversity.diversity, name="diversity"),
    path("import/prompts/", imports.prompts, name="import"),
    path("import/pairs/", imports.pairs, name="import_pairs"),
    path("review/", queue.queue, name="queue"),
    path("prompt-sets/", prompt_sets.prompt_sets, name="prompt_sets"),
    path("prompt-sets/new/", prompt_sets.new, name="new_prompt_set"),
    path("prompt-sets/<slug:slug>/", prompt_sets.prompt_set, name="prompt_set"),
    path("services/", resources.resources, name="resources"),
    path("services/new/", resources.new, name="new_resource"),
    path("services/<str:pk>/", resources.resource, name="resource"),
    path("services/<str:pk>/edit/", resources.edit, name="edit_resource"),
    path("services/<str:pk>/verify/", resources.verify, name="verify_resource"),
    path("services/<str:pk>/retire/", resources.retire, name="retire_resource"),
    path("pairs/<str:pk>/", pair.pair, name="pair"),
    path("pairs/<str:pk>/new-version/", pair.new_version, name="new_version"),
    path("versions/<str:pk>/", version.version, name="version"),
    path("versions/<str:pk>/edit/", edit.edit, name="edit"),
    path("versions/<str:pk>/save/", edit.save, name="save"),
    path("versions/<str:pk>/withdraw/", version.withdraw, name="withdraw"),
    path("versions/<str:pk>/remark/", review.remark, name="remark"),
    path("remarks/<str:pk>/answer/", threads.answer, name="answer"),
    path("versions/<str:pk>/review/", review.review, name="review"),
    path("versions/<str:pk>/review/passkey/", review.challenge, name="passkey"),
]
