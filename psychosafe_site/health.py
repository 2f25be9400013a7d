"""Is the process alive; can it serve?"""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else."""
    return JsonResponse({"alive": True})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and its tables are those of this code."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:
        return JsonResponse({"ready": False, "reason": "the database does not answer"}, status=503)
    if waiting:
        reason = f"{len(waiting)} migrations wait: run manage.py migrate"
        return JsonResponse({"ready": False, "reason": reason}, status=503)
    return JsonResponse({"ready": True})
