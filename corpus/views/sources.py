"""Where imported material came from and on what terms: the list, one source, its terms."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuditEvent
from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, paging, purging
from corpus.forms.sources import SourceForm
from corpus.models import Pair, Prompt, PromptSet, Source
from gate.text import BadText

N_IMPORTS = 20


@require_safe
@permission_required("pairs.read")
def sources(request: SignedInRequest) -> HttpResponse:
    """Every source with its terms and how much came from it."""
    page = paging.page(counted(), order=("name", "id"), cursor=request.GET.get("cursor", ""))
    context = {"page": page, "can_import": request.user.can("pairs.import")}
    return render(request, "corpus/sources.html", context)


@require_safe
@permission_required("pairs.read")
def source(request: SignedInRequest, pk: str) -> HttpResponse:
    """Its terms, what came from it, when and by whom; of a purged one, what went."""
    found = get_object_or_404(counted(), pk=pk)
    imports = AuditEvent.objects.filter(verb="imported", target=found.name).select_related("by")
    context = {
        "source": found,
        "went": purging.Report(found.purge_counts),
        "sets": found.prompt_sets.order_by("name", "id"),
        "imports": imports.order_by("-at", "id")[:N_IMPORTS],
        "can_write": request.user.can("sources.write"),
        "can_read_prompts": request.user.can("prompts.read"),
    }
    return render(request, "corpus/source.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("sources.write")
def edit(request: SignedInRequest, pk: str) -> HttpResponse:
    """Put right its licence, address and version."""
    found = get_object_or_404(Source, pk=pk)
    initial = {"licence": found.licence, "url": found.url, "revision": found.revision}
    form = SourceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            actions.change_source(by=request.user, source=found, **form.cleaned_data)
        except (actions.Refused, BadText) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(found)
    context = {"source": found, "form": form}
    return render(request, "corpus/edit_source.html", context, status=422 if form.is_bound else 200)


def counted() -> QuerySet[Source]:
    """Each with `n_prompts`, `n_pairs` and `n_sets`; one query."""
    return Source.objects.select_related("created_by", "purged_by").annotate(
        n_prompts=_number(Prompt), n_pairs=_number(Pair), n_sets=_number(PromptSet)
    )


def _number(model: type[Prompt] | type[Pair] | type[PromptSet]) -> Coalesce:
    rows = model._default_manager.filter(source=OuterRef("pk")).order_by().values("source")
    return Coalesce(
        Subquery(rows.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField()
    )
