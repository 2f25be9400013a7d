"""The base of every page of the administration: rows are read; what may be done is an action.

The site asks who comes in (`psychosafe_site.admin`); here it is only said what they find. Nothing
is added, changed or deleted by a form of its own, so frozen tables stay frozen, and whatever is
done goes through the app's actions, which write the audit trail.
"""

from functools import update_wrapper
from typing import Any

from django.contrib.admin import ModelAdmin, ShowFacets
from django.db.models import Model
from django.http import HttpRequest
from django.urls import path


class Reading(ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A table to look at: a list, and a page for each row."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    view_on_site = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        return [self._list(), self._row()]

    def _list(self) -> Any:
        return path("", self._wrapped(self.changelist_view), name=self._name("changelist"))

    def _row(self) -> Any:
        view = self._wrapped(self.change_view)
        return path("<path:object_id>/change/", view, name=self._name("change"))

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _wrapped(self, view: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return self.admin_site.admin_view(view)(*args, **kwargs)

        return update_wrapper(wrapper, view)

    # The audit trail is ours; Django's own log stays empty.

    def log_addition(self, *args: Any, **kwargs: Any) -> Any:
        return None

    def log_change(self, *args: Any, **kwargs: Any) -> Any:
        return None

    def log_deletions(self, *args: Any, **kwargs: Any) -> Any:
        return []


class Listing(Reading):
    """A table whose rows have no page: their keys are secrets, or there is no more to say."""

    list_display_links = None

    def get_urls(self) -> list[Any]:
        return [self._list()]
