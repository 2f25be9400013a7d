"""A benchmark: how often the answers of its runs failed, by judges and by people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.permissions import permission_required
from annotation.telling import told
from corpus.models import PromptSet
from judging import benchmark
from judging.reports import drawing


@require_safe
@permission_required("reports.read")
def benchmark_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Over-refusal and compliance with intervals, over all runs and by category."""
    prompt_set = get_object_or_404(PromptSet, slug=slug)
    found = told(benchmark.report(prompt_set))
    context = {
        "prompt_set": prompt_set,
        "found": found,
        "figures": drawing.of_document(found),
    }
    return render(request, "judging/benchmark.html", context)
