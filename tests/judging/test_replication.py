"""The replication bundle: its script, run by itself, finds the report's own numbers."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Study
from judging import actions
from judging.holding_out import is_held_out
from judging.models import Judge, Report
from judging.reports import replication
from tests.generation.made import AT
from tests.judging import made
from tests.judging.test_comparison_report import runs_of
from tests.judging.test_pages import rated
from tests.stub_server import StubServer

SignIn = Callable[[User], Client]
# What a report holds is looked at on both databases elsewhere; the scripts know of none.
pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


def computed(kind: str, **subjects: object) -> Report:
    report = actions.report_on(by=None, kind=kind, at=AT, **subjects)  # type: ignore[arg-type]  # the rubric is among them
    assert actions.compute_report(report_id=report.pk, at=AT)
    return Report.objects.with_subjects().get(pk=report.pk)


def unpacked(report: Report, to: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(replication.archive(report))) as found:
        found.extractall(to)
    return to


def run(place: Path, script: str) -> subprocess.CompletedProcess[str]:
    """With nothing of this project on its path."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(place)}
    command = [sys.executable, script]
    return subprocess.run(command, cwd=place, env=kept, capture_output=True, text=True)


def test_the_script_finds_a_studys_numbers_again(tmp_path: Path) -> None:
    study = rated(10, n_raters=3)
    report = computed("study", study=study, rubric=study.rubric)
    place = unpacked(report, tmp_path)
    told = run(place, "replicate_study.py")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("as reported") == 4 * study.rubric.criteria.count()
    raters = {row["rater"] for row in csv.DictReader((place / "ratings.csv").open())}
    assert raters == {"rater 1", "rater 2", "rater 3"}
    manifest = json.loads((place / "manifest.json").read_text())
    assert manifest["input_digest"] == report.input_digest
    assert "ratings.csv" in manifest["sha256"]


def test_the_script_tells_when_a_number_is_another(tmp_path: Path) -> None:
    study = rated(6)
    place = unpacked(computed("study", study=study, rubric=study.rubric), tmp_path)
    lines = (place / "ratings.csv").read_text().splitlines()
    changed = lines[1][:-1] + ("0" if lines[1][-1] == "1" else "1")
    (place / "ratings.csv").write_text("\n".join([lines[0], changed, *lines[2:]]))
    assert run(place, "replicate_study.py").returncode == 1


def test_the_script_finds_a_comparisons_numbers_again(
    tmp_path: Path, stub_server: StubServer
) -> None:
    study = rated(10)
    a, b = runs_of(study)
    judge = made.judged(a, stub_server.url).judge
    made.shift(actions.start_judge_run(by=None, judge=judge, run=b, at=AT)).run()
    report = computed("comparison", run_a=a, run_b=b, rubric=study.rubric, judge=judge)
    told = run(unpacked(report, tmp_path), "replicate_comparison.py")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "both overall difference" in told.stdout


def judged_study(stub_server: StubServer) -> tuple[Study, Judge]:
    study = rated(20, n_raters=3)  # the stub's judge leaves about half of the answers unscored
    a, b = runs_of(study)
    judge = made.judged(a, stub_server.url).judge
    made.shift(actions.start_judge_run(by=None, judge=judge, run=b, at=AT)).run()
    return study, judge


def test_the_script_finds_a_validations_numbers_again_on_labels_that_may_be_seen(
    tmp_path: Path, stub_server: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judging.reports.replacing.DRAWS_OF_POWER", 20)
    study, judge = judged_study(stub_server)
    report = computed("validation", study=study, rubric=study.rubric, judge=judge)
    place = unpacked(report, tmp_path)
    told = run(place, "replicate_validation.py")
    assert told.returncode == 0, told.stdout + told.stderr
    expected = json.loads((place / "expected.json").read_text())["criteria"]
    assert set(expected) == set(study.rubric.criteria.values_list("key", flat=True))
    assert all(len(figures) == 4 for figures in expected.values())
    assert told.stdout.count("as reported") == 4 * len(expected)
    seen = {row["prompt"] for row in csv.DictReader((place / "ratings.csv").open())}
    assert seen
    assert not any(is_held_out(prompt, seed=study.seed) for prompt in seen)
    if shutil.which("Rscript"):
        gaps_in_r(place)
    lines = (place / "judged.csv").read_text().splitlines()
    key, item, value = lines[1].split(",")
    lines[1] = f"{key},{item},{1 - float(value)}"
    (place / "judged.csv").write_text("\n".join(lines))
    assert run(place, "replicate_validation.py").returncode == 1


def gaps_in_r(place: Path) -> None:
    told = subprocess.run(
        ["Rscript", "replicate_validation.R"], cwd=place, capture_output=True, text=True, check=True
    )
    expected = json.loads((place / "expected.json").read_text())["criteria"]
    for line in told.stdout.splitlines():
        key, *numbers = line.split()
        its = expected[key]["bias"]
        assert [float(each) for each in numbers] == pytest.approx(
            [its["value"], its["low"], its["high"]], rel=1e-5
        )


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed here")
def test_the_script_in_r_finds_the_same_alpha(tmp_path: Path) -> None:
    study = rated(10, n_raters=3)
    place = unpacked(computed("study", study=study, rubric=study.rubric), tmp_path)
    told = subprocess.run(
        ["Rscript", "replicate_study.R"], cwd=place, capture_output=True, text=True, check=True
    )
    expected = json.loads((place / "expected.json").read_text())["criteria"]
    for line in told.stdout.splitlines():
        key, alpha = line.split()
        assert float(alpha) == pytest.approx(expected[key]["alpha"]["value"], abs=1e-8)


def test_a_report_that_is_out_of_date_gives_no_bundle(signed_in: SignIn, researcher: User) -> None:
    study = rated(6)
    report = computed("study", study=study, rubric=study.rubric)
    client = signed_in(researcher)
    address = reverse("judging:report_file", args=[report.pk, "replication.zip"])
    assert client.get(address).content.startswith(b"PK")
    Report.objects.filter(pk=report.pk).update(input_digest="older")
    assert client.get(address).status_code == 302
