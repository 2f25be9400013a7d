from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from annotation.models import Study
from exports import pseudonyms, sources
from exports.formats import FORMATS, deciding, dpo
from exports.sources import Mismatch
from gate.text import digest
from tests.exports import made

pytestmark = pytest.mark.django_db


def lines(source: Any, form: str) -> list[dict[str, Any]]:
    return [
        dict(zip([column.name for column in table.columns], row, strict=True))
        for table in sources.tables(source, form)
        for row in table.rows()
    ]


# Conversations for fine-tuning


def test_a_pair_ends_with_its_response_and_says_where_it_comes_from() -> None:
    release = made.release(2)
    first, second = lines(release, "sft")
    version = release.entries.order_by("position")[0].version
    assert [turn["role"] for turn in first["messages"]] == ["user", "assistant"]
    assert first["messages"][-1]["content"] == version.response
    assert (first["id"], first["digest"]) == (version.pair_id, version.digest)
    assert first["domain"] == "violence" and first["strategy"] == "motivational-interviewing"
    assert first["country"] == "DK" and first["is_sample"] is False
    assert first["messages"] != second["messages"]


def test_the_digest_of_a_release_can_be_computed_from_its_file() -> None:
    release = made.release(4)
    splits = dict(release.entries.values_list("version__pair_id", "split"))
    said = [[line["id"], line["digest"], splits[line["id"]]] for line in lines(release, "sft")]
    assert digest(sorted(said)) == release.digest


# Preferences


def vote(choice: str) -> deciding.Vote:
    return deciding.Vote("prefers", choice) if len(choice) == 1 else deciding.Vote(choice, None)


def compared(*choices: str, texts: str = "ab") -> deciding.Compared:
    answers = [
        deciding.Answer(name, f"Says {text}", "model", "")
        for name, text in zip("ab", texts, strict=True)
    ]
    said = [{"role": "user", "content": "x"}]
    labels = ["study", "item", "prompt", "", "", "", "", "", "", "train"]
    return deciding.Compared._make([said, *labels, False, answers, [vote(c) for c in choices]])


@pytest.mark.parametrize(
    ("choices", "winner"),
    [
        (["a"], "Says a"),
        (["b", "b", "a"], "Says b"),
        (["b", "b", "equal"], "Says b"),
    ],
)
def test_what_most_raters_preferred_is_chosen(choices: list[str], winner: str) -> None:
    it = compared(*choices)
    (found,) = deciding.pairs(it)
    assert isinstance(found, deciding.Decided)
    row = dpo.row(it, found)
    line = dict(zip([column.name for column in dpo.COLUMNS], row, strict=True))
    chosen, rejected, n_votes, n_for = row[1], row[2], line["n_votes"], line["n_for"]
    assert (line["how"], line["margin"]) == ("preference", n_for / n_votes)
    assert chosen == [{"role": "assistant", "content": winner}] != rejected
    assert (n_votes, n_for) == (len(choices), choices.count(winner[-1]))


@pytest.mark.parametrize(
    "choices",
    [["equal"], ["a", "b"], ["a", "equal"], ["a", "a", "b", "b"], ["a", "b", "equal"]],
)
def test_ties_are_left_out(choices: list[str]) -> None:
    assert list(deciding.pairs(compared(*choices))) == [deciding.NO_MAJORITY]


@pytest.mark.parametrize(
    "choices", [["both_unacceptable"], ["a", "both_unacceptable"], [*"aaa", "both_unacceptable"]]
)
def test_what_somebody_found_unacceptable_is_never_chosen(choices: list[str]) -> None:
    assert list(deciding.pairs(compared(*choices))) == [deciding.UNACCEPTABLE]


def test_two_answers_of_the_same_words_teach_nothing() -> None:
    assert list(deciding.pairs(compared("a", texts="xx"))) == [deciding.SAME_WORDS]


def rated(*scores: float, harmful: str = "") -> deciding.Compared:
    """Two answers that were rated, and nobody was asked for a preference."""
    answers = [
        deciding.Answer(name, f"Says {name}", "model", "", (), {"fit": score}, name == harmful)
        for name, score in zip("ab", scores, strict=True)
    ]
    return compared()._replace(answers=answers)


