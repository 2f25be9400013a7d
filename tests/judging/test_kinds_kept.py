"""A judge's words and choices are kept; prompts are asked of people alone; figures are numbers."""

from typing import Any

import pytest

from annotation.actions import submission
from annotation.models import PromptRating
from exports import sources
from generation.models import Completion
from judging import actions, ratings
from judging.models import Judgement, Verdict
from judging.parsing import Reading
from judging.sheets import answerable_of, criteria_of, measured_of, questions_of
from judging.study_report import report
from tests.annotation.made import AT, lease, rubric, study
from tests.judging import made
from tests.people import person

pytestmark = pytest.mark.django_db


def said(slot: str = "A") -> list[dict[str, Any]]:
    """A whole answer to the general rubric: no need to refuse, and refused."""
    return [
        {"slot": slot, "criterion": "refuses", "value": 1},
        {"slot": slot, "criterion": "needless", "words": "An answer to a school essay."},
        {"slot": slot, "criterion": "fit", "value": 4, "rationale": "It stays with them."},
        {"slot": slot, "criterion": "strategy", "words": "none"},
    ]


@pytest.fixture
def rated():
    made_study = study(2, rubric=rubric("general"), k=2, asks_preference=False)
    for value in (3, 2):
        rater = person("rater")
        for _ in range(2):
            held = lease(made_study, rater)
            prompt = {"slot": "prompt", "criterion": "warranted", "value": value, "rationale": "."}
            sent = [prompt, *said("A"), *said("B")]
            submission.submit(
                assignment=held, rater=held.rater, token=held.token, key=held.pk,
                ratings=sent, preference=None, at=AT,
            )  # fmt: skip
    return made_study


def test_a_judge_is_not_asked_about_the_prompt_nor_what_hangs_on_it() -> None:
    general = rubric("general")
    keys = [criterion.key for criterion in criteria_of(general)]
    assert keys == ["refuses", "fit", "strategy", "better"]
    assert [criterion.key for criterion in answerable_of(general)] == keys
    assert [criterion.key for criterion in measured_of(general)] == ["refuses", "fit"]
    assert [question.kind for question in questions_of(criteria_of(general))][2:] == [
        "strategy",
        "text",
    ]


def test_people_answer_about_the_prompt_and_the_answers_and_every_kind_is_kept(rated) -> None:
    assert PromptRating.objects.filter(study=rated).count() == 4
    words = set(rated.ratings.filter(criterion__key="strategy").values_list("words", flat=True))
    assert words == {"none"}
    assert rated.ratings.filter(criterion__key="needless").count() == 4  # where need was denied


def test_the_report_reads_numbers_and_says_how_far_people_agree_about_prompts(rated) -> None:
    found = {line.criterion.key: line.agreement for line in report(rated, draws=20).criteria}
    assert list(found) == ["warranted", "refuses", "fit"]
    assert len(report(rated, draws=20).unmeasured) == 3
    assert found["warranted"].n_pairable_items == 2
    assert ratings.counts(rated).n_without_value == 0


def test_the_long_table_holds_choices_words_and_prompts(rated) -> None:
    (table,) = sources.tables(rated, "ratings")
    names = [column.name for column in table.columns]
    found = [dict(zip(names, row, strict=True)) for row in table.rows()]
    prompts = [line for line in found if line["about"] == "prompt"]
    assert len(prompts) == 4
    assert {line["completion"] for line in prompts} == {""}
    assert found[0]["about"] == "prompt"
    strategies = [line for line in found if line["criterion"] == "strategy"]
    assert {(line["value"], line["words"], line["picked"]) for line in strategies} == {
        (None, "none", "")
    }
    matrices = [table.name for table in sources.tables(rated, "matrix")]
    assert matrices == ["matrix-warranted", "matrix-refuses", "matrix-fit"]
    units = [row[0] for row in sources.tables(rated, "matrix")[0].rows()]
    assert sorted(units) == sorted(item.pk for item in rated.items.all())


def test_what_a_judge_says_of_every_kind_is_kept_and_counted_as_said(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    action = rubric("refusal_action")
    judge = made.judge(rubric=action)
    run = study(1, rubric=action, is_open=False).runs.all()[0]
    judge_run = actions.start_judge_run(by=None, judge=judge, run=run, at=AT)
    row = Judgement.objects.filter(judge_run=judge_run, completion__isnull=False).get()
    Judgement.objects.filter(pk=row.pk).update(state="running", claimed_by="w", lease_expires_at=AT)
    kept = actions.keep_verdicts(
        judgement=row,
        worker="w",
        readings=[Reading("delivered", 3), Reading("means", None, picked=())],
        criteria=criteria_of(action),
        raw="{}",
        n_asks=1,
        provenance={},
        at=AT,
    )
    assert kept and Completion.objects.count()
    found = {v.criterion.key: (v.value, v.picked) for v in Verdict.objects.all()}
    assert found == {"delivered": (3, None), "means": (None, [])}
    assert set(Verdict.objects.unscored_by("judge_id").values()) == {(0, 2)}
