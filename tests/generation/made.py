"""Made endpoints, models, conditions and runs, built by the actions that people use."""

from datetime import UTC, datetime
from typing import Any

from corpus.models import PromptSet
from generation import actions
from generation.answering import shift_on
from generation.bell import answer
from generation.chat import Pace, Patience
from generation.messages import Sampling
from generation.models import Condition, Endpoint, LanguageModel, Run
from generation.shifts import Shift
from generation.work import Limits
from tests.corpus.made import prompt_set

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


async def no_wait(seconds: float) -> None:
    """Stands in for sleep."""


def limits(**changes: Any) -> Limits:
    """No waiting between attempts, and little patience."""
    pace = Pace(patience=Patience(budget_s=20.0), sleep=no_wait, drain_s=2.0, poll_s=0.02)
    return Limits(**{"beat_s": 0.05, "between_tries_s": 0.0, "pace": pace, **changes})


def endpoint(url: str = "http://127.0.0.1:9", *, name: str = "A server", **rest: Any) -> Endpoint:
    return actions.register_endpoint(by=None, name=name, kind="external", base_url=url, **rest)


def model(url: str = "http://127.0.0.1:9", *, name: str = "made-model") -> LanguageModel:
    return actions.register_model(
        by=None,
        name=name,
        endpoint=Endpoint.objects.first() or endpoint(url),
        served_name="stub-model",
        revision="abc123",
    )


def condition(name: str = "informed", **sampling: Any) -> Condition:
    return actions.make_condition(
        by=None, name=name, system_prompt="Be kind.", sampling=Sampling(**sampling)
    )


def run(
    url: str = "http://127.0.0.1:9",
    *,
    n: int = 3,
    prompts: PromptSet | None = None,
    at: datetime = AT,
    **rest: Any,
) -> Run:
    """A run of `n` prompts on a server at `url`, waiting."""
    return actions.start_run(
        by=None,
        prompt_set=prompts or prompt_set(n),
        model=LanguageModel.objects.filter(name="made-model").first() or model(url),
        condition=Condition.objects.filter(name="informed").first() or condition(),
        at=at,
        **rest,
    )


def shift(run: Run, **changes: Any) -> Shift:
    """A worker's shift on the run, freshly loaded, without waits."""
    run = Run.objects.select_related("model__endpoint", "condition").get(pk=run.pk)
    made = shift_on(run)
    assert made is not None
    return Shift(
        **{"job": run, "work": made.work, "model": run.model, "limits": limits(), **changes}
    )


def answered(n: int = 3, *, url: str, **rest: Any) -> Run:
    """A run that is done."""
    started = run(url, n=n, **rest)
    assert shift(started).run() == "done"
    started.refresh_from_db()
    return started


def answer_bell(job: Run) -> bool:
    """What a worker does with the message that is on its way."""
    job.refresh_from_db(fields=["bell"])
    return answer(Run, job.pk, job.bell)