@pytest.mark.parametrize(("scores", "winner"), [((0.0, 0.25), "b"), ((1.0, 0.5), "a")])
def test_clear_ratings_decide_where_nobody_was_asked(
    scores: tuple[float, float], winner: str
) -> None:
    it = rated(*scores)
    (found,) = deciding.pairs(it)
    assert isinstance(found, deciding.Decided)
    row = dpo.row(it, found)
    line = dict(zip([column.name for column in dpo.COLUMNS], row, strict=True))
    assert line["chosen"][0]["content"] == f"Says {winner}"
    assert (line["how"], line["margin"]) == ("ratings", abs(scores[0] - scores[1]))
    assert line["threshold"] == deciding.CLEAR and line["n_votes"] is None


@pytest.mark.parametrize("scores", [(0.5, 0.5), (0.5, 0.74)])
def test_ratings_that_are_close_decide_nothing(scores: tuple[float, float]) -> None:
    assert list(deciding.pairs(rated(*scores))) == [deciding.TOO_CLOSE]


def test_a_harmful_answer_is_never_chosen_however_it_was_rated() -> None:
    assert list(deciding.pairs(rated(1.0, 0.0, harmful="a"))) == [deciding.HARMFUL]
    assert len(list(deciding.pairs(rated(1.0, 0.0, harmful="b")))) == 1


def test_votes_go_before_ratings() -> None:
    tied = rated(1.0, 0.0)._replace(votes=[vote("equal")])
    assert list(deciding.pairs(tied)) == [deciding.NO_MAJORITY]


def test_the_preferences_of_a_study_become_lines_by_item() -> None:
    study = made.rated(
        [
            {0: "first", 1: "first", 2: "second", 4: "both_unacceptable"},
            {0: "first", 1: "second", 2: "second"},
        ],
        n=5,
    )
    (table,) = sources.tables(study, "dpo")
    rows = list(table.rows())
    found = lines(study, "dpo")
    assert len(found) == len(rows) == 2
    assert [line["chosen"][0]["content"].split(",")[0] for line in found] == [
        "Ask somebody",
        "I hear you",
    ]
    assert [line["chosen_model"] for line in found] == ["spring-plain", "spring-kind"]
    assert [line["rejected_model"] for line in found] == ["spring-kind", "spring-plain"]
    items = {item.pk: item for item in study.items.all()}
    assert [items[line["item"]].position for line in found] == [0, 2]
    assert all(line["prompt"] == items[line["item"]].prompt.messages for line in found)
    assert all((line["n_votes"], line["n_for"]) == (2, 2) for line in found)
    assert table.left_out == Counter({deciding.NO_MAJORITY: 2, deciding.UNACCEPTABLE: 1})


# Ratings


