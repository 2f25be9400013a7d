"""The versions that a change of many is about, read as the rows that its plan judges."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q

from accounts.models import User
from corpus import bulk, places, workflow
from corpus.bulk import Action, Order, Row, Words
from corpus.models import Category, Strategy, Version
from corpus.models.pairs import Status, VersionQuerySet

LIGHT = (
    *("status", "lock_version", "author_id", "last_editor_id", "domain_id", "category"),
    *("strategy_id", "language", "country", "best_before", "prompt_id"),
)
HEAVY = ("messages", "response", "expected_action")


def rows(
    versions: VersionQuerySet, action: Action, on: date, limit: int = bulk.MAX_ROWS
) -> Iterator[Row]:
    """In the queryset's order. One query; texts and freshness are read only where they matter."""
    needs_text = action == Action.SUBMIT
    newer = Version.objects.approved().filter(pair=OuterRef("pair"), number__gt=OuterRef("number"))
    is_current = ExpressionWrapper(
        Q(status=Status.APPROVED) & ~Exists(newer), output_field=BooleanField()
    )
    columns = (*LIGHT, *HEAVY) if needs_text else LIGHT
    found = versions.select_related(None).only(*columns)
    found = found.annotate(source_id=F("pair__source"), is_current=is_current)
    if action == Action.PROMPT_SET:
        fresh = Version.objects.fresh(on).filter(pk=OuterRef("pk"))
        found = found.annotate(is_fresh=Exists(fresh))
    for version in found[:limit]:
        yield row(version, with_gaps=needs_text)


def row(version: Version, *, with_gaps: bool) -> Row:
    """Of a version with `source_id` and `is_current` annotated."""
    gaps = workflow.missing(version) if with_gaps and version.is_draft else []
    return Row(
        pk=version.pk,
        status=version.status,
        lock_version=version.lock_version,
        author=version.author_id,
        last_editor=version.last_editor_id,
        is_imported=version.source_id is not None,  # type: ignore[attr-defined]  # annotated
        is_current=bool(version.is_current),  # type: ignore[attr-defined]  # annotated
        domain=version.domain_id,
        category=version.category,
        strategy=version.strategy_id,
        language=version.language,
        country=version.country,
        best_before=version.best_before,
        prompt=version.prompt_id,
        is_fresh=getattr(version, "is_fresh", True),
        gaps=tuple(gap.message for gap in gaps),
    )


def order(action: Action, *, by: User, on: date, value: str = "") -> Order:
    """With the names of what it sets. At most one query."""
    return Order(action, by.pk, on, value, names(action))


def names(action: Action) -> Mapping[str, Words]:
    """What the values of an action are called."""
    match action:
        case Action.LANGUAGE:
            return places.LANGUAGES
        case Action.COUNTRY:
            return places.COUNTRIES
        case Action.STRATEGY:
            return dict(Strategy.objects.values_list("pk", "name"))
        case Action.CATEGORY:
            known = Category.objects.values_list("domain_id", "slug", "name")
            return {f"{domain}/{slug}": name for domain, slug, name in known}
    return {}


def named(lines: Sequence[bulk.Line]) -> list[tuple[Version, bulk.Line]]:
    """The lines with the versions that they are about. One query."""
    found = Version.objects.in_bulk([line.row.pk for line in lines])
    return [(found[line.row.pk], line) for line in lines if line.row.pk in found]
