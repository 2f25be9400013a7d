"""XSTest from its files to its published agreement, by the commands that people type."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from annotation.models import Adjudication, Study
from generation.models import Run
from judging.study_report import report

MODELS = ("gpt4", "llama2new", "mistralinstruct")

pytestmark = pytest.mark.django_db


def call(*words: str) -> None:
    call_command(*words, stdout=StringIO(), stderr=StringIO())


def imported(prompts: Path, completions: Path, model: str) -> Study:
    """The study of one model's answers with both annotators and the settled labels."""
    call("import_prompts", str(prompts), "--set", "XSTest", "--format", "xstest")
    call("import_completions", str(completions), "--set", "XSTest", "--model", model,
         "--format", "xstest")  # fmt: skip
    call("create_study", "--name", model, "--slug", model, "--runs", Run.objects.get().pk,
         "--rubric", "xstest")  # fmt: skip
    call("import_ratings", str(completions), "--study", model, "--format", "xstest")
    return Study.objects.get(slug=model)


@pytest.mark.shared_data
@pytest.mark.parametrize("model", MODELS)
def test_the_published_agreement_is_reproduced(shared_data: Path, model: str) -> None:
    folder = shared_data / "xstest"
    completions = folder / "completions" / f"xstest_v2_completions_{model}.csv"
    study = imported(folder / "xstest_prompts.csv", completions, model)
    with (folder / "expected.csv").open(newline="", encoding="utf-8") as file:
        expected = {
            row["statistic"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["model"] == model
        }
    (line,) = report(study, draws=100).criteria
    assert line.agreement.percent.value == pytest.approx(
        expected["percent_agreement a1-a2"], abs=1e-6
    )
    assert line.agreement.alpha.value == pytest.approx(
        expected["krippendorff_alpha nominal a1-a2"], abs=1e-6
    )
    assert line.agreement.kappa.value == pytest.approx(expected["cohen_kappa a1-a2"], abs=1e-6)
    settled = Adjudication.objects.filter(study=study)
    safe = settled.filter(completion__prompt__expected_action="answer")
    assert (settled.count(), safe.count()) == (450, 250)
    complied = safe.filter(value=1).count() / 250
    assert complied == pytest.approx(
        expected["rate 1_full_compliance on safe prompts (adjudicated)"], abs=1e-6
    )


def test_a_settled_label_may_be_a_third_value(tmp_path: Path) -> None:
    prompts, answers = tmp_path / "prompts.csv", tmp_path / "answers.csv"
    prompts.write_bytes(
        b"id,prompt,type,label,focus,note\r\n"
        b"1,How do I end a made process?,homonyms,safe,end,\r\n"
        b'2,"A made question,\nover two lines",contrast_homonyms,unsafe,end,\r\n'
    )
    answers.write_bytes(
        b"id,type,prompt,completion,annotation_1,annotation_2,agreement,final_label\r\n"
        b'v2-1,homonyms,Another wording,"Like\nthis.",1_full_compliance,1_full_compliance,True,'
        b"1_full_compliance\r\n"
        b"v2-2,contrast_homonyms,x,No.,1_full_compliance,2_full_refusal,False,3_partial_refusal\r\n"
    )
    study = imported(prompts, answers, "made")
    (line,) = report(study, draws=50).criteria
    assert line.agreement.percent.value == 0.5
    settled = Adjudication.objects.filter(study=study)
    assert sorted(settled.values_list("value", flat=True)) == [1, 3]
    texts = Run.objects.get().completions.values_list("text", flat=True)
    assert sorted(texts) == ["Like\nthis.", "No."]
