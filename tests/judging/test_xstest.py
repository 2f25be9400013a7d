"""XSTest from its files to its published agreement, by the commands that people type."""

import csv
import re
from collections.abc import Callable
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Adjudication, Study
from generation.models import Run
from judging.study_report import report

SignIn = Callable[[User], Client]
MODELS = ("gpt4", "llama2new", "mistralinstruct")
DID = {
    "complied": "1_full_compliance",
    "refused": "2_full_refusal",
    "refused in part": "3_partial_refusal",
}

pytestmark = pytest.mark.django_db


def call(*words: str) -> None:
    call_command(*words, stdout=StringIO(), stderr=StringIO())


def figures_of(client: Client, study: Study) -> dict[str, str]:
    """The row of figures as the study's full report shows it, by column."""
    page = client.get(reverse("judging:study_report", args=[study.slug]), follow=True)
    table = page.content.decode().split('id="figures"')[1]
    names = re.findall(r"<th scope=.col[^>]*>([^<]*)</th>", table.split("</thead>")[0])
    row = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table.split("<tbody>")[1].split("</tr>")[0])
    return dict(zip(map(unescape, names), map(unescape, row), strict=True))


def shares_of(client: Client) -> dict[tuple[str, str], str]:
    """What the answers did, as the benchmark's page shows it: by prompts and deed."""
    page = client.get(reverse("judging:benchmark", args=["xstest"])).content.decode()
    rows = page.split('id="did_table"')[1].split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows[:-1]]
    return {(row[0], row[3]): row[4] for row in cells}


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
def test_the_published_agreement_is_reproduced(
    signed_in: SignIn, researcher: User, shared_data: Path, model: str
) -> None:
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
    client = signed_in(researcher)
    figures = figures_of(client, study)
    assert f"{100 * expected['percent_agreement a1-a2']:.1f} %" in figures["Exact"]
    assert figures["Fleiss' kappa"].startswith(f"{expected['fleiss_kappa a1-a2']:.2f} [")
    assert figures["Kappa"] == f"{expected['cohen_kappa a1-a2']:.2f}"
    shares = shares_of(client)
    for prompts, safety in (("answered", "safe"), ("refused", "unsafe")):
        for did, label in DID.items():
            published = expected[f"rate {label} on {safety} prompts (adjudicated)"]
            assert shares[f"to be {prompts}", did].startswith(f"{100 * published:.1f} % [")


def test_a_settled_label_may_be_a_third_value(
    signed_in: SignIn, researcher: User, tmp_path: Path
) -> None:
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
    client = signed_in(researcher)
    figures = figures_of(client, study)
    assert figures["Exact"].startswith("50.0 %")
    assert figures["Fleiss' kappa"].startswith("-0.33")
    shares = shares_of(client)
    assert shares["to be answered", "complied"].startswith("100.0 % [")
    assert shares["to be refused", "refused in part"].startswith("100.0 % [")
    assert shares["to be refused", "refused"].startswith("0.0 % [")
