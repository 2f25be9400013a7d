"""Prompts and prompt sets: made once, never changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus import conversation
from corpus.actions.refusals import NameTaken, NotNow
from corpus.models import Domain, Prompt, PromptSet, PromptSetEntry, Source, Version
from gate.text import accept, digest

BATCH = 1000


def prompt_of(version: Version) -> Prompt:
    """The prompt of a version: an identical one of the same source is used again."""
    found: Prompt = Prompt.objects.filter(
        digest=conversation.content_digest(version.messages),
        source=version.pair.source,
        language=version.language,
        country=version.country,
        domain=version.domain,
        category=version.category,
        expected_action=version.expected_action,
    ).order_by("created_at", "id").first() or Prompt.objects.create(
        messages=version.messages,
        digest=conversation.content_digest(version.messages),
        source=version.pair.source,
        language=version.language,
        country=version.country,
        domain=version.domain,
        category=version.category,
        expected_action=version.expected_action,
    )
    return found


@transaction.atomic
def make_prompt_set(
    *,
    by: User | None,
    name: str,
    prompts: Sequence[Prompt],
    slug: str = "",
    description: str = "",
    source: Source | None = None,
    external_ids: Sequence[str] = (),
) -> PromptSet:
    """A frozen list of prompts in this order; `external_ids` are theirs, in the same order."""
    if not prompts:
        raise NotNow(_("There is no prompt to put into the set. Choose other domains."))
    ids = list(external_ids) or [""] * len(prompts)
    made = new_set(
        by=by, name=name, slug=slug, description=description, source=source,
        content=set_digest(zip([prompt.digest for prompt in prompts], ids, strict=True)),
    )  # fmt: skip
    add_entries(made, [(prompt.pk, id_) for prompt, id_ in zip(prompts, ids, strict=True)])
    return made


def add_entries(made: PromptSet, rows: Sequence[tuple[str, str]], *, start: int = 1) -> None:
    """Fill a set that was just made: prompt ids with the ids of their source, in order."""
    PromptSetEntry.objects.bulk_create(
        [
            PromptSetEntry(
                prompt_set=made, prompt_id=prompt, position=position, external_id=external_id
            )
            for position, (prompt, external_id) in enumerate(rows, start=start)
        ],
        batch_size=BATCH,
    )


def check_name(name: str, slug: str = "") -> tuple[str, str]:
    """The set's name and address; `NameTaken` if it would stand beside a namesake."""
    name = accept(name.strip(), where=_("The name"), limit=120)
    slug = slug or slugify(name)[:80]
    if not slug:
        raise NotNow(_("The name needs at least one letter or digit."))
    if PromptSet.objects.filter(slug=slug).exists():
        raise NameTaken(name, slug)
    return name, slug


def new_set(
    *, by: User | None, name: str, slug: str, description: str, source: Source | None, content: str
) -> PromptSet:
    """The set itself, without its entries."""
    name, slug = check_name(name, slug)
    try:
        with transaction.atomic():
            made = PromptSet.objects.create(
                slug=slug, name=name, description=description, source=source, digest=content,
                created_by=by,
            )  # fmt: skip
    except IntegrityError:  # made by somebody else in this moment
        raise NameTaken(name, slug) from None
    record(by=by, verb="prompt set made", target=slug)
    return made


def set_digest(rows: Iterable[tuple[str, str]]) -> str:
    """Of the prompts' digests with the ids that their source gave them, in order."""
    return digest([[prompt, external_id] for prompt, external_id in rows])


@transaction.atomic
def prompt_set_from_approved(
    *,
    by: User | None,
    name: str,
    on: date,
    domains: Iterable[Domain] = (),
    slug: str = "",
    description: str = "",
    source: Source | None = None,
) -> PromptSet:
    """The prompts of all pairs approved and fresh on that day; of some domains, or of all."""
    versions = Version.objects.current().fresh(on).select_related("pair", "prompt")
    wanted = list(domains)
    if wanted:
        versions = versions.filter(domain__in=wanted)
    if source:
        versions = versions.filter(pair__source=source)
    ordered = versions.order_by("domain__position", "pair__external_id", "pair__created_at", "id")
    return set_of_versions(
        by=by, name=name, versions=ordered, slug=slug, description=description, source=source
    )


@transaction.atomic
def set_of_versions(
    *,
    by: User | None,
    name: str,
    versions: Iterable[Version],
    slug: str = "",
    description: str = "",
    source: Source | None = None,
) -> PromptSet:
    """The prompts of approved versions in this order, each once."""
    by_prompt = {version.prompt: version for version in versions if version.prompt}
    return make_prompt_set(
        by=by, name=name, slug=slug, description=description, source=source,
        prompts=list(by_prompt), external_ids=_ids(list(by_prompt.values())),
    )  # fmt: skip


def _ids(versions: list[Version]) -> list[str]:
    """The pair's id in its source where that is telling, else its own."""
    seen = Counter(version.pair.external_id for version in versions)
    return [
        (version.pair.external_id if seen[version.pair.external_id] == 1 else "") or version.pair.pk
        for version in versions
    ]
