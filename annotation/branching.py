"""Which criteria are asked, given what was said so far: "how was it explained?" only of a refusal.

A criterion may depend on an earlier one only, so no chain can run in a circle. What depends on a
criterion that is not asked is not asked either.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from django.utils.translation import gettext

from annotation.sheets import PROMPT, WITHOUT_SCALE, Asked, When


class Conditional(Protocol):
    """A criterion, as raters or as judges are asked it."""

    @property
    def key(self) -> str: ...
    @property
    def ask_when(self) -> When | None: ...


C = TypeVar("C", bound=Conditional)

# What was said about a criterion: a value, several, or the short name of a strategy. Nothing where
# it could not be judged.
Said = Mapping[str, frozenset[int | str]]


def asked(criteria: Sequence[C], said: Said) -> dict[str, C]:
    """The criteria that are asked, by key, in their order. Give them in the rubric's order.

    `said` may speak of criteria that are not among `criteria`, such as those about the prompt, but
    must then not speak of those that were not asked.
    """
    found: dict[str, C] = {}
    known = {each.key for each in criteria}
    for each in criteria:
        when = each.ask_when
        is_met = when is None or (
            (when.criterion in found or when.criterion not in known)
            and not said.get(when.criterion, frozenset()).isdisjoint(when.values)
        )
        if is_met:
            found[each.key] = each
    return found


def problems(criteria: Sequence[Asked]) -> Iterator[tuple[Asked, str]]:
    """Each criterion whose condition can never hold, or cannot be asked for, and why."""
    before: dict[str, Asked] = {}
    for each in criteria:
        if each.ask_when and (problem := _problem(each, each.ask_when, before)):
            yield each, problem
        before[each.key] = each


def _problem(each: Asked, when: When, before: Mapping[str, Asked]) -> str | None:
    on = before.get(when.criterion)
    if on is None:
        names = ", ".join(before) or gettext("none")
        return gettext(
            "it depends on '%(on)s', which is not asked before it. Before it: %(names)s."
        ) % {"on": when.criterion, "names": names}
    if each.about == PROMPT and on.about != PROMPT:
        return gettext("it is about the prompt and cannot depend on an answer's '%(on)s'.") % {
            "on": on.key
        }
    if on.kind == "text":
        return gettext("it cannot depend on the words of '%(on)s'.") % {"on": on.key}
    if not when.values:
        return gettext("it says no value of '%(on)s' after which it is asked.") % {"on": on.key}
    return _off_scale(on, when)


def _off_scale(on: Asked, when: When) -> str | None:
    wrong: list[int | str]
    if on.kind in WITHOUT_SCALE:
        wrong = [value for value in when.values if not isinstance(value, str)]
    else:
        wrong = [value for value in when.values if type(value) is not int or value not in on.scale]
    if not wrong:
        return None
    return gettext("%(value)s is no value of '%(on)s'. Use: %(allowed)s.") % {
        "value": repr(wrong[0]),
        "on": on.key,
        "allowed": ", ".join(map(str, on.scale)) or gettext("short names of strategies"),
    }
