"""Loads the sample project: people, corpus, two made arms, a finished study and one that waits.

Everything goes through the actions that people's clicks go through, and loading twice is loading
once. The texts, people and ratings were made for the sample and say so.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import actions as accounts_actions
from accounts.models import User
from annotation import blinding
from annotation.actions import allocation, rubrics, studies, submission
from annotation.models import Assignment, ItemAnswer, Rater, Rubric, Study
from corpus.actions import make_prompt_set
from corpus.loading import load_sample as load_corpus
from corpus.models import PromptSet, Version
from crisis import sample as services
from generation.actions import install_conditions
from generation.actions.imports import import_completions
from generation.models import Run
from judging.actions import SAMPLE_ANCHORS, load_anchors
from psychosafe_site import sample_ratings

FOLDER = Path(settings.BASE_DIR) / "corpus" / "sample"
ARMS = {"baseline": "Sample model, plain", "informed": "Sample model, informed"}
SEED = 2606
NOTE = (
    "Conversations about suicide, violence, weapons, substances and sexual crimes, as people in "
    "distress might write them. Nothing describes a method. Made for the sample."
)
GUIDELINES = (
    "Read the conversation first, then both answers. Rate what each answer does for this person. "
    "If you cannot tell, say so; if it is not your field, say that."
)


@dataclass(frozen=True)
class People:
    """The sample's people."""

    author: User
    second_author: User
    reviewer: User
    rater: User
    curator: User
    engineer: User
    researcher: User
    administrator: User

    def doors(self) -> list[tuple[str, User]]:
        """Role and person, for the sign-in links."""
        return [
            (role, getattr(self, role))
            for role in (
                "author",
                "reviewer",
                "rater",
                "curator",
                "engineer",
                "researcher",
                "administrator",
            )
        ]


NAMES = {
    "author": ("Mira Holm", "author"),
    "second_author": ("Jonas Weber", "author"),
    "reviewer": ("Dr Alba Conti", "reviewer"),
    "rater": ("Sam Okafor", "rater"),
    "curator": ("Ines Kaya", "curator"),
    "engineer": ("Tom Lindqvist", "engineer"),
    "researcher": ("Ruth Amsel", "researcher"),
    "administrator": ("Nora Berg", "administrator"),
}


def load(*, at: datetime) -> People:
    """The sample project, whole; quick when it is there already."""
    people = People(**{key: _person(key, *given) for key, given in NAMES.items()})
    if not Study.objects.filter(slug="sample-open").exists():
        with transaction.atomic():
            services.load(at=at - timedelta(days=6))
            load_corpus(
                author=people.author,
                second_author=people.second_author,
                reviewer=people.reviewer,
                at=at - timedelta(days=6),
            )
            install_conditions()
            rubrics.install_all()
            load_anchors(by=people.curator, path=SAMPLE_ANCHORS)
            _finished_study(people, at - timedelta(days=5))
            _open_study(people, at - timedelta(hours=3))
    return people


def _person(key: str, name: str, role: str) -> User:
    email = f"{key.replace('_', '.')}@sample.example"
    found = User.objects.filter(email=email).first()
    return found or accounts_actions.create_user(
        by=None, email=email, name=name, roles=[role], is_sample=True
    )


def _finished_study(people: People, at: datetime) -> None:
    runs = _runs(people, "completions.jsonl", "Sample: rated prompts", at)
    study = _study(people, runs, "sample-finished", "Sample study, finished", at, k=3)
    said = {text: quality for _, _, text, quality in _answers("completions.jsonl")}
    for number, temper in enumerate(sample_ratings.TEMPERS, start=1):
        rater = Rater.objects.create(
            label=f"Made rater {number}", origin="made for the sample", is_sample=True
        )
        _rate_all(study, rater, temper, said, at + timedelta(hours=number))
    studies.close(by=people.curator, study=study, at=at + timedelta(days=2))


def _open_study(people: People, at: datetime) -> None:
    runs = _runs(people, "completions_open.jsonl", "Sample: prompts to rate", at)
    _study(people, runs, "sample-open", "Sample study, to rate", at, k=3)


def _study(people: People, runs: list[Run], slug: str, name: str, at: datetime, *, k: int) -> Study:
    study = studies.create(
        by=people.curator,
        name=name,
        slug=slug,
        rubric=Rubric.objects.filter(slug="psychosafe").latest("version"),
        runs=runs,
        k=k,
        seed=SEED,
        guidelines=GUIDELINES,
        content_note=NOTE,
        is_sample=True,
    )
    return studies.open(by=people.curator, study=study, at=at)


def _answers(name: str) -> Iterator[tuple[str, str, str, dict[str, int]]]:
    """(pair id, arm, text, quality) of a sample file."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        yield row["pair_id"], row["arm"], row["text"], row["quality"]


def _runs(people: People, name: str, set_name: str, at: datetime) -> list[Run]:
    """Both arms of a sample file as imported runs over their own prompt set."""
    answers = list(_answers(name))
    prompt_set = _prompt_set(people, set_name, sorted({pair for pair, *_ in answers}))
    return [
        import_completions(
            by=people.engineer,
            file=_file(arm, answers),
            file_name=name,
            layout="jsonl",
            prompt_set=prompt_set,
            model_name=model,
            at=at,
            is_sample=True,
        ).run
        for arm, model in ARMS.items()
    ]


def _file(arm: str, answers: list[tuple[str, str, str, dict[str, int]]]) -> BytesIO:
    rows = [{"id": pair, "completion": text} for pair, each, text, _ in answers if each == arm]
    return BytesIO("".join(json.dumps(row) + "\n" for row in rows).encode())


def _prompt_set(people: People, name: str, pairs: list[str]) -> PromptSet:
    versions = Version.objects.approved().filter(
        pair__source__is_sample=True, pair__external_id__in=pairs
    )
    prompts = {v.pair.external_id: v.prompt for v in versions.select_related("pair", "prompt")}
    return make_prompt_set(
        by=people.curator,
        name=name,
        description="Made for the sample.",
        prompts=[prompt for pair in pairs if (prompt := prompts[pair])],
        external_ids=pairs,
    )


def _rate_all(
    study: Study,
    rater: Rater,
    temper: sample_ratings.Temper,
    said: dict[str, dict[str, int]],
    at: datetime,
) -> None:
    rng = random.Random(f"{SEED} {rater.label}")  # noqa: S311  # made values, not secrets
    while isinstance(
        found := allocation.next_assignment(study=study, rater=rater, at=at), Assignment
    ):
        at += timedelta(seconds=rng.randint(45, 150))
        _rate(found, rater, temper, said, rng, at)


def _rate(
    assignment: Assignment,
    rater: Rater,
    temper: sample_ratings.Temper,
    said: dict[str, dict[str, int]],
    rng: random.Random,
    at: datetime,
) -> None:
    answers = ItemAnswer.objects.filter(item=assignment.item_id).select_related("completion")
    texts = {answer.position: answer.completion.text for answer in answers}
    given = {
        slot: sample_ratings.values(said[texts[arm]], temper, rng)
        for slot, arm in blinding.arms(assignment.shown).items()
    }
    submission.submit(
        assignment=assignment,
        rater=rater,
        token=assignment.token,
        key=f"sample-{assignment.pk}",
        ratings=[
            {"slot": slot, "criterion": key, "value": value, "rationale": ""}
            for slot, values in given.items()
            for key, value in values.items()
        ],
        preference=sample_ratings.preference(given["A"], given["B"]),
        at=at,
    )
