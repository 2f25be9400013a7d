"""Which texts no translator would reach."""

from collections.abc import Iterable, Mapping
from typing import Any

from agreement.wording import PARTS, WITH, Said, _is_said


def unsaid(value: Any) -> Iterable[str]:
    """The texts in `value`, kept or not, that are in no translator's reach."""
    if isinstance(value, Mapping):
        inner = value.get(WITH, value.get(PARTS)) if _is_said(value) else value
        yield from unsaid(list(inner.values()) if isinstance(inner, Mapping) else inner)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from unsaid(each)
    elif isinstance(value, Said):
        yield from unsaid(value.parts)
    elif isinstance(value, str):
        yield value
