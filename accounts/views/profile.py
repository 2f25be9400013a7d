"""You: name, profession, sign-in, and the tokens of your programs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import ProfileForm, TokenForm
from accounts.models import ApiToken
from accounts.permissions import person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Read and change one's own details."""
    user = person(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return _page(request, form=form, token_form=TokenForm())


def _page(
    request: HttpRequest, *, form: ProfileForm, token_form: TokenForm, token: str = ""
) -> HttpResponse:
    tokens = ApiToken.objects.filter(user_id=request.user.pk)
    bound = form.is_bound or token_form.is_bound
    context = {"form": form, "token_form": token_form, "tokens": tokens, "token": token}
    context["may_rate"] = person(request).can("assignments.rate")
    return render(request, "accounts/profile.html", context, status=422 if bound else 200)


@require_POST
@login_required
def new_token(request: HttpRequest) -> HttpResponse:
    """A token is shown once, here."""
    user = person(request)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form=ProfileForm(instance=user), token_form=form)
    token = actions.create_token(by=user, user=user, **form.cleaned_data)
    return _page(request, form=ProfileForm(instance=user), token_form=TokenForm(), token=token)


@require_POST
@login_required
def revoke_token(request: HttpRequest, key: str) -> HttpResponse:
    """The token stops working at once."""
    user = person(request)
    token = get_object_or_404(ApiToken, user=user, token_key=key)
    actions.revoke_token(by=user, token=token)
    messages.success(request, _("The token is revoked."))
    return redirect("profile")
