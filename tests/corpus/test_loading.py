import json
from pathlib import Path

import pytest

from accounts.models import User
from corpus import loading
from corpus.models import Category, Domain, Pair, Prompt, Strategy, Version
from tests.corpus.made import AT
from tests.people import person


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {
        "author": person("author"),
        "second_author": person("author"),
        "reviewer": person("reviewer"),
    }


def counts() -> list[int]:
    return [model.objects.count() for model in (Domain, Category, Strategy, Pair, Version, Prompt)]


def test_the_shipped_sample_is_loaded_once(people: dict[str, User]) -> None:
    first = loading.load_sample(**people, at=AT)
    before = counts()
    assert loading.load_sample(**people, at=AT) == first
    assert counts() == before
    assert first.name == "Sample prompts" and first.source and first.source.is_sample
    rows = [
        json.loads(line)
        for path in (loading.SAMPLE / "pairs").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert Pair.objects.count() == len(rows)
    for status in ("approved", "in_review", "draft"):
        wanted = sum(row["status"] == status for row in rows)
        assert Version.objects.filter(status=status).count() == wanted
    assert first.entries.count() == Prompt.objects.count()
    assert not first.entries.filter(external_id="").exists()


def test_the_five_domains_come_with_their_strategies(db: None) -> None:
    loading.load_taxonomy()
    assert list(Domain.objects.values_list("slug", flat=True)) == [
        "suicide-self-harm",
        "substance-use",
        "violence",
        "weapons",
        "sexual-crimes",
    ]
    first = Domain.objects.all()[0]
    assert first.strategies.filter(slug="safety-planning").exists()
    assert first.categories.exists() and "\n" in first.indirect_cues


def test_what_curators_changed_is_left_alone(db: None) -> None:
    loading.load_taxonomy()
    Domain.objects.filter(slug="violence").update(name="Our violence")
    Strategy.objects.get(slug="sober").domains.clear()
    loading.load_taxonomy()
    assert Domain.objects.get(slug="violence").name == "Our violence"
    assert not Strategy.objects.get(slug="sober").domains.exists()


def test_a_small_sample_has_two_authors(people: dict[str, User], tmp_path: Path) -> None:
    (tmp_path / "pairs").mkdir()
    (tmp_path / "domains.json").write_text((loading.SAMPLE / "domains.json").read_text())
    row = {
        "domain": "violence", "category": "threats", "strategy": None, "language": "en",
        "country": "DK", "messages": [{"role": "user", "content": "A made one"}],
        "expected_action": "answer", "response": "Gladly.",
    }  # fmt: skip
    rows = [{**row, "id": f"v-{n}", "status": "approved"} for n in range(2)]
    (tmp_path / "pairs" / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    loading.load_sample(**people, at=AT, folder=tmp_path)
    authors = {version.author for version in Version.objects.all()}
    assert authors == {people["author"], people["second_author"]}
    assert {version.decided_by for version in Version.objects.all()} == {people["reviewer"]}
