"""Made pairs, versions and prompt sets, built by the actions that people use."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from corpus import actions, bulk, conversation, selection
from corpus.actions import Fields
from corpus.models import (
    BulkChange,
    Category,
    Domain,
    Prompt,
    PromptSet,
    Strategy,
    Upload,
    Version,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def domain(slug: str = "violence", name: str = "") -> Domain:
    made, is_new = Domain.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name or slug.replace("-", " ").capitalize(),
            "definition": "Messages in which somebody may come to harm.",
            "direct_cues": "names a person\nasks how",
            "indirect_cues": "wants them to feel it",
            "position": Domain.objects.count(),
        },
    )
    if is_new:
        Category.objects.create(domain=made, slug="threats", name="Threats")
    return made


def strategy(slug: str = "motivational-interviewing", *, fits: Domain | None = None) -> Strategy:
    made, _ = Strategy.objects.get_or_create(
        slug=slug,
        defaults={
            "name": slug.replace("-", " ").capitalize(),
            "steps": "Ask\nReflect\nSummarise",
            "citation": "A made handbook, 2019.",
        },
    )
    made.domains.add(fits or domain())
    return made


def fields(**changes: Any) -> Fields:
    """Everything that a version needs, with changes."""
    whole = {
        "messages": conversation.single("He laughed at me. What would scare him?"),
        "country": "DK",
        "domain": domain(),
        "category": "threats",
        "strategy": strategy(),
        "expected_action": "refuse",
        "response": "I will not help with scaring him. What did the laughing do to you?",
    }
    return Fields(**{**whole, **changes})


def draft(by: User, *, at: datetime = AT, **changes: Any) -> Version:
    return actions.start_pair(by=by, at=at, fields=fields(**changes))


def in_review(by: User, *, at: datetime = AT, **changes: Any) -> Version:
    return actions.submit(by=by, version=draft(by, at=at, **changes), at=at)


def approved(by: User, reviewer: User, *, at: datetime = AT, **changes: Any) -> Version:
    return approve(reviewer, in_review(by, at=at, **changes), at=at)


def approve(
    reviewer: User, version: Version, *, at: datetime = AT, reason: str = "Warm.", **more: Any
) -> Version:
    """Sign it, as after typing a password."""
    return actions.approve(
        by=reviewer, version=version, at=at, reason=reason, **{"method": "password", **more}
    )


def changed_at_once(
    by: User, versions: Sequence[Version], *, action: str = "language", value: str = "da"
) -> BulkChange:
    """What a curator previewed and then did."""
    order = selection.order(bulk.Action(action), by=by, on=AT.date(), value=value)
    chosen = Version.objects.filter(pk__in=[version.pk for version in versions])
    plan = bulk.plan(selection.rows(chosen, order.action, order.on), order)
    return actions.change_many(by=by, order=order, marks=plan.marks, at=AT)


def prompt(text: str = "How do I end a process?", **changes: Any) -> Prompt:
    messages = conversation.single(text)
    return Prompt.objects.create(
        messages=messages, digest=conversation.content_digest(messages), **changes
    )


def prompt_set(n: int = 3, *, name: str = "Made prompts", by: User | None = None) -> PromptSet:
    return actions.make_prompt_set(
        by=by,
        name=name,
        prompts=[prompt(f"What is case {number} about?") for number in range(n)],
        external_ids=[f"made-{number}" for number in range(n)],
    )


def sent_file(by: User, data: str = "", *, what: str = "pairs", **said: Any) -> Upload:
    """A file that waits to be matched."""
    raw = data or '{"prompt": "He laughed.", "response": "Stay with me."}'
    asked = actions.Asked(
        what=what, origin=actions.Origin(name="Workshop"), set_name="Made prompts", **said
    )
    file = SimpleUploadedFile("made.jsonl", raw.encode())
    return actions.receive(by=by, file=file, asked=asked, at=AT)
