"""REST: the filters of the list of pairs, by the names that they have in its address."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from corpus.forms.lists import FilterForm
from corpus.models.pairs import Split, Status
from corpus.models.prompts import ExpectedAction

SAID = {
    "q": "Words of the conversation or the response, as in the search box.",
    "domain": "A slug.",
    "strategy": "A slug.",
    "source": "A name.",
    "author": "An id.",
    "check": "What a check found: its key, or `any` for any warning.",
    "stale": "Past the best-before day, or naming a service that is stale or retired.",
    "family": "Responses of one template.",
    "mine": "Written by who asks.",
}
KNOWN = {"status": Status.values, "split": Split.values, "expected_action": ExpectedAction.values}
YES = ("stale", "mine")
NAMES = tuple(FilterForm.base_fields)
PARAMETERS = [
    OpenApiParameter(
        name, bool if name in YES else str, description=SAID.get(name, ""), enum=KNOWN.get(name)
    )
    for name in NAMES
]


def asked(request: Request) -> dict[str, Any]:
    """What is asked for, by name; a value that is not known is refused with 400."""
    form = FilterForm({name: request.query_params.get(name) for name in NAMES})
    if not form.is_valid():
        raise ValidationError(
            {name: [str(each) for each in said] for name, said in form.errors.items()}
        )
    return form.asked
