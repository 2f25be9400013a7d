import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from exports import actions, bundle, card
from exports.formats import FORMATS
from exports.writers import unguarded
from tests.exports import made
from tests.exports.made import CUT

pytestmark = pytest.mark.django_db
BESIDE = ["CITATION.cff", "README.md", "croissant.json", "manifest.json"]


@pytest.fixture(scope="module")
def datasets() -> Iterator[Any]:
    """The library with which people load training data, kept off the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
        patch.setitem(os.environ, "HF_DATASETS_OFFLINE", "1")
        yield pytest.importorskip("datasets")


def export(tmp_path: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("export", out=str(tmp_path / "out"), stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def is_conversation(part: Any, *, roles: list[str]) -> bool:
    return [turn["role"] for turn in part] == roles and all(
        set(turn) == {"role", "content"} and isinstance(turn["content"], str) for turn in part
    )


# What trainers load


@pytest.mark.parametrize(("to", "loader"), [("jsonl", "json"), ("parquet", "parquet")])
def test_a_trainer_finds_conversations(tmp_path: Path, datasets: Any, to: str, loader: str) -> None:
    release = made.release(3)
    export(tmp_path, release=release.pk, format="sft", to=to)
    found = datasets.load_dataset(
        loader,
        data_files=str(tmp_path / "out" / f"sft-train.{to}"),
        split="train",
        cache_dir=str(tmp_path / "cache"),
    )
    assert len(found) == 3 and {"messages", "id", "licence"} <= set(found.column_names)
    assert all(is_conversation(row["messages"], roles=["user", "assistant"]) for row in found)
    # TRL takes the first of these columns that it finds: there must be one answer.
    assert not {"prompt", "completion", "text", "chosen"} & set(found.column_names)


@pytest.mark.parametrize(("to", "loader"), [("jsonl", "json"), ("parquet", "parquet")])
def test_a_trainer_finds_preferences(tmp_path: Path, datasets: Any, to: str, loader: str) -> None:
    study = made.rated([{0: "first", 1: "second"}])
    export(tmp_path, study=study.slug, format="dpo", to=to)
    found = datasets.load_dataset(
        loader,
        data_files=str(tmp_path / "out" / f"dpo.{to}"),
        split="train",
        cache_dir=str(tmp_path / "cache"),
    )
    assert len(found) == 2 and {"prompt", "chosen", "rejected"} <= set(found.column_names)
    assert not {"messages", "completion", "label", "text"} & set(found.column_names)
    for row in found:
        assert is_conversation(row["prompt"], roles=["user"])
        assert is_conversation(row["chosen"], roles=["assistant"])
        assert is_conversation(row["rejected"], roles=["assistant"])


def test_the_folder_itself_loads_by_its_readme(tmp_path: Path, datasets: Any) -> None:
    export(tmp_path, release=made.release(2).pk, format="sft", to="parquet")
    found = datasets.load_dataset(
        str(tmp_path / "out"), "sft", split="train", cache_dir=str(tmp_path / "cache")
    )
    assert len(found) == 2


# What lies in the folder


@pytest.mark.parametrize("to", FORMATS["sft"].to)
def test_the_same_release_makes_the_same_files(tmp_path: Path, to: str) -> None:
    release = made.release(3)
    first, again = (
        bundle.write(release, form="sft", to=to, folder=tmp_path / name) for name in ("a", "b")
    )
    assert first == again
    body = (tmp_path / "a" / f"sft-train.{to}").read_bytes()
    assert hashlib.sha256(body).hexdigest() == first[0].sha256 and len(body) == first[0].n_bytes
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [*BESIDE, f"sft-train.{to}"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_readme_says_what_from_where_how_many_and_with_what_care(tmp_path: Path) -> None:
    release = made.release(3, description="For the paper.")
    (file,) = bundle.write(release, form="sft", to="csv", folder=tmp_path)
    told = (tmp_path / "README.md").read_text()
    for words in (str(release), "For the paper.", release.digest, "Pairs: 3", file.sha256):
        assert words in told
    assert card.WARNING in told and card.CSV in told and card.SAMPLE not in told


def test_a_study_of_the_sample_says_so_beside_its_files(tmp_path: Path) -> None:
    study = made.rated([{0: "first"}, {0: "both_unacceptable"}], is_sample=True)
    bundle.write(study, form="dpo", to="jsonl", folder=tmp_path)
    told = (tmp_path / "README.md").read_text()
    assert card.SAMPLE in told and card.RATERS in told
    assert "dpo.jsonl: 1 because a rater found both answers unacceptable" in told


def test_no_rater_can_be_read_from_any_file(tmp_path: Path) -> None:
    study = made.rated([{0: "first"}, {0: "first"}])
    for form in ("dpo", "ratings", "matrix"):
        for to in ("csv", "jsonl"):
            bundle.write(study, form=form, to=to, folder=tmp_path / to)
    paths = [path for to in ("csv", "jsonl") for path in (tmp_path / to).iterdir()]
    written = "".join(path.read_text() for path in paths)
    assert len(paths) > 12
    assert "Lindqvist" not in written and "@example.org" not in written


def test_a_rationale_like_a_formula_stays_words_in_a_spreadsheet(tmp_path: Path) -> None:
    study = made.rated([{}], n=1)
    bundle.write(study, form="ratings", to="csv", folder=tmp_path)
    with (tmp_path / "ratings.csv").open(newline="", encoding="utf-8") as file:
        cells = {row["rationale"] for row in csv.DictReader(file)}
    assert cells == {"'=It was kind"}
    assert {unguarded(cell) for cell in cells} == {"=It was kind"}


def test_somebody_elses_readme_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# My project")
    with pytest.raises(bundle.Unwilling, match="somebody else's"):
        bundle.write(made.release(1), form="sft", to="jsonl", folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: Any) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("exports.writers.write", fail)
    release = made.release(1)
    with pytest.raises(CommandError, match="No space left on device"):
        export(tmp_path, release=release.pk, format="sft")
    assert list((tmp_path / "out").iterdir()) == []


# The command


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    release = made.release(2)
    said = export(tmp_path, release="Refusals 1.0.0", format="sft")
    lines = (tmp_path / "out" / "sft-train.jsonl").read_text().splitlines()
    assert "2 rows" in said and "README.md says what they are" in said
    assert [json.loads(line)["id"] for line in lines] == list(
        release.entries.order_by("position").values_list("version__pair_id", flat=True)
    )


def test_a_matrix_is_a_file_for_each_criterion(tmp_path: Path) -> None:
    study = made.rated([{}, {}], n=1)
    export(tmp_path, study=study.slug, format="matrix", to="csv")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    keys = study.rubric.criteria.values_list("key", flat=True)
    assert names == {*BESIDE, *(f"matrix-{key}.csv" for key in keys)}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"study": "spring", "format": "sft"}, "'sft' is made of a release.* dpo, kto.* ratings"),
        ({"release": "Refusals 1.0.0", "format": "dpo"}, "holds no study.*nothing for .*'dpo'"),
        ({"release": "Refusals 9.0.0", "format": "sft"}, r"Known: Refusals 1\.0\.0"),
        ({"study": "autumn", "format": "dpo"}, "no study 'autumn'. Known: spring"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    tmp_path: Path, options: dict[str, str], words: str
) -> None:
    made.release(1)
    made.rated([])
    with pytest.raises(CommandError, match=words):
        export(tmp_path, **options)


def test_a_withdrawn_release_is_not_exported(tmp_path: Path) -> None:
    release = made.release(1)
    actions.withdraw(by=None, release=release, reason="A wrong number.", at=CUT)
    with pytest.raises(CommandError, match=r"withdrawn.*A wrong number"):
        export(tmp_path, release=release.pk, format="sft")


def test_the_help_has_an_example(capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("export", "--help")
    assert ended.value.code == 0
    assert "manage.py export --release ID --format sft" in capsys.readouterr().out
