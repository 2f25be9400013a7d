"""Every address of the site with the methods it takes, read from the URL conf itself."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """An address by name; `methods` are those it answers."""

    name: str
    path: str
    methods: tuple[str, ...]


def routes() -> list[Route]:
    """In the order of the URL conf, each name once."""
    found = {route.name: route for route in _walk(get_resolver(), (), "/")}
    return list(found.values())


def _walk(resolver: URLResolver, spaces: tuple[str, ...], path: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        here = path + str(each.pattern)
        if isinstance(each, URLPattern):
            name = ":".join((*spaces, each.name or here))
            yield Route(name, here, methods_of(each.callback))
        else:
            yield from _walk(each, (*spaces, each.namespace) if each.namespace else spaces, here)


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """Of a REST place its actions, of a page what its decorator allows; others are read only."""
    actions: dict[str, str] | None = getattr(view, "actions", None)
    if actions:
        return tuple(name.upper() for name in actions if name not in ("head", "options"))
    seen: Any = view
    while seen is not None:
        if inspect.isfunction(seen):
            allowed = inspect.getclosurevars(seen).nonlocals.get("request_method_list")
            if allowed:
                return tuple(name for name in allowed if name != "HEAD")
        seen = getattr(seen, "__wrapped__", None)
    return ("GET",)
