"""Ratings from elsewhere land on the right completion, all of a file or nothing of it."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotation.actions import imports, studies
from annotation.models import Adjudication, Rating, Study
from corpus.models import Prompt, PromptSet, PromptSetEntry
from corpus.reading import BadFile
from gate.text import digest
from generation.models import Completion
from tests.annotation.made import AT, prompt_set, rubric, run, study

pytestmark = pytest.mark.django_db


def take(of: Study, text: str, format: str = "csv", **options: str):
    file = io.BytesIO(text.encode())
    return imports.import_ratings(by=None, study=of, file=file, format=format, at=AT, **options)


@pytest.fixture
def made() -> Study:
    """One run, four prompts, PsychoSafe's rubric."""
    return study(runs=[run(prompt_set(4))], is_open=False)


def table(*rows: str) -> str:
    return "\n".join(["item,rater,criterion,value,rationale", *rows]) + "\n"


def test_a_long_table_becomes_ratings(made) -> None:
    done = take(
        made, table("2,ann,declines,Yes,It says no.", "2,bo,grounding,4,", "1,ann,declines,0,")
    )
    assert (done.n_ratings, done.n_raters) == (3, 2)
    rating = Rating.objects.get(rater__label="bo")
    assert rating.value == 4
    assert rating.completion.text == "I hear you, 2."
    assert rating.completion_digest == rating.completion.digest
    assert Rating.objects.get(rationale="It says no.").value == 1
    assert (made.state, made.is_imported) == ("closed", True)


def test_a_value_may_be_absent_with_a_reason(made) -> None:
    take(made, table("1,ann,grounding,cannot_judge,", "2,ann,grounding,outside,"))
    assert set(Rating.objects.values_list("answer", "value")) == {
        ("cannot_judge", None),
        ("outside", None),
    }


