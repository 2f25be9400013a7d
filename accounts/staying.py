"""When a session ends. It is told in time, and a person can stay as often as they like."""

from collections.abc import Mapping
from typing import Any

# When the person last said that they stay; beside it stand the moments at which they signed in.
STAYED = "stayed_at"
SIGNED_IN = "account_authentication_methods"


def seconds_left(session: Mapping[str, Any], *, lasts: int, now: float) -> int | None:
    """Until the session ends at the earliest; None where nothing says when it began."""
    began = [float(each["at"]) for each in session.get(SIGNED_IN, []) if "at" in each]
    if stayed := session.get(STAYED):
        began.append(float(stayed))
    return max(0, int(max(began) + lasts - now)) if began else None
