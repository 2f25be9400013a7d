"""A source that reaches into all: pairs, runs, studies, verdicts, a release and its files."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import User
from annotation.actions import submission
from annotation.models import Study
from corpus import actions
from corpus.actions.uploads import Asked, receive
from corpus.models import Pair, Prompt, PromptSet, Source, Upload, Version
from exports import store
from exports.actions import cut_release
from exports.models import Release
from generation.models import Run
from judging import actions as judging_actions
from judging.models import Anchor, Judgement, Verdict
from tests.annotation import made as rating
from tests.corpus import made as writing
from tests.exports import made as exporting
from tests.judging import made as judging
from tests.people import PASSWORD, person

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MARK = "zqxmarker"
OTHER = "Other benchmark"


@dataclass
class Everything:
    """What the tests look at."""

    curator: User
    source: Source
    whole: PromptSet
    mixed: PromptSet
    runs: dict[str, Run]
    studies: dict[str, Study]
    release: Release
    files: list[Path]
    upload: Upload


def everything(n: int = 2, prefix: str = "") -> Everything:
    """`n` prompts and `n` pairs of a source, and as many prompts of another in a mixed set."""
    curator = person("curator")
    curator.set_password(PASSWORD)
    curator.save()
    whole = prompts(curator, f"{prefix}Sorry", MARK, n)
    other = prompts(curator, f"{prefix}{OTHER}", "kept", n)
    mixed = actions.make_prompt_set(
        by=curator,
        name=f"{prefix}Mixed set",
        prompts=[*whole.prompts.order_by("id"), *other.prompts.order_by("id")],
    )
    runs = {
        name: rating.run(over, f"{prefix}{name}", f"{MARK if over == whole else 'kept'} {name}")
        for name, over in {"a": whole, "b": whole, "mixed": mixed, "mixed too": mixed}.items()
    }
    studies = {
        "whole": rated([runs["a"], runs["b"]], f"{prefix}whole", MARK),
        "mixed": rated([runs["mixed"], runs["mixed too"]], f"{prefix}mixed", "kept"),
    }
    judged(studies["whole"], f"{prefix}Panel")
    source = Source.objects.get(name=f"{prefix}Sorry")
    approve_pairs(curator, source, n)
    exporting.pairs(1)
    release = cut_release(
        by=curator,
        name=f"{prefix}Spring",
        version="1.0.0",
        at=AT,
        overrides={"terms": "Made up here.", "families": "Made up here."},
    )
    anchor(studies["whole"], whole)
    files = [
        store.keep(each, store.offers(each)[0].name).path
        for each in (release, studies["whole"], studies["mixed"])
    ]
    waiting = upload(curator, rows([{"prompt": f"{MARK} waits"}]), origin_name=source.name)
    return Everything(curator, source, whole, mixed, runs, studies, release, files, waiting)


def upload(by: User, file: BytesIO, *, name: str = "new.jsonl", origin_name: str = "") -> Upload:
    """A file that waits for its columns to be matched."""
    sent = SimpleUploadedFile(name, file.getvalue())
    asked = Asked(what="prompts", origin=actions.Origin(name=origin_name), set_name="New")
    return receive(by=by, file=sent, asked=asked, at=AT)


def prompts(by: User, name: str, word: str, n: int) -> PromptSet:
    lines = [{"id": f"{name}-{i}", "prompt": f"{word} says case {i}"} for i in range(n)]
    brought = actions.import_prompts(
        by=by, file=rows(lines), format="jsonl", set_name=name, origin=actions.Origin(name=name)
    )
    assert brought.prompt_set
    return brought.prompt_set


def approve_pairs(by: User, source: Source, n: int) -> None:
    """Pairs of the source through a whole life: sent, remarked on, approved."""
    reviewer, domain = person("reviewer"), writing.domain()
    strategy = writing.strategy()
    lines = [
        {
            "id": f"pair-{i}",
            "prompt": f"{MARK} laughed at me, case {i}",
            "response": f"I will not help with {MARK}. What did the laughing do to you, case {i}?",
            "domain": domain.slug,
            "strategy": strategy.slug,
            "expected_action": "refuse",
            "country": "DK",
        }
        for i in range(n)
    ]
    origin = actions.Origin(name=source.name)
    actions.import_pairs(by=by, file=rows(lines), format="jsonl", origin=origin, at=AT)
    for version in Version.objects.filter(pair__source=source):
        sent = actions.submit(by=by, version=version, at=AT)
        actions.comment(by=reviewer, version=sent, body=f"{MARK}, is it warm enough?")
        writing.approve(reviewer, sent)


def rows(lines: list[dict[str, Any]]) -> BytesIO:
    return BytesIO("\n".join(json.dumps(line) for line in lines).encode())


def rated(runs: list[Run], slug: str, word: str) -> Study:
    """One rater rates every item, and says why."""
    study = rating.study(runs=runs, slug=slug, k=2)
    rater = person("rater")
    for _ in range(study.n_items):
        held = rating.lease(study, rater, at=AT)
        given = [row | {"rationale": f"{word}, plainly"} for row in rating.ratings(study)]
        submission.submit(
            assignment=held,
            rater=held.rater,
            token=held.token,
            key=held.pk,
            ratings=given,
            preference="A",
            at=AT,
        )
    return study


def judged(study: Study, name: str) -> None:
    """A verdict on every answer, with what the judge wrote."""
    panel = judging.judge(name=name, rubric=study.rubric)
    criterion = study.rubric.criteria.order_by("position")[0]
    for run in Run.objects.filter(arms__study=study):
        judge_run = judging_actions.start_judge_run(
            by=None, judge=panel, run=run, at=AT, rings=False
        )
        Verdict.objects.bulk_create(
            Verdict(
                judgement=judgement,
                judge=panel,
                completion=judgement.completion,
                criterion=criterion,
                value=criterion.minimum,
                reasoning=f"It says {MARK}.",
                created_at=AT,
            )
            for judgement in Judgement.objects.filter(judge_run=judge_run)
        )


def anchor(study: Study, over: PromptSet) -> Anchor:
    """A settled answer that holds its conversation itself."""
    prompt = over.prompts.order_by("id")[0]
    return Anchor.objects.create(
        rubric=study.rubric,
        name=f"Anchor of {study.slug}",
        messages=prompt.messages,
        text="I hear you.",
        digest=prompt.digest,
        created_at=AT,
    )


def tables_with(word: str) -> dict[str, int]:
    """Table -> how many of its rows say the word, whatever table the database has."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            n = sum(word in str(row) for row in cursor.fetchall())
            if n:
                found[table] = n
    return found


def n_of(source: Source) -> tuple[int, int]:
    return Prompt.objects.filter(source=source).count(), Pair.objects.filter(source=source).count()
