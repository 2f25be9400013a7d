"""The page of a run while it works, its answers page by page, and one answer whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from generation.models import Completion, Run
from generation.models.runs import Mark
from generation.progress import Pace, Progress
from tests import stub_server as stub
from tests.generation import made

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def url(name: str, *args: str) -> str:
    return reverse(f"generation:{name}", args=args)


def marked_run(server: Any, n: int = 5) -> Run:
    server.script(
        stub.says("Cut in the", finish_reason="length"), stub.says(""), stub.says("<think>Round")
    )
    return made.answered(n, url=server.url)


def test_the_live_part_holds_the_figures_the_marks_and_the_newest_answers(
    researcher: User, signed_in: SignIn, stub_server: Any, django_assert_num_queries: Any
) -> None:
    run = marked_run(stub_server)
    Run.objects.filter(pk=run.pk).update(
        state="running", finished_at=None, started_at=timezone.now() - timedelta(minutes=2)
    )
    Completion.objects.update(completed_at=timezone.now())
    browser = signed_in(researcher)
    browser.get(run.get_absolute_url())
    with django_assert_num_queries(8):
        part = browser.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    text = part.content.decode()
    assert text.strip().startswith('<section id="progress"') and "<html" not in text
    for words in ("5 of 5", "tokens per second", "1 cut by length", "What the model answered"):
        assert words in text


def test_no_time_is_promised_while_too_little_came_in() -> None:
    counts = {"pending": 280, "running": 20, "done": 100, "failed": 0}
    slow = Progress.of(counts, pace=Pace(n_rows=4, n_tokens=400, seconds=300.0))
    assert slow.minutes_left is None and slow.words == "100 of 400"
    steady = Progress.of(counts, pace=Pace(n_rows=100, n_tokens=30_000, seconds=300.0))
    assert steady.words == "100 of 400, about 15 minutes left"
    assert steady.pace and steady.pace.tokens_per_second == 100
    assert Pace().tokens_per_second is None


@pytest.mark.sqlite  # the plan is SQLite's
def test_a_poll_reads_no_row_that_it_does_not_show() -> None:
    run = made.run(n=2)
    rows = run.completions.all()
    by_state = rows.order_by().values("state").annotate(n=made_count())
    by_mark = rows.filter(mark__in=Mark.values).order_by().values("mark").annotate(n=made_count())
    assert "COVERING INDEX completion_queue" in by_state.explain()
    assert "INDEX completion_marks (run_id=? AND mark=?)" in by_mark.explain()
    newest = rows.newest().order_by("-completed_at", "-id")[:5]
    assert "completion_newest" in newest.explain() and "TEMP B-TREE" not in newest.explain()


def made_count() -> Any:
    from django.db.models import Count

    return Count("pk")


def test_answers_are_shown_page_by_page_and_by_mark(
    researcher: User, signed_in: SignIn, stub_server: Any, django_assert_num_queries: Any
) -> None:
    run = marked_run(stub_server, n=24)
    browser, path = signed_in(researcher), url("answers", run.pk)
    browser.get(path)
    with django_assert_num_queries(5):
        text = browser.get(path).content.decode()
    assert text.count("Everything about this answer") == 20 and 'rel="next"' in text
    cut = browser.get(f"{path}?mark=cut").content.decode()
    assert cut.count("Everything about this answer") == 1 and "Cut in the" in cut
    assert "There is no such answer" in browser.get(f"{path}?state=failed").content.decode()


def test_an_answer_says_in_words_what_it_came_from(
    researcher: User, signed_in: SignIn, stub_server: Any
) -> None:
    stub_server.always(stub.reasons("I will <b>not</b>.", "They may be in danger."))
    row = made.answered(1, url=stub_server.url).completions.get()
    text = signed_in(researcher).get(url("answer", row.pk)).content.decode()
    for words in (
        *("I will &lt;b&gt;not&lt;/b&gt;.", "They may be in danger.", "abc123", "informed"),
        *("temperature 0.0", "top_k left to the server", "Which of its replicates"),
    ):
        assert words in text


@pytest.mark.parametrize("name", ["answers", "answer"])
def test_answers_are_for_those_who_may_see_runs(
    name: str, client: Client, rater: User, researcher: User, signed_in: SignIn
) -> None:
    run = made.run(n=1)
    path = url(name, run.pk if name == "answers" else run.completions.get().pk)
    assert client.get(path).status_code == 302
    assert signed_in(rater).get(path).status_code == 403
    assert signed_in(researcher).get(path).status_code == 200
