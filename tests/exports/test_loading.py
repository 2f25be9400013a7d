"""Every format is loaded from its folder by the library that people load data with, offline."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from annotation.actions import studies
from annotation.models import Study
from corpus.models import PromptSet, PromptSetEntry
from exports import bundle, sources
from exports.formats import FORMATS
from exports.models import Release
from gate.text import digest
from tests.annotation.made import run
from tests.exports import made

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def datasets() -> Iterator[Any]:
    """The library, kept off the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
        patch.setitem(os.environ, "HF_DATASETS_OFFLINE", "1")
        yield pytest.importorskip("datasets")


@pytest.fixture(autouse=True)
def own_machine(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True


def rated_release() -> Release:
    """Three pairs, and a closed study of answers to them: one to train on, one held out."""
    pairs = made.split_pairs("train", "test", "train", at=LATER)
    over = PromptSet.objects.create(slug="own", name="own", digest=digest("own"))
    for place, pair in enumerate(pairs, start=1):
        prompt = str(pair.versions.get().prompt_id)
        PromptSetEntry.objects.create(prompt_set=over, prompt_id=prompt, position=place)
    runs = [run(over, "plain", "Ask somebody, {n}."), run(over, "kind")]
    study = made.rated([{0: "first", 1: "second", 2: "second"}] * 2, runs=runs, n=3)
    made.judged(study)
    closed = studies.close(by=None, study=study, at=LATER)
    return made.release(0, at=LATER, studies=[closed.slug])


def load(datasets: Any, folder: Path, cache: Path) -> dict[str, Any]:
    """What the folder says it holds: by dataset, each split."""
    names = datasets.get_dataset_config_names(str(folder))
    return {name: datasets.load_dataset(str(folder), name, cache_dir=str(cache)) for name in names}


def test_every_format_of_a_release_loads_from_its_folder(tmp_path: Path, datasets: Any) -> None:
    release = rated_release()
    for form in FORMATS.values():
        for to in form.to:
            folder = tmp_path / f"{form.name}-{to}"
            files = bundle.write(release, form=form.name, to=to, folder=folder)
            found = load(datasets, folder, tmp_path / "cache")
            told = {(file.part, file.split or "train"): file.n_rows for file in files}
            told = {place: n for place, n in told.items() if n}
            assert told, form.name
            for (part, split), n in told.items():
                assert len(found[part][split]) == n, (form.name, to)
            columns = {column.name for file in files for column in file.columns}
            for each in found.values():
                assert all(set(names) <= columns for names in each.column_names.values())


def test_trainers_find_the_columns_that_they_choose_a_task_by(
    tmp_path: Path, datasets: Any
) -> None:
    """TRL takes the first of several that it finds: there must be one answer."""
    release = rated_release()
    wanted = {
        "sft": {"messages"},
        "prompt_completion": {"prompt", "completion"},
        "dpo": {"prompt", "chosen", "rejected"},
        "kto": {"prompt", "completion", "label"},
    }
    every = set().union(*wanted.values()) | {"text"}
    for name, columns in wanted.items():
        bundle.write(release, form=name, to="jsonl", folder=tmp_path / name)
        found = load(datasets, tmp_path / name, tmp_path / "cache")[name]["train"]
        assert every & set(found.column_names) == columns


def test_preferences_go_to_the_split_of_their_conversation(tmp_path: Path) -> None:
    release = rated_release()
    files = bundle.write(release, form="dpo", to="jsonl", folder=tmp_path)
    assert {file.split: file.n_rows for file in files} == {"train": 2, "test": 1}


def test_what_was_rated_over_no_pair_of_the_release_is_not_trained_on(tmp_path: Path) -> None:
    study = studies.close(by=None, study=made.rated([{0: "first"}]), at=LATER)
    made.pairs(1, at=LATER)
    release = made.release(0, at=LATER, studies=[study.slug])
    (file,) = bundle.write(release, form="dpo", to="jsonl", folder=tmp_path)
    assert (file.split, file.n_rows) == ("unassigned", 1)


def test_a_study_gives_the_same_formats_but_those_of_pairs() -> None:
    study = made.rated([{0: "first"}], n=2)
    names = {form.name for form, _ in sources.offered(Study.objects.get(pk=study.pk))}
    assert names == {form.name for form in FORMATS.values() if "study" in form.of}
    assert "label_studio" in names and "sft" not in names
