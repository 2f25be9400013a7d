"""Every reason that the statistics give can be told in the language of who reads it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import agreement
from agreement import alt_power, bradley_terry, icc, intra, krippendorff, paired, ppi, ranks
from agreement.alt_power import ItemsNeeded
from agreement.alt_test import AltTest
from agreement.comparisons import Comparisons
from agreement.estimate import Estimate, undefined
from agreement.paired import Pairs
from agreement.ratings import Ratings
from agreement.wording import Said, told

MODULES = [found.name for found in pkgutil.iter_modules(agreement.__path__)]
REASONS = {"reason", "interval_reason"}


def abroad(text: str | None) -> str:
    """The text in a language that says everything between brackets, and many things as "many"."""
    assert isinstance(text, Said)
    heard: str = told(text, lambda one: f"[{one}]", lambda one, many, n: "[many: {n}]")
    return heard


def literals(tree: ast.AST) -> Iterator[str]:
    """Reasons that are written as plain English where they are given."""
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            given = [each.value for each in node.keywords if each.arg in REASONS]
            if isinstance(node.func, ast.Name) and node.func.id == "undefined":
                given += node.args
        elif isinstance(node, ast.FunctionDef) and "undefined" in node.name:
            returns = (each for each in ast.walk(node) if isinstance(each, ast.Return))
            given = [each.value for each in returns if each.value]
        for each in given:
            choices = [each.body, each.orelse] if isinstance(each, ast.IfExp) else [each]
            yield from (
                ast.unparse(choice)
                for choice in choices
                if isinstance(choice, ast.JoinedStr)
                or (isinstance(choice, ast.Constant) and choice.value)
            )


@pytest.mark.parametrize("name", MODULES)
def test_no_reason_is_plain_english(name: str) -> None:
    path = Path(agreement.__path__[0]) / f"{name}.py"
    assert list(literals(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ("__main__", "command")])
def test_a_constant_that_is_a_sentence_can_be_told(name: str) -> None:
    module = importlib.import_module(f"agreement.{name}")
    said = {key: value for key, value in vars(module).items() if key.isupper()}
    plain = [
        key
        for key, value in said.items()
        if isinstance(value, str) and " " in value and not isinstance(value, Said)
    ]
    assert plain == []


def test_a_reason_within_a_reason_is_told_too() -> None:
    found = ranks.disattenuated(Estimate(0.5), undefined(krippendorff.NO_VARIATION))
    assert found.reason == (
        "the reliability of the mean is unknown: "
        "all ratings that can be compared are the same value"
    )
    assert abroad(found.reason) == (
        "[the reliability of the mean is unknown: "
        "[all ratings that can be compared are the same value]]"
    )


@pytest.mark.parametrize(
    ("more", "english"),
    [
        (1, "Not enough data: 1 more item like these."),
        (7, "Not enough data: 7 more items like these."),
    ],
)
def test_an_answer_counts_the_missing_items(more: int, english: str) -> None:
    lost = AltTest((), 0.2, 9, Estimate(0.0), Estimate(0.4))
    answer = alt_power.answer(lost, ItemsNeeded(9 + more, more, 0.8))
    assert answer == english
    assert abroad(answer) == f"[many: {more}]"


def test_an_answer_without_a_test_tells_why() -> None:
    untested = AltTest((), 0.2, 0, undefined(krippendorff.NO_PAIR), Estimate(0.4))
    answer = alt_power.answer(untested, ItemsNeeded(None, None, None, krippendorff.NO_PAIR))
    assert answer == "Not enough data: no item has ratings from two raters."
    assert abroad(answer) == "[Not enough data: [no item has ratings from two raters].]"


def test_names_and_figures_stay_as_they_are() -> None:
    rows = [(1, "Kind", "Blunt", 1.0), (2, "Warm", "Blunt", 1.0), (3, "Kind", "Warm", 0.5)]
    unbeaten = bradley_terry.why_undefined(Comparisons.build(rows))
    sentence = "nothing else ever won against or tied with Kind, Warm, so the lead is unbounded"
    assert (unbeaten, abroad(unbeaten)) == (sentence, f"[{sentence}]")
    gaps = icc.why_undefined(Ratings.from_matrix([[1, 2], [2, float("nan")]], "interval"))
    assert abroad(gaps) == "[1 of 4 ratings are missing; every rater must rate every item]"
    coding = paired.ratio_of_means(Pairs.build([2], [3], ["a"]), scale=(1, 5), start=0).coding
    assert abroad(coding) == "[scores coded 0 to 4]"
    few = ppi.stratified([1.0, float("nan")], [1.0, 2.0], ["Grief", "Grief"]).reason
    assert abroad(few) == "[fewer than two items of Grief have a human value]"


def test_all_raters_together_have_a_name_that_can_be_told() -> None:
    assert abroad(intra.pooled([(1, "a", 1, 1)], "nominal", draws=5).rater) == "[all]"
