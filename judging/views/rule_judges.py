"""Making a judge that decides by rule."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import permission_required, person
from judging import actions
from judging.ruling_forms import RuleJudgeForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("judges.write")
def new_rule_judge(request: HttpRequest) -> HttpResponse:
    """Choose a rule and a rubric."""
    form = RuleJudgeForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect(actions.make_rule_judge(by=person(request), **form.cleaned_data))
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/new_rule_judge.html", {"form": form}, status=status)
