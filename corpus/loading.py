"""The sample taxonomy and the sample pairs, loaded once: what exists is left as people made it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from corpus import actions
from corpus.actions import Fields
from corpus.models import Category, Domain, PromptSet, Source, Strategy

SAMPLE = Path(__file__).resolve().parent / "sample"
SOURCE_NAME, SET_NAME, SET_SLUG = "Sample", "Sample prompts", "sample-prompts"


@transaction.atomic
def load_taxonomy(path: Path = SAMPLE / "domains.json") -> None:
    """Domains, categories and strategies that are not there yet; the others stay as they are."""
    for position, entry in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        domain, is_new = Domain.objects.get_or_create(
            slug=entry["slug"],
            defaults={
                "name": entry["name"],
                "definition": entry["definition"],
                "direct_cues": "\n".join(entry["direct_cues"]),
                "indirect_cues": "\n".join(entry["indirect_cues"]),
                "position": position,
                "severity": entry.get("severity", 2),
            },
        )
        if is_new:
            _fill(domain, entry)


def _fill(domain: Domain, entry: dict[str, Any]) -> None:
    Category.objects.bulk_create(
        [
            Category(domain=domain, slug=category["slug"], name=category["name"])
            for category in entry["categories"]
        ]
    )
    for described in entry["strategies"]:
        strategy, _ = Strategy.objects.get_or_create(
            slug=described["slug"],
            defaults={
                "name": described["name"],
                "steps": "\n".join(described["steps"]),
                "citation": described["citation"],
            },
        )
        strategy.domains.add(domain)


@transaction.atomic
def load_sample(
    *, author: User, second_author: User, reviewer: User, at: datetime, folder: Path = SAMPLE
) -> PromptSet:
    """Sample pairs by two authors, decided by the reviewer, and the set "Sample prompts".

    Safe to repeat: pairs that were loaded before are left alone, and so is the set.
    """
    load_taxonomy(folder / "domains.json")
    source, _ = Source.objects.get_or_create(name=SOURCE_NAME, defaults={"is_sample": True})
    loaded = set(source.pairs.values_list("external_id", flat=True))
    domains = {domain.slug: domain for domain in Domain.objects.all()}
    strategies = {strategy.slug: strategy for strategy in Strategy.objects.all()}
    authors = (author, second_author)
    for number, row in enumerate(_rows(folder / "pairs")):
        if row["id"] in loaded:
            continue
        _load(
            row,
            fields=_fields(row, domains, strategies),
            source=source,
            by=authors[number % 2],
            reviewer=reviewer,
            # As if written over the past days, so that the queue has an order.
            at=at - timedelta(hours=3 * number + 1),
        )
    known = PromptSet.objects.filter(slug=SET_SLUG).first()
    return known or actions.prompt_set_from_approved(
        by=reviewer,
        name=SET_NAME,
        slug=SET_SLUG,
        on=at.date(),
        source=source,
        description="Prompts of the approved sample pairs. They were written for the sample.",
    )


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _fields(
    row: dict[str, Any], domains: dict[str, Domain], strategies: dict[str, Strategy]
) -> Fields:
    return Fields(
        messages=row["messages"],
        language=row["language"],
        country=row.get("country") or "",
        domain=domains[row["domain"]],
        category=row.get("category") or "",
        strategy=strategies[row["strategy"]] if row.get("strategy") else None,
        expected_action=row["expected_action"],
        response=row["response"],
    )


def _load(
    row: dict[str, Any], *, fields: Fields, source: Source, by: User, reviewer: User, at: datetime
) -> None:
    version = actions.start_pair(by=by, at=at, fields=fields, source=source, external_id=row["id"])
    if row["status"] in ("in_review", "approved"):
        version = actions.submit(by=by, version=version, at=at)
    if row["status"] == "approved":
        actions.approve(
            by=reviewer,
            version=version,
            at=at + timedelta(minutes=40),
            method="password",
            reason="Made for the sample; nobody vetted it.",
        )
