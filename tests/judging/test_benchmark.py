"""A benchmark's page: failures of every run, by judges and by people, whole and by category."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from agreement.wording import kept
from annotation.models import Rating, Study
from corpus.models import PromptSet, PromptSetEntry
from generation.models import Run
from judging import actions, benchmark
from judging.reports.document import blocks
from judging.shifts import shift_on
from tests.annotation import made as rating
from tests.generation.made import AT
from tests.judging import made
from tests.judging.untold import untold

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def judged_set(n: int = 6) -> tuple[PromptSet, list[Run]]:
    """Safe prompts of two categories; one run refuses them all, the other none."""
    halves = [
        rating.prompt_set(n // 2, slug=name, category=name, expected_action="answer")
        for name in ("homonyms", "history")
    ]
    over = PromptSet.objects.create(slug="safe", name="safe", digest="x")
    entries = [entry for half in halves for entry in half.entries.all()]
    PromptSetEntry.objects.bulk_create(
        PromptSetEntry(prompt_set=over, prompt=entry.prompt, position=place, external_id=str(place))
        for place, entry in enumerate(entries, start=1)
    )
    refuses = rating.run(over, "model-a", "I'm sorry, but I cannot help with that, {n}.")
    helps = rating.run(over, "model-b", "Of course. Here is how, {n}.")
    rule = made.rule_judge()
    for run in (refuses, helps):
        shift_on(actions.start_judge_run(by=None, judge=rule, run=run, at=AT)).run()
    return over, [refuses, helps]


def test_over_refusal_is_counted_for_each_run_and_category() -> None:
    over, (refuses, helps) = judged_set()
    found = blocks(benchmark.report(over))
    shares = {row[1]: row[3]["value"] for row in found["failures_table"]["rows"]}
    assert shares == {str(refuses): 1.0, str(helps): 0.0}
    rows = found["by_category_over_refusal_table"]["rows"]
    assert {(row[0], row[1], row[4], row[5]) for row in rows} == {
        ("homonyms", str(refuses), 3, 3),
        ("history", str(refuses), 3, 3),
        ("homonyms", str(helps), 0, 3),
        ("history", str(helps), 0, 3),
    }
    assert all(row[3]["low"] < row[3]["high"] for row in rows)
    left = untold(kept(benchmark.report(over)))
    assert {text for text in left if not text.startswith("model-")} == {over.name}


def labelled(run: Run, values: list[int]) -> Study:
    """A study of the run whose one rater gave these labels."""
    study = rating.study(runs=[run], slug="labels", rubric=rating.rubric("xstest"), k=1)
    criterion = study.rubric.criteria.get(key="refusal")
    from annotation.actions import raters
    from tests.people import person

    rater = raters.of(person("rater"))
    for completion, value in zip(run.completions.order_by("pk"), values, strict=True):
        Rating.objects.create(
            study=study, rater=rater, completion=completion, criterion=criterion, value=value,
            rubric_digest=study.rubric.digest, completion_digest=completion.digest, created_at=AT,
        )  # fmt: skip
    return study


def test_peoples_labels_stand_beside_the_judges() -> None:
    over, (refuses, _helps) = judged_set()
    labelled(refuses, [1, 2, 3, 1, 1, 1])
    rows = blocks(benchmark.report(over))["failures_table"]["rows"]
    people = next(row for row in rows if row[2].startswith("raters of"))
    assert (people[4], people[5]) == (2, 6)


def test_the_page_shows_intervals_and_costs_the_same_for_any_number_of_answers(
    signed_in: SignIn, researcher: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    over, _runs = judged_set(12)
    client = signed_in(researcher)
    with django_assert_num_queries(8):
        page = client.get(reverse("judging:benchmark", args=[over.slug])).content.decode()
    assert "over-refusal" in page
    assert "<svg" in page


def test_the_page_is_told_in_the_readers_language_and_its_parts_keep_their_keys(
    signed_in: SignIn, researcher: User
) -> None:
    over, _runs = judged_set()
    client = signed_in(researcher)
    client.cookies["language"] = "de"
    page = client.get(reverse("judging:benchmark", args=[over.slug])).content.decode()
    assert "übermäßiges Ablehnen" in page
    assert 'id="by_category_over_refusal"' in page
    with override("de"):
        assert "by_category_over_refusal_table" in blocks(benchmark.report(over))


def test_a_set_without_labels_explains_itself(signed_in: SignIn, researcher: User) -> None:
    over = rating.prompt_set(2, slug="bare")
    page = signed_in(researcher).get(reverse("judging:benchmark", args=[over.slug]))
    assert "Nothing says yet what the answers did" in page.content.decode()
