"""What a release or a study holds, asked once for all formats that are made of it."""

from functools import cached_property

from annotation.models import Study
from exports.models import Release
from exports.sources import splits
from exports.sources.scope import Scope, scopes_of

Source = Release | Study


class Holding:
    """Its pairs' splits and its studies. Each is one query, the first time that it is asked for."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def release(self) -> Release | None:
        return self.source if isinstance(self.source, Release) else None

    @cached_property
    def pair_splits(self) -> list[str]:
        return splits.of_pairs(self.release) if self.release else []

    @cached_property
    def scopes(self) -> list[Scope]:
        return scopes_of(self.source)

    @cached_property
    def stands(self) -> splits.Stands | None:
        """Where conversations stand; None where nothing is split."""
        return splits.by_prompt(self.release) if self.release and self.scopes else None

    @cached_property
    def item_splits(self) -> list[str]:
        """Of the studies' items; one without a name where nothing is split."""
        if not self.scopes:
            return []
        return [""] if self.stands is None else splits.of_items(self.scopes, self.stands)
