"""The page of two texts of one draft: what differs, whose it is, and what the person chose."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import SignedInRequest
from corpus import conflicts, places
from corpus.conflicts import BOTH, MINE, STORED, Place, Undecided, Written
from corpus.conversation import tidy
from corpus.forms.drafts import ACTIONS
from corpus.models import Category, Domain, Strategy, Version

TITLES = {
    "expected_action": gettext_lazy("Should this be refused?"),
    "language": gettext_lazy("Language"),
    "country": gettext_lazy("Country"),
    "domain": gettext_lazy("Risk domain"),
    "strategy": gettext_lazy("Strategy"),
    "response": gettext_lazy("Response"),
}
COLUMNS = [name for names in conflicts.CHOSEN_AS_ONE.values() for name in names]


@dataclass(frozen=True)
class Row:
    """A place as the page shows it."""

    place: Place
    title: str
    stored: str  # in words, where it is no text
    mine: str
    choice: str
    both: str


def of_version(version: Version) -> Written:
    """A stored draft as the text of a form."""
    turns = tuple((turn["role"], turn["content"]) for turn in version.messages)
    names = {name: str(getattr(version, name) or "") for name in COLUMNS}
    keys = {"domain": version.domain_id or "", "strategy": version.strategy_id or ""}
    return Written(turns, names | keys)


def of_form(posted: QueryDict) -> Written:
    """What a form posted, with line ends of one kind and without empty last turns."""
    roles, contents = posted.getlist("turn_role"), posted.getlist("turn_content")
    turns = [(role, tidy(text)) for role, text in zip(roles, contents, strict=False)]
    while turns and not turns[-1][1].strip():
        turns.pop()
    values = {name: tidy(posted.get(name, "")) for name in COLUMNS}
    return Written(tuple(turns), values | {"language": values["language"] or "en"})


def chosen(posted: QueryDict, version: Version) -> QueryDict:
    """The posted draft as it was chosen place by place; `Undecided` where a choice is missing.

    If the draft was saved once more in the meantime, the choices were of another text: then mine
    comes back, with what was written for both, and is compared anew.
    """
    stored, mine = of_version(version), of_form(posted)
    choices, merged = _answers(posted)
    if posted.get("lock_version") != str(version.lock_version):
        return _as_form(posted, conflicts.with_merged(mine, choices, merged))
    if posted["settle"] == MINE:
        return _as_form(posted, mine)
    return _as_form(posted, conflicts.settle(stored, mine, choices, merged))


def page(
    request: SignedInRequest, stored: Version, posted: QueryDict, refusal: Exception, status: int
) -> HttpResponse:
    """Both texts, whoever typed them: nothing is lost until somebody chose."""
    mine = of_form(posted)
    choices, merged = _answers(posted)
    began = posted.get("began", "")
    differing = conflicts.places(of_version(stored), mine, began)
    unknown = refusal.keys if isinstance(refusal, Undecided) else []
    rows = [_row(place, choices, merged) for place in differing]
    context = {
        "version": stored,
        "rows": rows,
        "undecided": [row.title for row in rows if row.place.key in unknown],
        "mine": mine,
        "began": began,
        "who": _who(stored, request.user),
    }
    return render(request, "corpus/conflict.html", context, status=status)


def _answers(posted: QueryDict) -> tuple[dict[str, str], dict[str, str]]:
    """By place: what was chosen, and what was written for both."""
    choices = {key[7:]: str(posted[key]) for key in posted if key.startswith("choose-")}
    merged = {key[5:]: tidy(str(posted[key])) for key in posted if key.startswith("both-")}
    return choices, merged


def _as_form(posted: QueryDict, written: Written) -> QueryDict:
    """As if it had been typed so."""
    typed = posted.copy()
    typed.setlist("turn_role", [role for role, _content in written.turns])
    typed.setlist("turn_content", [content for _role, content in written.turns])
    for name, value in written.values.items():
        typed[name] = value
    return typed


def _row(place: Place, choices: dict[str, str], merged: dict[str, str]) -> Row:
    title = str(TITLES.get(place.key, "")) or _turn_title(place)
    return Row(
        place=place,
        title=title,
        stored=_in_words(place.key, place.stored),
        mine=_in_words(place.key, place.mine),
        choice=choices.get(place.key, place.leaning),
        both=merged.get(place.key, place.both if place.can_hold_both else ""),
    )


def _turn_title(place: Place) -> str:
    number = place.key.rpartition("-")[2]
    if place.mine is None:
        return _("Turn %(n)s of what was saved") % {"n": number}
    return _("Turn %(n)s") % {"n": number}


def _in_words(key: str, value: tuple[str, ...] | None) -> str:
    """Names instead of keys; who speaks, for a turn."""
    if value is None:
        return ""
    if key == "domain":
        domain = Domain.objects.filter(pk=value[0]).first()
        category = Category.objects.filter(domain=domain, slug=value[1]).first()
        return ", ".join(str(part) for part in (domain, category or value[1]) if part)
    if key == "strategy":
        return str(Strategy.objects.filter(pk=value[0]).first() or "")
    if "turn-" in key:
        return str(_("The person")) if value[0] == "user" else str(_("The assistant"))
    known: dict[str, dict[str, Any]] = {
        "expected_action": dict(ACTIONS),
        "language": places.LANGUAGES,
        "country": places.COUNTRIES,
    }
    return str(known.get(key, {}).get(value[0], value[0]))


def _who(stored: Version, user: User) -> str:
    """Who saved what is stored; empty if it was the same person, in another window."""
    saved_by = stored.last_editor or stored.author
    return "" if saved_by == user else str(saved_by)


__all__ = ["BOTH", "MINE", "STORED", "chosen", "of_form", "of_version", "page"]