def test_every_value_is_a_line_whoever_gave_it(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    study = made.rated([{}, {}], n=2)
    settled = made.adjudicated(study)
    made.judged(study)
    found = lines(study, "ratings")
    n_criteria = study.rubric.criteria.count()
    assert Counter(line["rater_kind"] for line in found) == {
        "human": 2 * 2 * 2 * n_criteria,
        "judge": 2 * 2 * n_criteria,
        "adjudicated": 1,
    }
    assert len({line["rater"] for line in found if line["rater_kind"] == "human"}) == 2
    assert {line["item"] for line in found} == {item.pk for item in study.items.all()}
    unscored = [line for line in found if line["answer"] == "unscored"]
    assert len(unscored) == 4 and {line["value"] for line in unscored} == {None}
    assert {line["rationale"] for line in unscored} == {"It could not be read."}
    (last,) = [line for line in found if line["rater_kind"] == "adjudicated"]
    assert (last["completion"], last["value"], last["rationale"]) == (
        settled.completion_id,
        1,
        "We talked.",
    )
    human = found[0]
    assert (human["study"], human["rubric"], human["day"]) == ("spring", "psychosafe", "2026-05-01")
    assert human["answer"] == "value" and human["value"] is not None
    assert {line["level"] for line in found} <= {"nominal", "ordinal"}
    assert all(line["run"] in {arm.run_id for arm in study.arms.all()} for line in found)


def test_a_matrix_has_an_answer_a_line_and_a_rater_a_column() -> None:
    study = made.rated([{}, {}, {}], n=2)
    tables = sources.tables(study, "matrix")
    keys = study.rubric.criteria.order_by("position").values_list("key", flat=True)
    assert [table.name for table in tables] == [f"matrix-{key}" for key in keys]
    rows = list(tables[0].rows())
    assert len(tables[0].columns) == 1 + 3 and len(rows) == 2 * 2
    assert all(None not in row for row in rows)
    assert {row[0] for row in rows} == set(
        study.ratings.values_list("completion_id", flat=True).distinct()
    )


# Raters


def test_no_name_address_or_id_of_a_rater_leaves() -> None:
    study = made.rated([{0: "first"}, {0: "first"}])
    made.adjudicated(study)
    written = "".join(
        f"{[column.name for column in table.columns]}{list(table.rows())}"
        for form in ("dpo", "ratings", "matrix")
        for table in sources.tables(study, form)
    )
    raters = {rating.rater for rating in study.ratings.select_related("rater__user")}
    assert len(raters) == 2
    for rater in raters:
        told = (rater.pk, rater.label, rater.user_id, rater.user.email, rater.user.name)
        assert not [word for word in told if str(word) in written and not isinstance(word, int)]
    assert "Lindqvist" not in written and "@example.org" not in written


def test_a_rater_has_another_pseudonym_in_every_study(settings: Any) -> None:
    mine = pseudonyms.of("rater", study_id="one")
    assert mine == pseudonyms.of("rater", study_id="one")
    assert mine != pseudonyms.of("rater", study_id="two")
    settings.SECRET_KEY = "another" * 10
    assert mine != pseudonyms.of("rater", study_id="one")


def test_raters_come_in_the_order_of_their_pseudonyms() -> None:
    study = made.rated([{}] * 5, n=1)
    seen = list(dict.fromkeys(line["rater"] for line in lines(study, "ratings")))
    assert seen == sorted(seen) and len(seen) == 5
    columns = [column.name for column in sources.tables(study, "matrix")[0].columns]
    assert columns == ["unit", *seen]


# Marks, costs, refusals


def test_material_of_the_sample_is_marked_in_every_row() -> None:
    study = made.rated([{0: "first"}], is_sample=True)
    assert {line["is_sample"] for line in lines(study, "ratings")} == {True}
    assert {line["is_sample"] for line in lines(study, "dpo")} == {True}
    other = made.rated([{0: "first"}], slug="real")
    assert {line["is_sample"] for line in lines(other, "ratings")} == {False}


def test_a_split_of_a_release_is_read_in_one_query(django_assert_num_queries: Any) -> None:
    for n, version in [(2, "1.0.0"), (20, "2.0.0")]:
        release = made.release(n, version=version)
        with django_assert_num_queries(1):
            tables = sources.tables(release, "sft")
        for table in tables:
            with django_assert_num_queries(1):
                assert list(table.rows())


@pytest.mark.parametrize("form", ["dpo", "ratings", "matrix"])
def test_a_study_is_read_in_as_many_queries_whatever_its_size(form: str) -> None:
    costs = []
    for n in (2, 9):
        study = made.rated([dict.fromkeys(range(n), "first")] * 2, n=n, slug=f"of-{n}")
        study = Study.objects.select_related("rubric").get(pk=study.pk)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = lines(study, form)
        costs.append(len(asked))
        assert len(found) >= n
    assert costs[0] == costs[1] <= 9


@pytest.mark.parametrize("form", ["sft", "spreadsheet"])
def test_a_format_that_makes_no_sense_is_refused_in_words(form: str, curator: User) -> None:
    release, study = made.release(1), made.rated([])
    wrong = [
        s
        for s in (release, study)
        if form not in FORMATS or sources.kind_of(s) not in FORMATS[form].of
    ]
    for source in wrong:
        with pytest.raises(Mismatch, match="there are: "):
            sources.tables(source, form)
    assert wrong
