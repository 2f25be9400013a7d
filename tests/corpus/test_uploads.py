"""The row is the queue: what happens when workers die, come twice or come too late."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection, connections
from django.utils import timezone

from accounts.models import AuditEvent, User
from corpus import actions, inbox
from corpus.actions import bringing, uploads
from corpus.models import Band, CheckResult, Pair, Reference, Sketch, Source, Upload, Version
from corpus.tasks import bring_in, sweep
from tests.corpus import made
from tests.corpus.made import AT
from tests.people import person


def spelled(n: int) -> str:
    """A name for a number: three digits would be looked up as one to call."""
    return "".join("abcdefghij"[int(digit)] for digit in str(n))


ROWS = [
    {
        "id": f"w-{n}",
        "prompt": f"Case {n}",
        "response": f"I hear you. You can call 988 at any time of the day or night, {spelled(n)}.",
        "country": "US",
    }
    for n in range(620)
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def quiet(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No broker: the bells that are rung."""
    settings.IMPORT_DIR = tmp_path
    rung: list[str] = []
    monkeypatch.setattr("corpus.actions.uploads._send", rung.append)
    return rung


def started(by: User, rows: list[dict[str, Any]] = ROWS, *, is_trial: bool = False) -> Upload:
    upload = made.sent_file(by, "\n".join(map(json.dumps, rows)))
    return actions.start_upload(by=by, upload=upload, is_trial=is_trial, at=AT)


def whole() -> dict[str, int]:
    """How many rows of each kind there are."""
    kinds = (Source, Pair, Version, Sketch, Band, Reference, CheckResult)
    return {kind.__name__: kind._default_manager.count() for kind in kinds}


# One worker


def test_everything_of_a_file_is_there_when_it_is_done(curator: User) -> None:
    upload = started(curator)
    bring_in(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.percent, upload.n_rows) == ("done", 100, 620)
    found = whole()
    assert (found["Pair"], found["Version"], found["Sketch"]) == (620, 620, 620)
    assert found["Reference"] == 620 and found["CheckResult"] >= 620
    # One template: one family, found by a few bands.
    assert Sketch.objects.values("family").distinct().count() == 1
    assert AuditEvent.objects.filter(verb="imported", by=curator).count() == 1


def test_what_is_prepared_beside_the_database_is_what_an_action_keeps(curator: User) -> None:
    """Near copies, services and checks of an import are those of the same text sent for review."""
    said = "It was a hard day, and I will not help with that. Call 988 tonight, they listen."
    made.in_review(curator, response=said, country="US")
    other = Version.objects.get()
    bring_in(
        started(curator, [{"prompt": "a", "response": said + " You matter.", "country": "US"}]).pk
    )
    mine = Version.objects.exclude(pk=other.pk).get()
    assert mine.sketch.family == other.sketch.family
    columns = ("passage", "normal", "kind", "resource")
    assert list(mine.references.values_list(*columns)) == list(
        other.references.values_list(*columns)
    )
    keys = {
        version: set(version.check_results.values_list("key", flat=True))
        for version in (mine, other)
    }
    assert "near_copy" in keys[mine] and "near_copy" in keys[other]


def test_rows_of_one_file_are_near_copies_of_each_other_across_batches(curator: User) -> None:
    rows = [
        {
            "prompt": f"Case {n}",
            "response": f"Unlike the rest, number {n} speaks of {n * 7919} things",
        }
        for n in range(150)
    ]
    twin = (
        "I will not help with it. Breathe slowly, put your feet on the floor, and name five things."
    )
    rows[3]["response"], rows[140]["response"] = twin, twin + " Please."
    bring_in(started(curator, rows).pk)
    families = [
        version.sketch.family
        for version in Version.objects.filter(response__startswith=twin).select_related("sketch")
    ]
    assert len(families) == 2 and len(set(families)) == 1


def test_the_second_message_finds_nothing_to_do(curator: User) -> None:
    upload = started(curator)
    bring_in(upload.pk)
    before = whole()
    bring_in(upload.pk)
    bring_in("nobodys")
    assert whole() == before


def test_progress_is_told_while_it_works(curator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "BEAT_S", 0)
    seen: list[tuple[str, int]] = []
    renew = type(Upload.objects).renew

    def spy(self: Any, pk: str, **said: Any) -> bool:
        told = renew(self, pk, **said)
        row = Upload.objects.get(pk=pk)
        seen.append((row.state, row.percent))
        return told

    monkeypatch.setattr(type(Upload.objects), "renew", spy)
    bring_in(started(curator).pk)
    shares = [percent for _, percent in seen]
    assert shares == sorted(shares) and len(set(shares)) > 5
    assert seen[0][0] == "reading" and seen[-1] == ("writing", 96)


# Workers that are lost


