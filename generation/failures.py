"""The ways in which a model server can fail to answer, and what each means for the next attempt."""

import json
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _

from gate.text import visible
from generation.retry import OVERLOADED_STATUSES, Fate, fate_of, read_retry_after

MAX_SHOWN = 400


class ChatError(Exception):
    """No answer. `fate` says whether asking again can help, `retry_after` how soon."""

    fate: ClassVar[Fate] = Fate.NEVER

    def __init__(
        self, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(visible(message))
        self.status = status
        self.retry_after = retry_after

    @property
    def is_retryable(self) -> bool:
        return self.fate is Fate.AGAIN


class Unreachable(ChatError):
    """Nobody answers at the address, or not in time, or the line was cut."""

    fate = Fate.AGAIN


class CutOff(Unreachable):
    """The request was taken, and the line was cut before the answer was whole."""


class TimedOut(Unreachable):
    """The request was taken, and no answer came in time."""


class Overloaded(ChatError):
    """The server asks for patience (429, 503)."""

    fate = Fate.AGAIN


class ServerError(ChatError):
    """The server failed on its own (5xx)."""

    fate = Fate.AGAIN


class Refused(ChatError):
    """The server does not take this request (4xx or a redirect); asking again will not help."""


class Nonsense(ChatError):
    """An answer that is not a chat completion; counts as an attempt."""

    fate = Fate.COUNTED


def failure(status: int, raw: bytes, retry_after: str | None) -> ChatError:
    """The error that a status other than 200 means, with what the server says about it."""
    message = _("The server answers %(status)s: %(complaint)s") % {
        "status": status,
        "complaint": _complaint(raw),
    }
    if status in OVERLOADED_STATUSES:
        wait = read_retry_after(retry_after, now=datetime.now(UTC))
        return Overloaded(message, status=status, retry_after=wait)
    if fate_of(status) is Fate.AGAIN:
        return ServerError(message, status=status)
    if 300 <= status < 400:
        message = _("The server answers %(status)s, a redirect. Enter the address it leads to.") % {
            "status": status
        }
    return Refused(message, status=status)


def _complaint(raw: bytes) -> str:
    """The message inside an error body: OpenAI's, FastAPI's or plain text."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return start_of(raw)
    if not isinstance(document, dict):
        return start_of(raw)
    error = document.get("error")
    said = cast(Any, error.get("message") if isinstance(error, dict) else error)
    said = said or document.get("detail") or document.get("message")
    return said[:MAX_SHOWN] if isinstance(said, str) and said else start_of(raw)


def start_of(raw: bytes) -> str:
    return raw[:MAX_SHOWN].decode("utf-8", "replace").strip() or "(nothing)"
