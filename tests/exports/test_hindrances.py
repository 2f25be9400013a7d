"""The pure part of the gate: licences, families, leakage, and what may be overridden."""

import pytest

from exports import hindrances, licences
from exports.candidates import Candidate
from exports.hindrances import MAY_PASS, NEVER, Hindrance, Kind, Row, gathered
from exports.licences import Terms


def candidate(number: int, **changes: str) -> Candidate:
    fields = dict.fromkeys(Candidate._fields, "") | {
        "id": f"v{number}",
        "pair": f"pair-{number}",
        "split": "train",
        "family": f"f{number}",
        "prompt": f"p{number}",
    }
    return Candidate(**{**fields, **changes})


@pytest.mark.parametrize(
    ("licence", "terms"),
    [
        ("SORRY-Bench licence agreement: do not pass on", Terms.FORBIDDEN),
        ("CC-BY-NC-ND 4.0", Terms.FORBIDDEN),
        ("All rights reserved.", Terms.FORBIDDEN),
        ("MIT, but for internal use only", Terms.FORBIDDEN),
        ("Not to be redistributed", Terms.FORBIDDEN),
        ("CC-BY-4.0", Terms.ALLOWED),
        ("CC BY-NC-SA 4.0", Terms.ALLOWED),
        ("CC0-1.0", Terms.ALLOWED),
        ("Apache License 2.0", Terms.ALLOWED),
        ("", Terms.UNKNOWN),
        ("With the authors' kind permission", Terms.UNKNOWN),
    ],
)
def test_a_licence_is_read_as_far_as_it_is_plain(licence: str, terms: Terms) -> None:
    assert licences.read(licence) == terms


def test_a_family_in_two_splits_leaks() -> None:
    rows = [candidate(1, family="f"), candidate(2, family="f", split="test"), candidate(3)]
    (row,) = hindrances.leakage(rows)
    assert row.key == "v1" and "train: pair-1, test: pair-2" in row.what


def test_a_conversation_in_two_splits_leaks_and_pairs_without_a_split_do_not() -> None:
    rows = [candidate(1, prompt="p"), candidate(2, prompt="p", split="validation")]
    assert len(hindrances.leakage(rows)) == 1
    assert not hindrances.leakage([candidate(1, prompt="p"), candidate(2, prompt="p", split="")])
    assert not hindrances.leakage([candidate(1, family=""), candidate(2, family="", split="test")])


def test_a_template_hinders_above_its_share_and_never_when_few_share_it() -> None:
    many = [candidate(n, family="f") for n in range(12)]
    others = [candidate(n) for n in range(100, 200)]
    (row,) = hindrances.families([*many, *others], percent=10)
    assert row.key == "f" and row.what == "12 of 112 pairs (10 %)"
    assert not hindrances.families([*many, *others], percent=11)
    assert not hindrances.families(many[:9], percent=10)


def test_what_may_never_pass_stands_whatever_reason_is_given() -> None:
    rows = [Row("x", "version", "v")]
    found = [Hindrance(kind, 1, rows) for kind in Kind]
    left = hindrances.standing(found, dict.fromkeys(Kind, "Because."))
    assert {each.kind for each in left} == NEVER
    assert {each.kind for each in hindrances.standing(found, {"helplines": ""})} == set(Kind)
    assert set(MAY_PASS) | NEVER == set(Kind)


def test_the_first_rows_are_kept_and_all_are_counted() -> None:
    (found,) = gathered(Kind.HELPLINES, (Row(str(n), "version", "v") for n in range(50)))
    assert found.n_rows == 50 and len(found.rows) == 20 and found.n_more == 30
    assert not list(gathered(Kind.HELPLINES, []))


def test_every_kind_has_words() -> None:
    assert set(hindrances.TITLES) == set(hindrances.MENDS) == set(Kind)
