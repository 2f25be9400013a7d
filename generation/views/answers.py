"""The answers of a run, page by page, and one answer with everything that it came from."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging
from generation.models import Completion, Run
from generation.models.runs import Mark
from generation.queue import State


@require_safe
@permission_required("runs.read")
def answers(request: SignedInRequest, pk: str) -> HttpResponse:
    """Rows of the run in the order of their ids, those of one state or mark with a filter."""
    run = get_object_or_404(Run.objects.with_names(), pk=pk)
    chosen = {name: request.GET.get(name, "") for name in ("state", "mark")}
    rows = run.completions.select_related("prompt")
    if chosen["state"] in State.values:
        rows = rows.filter(state=chosen["state"])
    if chosen["mark"] in Mark.values:
        rows = rows.filter(mark=chosen["mark"])
    page = paging.page(rows, order=("id",), cursor=request.GET.get("cursor", ""), size=20)
    query = "&".join(f"{name}={value}" for name, value in chosen.items() if value.isalpha())
    context = {"run": run, "page": page, "query": query, "states": State.choices}
    return render(request, "generation/answers.html", context | chosen | {"marks": Mark.choices})


@require_safe
@permission_required("runs.read")
def answer(request: SignedInRequest, pk: str) -> HttpResponse:
    """One answer, its conversation, and where it came from in words."""
    names = ("prompt", "run__model", "run__condition", "run__prompt_set")
    row = get_object_or_404(Completion.objects.select_related(*names), pk=pk)
    context = {"row": row, "run": row.run, "facts": _facts(row.provenance)}
    return render(request, "generation/answer.html", context)


def _facts(told: dict[str, Any]) -> list[tuple[str, str]]:
    """What is known of it, in words; what is not in the list is shown by its own name."""
    words = {
        "model": _("Model"),
        "served_name": _("Asked as"),
        "answered_by": _("Answered as"),
        "revision": _("Revision"),
        "base": _("Adapter of"),
        "base_revision": _("Revision of the base"),
        "adapter_digest": _("Digest of the adapter"),
        "endpoint": _("Endpoint"),
        "asked_from": _("Asked from"),
        "engine": _("Server"),
        "system_fingerprint": _("Fingerprint of the server"),
        "condition": _("Condition"),
        "system_prompt_digest": _("Digest of the system prompt"),
        "messages_digest": _("Digest of what was sent"),
        "sampling": _("Sampling"),
        "seed": _("Seed"),
        "replicate": _("Which of its replicates"),
        "enable_thinking": _("Reasoning asked for"),
        "chat_template_options": _("Options of the chat template"),
        "n_turns": _("Turns played"),
        "n_cached_tokens": _("Tokens from the cache"),
        "imported_from": _("Imported from"),
        "file_digest": _("Digest of the file"),
        "format": _("Format of the file"),
        "row": _("Row of the file"),
        "answered_at": _("Answered at"),
        "task": _("Task"),
        "log": _("Run in the log"),
        "log_status": _("State of the log"),
    }
    return [(words.get(name, name), _shown(value)) for name, value in told.items()]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        parts = (f"{name} {_shown(each)}" for name, each in value.items())
        return ", ".join(parts) or _("none")
    if value is None:
        return _("left to the server")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value != "" else _("not said")
