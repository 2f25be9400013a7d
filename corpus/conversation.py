"""A conversation: turns of a person and an assistant. Pure.

A draft may hold any turns, so that nothing typed is lost; a prompt needs a whole conversation:
the person speaks first and last, and nobody speaks twice in a row.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gate.text import BadText, accept, digest

Message = dict[str, str]

USER, ASSISTANT = "user", "assistant"
MAX_TURNS = 40
MAX_TURN = 32_000
SHOULD_SAY = {
    USER: gettext_lazy(
        "Turn %(number)s should be said by the person: turns alternate, the person begins."
    ),
    ASSISTANT: gettext_lazy(
        "Turn %(number)s should be said by the assistant: turns alternate, the person begins."
    ),
}


class BadConversation(BadText):
    """Turns that cannot be kept, or that do not make a conversation."""

    http_status = 422


def turns(value: Any, *, where: str = "") -> list[Message]:
    """`value` as storable turns, whole or not; else `BadConversation`."""
    where = where or _("The conversation")
    if not isinstance(value, list):
        raise BadConversation(
            _("%(where)s must be a list of turns, each with a role and a content.")
            % {"where": where}
        )
    if len(value) > MAX_TURNS:
        raise BadConversation(
            _("%(where)s has %(n)s turns; at most %(max_turns)s are taken.")
            % {"where": where, "n": len(value), "max_turns": MAX_TURNS}
        )
    return [
        _turn(turn, _("%(where)s, turn %(number)s,") % {"where": where, "number": number})
        for number, turn in enumerate(value, start=1)
    ]


def _turn(value: Any, where: str) -> Message:
    if not isinstance(value, dict) or set(value) != {"role", "content"}:
        raise BadConversation(
            _("%(where)s must have a role and a content, and nothing else.") % {"where": where}
        )
    role, content = value["role"], value["content"]
    if role not in (USER, ASSISTANT):
        raise BadConversation(
            _("%(where)s has a role that is not known. Use one of: user, assistant.")
            % {"where": where}
        )
    if not isinstance(content, str):
        raise BadConversation(_("%(where)s must have text as its content.") % {"where": where})
    try:
        return {"role": role, "content": accept(content, where=where, limit=MAX_TURN)}
    except BadText as error:
        raise BadConversation(str(error)) from None


def problem(messages: Sequence[Message]) -> str | None:
    """What keeps these turns from being a whole conversation, or None."""
    if not any(message["content"].strip() for message in messages):
        return _("Nothing is written yet.")
    for number, message in enumerate(messages, start=1):
        if not message["content"].strip():
            return _("Turn %(number)s is empty.") % {"number": number}
        expected = USER if number % 2 else ASSISTANT
        if message["role"] != expected:
            return str(SHOULD_SAY[expected] % {"number": number})
    if messages[-1]["role"] != USER:
        return _(
            "The last turn is the assistant's; a conversation ends with what the person wrote."
        )
    return None


def whole(value: Any, *, where: str = "") -> list[Message]:
    """`value` as a whole conversation; else `BadConversation`."""
    where = where or _("The conversation")
    messages = turns(value, where=where)
    reason = problem(messages)
    if reason:
        raise BadConversation(_("%(where)s: %(reason)s") % {"where": where, "reason": reason})
    return messages


def single(text: str) -> list[Message]:
    """One turn of the person."""
    return [{"role": USER, "content": text}]


def from_form(roles: Sequence[str], contents: Sequence[str]) -> list[Message]:
    """The turns of a posted form, in order; line ends are made one kind, empty last turns go."""
    found = [
        {"role": role, "content": tidy(content)}
        for role, content in zip(roles, contents, strict=False)
    ]
    while found and not found[-1]["content"].strip():
        found.pop()
    return turns(found)


def tidy(text: str) -> str:
    """Browsers send CRLF; texts are kept with LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def content_digest(messages: Sequence[Message]) -> str:
    """What makes two conversations the same: their roles and words, in order."""
    return digest([[message["role"], message["content"]] for message in messages])
