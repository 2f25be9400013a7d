"""The adjudicator's pages: what raters differ on, one of them after the other, and the results."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import SignedInRequest, permission_required
from annotation import disputes
from annotation.actions import adjudication
from annotation.models import Adjudication, Criterion, ItemAnswer, Rater, Study

PER_PAGE = 50
REFUSALS = (adjudication.Unfit, adjudication.OwnRating, adjudication.NotNow)


@require_safe
@permission_required("studies.write")
def differences(request: SignedInRequest, slug: str) -> HttpResponse:
    """What waits to be settled; neither raters nor runs are named."""
    study, rater = get_object_or_404(Study, slug=slug), _rater(request.user)
    context: dict[str, object] = {"study": study, "is_hidden": disputes.are_hidden(study)}
    if not disputes.are_hidden(study):
        found = disputes.open_of(study)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        rows = disputes.listed(study, page.object_list, rater)
        context |= {"page": page, "rows": rows, "n_open": page.paginator.count}
        context["n_settled"] = study.adjudications.count()
    return render(request, "annotation/differences.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def difference(request: SignedInRequest, slug: str, completion: str, key: str) -> HttpResponse:
    """One answer, one criterion, what raters said under numbers; the value that holds."""
    study = get_object_or_404(Study.objects.select_related("rubric"), slug=slug)
    answers = ItemAnswer.objects.select_related("item__prompt", "completion")
    shown = get_object_or_404(answers, item__study=study, completion=completion)
    criterion = get_object_or_404(study.rubric.criteria.all(), key=key)
    if disputes.are_hidden(study):
        return redirect("annotation:differences", slug=slug)
    refused = _settle(request, study, shown, criterion) if request.method == "POST" else None
    if request.method == "POST" and refused is None:
        return _next(request, study)
    context = _context(request.user, study, shown, criterion)
    context |= {"refused": refused and str(refused), "sent": request.POST}
    status = getattr(refused, "http_status", 200)
    return render(request, "annotation/difference.html", context, status=status)


def _settle(
    request: SignedInRequest, study: Study, shown: ItemAnswer, criterion: Criterion
) -> Exception | None:
    sent = request.POST.get("value", "")
    try:
        adjudication.settle(
            by=request.user,
            study=study,
            completion=shown.completion,
            criterion=criterion,
            value=int(sent) if sent.lstrip("-").isdecimal() and len(sent) < 6 else None,
            note=request.POST.get("note", ""),
            at=timezone.now(),
        )
    except REFUSALS as refused:
        return refused
    return None


def _next(request: SignedInRequest, study: Study) -> HttpResponse:
    """The next one that this person may settle, else the list."""
    left = disputes.not_rated_by(disputes.open_of(study), _rater(request.user)).first()
    messages.success(request, _("Settled. Every rating stands as it was given."))
    if left is None:
        return redirect("annotation:differences", slug=study.slug)
    return redirect(
        "annotation:difference", study.slug, left["completion_id"], left["criterion__key"]
    )


def _context(
    user: User, study: Study, shown: ItemAnswer, criterion: Criterion
) -> dict[str, object]:
    rater = _rater(user)
    settled = Adjudication.objects.filter(
        study=study, completion=shown.completion, criterion=criterion
    )
    return {
        "study": study,
        "item": shown.item,
        "criterion": study.rubric.sheet.by_key[criterion.key],
        "screen": disputes.screen(study, shown),
        "voices": disputes.voices(study, shown.completion_id, criterion),
        "is_own": rater is not None and adjudication.has_rated(rater, shown.completion),
        "settled": settled.select_related("adjudicator").first(),
    }


@require_safe
@permission_required("studies.write")
def settled(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was settled, beside what raters had said."""
    study = get_object_or_404(Study, slug=slug)
    found = study.adjudications.select_related("criterion", "adjudicator").order_by(
        "-created_at", "id"
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    said = disputes.values(rows, study)
    pairs = [(row, said.get((row.completion_id, row.criterion_id), [])) for row in rows]
    context = {"study": study, "page": page, "rows": pairs}
    return render(request, "annotation/settled.html", context)


def _rater(user: User) -> Rater | None:
    """None: they have never rated. Reading makes no rater of anybody."""
    return Rater.objects.filter(user=user).first()
