"""A made corpus of any size, written by bulk inserts: what `bench.corpus` asks about."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BATCH = 2000
LANGUAGES, COUNTRIES = ["en"] * 12 + ["da", "de", "it", "es"], ["DK", "DE", "IT", "GB", "US", "LU"]
STATUSES = ["approved"] * 6 + ["in_review"] * 2 + ["draft", "changes_requested", "rejected"]
ACTIONS = ["refuse"] * 6 + ["partial"] * 2 + ["answer"]
SPLITS = ["train"] * 8 + ["validation", "test"]
EVERYWHERE = "listening"


def vocabulary(n: int = 6000) -> list[str]:
    """Made words, three syllables each, the most frequent first."""
    parts = ["ba", "den", "kor", "li", "mas", "no", "pel", "ri", "sto", "tu", "vas", "wen", "zu"]
    words = ["".join(each) for each in itertools.product(parts, repeat=3)]
    words += [word + "s" for word in words] + [word + "er" for word in words]
    random.Random(7).shuffle(words)
    return words[:n]


@dataclass
class Corpus:
    """What was made, as questions need it."""

    people: dict[str, Any]
    filters: dict[str, list[str]]
    words: list[str]
    phrases: list[str]
    rare: list[str]
    everywhere: str = EVERYWHERE

    def client(self, role: str) -> Any:
        from django.test import Client

        client = Client()
        client.force_login(self.people[role])
        return client


@dataclass
class Writer:
    """Texts whose words are as frequent as in a language (Zipf's law)."""

    words: list[str]
    draw: random.Random = field(default_factory=lambda: random.Random(11))

    def __post_init__(self) -> None:
        self._weights = list(itertools.accumulate(1 / (n + 3) for n in range(len(self.words))))

    def text(self, n: int) -> str:
        return " ".join(self.draw.choices(self.words, cum_weights=self._weights, k=n))


def make(n: int) -> Corpus:
    """So many pairs, every fifth rewritten once, with families and results of checks."""
    maker = Maker()
    for start in range(0, n, BATCH):
        maker.write(range(start, min(start + BATCH, n)))
    settle()
    return maker.made()


class Maker:
    """The people, the taxonomy, and pairs batch by batch."""

    def __init__(self) -> None:
        from accounts import actions as people
        from corpus.models import Domain, Source, Strategy

        roles = {"curator": "curator", "researcher": "researcher"}
        roles |= {f"author{number}": "author" for number in range(12)}
        self.people = {
            name: people.create_user(
                by=None, email=f"{name}@example.org", name=name.title(), roles=[role]
            )
            for name, role in roles.items()
        }
        self.authors = [user for name, user in self.people.items() if name.startswith("author")]
        numbers = range(8)
        self.domains = [
            Domain.objects.create(slug=f"domain-{each}", name=f"Domain {each}", position=each)
            for each in numbers[:5]
        ]
        self.strategies = [
            Strategy.objects.create(slug=f"strategy-{each}", name=f"Strategy {each}")
            for each in numbers
        ]
        self.sources = [Source.objects.create(name=f"Source {each}") for each in numbers[:6]]
        self.words = vocabulary()
        self.writer = Writer(self.words)
        self.draw = random.Random(3)
        self.phrases: list[str] = []

    def write(self, numbers: range) -> None:
        """One batch of pairs with everything that belongs to them."""
        from corpus.models import CheckResult, Pair, Prompt, Sketch, Version

        pairs = Pair.objects.bulk_create([self.pair() for _ in numbers])
        versions = [
            version
            for number, pair in zip(numbers, pairs, strict=True)
            for version in self.versions(number, pair)
        ]
        Prompt.objects.bulk_create([each.prompt for each in versions if each.prompt])
        Version.objects.bulk_create(versions, batch_size=500)
        Sketch.objects.bulk_create([self.sketch(each) for each in versions], batch_size=2000)
        results = [row for each in versions for row in self.results(each)]
        CheckResult.objects.bulk_create(results, batch_size=2000)

    def pair(self) -> Any:
        from corpus.models import Pair

        return Pair(
            created_by=self.people["curator"],
            source=self.draw.choice([*self.sources, None]),
            split=self.draw.choice(SPLITS),
        )

    def versions(self, number: int, pair: Any) -> Iterator[Any]:
        status = self.draw.choice(STATUSES)
        if number % 5 == 0:
            yield self.version(number, pair, "changes_requested", is_latest=False)
        yield self.version(number, pair, status, is_latest=True)

    def version(self, number: int, pair: Any, status: str, *, is_latest: bool) -> Any:
        from corpus.models import Version

        draw, at = self.draw, AT + timedelta(seconds=number // 3)
        said = [{"role": "user", "content": self.writer.text(30)}]
        domain, decided = draw.choice(self.domains), status not in ("draft", "in_review")
        return Version(
            pair=pair,
            number=1 + (number % 5 == 0 and is_latest),
            is_latest=is_latest,
            status=status,
            author=draw.choice(self.authors),
            messages=said,
            language=draw.choice(LANGUAGES),
            country=draw.choices(COUNTRIES, weights=[20, 20, 20, 20, 19, 1])[0],
            domain=domain,
            strategy=draw.choice(self.strategies),
            expected_action=draw.choice(ACTIONS),
            response=self.response(number),
            saved_at=at,
            submitted_at=None if status == "draft" else at,
            decided_at=at if decided else None,
            decided_by=self.people["curator"] if decided else None,
            digest="0" * 64 if status == "approved" else "",
            best_before=AT.date() + timedelta(days=draw.randint(200, 900)) if decided else None,
            prompt=self.prompt(said, domain) if status == "approved" else None,
        )

    def response(self, number: int) -> str:
        text = self.writer.text(120)
        if number % 500 == 0:
            words = text.split()
            self.phrases.append(" ".join(words[40:43]))
        rare = f" rarity{number % 20}" if number % 400 < 20 else ""
        return f"{text} {EVERYWHERE}{rare}"

    def prompt(self, said: list[dict[str, str]], domain: Any) -> Any:
        from corpus import conversation
        from corpus.models import Prompt

        return Prompt(messages=said, digest=conversation.content_digest(said), domain=domain)

    def sketch(self, version: Any) -> Any:
        """One in ten of a large family, the others of their own."""
        from corpus.models import Sketch

        shared = self.draw.random() < 0.1
        family = f"family{self.draw.randrange(50)}" if shared else version.pk
        return Sketch(version=version, words_digest=version.pk, family=family)

    def results(self, version: Any) -> Iterator[Any]:
        from corpus.models import CheckResult

        for key, level, share in (
            ("length", "note", 0.3), ("parts", "warn", 0.1), ("personal_data", "warn", 0.01)
        ):  # fmt: skip
            if self.draw.random() < share:
                yield CheckResult(version=version, key=key, level=level, n=1)

    def made(self) -> Corpus:
        filters = {
            "domain": [each.slug for each in self.domains],
            "strategy": [each.slug for each in self.strategies],
            "status": sorted(set(STATUSES)),
            "language": sorted(set(LANGUAGES)),
            "country": COUNTRIES,
            "expected_action": sorted(set(ACTIONS)),
            "source": [each.name for each in self.sources],
            "split": sorted(set(SPLITS)),
            "check": ["any", "length", "personal_data"],
            "author": [str(each.pk) for each in self.authors],
            "stale": ["on"],
            "mine": ["on"],
            "family": [f"family{each}" for each in range(50)],
        }
        rare = [f"rarity{number}" for number in range(20)]
        return Corpus(self.people, filters, self.words[5:1500:10], self.phrases, rare)


def settle() -> None:
    """As autovacuum leaves a PostgreSQL; SQLite is asked as it is."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
