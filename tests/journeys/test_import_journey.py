"""A curator brings in ten thousand rows: three bad ones stop all of them, then all arrive.

The worker is a process of its own on the same database, as in production.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from accounts.models import AuditEvent
from corpus.models import Pair, Source, Upload, Version
from tests import axe
from tests.corpus.made import domain
from tests.corpus.test_uploads import ROOT, environment, spelled
from tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True)]

N = 10_000
BAD = {17: ("response", ""), 4242: ("domain", "selfharm"), 9999: ("country", "Denmark")}
WORKER = "import django; django.setup(); from corpus.tasks import bring_in; bring_in({!r})"
Enter = Callable[..., Page]
# Longer than it ever takes: a machine that runs all tests at once is slow.
PATIENCE_S = 400


@pytest.fixture(autouse=True)
def workers(
    transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Each bell starts a worker process; none outlives the test."""
    settings.IMPORT_DIR = tmp_path / "imports"
    settings.IMPORT_DIR.mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def ring(upload: str) -> None:
        command = [sys.executable, "-c", WORKER.format(upload)]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment(settings)))

    monkeypatch.setattr("corpus.actions.uploads._send", ring)
    yield
    for process in started:
        process.kill()
        process.wait()


def rows(*, bad: bool) -> Iterator[str]:
    for number in range(1, N + 1):
        row = {
            "id": f"j-{number}",
            "prompt": f"He laughed at me again, {spelled(number)}. What would scare him?",
            "response": f"I will not help with scaring him, {spelled(number * 7919)}. "
            f"What did the laughing do to you, {spelled(number * 104729)}? You can call 988.",
            "domain": "violence",
            "country": "US",
            "expected_action": "refuse",
        }
        if bad and number in BAD:
            column, value = BAD[number]
            row[column] = value
        yield json.dumps(row)


def send(page: Page, path: Path) -> None:
    page.goto("/corpus/import/pairs/")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_label("Source", exact=True).fill("Spring workshop")
    page.get_by_label("Licence (optional)").fill("CC-BY-4.0")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(path.name)


def watched(page: Page, words: str) -> list[float]:
    """Where the bar stood each time one looked, until the page says `words`. Nobody reloads."""
    seen: list[float] = []
    since = time.monotonic()
    while page.get_by_text(words).count() == 0:
        assert time.monotonic() - since < PATIENCE_S, f"{words!r} never came; the bar: {seen}"
        try:
            value = page.evaluate("document.querySelector('#progress progress[value]')?.value")
        except Error:  # the page loads itself anew
            continue
        seen += [value] if value is not None else []
        page.wait_for_timeout(150)
    return seen


@pytest.mark.browser
def test_a_curator_brings_in_ten_thousand_rows(enter: Enter, tmp_path: Path) -> None:
    domain("violence"), domain("weapons")
    bad, good = tmp_path / "bad.jsonl", tmp_path / "good.jsonl"
    bad.write_text("\n".join(rows(bad=True)))
    good.write_text("\n".join(rows(bad=False)))
    page = enter(person("curator"))

    send(page, bad)
    axe.assert_no_violations(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#progress progress")).to_be_visible()
    axe.assert_no_violations(page)
    watched(page, "3 places must be mended.")
    table = page.locator("#problems tbody tr")
    expect(table).to_have_count(3)
    for line, (number, (column, _)) in zip(table.all(), BAD.items(), strict=True):
        expect(line).to_contain_text(f"{number}{column}")
    expect(table.nth(1)).to_contain_text("'selfharm' is not known. Use one of: violence, weapons.")
    axe.assert_no_violations(page)
    assert not Pair.objects.exists() and not Source.objects.exists()
    assert not AuditEvent.objects.filter(verb="imported").exists()

    send(page, good)
    since = time.monotonic()
    page.get_by_role("button", name="Import", exact=True).click()
    seen = watched(page, "The file is imported.")
    took = time.monotonic() - since
    print(f"{N:,} rows in {took:.1f} s, {N / took:.0f} a second")
    assert seen == sorted(seen) and len(set(seen)) >= 3, f"the bar never moved: {seen}"
    axe.assert_no_violations(page)
    assert Version.objects.filter(status="draft", pair__source__licence="CC-BY-4.0").count() == N
    page.get_by_role("link", name="Open the drafts").click()
    expect(page.get_by_text("He laughed at me again").first).to_be_visible()
    assert list(Upload.objects.order_by("created_at").values_list("state", flat=True)) == [
        "failed",
        "done",
    ]


@pytest.mark.browser
def test_a_file_is_stopped_and_thrown_away(enter: Enter, tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    domain("violence")
    good.write_text("\n".join(rows(bad=False)))
    page = enter(person("curator"), width=390, scheme="dark")
    send(page, good)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. Nothing of the file was kept.")).to_be_visible()
    axe.assert_no_violations(page)
    page.get_by_role("button", name="Delete the file").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("The file is deleted.")).to_be_visible()
    assert not Upload.objects.exists() and not Pair.objects.exists()


@pytest.mark.browser
def test_foreign_columns_are_matched_in_the_page(enter: Enter, tmp_path: Path) -> None:
    domain("violence")
    path = tmp_path / "foreign.csv"
    cells = [f"Case {number},{('S1', 'none')[number % 2]},x" for number in range(40)]
    path.write_text("\n".join(["question,hazard,verdict", *cells]))
    page = enter(person("curator"))
    page.goto("/corpus/import/")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_label("Name of the new set").fill("Foreign")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("question", exact=True)).to_have_value("prompt")
    page.get_by_label("verdict", exact=True).select_option(label="Should it be refused?")
    # The words of the column that was just matched come by themselves.
    expect(page.get_by_role("heading", name="What the words in verdict mean")).to_be_visible()
    page.get_by_label("x", exact=True).select_option(label="Answer")
    page.get_by_label("S1", exact=True).select_option(label="Violence")
    page.get_by_label("none", exact=True).select_option(label="Leave it empty")
    axe.assert_no_violations(page)
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("Nothing was kept yet.")).to_be_visible()
    expect(page.locator("dl.facts").first).to_contain_text("Violence20")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("The file is imported.")).to_be_visible()
    page.get_by_role("link", name="Open the set").click()
    expect(page.get_by_text("Case 0")).to_be_visible()
