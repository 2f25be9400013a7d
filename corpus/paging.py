"""Pages of a long list by cursor: every page costs the same, and new rows shift nothing."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

T = TypeVar("T", bound=Model)
SIZE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the cursors of the pages beside them ("" where there is none)."""

    rows: list[T]
    next: str = ""
    previous: str = ""

    @property
    def is_part(self) -> bool:
        """Whether there are other pages."""
        return bool(self.next or self.previous)


def page(rows: QuerySet[T], *, order: Sequence[str], cursor: str = "", size: int = SIZE) -> Page[T]:
    """The rows after (or before) the cursor. One query. `order` ends in a unique column."""
    direction, values = _read(cursor, len(order))
    backwards = direction == "before"
    order = [_turned(key) for key in order] if backwards else list(order)
    if values:
        rows = rows.filter(_beyond(rows, order, values))
    found = list(rows.order_by(*order)[: size + 1])
    has_more = len(found) > size
    found = found[:size][::-1] if backwards else found[:size]
    columns = [key.lstrip("-") for key in order]
    return Page(
        rows=found,
        next=_cursor("after", found, -1, columns) if (backwards or has_more) and found else "",
        previous=_cursor("before", found, 0, columns)
        if found and (has_more if backwards else bool(values))
        else "",
    )


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(rows: QuerySet[T], order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that stand after `values` in this order: a later first key, or an equal one and …"""
    try:
        read = [
            _column(rows, key.lstrip("-")).to_python(value)
            for key, value in zip(order, values, strict=True)
        ]
    except (ValidationError, TypeError, ValueError):
        raise BadRequest(_("This page address is damaged. Start from the first page.")) from None
    condition = Q()
    equal = Q()
    for key, value in zip(order, read, strict=True):
        column = key.lstrip("-")
        side = "lt" if key.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{side}": value})
        equal &= Q(**{column: value})
    # Said once more for the first key alone: an index can begin there, not at the first row.
    first = order[0].lstrip("-")
    return condition & Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": read[0]})


def _column(rows: QuerySet[T], name: str) -> Any:
    """The field behind a column of the order, or behind what was annotated under its name."""
    annotated = rows.query.annotations.get(name)
    return annotated.output_field if annotated else rows.model._meta.get_field(name)


def _cursor(side: str, rows: Sequence[Model], index: int, columns: Sequence[str]) -> str:
    values = [_plain(getattr(rows[index], column)) for column in columns]
    packed = json.dumps([side, *values]).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _read(cursor: str, length: int) -> tuple[str, list[Any]]:
    if not cursor:
        return "after", []
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        side, *values = json.loads(packed)
    except (ValueError, TypeError):
        side, values = "", []
    if side not in ("after", "before") or len(values) != length or None in values:
        raise BadRequest(_("This page address is damaged. Start from the first page."))
    return side, values