def test_a_completion_can_be_named_by_its_id(made) -> None:
    completion = made.runs.get().completions.first()
    take(made, f"completion,rater,criterion,value\n{completion.pk},ann,declines,1\n")
    assert Rating.objects.get().completion == completion


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("9,ann,declines,1,", "Row 3, column 'item': '9' is not in this study."),
        ("1,ann,warmth,1,", "Row 3, column 'criterion': 'warmth' is not in the rubric."),
        ("1,ann,grounding,6,", "Row 3, column 'value': '6' is not on the scale of 'grounding'."),
        ("1,ann,grounding,,", "Row 3, column 'value': The cell is empty."),
        ("2,ann,declines,0,", "Row 3, column 'value': 'ann' has rated this before."),
        ("1,ann", "Row 3: The row has 2 cells"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken(made, row, said) -> None:
    with pytest.raises(BadFile) as caught:
        take(made, table("2,ann,declines,1,", row))
    assert said in str(caught.value)
    assert not Rating.objects.exists()
    assert Study.objects.get().state == "draft"


def test_the_same_file_twice_is_refused(made) -> None:
    take(made, table("2,ann,declines,1,"))
    with pytest.raises(BadFile, match="has rated this before"):
        take(made, table("2,ann,declines,1,"))


def test_with_several_runs_the_row_says_whose_answer_it_was() -> None:
    over = prompt_set(2)
    made = study(runs=[run(over, "plain"), run(over, "kind")], is_open=False)
    with pytest.raises(BadFile, match="Say which, in 'run' or by --run"):
        take(made, table("1,ann,declines,1,"))
    take(made, "item,run,rater,criterion,value\n1,kind,ann,declines,1\n")
    take(made, table("1,ann,declines,0,"), run="plain")
    assert dict(Rating.objects.values_list("completion__run__model__name", "value")) == {
        "kind": 1,
        "plain": 0,
    }


def test_a_study_that_people_rate_takes_no_file() -> None:
    made = study(runs=[run(prompt_set(1))])
    with pytest.raises(imports.NotImportable):
        take(made, table("1,ann,declines,1,"))


# XSTest


LABELS = ["1_full_compliance", "2_full_refusal", "3_partial_refusal"]
HEADER = "id,type,prompt,completion,annotation_1,annotation_2,agreement,final_label\r\n"


def xstest_study(slug: str = "xstest", n: int = 3) -> Study:
    over = prompt_set(n, slug=f"set-{slug}")
    return study(runs=[run(over)], rubric=rubric("xstest"), slug=slug, is_open=False)


def test_xstest_gives_two_raters_and_a_settled_value() -> None:
    made = xstest_study()
    rows = [
        f'v2-1,homonyms,"p","I hear you,\n1.",{LABELS[0]},{LABELS[0]},True,{LABELS[0]}\r\n',
        f'v2-2,homonyms,"p","I hear you, 2.",{LABELS[0]},{LABELS[1]},False,{LABELS[2]}\r\n',
    ]
    done = take(made, HEADER + "".join(rows), "xstest")
    assert (done.n_ratings, done.n_raters, done.n_adjudications) == (4, 2, 2)
    second = Rating.objects.filter(completion__text="I hear you, 2.")
    assert dict(second.values_list("rater__label", "value")) == {"annotator_1": 1, "annotator_2": 2}
    assert Adjudication.objects.get(completion__text="I hear you, 2.").value == 3


def test_an_xstest_file_of_another_model_is_refused() -> None:
    row = f'v2-1,homonyms,"p","Another answer.",{LABELS[0]},{LABELS[0]},True,{LABELS[0]}\r\n'
    with pytest.raises(BadFile, match="Is it another model's"):
        take(xstest_study(), HEADER + row, "xstest")


@pytest.mark.shared_data
def test_the_published_xstest_labels_are_reproduced(shared_data: Path) -> None:
    path = shared_data / "xstest" / "completions" / "xstest_v2_completions_gpt4.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    over = PromptSet.objects.create(slug="x", name="x", digest="x")
    prompts = [
        Prompt(messages=[{"role": "user", "content": row["prompt"]}], digest=digest(row["prompt"]))
        for row in rows
    ]
    Prompt.objects.bulk_create(prompts)
    PromptSetEntry.objects.bulk_create(
        PromptSetEntry(
            prompt_set=over, prompt=prompt, position=n, external_id=row["id"].removeprefix("v2-")
        )
        for n, (prompt, row) in enumerate(zip(prompts, rows, strict=True))
    )
    answers = run(over, "gpt4", "")
    answers.completions.all().delete()
    Completion.objects.bulk_create(
        Completion(
            run=answers,
            prompt=prompt,
            state="done",
            text=row["completion"],
            digest=digest(row["completion"]),
        )
        for prompt, row in zip(prompts, rows, strict=True)
    )
    made = study(runs=[answers], rubric=rubric("xstest"), is_open=False)
    with path.open("rb") as file:
        done = imports.import_ratings(by=None, study=made, file=file, format="xstest", at=AT)
    assert (done.n_ratings, done.n_adjudications) == (900, 450)
    for column, label in (("annotation_1", "annotator_1"), ("annotation_2", "annotator_2")):
        taken = Counter(Rating.objects.filter(rater__label=label).values_list("value", flat=True))
        assert taken == Counter(int(row[column][0]) for row in rows)
    values: dict[str, set[int | None]] = {}
    for completion, value in Rating.objects.values_list("completion_id", "value"):
        values.setdefault(completion, set()).add(value)
    assert sum(len(found) > 1 for found in values.values()) == 7


# PsychoSafe's own files


def rated(text: str, values: tuple[object, ...]) -> dict[str, object]:
    named = {f"criterion_{n}": value for n, value in enumerate(values, start=1)}
    prompt = f"Nobody listens to me, number {text[-2]}."
    return {"id": "x", "prompt": prompt, "answer": text, "justification_2": "warm"} | named


def test_an_annotators_file_is_matched_by_its_texts() -> None:
    over = prompt_set(1)
    made = study(runs=[run(over, "plain", "No, {n}."), run(over, "kind")], is_open=False)
    pair = {
        "pair_id": 1,
        "a": rated("I hear you, 1.<|im_end|>", ("Yes", 4, "No", "5"))
        | {"prompt": "Nobody listens to me, number 1."},
        "b": rated("No, 1.", (1, 2, 0, 1)) | {"prompt": "Nobody listens to me, number 1."},
    }
    document = {"num_pairs": 1, "paired_responses": [pair]}
    done = take(made, json.dumps(document, indent=1), "psychosafe")
    assert (done.n_ratings, done.n_raters) == (8, 1)
    kind = Rating.objects.filter(completion__run__model__name="kind")
    assert list(kind.order_by("criterion__position").values_list("value", flat=True)) == [
        1,
        4,
        0,
        5,
    ]
    assert kind.get(criterion__key="grounding").rationale == "warm"


def test_a_merged_result_is_matched_by_its_example(made) -> None:
    example = {"prompt": "Nobody listens to me, number 3.", "response": "I hear you, 3."}
    row = {"source_index": 0, "source_split": "test", "full_example": example, "criteria_1": "yes"}
    take(made, json.dumps({"rows": [row | {"criteria_2": None}]}), "psychosafe")
    assert Rating.objects.get().completion.text == "I hear you, 3."


def test_a_file_with_neither_is_refused(made) -> None:
    with pytest.raises(BadFile, match="neither 'paired_responses' nor 'rows'"):
        take(made, "{}", "psychosafe")


# Label Studio and Argilla


def test_label_studio_keeps_every_annotator_and_leaves_skips_out(made) -> None:
    def said(name: str, kind: str, value: dict[str, object]) -> dict[str, object]:
        return {"from_name": name, "to_name": "t", "type": kind, "value": value}

    results = [
        said("declines", "choices", {"choices": ["Yes"]}),
        said("grounding", "rating", {"rating": 3}),
        said("grounding_rationale", "textarea", {"text": ["Some", "warmth"]}),
    ]
    task = {
        "id": 1,
        "data": {"external_id": "2"},
        "annotations": [
            {"completed_by": 5, "result": results},
            {"completed_by": {"email": "bo@example.org"}, "result": results[:1]},
            {"completed_by": 6, "result": results, "was_cancelled": True},
        ],
    }
    done = take(made, json.dumps([task]), "labelstudio")
    assert (done.n_ratings, done.n_raters) == (3, 2)
    assert Rating.objects.get(criterion__key="grounding").rationale == "Some warmth"


def test_argilla_takes_responses_and_no_suggestions(made) -> None:
    record = {
        "id": "4",
        "fields": {},
        "responses": {
            "grounding": [{"value": 2, "user_id": "u1"}, {"value": 5, "user_id": "u2"}],
            "grounding_rationale": [{"value": "flat", "user_id": "u1"}],
        },
        "suggestions": {"declines": {"value": "Yes", "agent": "a judge"}},
    }
    take(made, json.dumps([record]), "argilla")
    assert set(Rating.objects.values_list("rater__label", "value", "rationale")) == {
        ("u1", 2, "flat"),
        ("u2", 5, ""),
    }


# Commands


def test_the_commands_make_a_study_and_fill_it(tmp_path: Path, capsys) -> None:
    answers = run(prompt_set(2))
    call_command(
        "create_study", name="Old", slug="old", runs=[answers.pk], rubric="psychosafe", k=1
    )
    file = tmp_path / "ratings.csv"
    file.write_text(table("1,ann,declines,1,"), encoding="utf-8")
    call_command("import_ratings", str(file), study="old")
    out = capsys.readouterr().out
    assert "2 items, 1 rater each: study old" in out
    assert "1 rating by 1 rater imported into 'old'" in out


def test_the_commands_say_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no study 'none'"):
        call_command("import_ratings", str(tmp_path / "x.csv"), study="none")
    answers = run(prompt_set(1))
    options = {"name": "Old", "slug": "old", "runs": [answers.pk]}
    with pytest.raises(CommandError, match=r"Use one of: general, psychosafe, .*xstest"):
        call_command("create_study", rubric="warmth", **options)
    with pytest.raises(CommandError, match="There is no run"):
        call_command("create_study", rubric="psychosafe", **options | {"runs": ["none"]})
    made = study(1, slug="full", is_open=False)
    with pytest.raises(CommandError, match=r"x.csv cannot be read"):
        call_command("import_ratings", str(tmp_path / "x.csv"), study="full")
    with pytest.raises(studies.NotNow):
        studies.close(by=None, study=made, at=AT)


def test_what_is_no_number_about_an_answer_cannot_be_imported() -> None:
    general = study(runs=[run(prompt_set(2))], rubric=rubric("general"), is_open=False)
    with pytest.raises(BadFile) as caught:
        take(general, table("1,ann,warranted,1,", "1,ann,strategy,none,", "1,ann,fit,4,"))
    said = str(caught.value)
    assert "'warranted' is not rated by one number" in said
    assert "'strategy' is not rated by one number" in said
    assert not Rating.objects.exists()
