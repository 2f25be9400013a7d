"""What is to be brought in, from where, and how it is read; checked before anything is."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from corpus.actions.refusals import NotNow, NotYours, Purged
from corpus.actions.sets import check_name
from corpus.formats import PAIR_FORMATS, PROMPT_FORMATS, Format
from corpus.models import Source
from corpus.reading.mapping import Matched

# Of a source that is known with other terms than a file's, or without any.
OTHERWISE = {
    "licence": gettext_lazy(
        "The source %(source)s is known with the licence %(known)s, and this file is said to have "
        "%(said)s. Give this file's source a name of its own, such as %(name)s, or correct the "
        "source first."
    ),
    "revision": gettext_lazy(
        "The source %(source)s is known with the revision %(known)s, and this file is said to have "
        "%(said)s. Give this file's source a name of its own, such as %(name)s, or correct the "
        "source first."
    ),
}
UNSAID = {
    "licence": gettext_lazy(
        "The source %(source)s is known without a licence, and this file is said to have "
        "%(said)s. Give this file's source a name of its own, such as %(name)s, or correct the "
        "source first."
    ),
    "revision": gettext_lazy(
        "The source %(source)s is known without a revision, and this file is said to have "
        "%(said)s. Give this file's source a name of its own, such as %(name)s, or correct the "
        "source first."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a file comes from; what is left empty, its format may know."""

    name: str = ""
    licence: str = ""
    url: str = ""
    revision: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be brought in, and how it is read."""

    what: str  # "prompts" or "pairs"
    by: User | None
    format: str
    origin: Origin = Origin()
    set_name: str = ""
    expected_action: str = ""
    matched: Matched = field(default_factory=Matched)
    split: str = ""

    @property
    def is_of_pairs(self) -> bool:
        return self.what == "pairs"

    @property
    def layout(self) -> Format[Any]:
        return PAIR_FORMATS[self.format] if self.is_of_pairs else PROMPT_FORMATS[self.format]

    @property
    def source_name(self) -> str:
        return self.origin.name.strip() or self.layout.source or self.set_name.strip()

    def source(self) -> Source:
        """The row with this name, or one that is not stored yet. Refuses a purged one."""
        name = self.source_name
        if not name:
            raise NotNow(_("Say where the file comes from: it needs the name of a source."))
        gone = Source.objects.filter(name__iexact=name, purged_at__isnull=False).first()
        if gone:
            raise Purged(gone)
        found = Source.objects.filter(name=name).first()
        if found is None:
            return Source(name=name, created_by=self.by, **self.terms())
        self._check_terms(found)
        return found

    def _check_terms(self, found: Source) -> None:
        """A source has one licence and one revision: what is said must be what is known."""
        for name in ("licence", "revision"):
            said, known = getattr(self.origin, name).strip(), getattr(found, name)
            if said and said != known:
                words = OTHERWISE[name] if known else UNSAID[name]
                raise NotNow(
                    words
                    % {
                        "source": repr(found.name),
                        "known": repr(known),
                        "said": repr(said),
                        "name": repr(f"{found.name} {said}"),
                    }
                )

    def terms(self) -> dict[str, str]:
        """What a new source is known by. A published format knows its own terms."""
        layout, origin = self.layout, self.origin
        is_known = self.source_name == layout.source
        return {
            "licence": origin.licence or (layout.licence if is_known else ""),
            "url": origin.url or (layout.url if is_known else ""),
            "revision": origin.revision or (layout.revision if is_known else ""),
        }

    def check(self) -> None:
        """Refuses before anything is read."""
        if self.is_of_pairs and not (self.by and self.by.can("pairs.write")):
            raise NotYours(
                _("%(person)s may not write pairs. Name a curator or an author.")
                % {"person": self.by}
            )
        if not self.is_of_pairs:
            check_name(self.set_name)
        if self.matched and not self.layout.is_ours:
            raise NotNow(
                _("%(format)s has columns of its own; none are matched in it.")
                % {"format": self.layout.label}
            )
