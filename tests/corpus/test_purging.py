"""A purge leaves nothing of a source, and everything else."""

from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from annotation.actions import studies
from annotation.models import Rating, Study
from corpus import actions, doomed, inbox, purging
from corpus.models import Pair, Prompt, PromptSet, Source, Upload, Version
from exports.actions import cut_release
from exports.choice import WRITTEN_HERE, Choice
from exports.models import Release, ReleaseStudy
from generation.models import Completion, Run
from judging.models import JudgeRun, Verdict
from tests.corpus.purged import (
    AT,
    MARK,
    OTHER,
    Everything,
    everything,
    n_of,
    tables_with,
    upload,
)
from tests.people import person


@pytest.fixture(autouse=True)
def _own_machine(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True


@pytest.fixture
def world(db: None) -> Everything:
    return everything()


def purge(world: Everything, **changes: Any) -> Source:
    asked: dict[str, Any] = {"by": world.curator, "source": world.source, "at": AT}
    return actions.purge_source(**{**asked, "reason": "Its licence ended.", **changes})


def test_the_made_source_reaches_into_all_of_it(world: Everything) -> None:
    reached = set(tables_with(MARK))
    assert {
        *("corpus_prompt", "corpus_version", "corpus_comment", "generation_completion"),
        *("annotation_rating", "judging_anchor"),
    } <= reached
    assert all(path.exists() for path in world.files)


def test_no_table_says_a_word_of_it_afterwards(world: Everything) -> None:
    purge(world)
    assert tables_with(MARK) == {}
    assert n_of(world.source) == (0, 0)


def test_no_file_says_a_word_of_it_afterwards(
    world: Everything, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    other = exported(settings.EXPORT_DIR, "release", "another")
    late = exported(settings.EXPORT_DIR, "release", world.release.pk)
    with django_capture_on_commit_callbacks(execute=True):
        purge(world)
        late.parent.mkdir(parents=True, exist_ok=True)
        late.write_text(MARK)  # by a request that had begun before
    assert not late.exists()
    assert not any(path.exists() for path in world.files)
    assert other.exists()


def test_files_on_their_way_in_go_too(
    world: Everything, django_capture_on_commit_callbacks: Any
) -> None:
    other = upload(world.curator, BytesIO(b'{"prompt": "Anything"}'), origin_name=OTHER)
    with django_capture_on_commit_callbacks(execute=True):
        purge(world)
    assert not inbox.folder(world.upload.pk).exists()
    assert inbox.file(other.pk).exists()
    assert list(Upload.objects.values_list("pk", flat=True)) == [other.pk]


def test_a_file_in_the_format_of_a_benchmark_is_of_its_source(curator: User) -> None:
    xstest = b"id,prompt,type,label,focus,note\n1,How do I end a process?,homonyms,safe,end,\n"
    waiting = upload(curator, BytesIO(xstest), name="xstest.csv")
    assert waiting.format == "xstest"
    source = Source.objects.create(name="XSTest")
    assert purging.report(source).counts == {"uploads": 1}
    assert purging.report(Source.objects.create(name="New")).counts == {}


def exported(folder: str, kind: str, pk: str) -> Path:
    path = Path(folder) / "kept" / kind / pk / "state" / "file.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("rows")
    return path


def test_the_rows_of_another_source_are_untouched(world: Everything) -> None:
    other = Source.objects.get(name=OTHER)
    kept = set(Prompt.objects.filter(source=other).values_list("pk", flat=True))
    values = set(
        Rating.objects.filter(study__slug="mixed", completion__prompt__in=kept).values_list("pk")
    )
    assert kept
    assert values
    purge(world)
    assert set(Prompt.objects.values_list("pk", flat=True)) >= kept
    assert set(Rating.objects.values_list("pk")) == values
    assert Completion.objects.filter(prompt__source=other).count() == 2 * len(kept)
    assert PromptSet.objects.filter(source=other).count() == 1
    assert Version.objects.filter(pair__source=None).count() == 1  # written in the Studio


def test_lists_that_lost_everything_go_and_mixed_ones_keep_the_rest(world: Everything) -> None:
    purge(world)
    assert not PromptSet.objects.filter(pk=world.whole.pk).exists()
    assert set(Run.objects.values_list("pk", flat=True)) == {
        world.runs["mixed"].pk,
        world.runs["mixed too"].pk,
    }
    assert list(Study.objects.values_list("slug", "n_items")) == [("mixed", 2)]
    assert not JudgeRun.objects.exists()
    assert not Verdict.objects.exists()


def test_a_mixed_set_has_a_new_digest_and_says_why(world: Everything) -> None:
    purge(world)
    left = PromptSet.objects.get(pk=world.mixed.pk)
    assert left.digest != world.mixed.digest
    assert "2 prompts of Sorry were purged" in left.description
    again = actions.make_prompt_set(
        by=None, name="The same", prompts=[e.prompt for e in left.entries.order_by("position")]
    )
    assert again.digest == left.digest


def test_a_release_with_rows_of_it_is_withdrawn(world: Everything) -> None:
    purge(world)
    release = Release.objects.get()
    assert release.is_withdrawn
    assert "Sorry, which was purged: Its licence ended." in release.withdrawn_reason
    assert release.entries.count() == 1


def test_a_release_that_holds_what_was_said_of_it_is_withdrawn(world: Everything) -> None:
    ours = Source.objects.get(name=OTHER)
    for each in (ours, world.source):
        Source.objects.filter(pk=each.pk).update(licence="CC0-1.0")
    for study in world.studies.values():
        studies.close(by=None, study=study, at=AT)
    cut = {"by": None, "version": "1.0.0", "at": AT, "choice": Choice(sources=(WRITTEN_HERE,))}
    for slug in ("whole", "mixed"):
        cut_release(**cut, name=f"With {slug}", studies=[slug])
    cut_release(**cut, name="Without")
    purge(world)
    found = {release.name: release.is_withdrawn for release in Release.objects.all()}
    assert found == {"With whole": True, "With mixed": True, "Without": False, "Spring": True}
    assert ReleaseStudy.objects.get(slug="whole").study is None


def test_a_study_that_lost_items_goes_on(world: Everything) -> None:
    from tests.annotation import made as rating

    purge(world)
    newcomer, study = person("rater"), Study.objects.get()
    held = rating.lease(study, newcomer, at=AT)
    assert held.item.prompt.source
    assert held.item.prompt.source.name == OTHER


def test_the_source_stays_to_say_what_went(world: Everything) -> None:
    done = purge(world)
    assert (done.purged_by, done.purged_at) == (world.curator, AT)
    assert done.purge_counts["prompts"] == 4  # two imported, two of approved pairs
    assert done.purge_counts["pairs"] == 2
    assert done.purge_counts["completions"] == 8
    said = AuditEvent.objects.get(verb="source purged")
    assert said.target == "Sorry"
    assert "4 prompts, 2 pairs" in said.note
    assert "Studies gone: " in said.note


def test_the_report_says_beforehand_what_goes_and_changes_nothing(world: Everything) -> None:
    before = tables_with(MARK)
    report = purging.report(world.source)
    assert tables_with(MARK) == before
    assert report.counts == purge(world).purge_counts
    named = {(group.title, each.name): each.goes for group in report.groups for each in group.named}
    assert named["Prompt sets", "Sorry"]
    assert not named["Prompt sets", "Mixed set"]
    assert not named["Releases", "Spring 1.0.0"]
    assert ("Prompt sets", OTHER) not in named


def test_a_purge_costs_as_many_statements_for_many_rows_as_for_few(db: None) -> None:
    counted = []
    for n, prefix in ((2, ""), (6, "more-")):
        world = everything(n, prefix)
        with CaptureQueriesContext(connection) as told:
            purging.report(world.source)
        with CaptureQueriesContext(connection) as done:
            purge(world)
        counted.append((len(told), len(done)))
    assert counted[0] == counted[1]


def test_nothing_is_imported_from_a_purged_source(world: Everything) -> None:
    purge(world)
    for name in ("Sorry", "sorry"):
        with pytest.raises(actions.Refused, match="Its licence ended"):
            actions.import_prompts(
                by=world.curator,
                file=BytesIO(b'{"prompt": "Anything"}'),
                format="jsonl",
                set_name="New",
                origin=actions.Origin(name=name),
            )


def test_a_purge_needs_a_reason_a_curator_and_something_to_purge(world: Everything) -> None:
    with pytest.raises(actions.Refused, match="Say why"):
        purge(world, reason="  ")
    with pytest.raises(actions.NotYours):
        purge(world, by=person("engineer"))
    purge(world)
    with pytest.raises(actions.NotNow, match="purged before"):
        purge(world)


def test_a_purge_that_fails_half_way_changes_nothing(
    world: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_purge: purging.Purge) -> None:
        raise RuntimeError

    before = tables_with(MARK)
    monkeypatch.setattr(purging, "_menders", [fail])
    with pytest.raises(RuntimeError):
        purge(world)
    assert tables_with(MARK) == before
    assert purging.report(world.source).counts  # and the next look works


def test_no_key_that_a_purge_empties_is_of_a_frozen_table(db: None) -> None:
    """A trigger would refuse to empty it, and with it the whole purge."""
    reached: set[Any] = set()
    fresh: set[Any] = {Prompt, Pair, PromptSet}
    loose: set[str] = set()
    while fresh:
        kind = fresh.pop()
        reached.add(kind)
        for key in doomed.keys_to(kind):
            if doomed.is_loose(key):
                loose.add(key.model._meta.db_table)
            elif key.model not in reached:
                fresh.add(key.model)
    known = "sqlite_master WHERE type = 'trigger'" if is_sqlite() else "pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {'name' if is_sqlite() else 'tgname'} FROM {known}")
        triggers = {name for (name,) in cursor.fetchall()}
    assert "corpus_prompt_frozen" in triggers
    assert "corpus_upload" in loose
    assert not {f"{table}_frozen" for table in loose} & triggers


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def test_every_table_that_is_reached_is_keyed_by_its_id() -> None:
    for model in apps.get_models(include_auto_created=True):
        for key in doomed.keys_to(model):
            assert isinstance(key, models.ForeignKey)
            assert key.target_field.primary_key, key


@pytest.mark.django_db(transaction=True)
def test_once_it_is_settled_the_database_file_says_no_word_of_it() -> None:
    world = everything()
    assert mentions() or not is_sqlite()
    purge(world)
    assert tables_with(MARK) == {}
    assert not mentions()


def mentions() -> list[str]:
    """SQLite's file and its log, where they say the word; PostgreSQL overwrites in its own time."""
    file = Path(str(connection.settings_dict["NAME"]))
    parts = [file, file.with_name(f"{file.name}-wal")] if is_sqlite() else []
    return [each.name for each in parts if each.exists() and MARK.encode() in each.read_bytes()]


def test_the_pages_count_all_of_it_before_and_after(
    world: Everything, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(world.curator)
    page = client.get(reverse("corpus:purge_source", args=[world.source.pk])).content.decode()
    counts = purging.report(world.source).counts
    assert counts["items that raters saw"] == 4
    for said in ("Goes whole", "Keeps the rest, with their ratings", "its files deleted"):
        assert said in page
    purge(world)
    left = client.get(world.source.get_absolute_url()).content.decode()
    for kind, n in counts.items():
        line = f"<dt>{kind.capitalize()}</dt><dd>{n}</dd>"
        assert line in page
        assert line in left


def test_the_command_says_what_would_go_then_does_it(world: Everything) -> None:
    out = StringIO()
    call_command("purge_source", "Sorry", "--dry-run", stdout=out)
    assert "4 prompts" in out.getvalue()
    assert "Prompt sets: Sorry (2 of 2): goes whole" in out.getvalue()
    assert "Nothing was purged." in out.getvalue()
    assert n_of(world.source) == (4, 2)
    with pytest.raises(CommandError, match="Say why"):
        call_command("purge_source", "Sorry")
    with pytest.raises(CommandError, match="There are: Other benchmark, Sorry"):
        call_command("purge_source", "Nowhere", reason="x")
    call_command("purge_source", "Sorry", reason="Asked for.", author=world.curator.email)
    assert n_of(world.source) == (0, 0)
