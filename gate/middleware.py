"""Refuses a request whose path, query or form no database can store: 400, never 500."""

from collections.abc import Callable, Iterator

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from gate.text import refusal

MAX_FORM_TEXT = 200_000


class TextGate:
    """JSON bodies pass the gate in `gate.parser.GatedJSONParser`, files in their readers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        for where, text in _texts(request):
            said = refusal(text, where=where, limit=MAX_FORM_TEXT)
            if said:
                raise BadRequest(said)


def _texts(request: HttpRequest) -> Iterator[tuple[str, str]]:
    yield gettext("The address"), request.path
    for name, values in request.GET.lists():
        yield gettext("A query parameter's name"), name
        where = gettext("The query parameter %(name)s") % {"name": repr(name[:40])}
        yield from ((where, value) for value in values)
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, values in request.POST.lists():
            yield gettext("A field's name"), name
            where = gettext("The field %(name)s") % {"name": repr(name[:40])}
            yield from ((where, str(value)) for value in values)
