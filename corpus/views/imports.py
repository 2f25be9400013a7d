"""Bringing prompts and pairs in from files. A file with one bad row changes nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.forms.sets import ImportForm, ImportPairsForm, ImportPromptsForm
from corpus.models.prompts import ExpectedAction
from corpus.reading import BadFile
from gate.text import BadText


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("prompts.write")
def prompts(request: SignedInRequest) -> HttpResponse:
    """Prompts into a new set."""
    return _page(request, ImportPromptsForm, _import_prompts, "prompts")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.import")
def pairs(request: SignedInRequest) -> HttpResponse:
    """Pairs as drafts of the person who imports them."""
    return _page(request, ImportPairsForm, _import_pairs, "pairs")


def _import_prompts(request: SignedInRequest, said: dict[str, Any]) -> actions.Imported:
    return actions.import_prompts(
        by=request.user,
        file=said["file"],
        format=said["format"],
        set_name=said["set_name"],
        origin=_origin(said),
        expected_action=said["expected_action"],
        is_trial="trial" in request.POST,
    )


def _import_pairs(request: SignedInRequest, said: dict[str, Any]) -> actions.Imported:
    return actions.import_pairs(
        by=request.user,
        file=said["file"],
        format=said["format"],
        origin=_origin(said),
        at=timezone.now(),
        is_trial="trial" in request.POST,
    )


def _origin(said: dict[str, Any]) -> actions.Origin:
    return actions.Origin(name=said["source"], licence=said["licence"], revision=said["revision"])


def _page(
    request: SignedInRequest,
    form_class: type[ImportForm],
    bring_in: Callable[[SignedInRequest, dict[str, Any]], actions.Imported],
    kind: str,
) -> HttpResponse:
    form = form_class(request.POST, request.FILES) if request.method == "POST" else form_class()
    context: dict[str, Any] = {"form": form, "kind": kind, "open_to": _places(request)}
    if form.is_valid():
        try:
            summary = bring_in(request, form.cleaned_data)
        except BadFile as error:
            context |= {"problems": error.problems, "n_more": error.total - len(error.problems)}
        except (actions.Refused, BadText) as refusal:
            taken = isinstance(refusal, actions.NameTaken)
            form.add_error("set_name" if taken else None, str(refusal))
        else:
            if not summary.is_trial:
                return _arrived(request, summary)
            context["counts"] = _counts(summary)
    refused = form.is_bound and "counts" not in context
    return render(request, "corpus/import.html", context, status=422 if refused else 200)


def _places(request: SignedInRequest) -> dict[str, bool]:
    return {"prompts": request.user.can("prompts.write"), "pairs": request.user.can("pairs.import")}


def _arrived(request: SignedInRequest, summary: actions.Imported) -> HttpResponse:
    said = ngettext("%(n)d row was imported.", "%(n)d rows were imported.", summary.n_rows)
    notices.success(request, said % {"n": summary.n_rows})
    return redirect(summary.prompt_set) if summary.prompt_set else redirect("corpus:index")


def _counts(summary: actions.Imported) -> list[tuple[str, int]]:
    labels = dict(ExpectedAction.choices)
    actions_counted = [
        (str(labels.get(name, _("Expected action not said"))), n)
        for name, n in summary.by_action.items()
    ]
    repeated = [(_("Say the same as an earlier row"), summary.n_repeated)]
    return [
        (_("Rows"), summary.n_rows),
        *actions_counted,
        *sorted(summary.by_domain.items()),
        *(repeated if summary.n_repeated else []),
    ]