def test_a_file_that_is_stopped_while_it_is_read_leaves_nothing(
    curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = started(curator)
    monkeypatch.setattr(bringing, "BEAT_S", 0)
    monkeypatch.setattr(
        bringing, "prepare", lambda *said, **more: actions.stop_upload(by=curator, upload=upload)
    )
    bring_in(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "mapping" and not Pair.objects.exists()
    assert [path.name for path in inbox.folder(upload.pk).iterdir()] == ["file"]


def test_who_lost_the_lease_while_writing_keeps_nothing(
    curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = started(curator)
    finish = bringing._Work._done

    def late(work: Any, summary: Any) -> None:
        Upload.objects.filter(pk=upload.pk).update(claimed_by="another")
        finish(work, summary)

    monkeypatch.setattr(bringing._Work, "_done", late)
    bring_in(upload.pk)
    assert whole() == dict.fromkeys(whole(), 0)


def test_an_expired_lease_waits_again_and_the_bell_is_rung(
    curator: User, quiet: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    upload = started(curator)
    now = timezone.now()
    assert Upload.objects.claim(upload.pk, worker="dead", at=now - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        uploads.sweep(at=now)
    upload.refresh_from_db()
    assert upload.state == "pending" and quiet == [upload.pk]
    bring_in(upload.pk)
    assert Pair.objects.count() == 620


def test_a_file_that_kills_its_workers_is_given_up(curator: User) -> None:
    upload = started(curator)
    for _ in range(site.MAX_ATTEMPTS):
        assert Upload.objects.claim(upload.pk, worker="dead", at=AT)
        uploads.sweep(at=AT + timedelta(hours=1))
    upload.refresh_from_db()
    assert upload.state == "failed" and "was lost 3 times" in upload.problems[0]["message"]


def test_what_nobody_expected_is_said_and_kept_in_the_log(
    curator: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    upload = started(curator)
    monkeypatch.setattr(bringing, "write", lambda *said, **more: 1 / 0)
    bring_in(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "failed" and "ZeroDivisionError" in caplog.text
    assert "could not finish" in upload.problems[0]["message"]


KILLED = """
import os, signal, django
django.setup()
from corpus.actions import {module}
whole, n = {module}.{name}, 0
def last(*said, **more):
    global n
    n += 1
    if n > {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*said, **more)
{module}.{name} = last
from corpus.tasks import bring_in
bring_in("{upload}")
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("module", "name", "after"), [("preparing", "sketch", 300), ("writing", "insert", 4)]
)
def test_a_worker_that_is_killed_leaves_nothing_half(
    module: str, name: str, after: int, settings: Any
) -> None:
    upload = started(person("curator"))
    connections.close_all()
    script = KILLED.format(module=module, name=name, after=after, upload=upload.pk)
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment(settings), check=False
    )
    assert ended.returncode == -signal.SIGKILL
    upload.refresh_from_db()
    assert upload.state == ("reading" if module == "preparing" else "writing")
    assert whole() == dict.fromkeys(whole(), 0)
    Upload.objects.update(lease_expires_at=AT)
    sweep()
    bring_in(upload.pk)
    assert whole()["Pair"] == 620
    assert not inbox.folder(upload.pk).exists()


def environment(settings: Any) -> dict[str, str]:
    """Of a worker process beside this one: the same database and folder."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{found['NAME']}"
    else:
        at = f"{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
        url = f"postgres://{at}/{found['NAME']}"
        if str(found["HOST"]).startswith("/"):
            url = f"postgres://{found['USER']}@/{found['NAME']}?host={found['HOST']}"
    return {**os.environ, "DATABASE_URL": url, "IMPORT_DIR": str(settings.IMPORT_DIR)}


# What is refused, and what is tidied up


def test_an_id_that_arrives_meanwhile_refuses_the_whole_file(
    curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = started(curator)
    prepare = bringing.prepare

    def slow(*said: Any, **more: Any) -> Any:
        source = Source.objects.create(name="Workshop")
        Pair.objects.create(created_by=curator, source=source, external_id="w-7")
        return prepare(*said, **more)

    monkeypatch.setattr(bringing, "prepare", slow)
    bring_in(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "failed" and "try again" in upload.problems[0]["message"]
    assert Pair.objects.count() == 1


def test_nothing_comes_in_from_a_source_that_is_purged_meanwhile(
    curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Source.objects.create(name="Workshop")
    upload = started(curator)
    prepare = bringing.prepare

    def slow(*said: Any, **more: Any) -> Any:
        Source.objects.update(purged_at=AT, purged_by=curator, purge_reason="Its licence ended.")
        return prepare(*said, **more)

    monkeypatch.setattr(bringing, "prepare", slow)
    bring_in(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "failed" and "Its licence ended" in upload.problems[0]["message"]
    assert not Pair.objects.exists()


def test_files_that_nobody_came_back_for_are_deleted(curator: User, settings: Any) -> None:
    upload = started(curator, is_trial=True)
    bring_in(upload.pk)
    orphan = inbox.folder("orphan")
    orphan.mkdir()
    os.utime(orphan, (0, 0))
    uploads.sweep(at=AT + timedelta(days=6))
    assert inbox.file(upload.pk).exists() and not orphan.exists()
    uploads.sweep(at=AT + timedelta(days=8))
    assert not Upload.objects.exists()
    os.utime(inbox.folder(upload.pk), (0, 0))
    uploads.sweep(at=AT + timedelta(days=8))
    assert not inbox.folder(upload.pk).exists()


def test_a_file_that_is_gone_is_said_to_be_gone(curator: User) -> None:
    upload = started(curator)
    inbox.remove(upload.pk)
    bring_in(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "failed" and "no longer here" in upload.problems[0]["message"]


def test_nobody_starts_what_is_on_its_way(curator: User) -> None:
    upload = started(curator)
    with pytest.raises(actions.NotNow, match="on its way"):
        actions.start_upload(by=curator, upload=upload, is_trial=False, at=AT)
    with pytest.raises(actions.NotYours):
        actions.stop_upload(by=person("curator"), upload=upload)
    with pytest.raises(actions.NotNow, match="being read"):
        actions.discard_upload(by=curator, upload=upload)
