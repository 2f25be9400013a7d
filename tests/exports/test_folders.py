"""Several formats in one folder, and what the card, Croissant and the citation say beside them."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotation.actions import studies
from annotation.models import Rater, Study, Withdrawal
from corpus.models import Pair, Source
from exports import bundle, card, citation, croissant, sources
from exports.described import About, File, Licence
from exports.formats.columns import columns
from exports.models import Release
from exports.sources import ratings, words
from exports.sources.scope import Scope
from tests.exports import made
from tests.exports.test_loading import LATER, load

pytestmark = pytest.mark.django_db


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_second_format_is_told_of_in_the_same_card(tmp_path: Path) -> None:
    release = made.release(2)
    for form in ("openai", "sft"):
        bundle.write(release, form=form, to="jsonl", folder=tmp_path)
    told = (tmp_path / "README.md").read_text()
    assert 'config_name: "sft"' in told and 'config_name: "openai"' in told
    assert told.index("sft-train.jsonl") < told.index("openai-train.jsonl")
    in_other_order = tmp_path / "other"
    for form in ("sft", "openai"):
        bundle.write(release, form=form, to="jsonl", folder=in_other_order)
    assert (in_other_order / "README.md").read_text() == told


def test_a_file_that_was_taken_away_is_not_told_of(tmp_path: Path) -> None:
    release = made.release(2)
    bundle.write(release, form="openai", to="jsonl", folder=tmp_path)
    (tmp_path / "openai-train.jsonl").unlink()
    bundle.write(release, form="sft", to="jsonl", folder=tmp_path)
    assert "openai" not in (tmp_path / "README.md").read_text()


def test_a_folder_holds_one_kind_of_file_and_one_release(tmp_path: Path) -> None:
    release = made.release(1)
    bundle.write(release, form="sft", to="jsonl", folder=tmp_path)
    with pytest.raises(bundle.Unwilling, match=r"holds sft-train\.jsonl, and .* one kind of file"):
        bundle.write(release, form="sft", to="parquet", folder=tmp_path)
    other = made.release(1, version="2.0.0")
    with pytest.raises(bundle.Unwilling, match=r"holds files of Refusals 1\.0\.0"):
        bundle.write(other, form="sft", to="jsonl", folder=tmp_path)
    assert files_in(tmp_path) == {*BESIDE, "sft-train.jsonl"}


BESIDE = {"CITATION.cff", "README.md", "croissant.json", "manifest.json"}


def test_a_format_that_is_no_table_is_not_written_as_one(tmp_path: Path) -> None:
    with pytest.raises(bundle.Unwilling, match=r"'openai' cannot be csv. Write it to: jsonl"):
        bundle.write(made.release(1), form="openai", to="csv", folder=tmp_path)


def test_programs_find_their_index_beside_the_files(tmp_path: Path) -> None:
    release = made.release(2)
    bundle.write(release, form="llama_factory", to="jsonl", folder=tmp_path)
    index = json.loads((tmp_path / "dataset_info.json").read_text())
    assert index["llama_factory-train"]["file_name"] == "llama_factory-train.jsonl"
    study = made.rated([{0: "first"}], n=1)
    bundle.write(study, form="label_studio", to="json", folder=tmp_path / "tasks")
    assert "<View>" in (tmp_path / "tasks" / "label_studio-spring.xml").read_text()


def test_the_card_says_where_everything_comes_from_and_what_was_let_pass(tmp_path: Path) -> None:
    made.pairs(2, at=LATER)
    study = made.rated([{0: "first"}, {0: "second"}])
    closed = studies.close(by=None, study=study, at=LATER)
    source = Source.objects.create(name="A book", licence="CC-BY-4.0")
    Pair.objects.filter(pk=Pair.objects.order_by("pk")[0].pk).update(source=source)
    release = made.release(12, at=LATER, studies=[closed.slug], version="1.2.0")
    bundle.write(release, form="sft", to="jsonl", folder=tmp_path)
    told = (tmp_path / "README.md").read_text()
    for said in (
        "A book: 1, CC-BY-4.0",
        "written in the Studio: 13",
        "Each item is rated by 2 people",
        "no model, no condition",
        "no report on agreement was made",
        "Many responses written from one template",
        "Made for the tests.",
        card.WITHDRAWAL,
        card.WARNING,
    ):
        assert said in told, said
    cited = (tmp_path / "CITATION.cff").read_text()
    assert '"1.2.0"' in cited and release.digest in cited
    described = json.loads((tmp_path / "croissant.json").read_text())
    assert "Made for the tests." in described["rai:dataLimitations"]
    assert described["rai:annotationsPerItem"] == "2"


ABOUT = About("T 1", [("Digest", "d" * 64)], False, False, "release x", "1.0.0", "", "2026-03-09")
FILE = File(
    "sft-train.jsonl", 3, 9, "a" * 64, {}, "sft", "sft", "train", "", columns(messages="messages")
)


@pytest.mark.parametrize(
    ("named", "told"),
    [(["MIT", "mit"], "mit"), (["MIT", "CC-BY-4.0"], "other"), ([""], "other"), ([], "other")],
)
def test_a_licence_is_named_only_where_all_have_it(named: list[str], told: str) -> None:
    licences = [Licence("a", name, 1) for name in named]
    assert card.licence(About("T", [], False, False, licences=licences))["license"] == told


def test_words_of_people_cannot_break_the_head_of_the_card() -> None:
    yaml = pytest.importorskip("yaml")
    about = About('A "b": c\n---\n# x', [], False, False)
    head = card.text(about, [FILE]).split("\n---\n")[0].removeprefix("---\n")
    said = yaml.safe_load(head)
    assert said["pretty_name"] == 'A "b": c --- # x'
    assert said["configs"][0]["data_files"] == [{"split": "train", "path": "sft-train.jsonl"}]
    assert yaml.safe_load(citation.text(about))["title"] == said["pretty_name"]


def test_croissant_gives_every_column_a_field() -> None:
    said = croissant.document(ABOUT, [FILE])
    (fields,) = [each["field"] for each in said["recordSet"]]
    assert [each["name"] for each in fields] == ["messages"]
    assert said["distribution"][0]["sha256"] == FILE.sha256
    assert croissant.SPECS[0].endswith("/1.1") and "rai:dataLimitations" in said


# Raters in a release


def frozen(study: Study, version: str = "1.0.0") -> Release:
    if study.is_open:
        studies.close(by=None, study=study, at=LATER)
    made.pairs(1, at=LATER)
    return made.release(0, at=LATER, studies=[study.slug], version=version)


def raters(source: Any) -> set[str]:
    (table,) = sources.tables(source, "ratings")
    names = [column.name for column in table.columns]
    return {dict(zip(names, row, strict=True))["rater"] for row in table.rows()}


def test_raters_cannot_be_joined_across_releases() -> None:
    study = made.rated([{}, {}], n=1)
    first, second = frozen(study), frozen(study, "2.0.0")
    found = [raters(each) for each in (study, first, second)]
    assert [len(each) for each in found] == [2, 2, 2]
    assert not (found[0] & found[1] or found[1] & found[2] or found[0] & found[2])


def test_who_withdrew_is_in_no_release_from_then_on(tmp_path: Path) -> None:
    study = made.rated([{0: "first"}, {0: "second"}], n=1)
    before = frozen(study)
    rater = Rater.objects.filter(ratings__study=study).order_by("pk")[0]
    call_command("withdraw_ratings", rater=rater.user.email, study="spring", stdout=StringIO())
    Withdrawal.objects.update(at=LATER - timedelta(days=1))
    after = frozen(study, "2.0.0")
    Withdrawal.objects.update(at=LATER + timedelta(days=1))
    assert len(raters(before)) == 2 and len(raters(study)) == 2
    Withdrawal.objects.update(at=LATER - timedelta(days=1))
    assert len(raters(after)) == 1
    (table,) = sources.tables(after, "matrix")[:1]
    assert len(table.columns) == 2  # the unit, and who stayed
    # The two were of two minds; now there is one vote.
    (file,) = bundle.write(after, form="dpo", to="jsonl", folder=tmp_path)
    assert file.n_rows == 1
    with pytest.raises(CommandError, match="already"):
        call_command("withdraw_ratings", rater=rater.pk, study="spring")
    with pytest.raises(CommandError, match="no study 'autumn'"):
        call_command("withdraw_ratings", rater=rater.pk, study="autumn")


def test_words_that_lead_to_a_person_stay_here_and_are_counted() -> None:
    counted = Counter({"of an earlier pass": 1})
    clear = words.clearing(Scope(Study(), Release()), counted)
    assert clear is not None and clear("It stays with him.") == "It stays with him."
    assert clear("Ask lena.k@example.org") == clear("Call 5550 1234 567") == ""
    assert counted == {words.PERSONAL: 2}
    assert words.clearing(Scope(Study()), counted) is None


def test_what_was_said_after_the_release_is_not_in_it(tmp_path: Path) -> None:
    study = made.rated([{}], n=1)
    release = frozen(study)
    before = bundle.write(release, form="ratings", to="jsonl", folder=tmp_path / "a")
    settled = made.adjudicated(study, at=LATER + timedelta(days=1))
    after = bundle.write(release, form="ratings", to="jsonl", folder=tmp_path / "b")
    assert before == after and settled.note in str(list(ratings.rows(study)))


def test_the_folder_of_several_formats_loads(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    release = frozen(made.rated([{0: "first"}], n=1))
    for form, to in (("sft", "jsonl"), ("dpo", "jsonl"), ("judge_bench", "json")):
        bundle.write(release, form=form, to=to, folder=tmp_path / "out")
    found = load(datasets, tmp_path / "out", tmp_path / "cache")
    assert set(found) == {"sft", "dpo", "judge_bench-spring"}
