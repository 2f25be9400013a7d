"""The command prints the promised JSON or a table for people, and refuses with an exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agreement import bootstrap, command, krippendorff, profile, report, sentence
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from tests.agreement import published

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    *("criterion", "level", "n_items", "n_raters", "n_values", "percent_agreement"),
    *("alpha", "alpha_ci", "ac", "ac_weights", "kappa", "icc2_1", "icc2_k", "undefined"),
]


def long_rows(ratings, criterion=None):
    cells = [
        (item, rater, f"{value:g}")
        for item, row in zip(ratings.items, ratings.matrix, strict=True)
        for rater, value in zip(ratings.raters, row, strict=True)
        if value == value
    ]
    return [(*cell, criterion) for cell in cells] if criterion else cells


@pytest.fixture
def ratings_csv(tmp_path):
    path = tmp_path / "ratings.csv"
    use = [("1", "A", "2", "use"), ("2", "A", "", "use")]
    rows = [*long_rows(published.krippendorff_c(), "tone"), *use]
    path.write_text("item,rater,value,criterion\n" + "".join(",".join(row) + "\n" for row in rows))
    return path


def test_json_has_exactly_the_promised_keys_for_each_criterion(ratings_csv, capsys):
    argv = ["--csv", str(ratings_csv), "--level", "ordinal", "--scale", "1,2,3,4,5", "--json"]
    assert command.main(argv) == command.OK
    tone, use = json.loads(capsys.readouterr().out)
    assert list(tone) == KEYS == list(use)
    assert (tone["criterion"], tone["n_items"], tone["n_raters"], tone["n_values"]) == (
        "tone",
        12,
        4,
        41,
    )
    assert tone["alpha"] == pytest.approx(0.815, abs=5e-4)
    assert tone["alpha_ci"][0] < tone["alpha"] < tone["alpha_ci"][1]
    assert (tone["ac"], tone["ac_weights"]) == (pytest.approx(0.914, abs=5e-4), "quadratic")
    assert set(tone["undefined"]) == {"icc2_1", "icc2_k"}
    assert (use["n_items"], use["n_raters"], use["n_values"]) == (1, 1, 1)
    assert set(use["undefined"]) == {*KEYS[5:8], "ac", "kappa", "icc2_1", "icc2_k"}


def test_without_a_criterion_column_the_criterion_is_null(tmp_path, capsys):
    path = tmp_path / "plain.csv"
    path.write_text("item,rater,value\n1,A,yes\n1,B,no\n2,A,no\n2,B,no\n")
    assert command.main([str(path), "--level", "nominal", "--json"]) == command.OK
    [only] = json.loads(capsys.readouterr().out)
    assert (only["criterion"], only["percent_agreement"], only["ac_weights"]) == (
        None,
        0.5,
        "identity",
    )


def test_a_file_without_ratings_is_described_and_not_a_crash(tmp_path, capsys):
    path = tmp_path / "empty.csv"
    path.write_text("item,rater,value\n")
    assert command.main([str(path), "--level", "ordinal", "--json"]) == command.OK
    [only] = json.loads(capsys.readouterr().out)
    assert (only["n_items"], only["alpha"]) == (0, None)
    assert only["undefined"]["alpha"] == "no item has ratings from two raters"


def test_the_table_says_the_finding_first(ratings_csv, capsys):
    assert command.main([str(ratings_csv), "--level", "ordinal"]) == command.OK
    text = capsys.readouterr().out
    assert text.startswith("Raters have given too little to say anything about tone and use.")
    assert "There are too few ratings to say whether raters agree on tone." in text
    assert "Krippendorff's alpha (ordinal)" in text and "0.815" in text
    assert "undefined: no item has ratings from two raters" in text
    assert "No scale was declared" in text


def test_the_table_says_what_each_figure_means_as_the_pages_do(ratings_csv, capsys):
    assert command.main([str(ratings_csv), "--level", "ordinal"]) == command.OK
    text = " ".join(capsys.readouterr().out.split())
    tone = profile.of(published.krippendorff_c(), "ordinal")
    for sentence_of in tone.readings("tone").values():
        assert sentence_of in text
    assert "values at most one step apart" in text


def test_a_faulty_file_is_refused_on_stderr_with_exit_code_1(ratings_csv, capsys):
    argv = ["--csv", str(ratings_csv), "--level", "ordinal", "--scale", "1,2,3"]
    assert command.main(argv) == command.REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert "column value: '4' is not on the scale. Use one of: 1, 2, 3." in said.err


@pytest.mark.parametrize(
    "argv",
    [["--level", "ordinal"], ["a.csv", "--csv", "b.csv", "--level", "ordinal"]],
)
def test_no_file_or_two_files_are_wrong_use(argv, capsys):
    assert command.main(argv) == command.USAGE
    assert "agreement --csv ratings.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [["x.csv"], ["x.csv", "--level", "odd"], ["x.csv", "--level", "nominal", "--draws", "0"]],
)
def test_wrong_options_exit_with_2(argv):
    with pytest.raises(SystemExit) as stopped:
        command.main(argv)
    assert stopped.value.code == command.USAGE


def test_it_runs_without_django(ratings_csv):
    code = (
        "import sys; sys.modules['django'] = None; from agreement.command import main; "
        f"sys.exit(main([{str(ratings_csv)!r}, '--level', 'ordinal', '--json']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    helped = subprocess.run(
        [sys.executable, "-m", "agreement", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert "agreement --csv ratings.csv --level ordinal" in helped.stdout


def test_describe_takes_rows_as_they_come():
    ratings = published.krippendorff_c()
    [found] = report.describe(long_rows(ratings), "nominal", draws=50, seed=1)
    again = report.describe(long_rows(ratings), "nominal", draws=50, seed=1)
    assert [found] == again
    assert found["alpha"] == krippendorff.alpha(ratings, "nominal").value
    expected = bootstrap.alpha_interval(ratings, "nominal", draws=50, seed=1).interval
    assert tuple(found["alpha_ci"]) == pytest.approx(expected)


def test_ordinal_levels_enter_kappa_and_ac_by_position_and_icc_by_number():
    table = [[0, 1], [1, 10], [10, 10], [0, 0], [1, 1]]
    uneven = Ratings.from_matrix(table, "ordinal", [0, 1, 10])
    even = uneven.ranked()
    found, ranked = report.summarise(uneven, "ordinal"), report.summarise(even, "ordinal")
    assert (found.kappa, found.ac, found.alpha) == (ranked.kappa, ranked.ac, ranked.alpha)
    assert found.icc2_1.value != pytest.approx(ranked.icc2_1.value)
    assert found.kappa.value != pytest.approx(report.summarise(uneven, "interval").kappa.value)


@pytest.mark.parametrize(
    ("alpha", "n_items", "verdict", "opening"),
    [
        (Estimate(0.9, 0.82, 0.95), 50, "agree", "Raters agree on tone."),
        (Estimate(0.8, 0.70, 0.90), 50, "tentative", "Raters agree on tone well enough"),
        (Estimate(0.7, 0.60, 0.80), 50, "unclear", "Raters may agree on tone"),
        (Estimate(0.6, 0.50, 0.70), 50, "disagree", "Raters do not yet agree on tone."),
        (Estimate(0.1, -0.3, 0.50), 50, "disagree", "Raters do not yet agree on tone."),
        (Estimate(0.5, 0.20, 0.80), 50, "too_few", "There are too few ratings"),
        (Estimate(0.9, 0.82, 0.95), 9, "too_few", "There are too few ratings"),
        (undefined("none"), 0, "too_few", "There are too few ratings"),
        (undefined("one value"), 50, "no_variation", "All ratings of tone are the same"),
    ],
)
def test_the_interval_decides_what_is_said(alpha, n_items, verdict, opening):
    assert sentence.verdict(alpha, n_items) == verdict
    assert sentence.reading(alpha, n_items, "tone").startswith(opening)


def test_the_headline_says_the_best_first_and_names_each_criterion_once():
    found = sentence.headline(
        [("relevance", "disagree"), ("whether it refused", "agree"), ("warmth", "disagree")]
    )
    assert found == (
        "Raters agree on whether it refused. They do not yet agree on relevance and warmth."
    )
    assert sentence.headline([]) == ""


def test_perfect_agreement_does_not_boast_with_an_interval_of_no_width():
    assert "No disagreement was seen" in sentence.reading(Estimate(1.0, 1.0, 1.0), 30)
