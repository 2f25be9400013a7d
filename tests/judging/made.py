"""Made judges and judge runs, built by the actions that people use."""

from collections.abc import Sequence
from typing import Any

from annotation.models import Rubric
from generation.models import Endpoint, LanguageModel, Run
from generation.shifts import Shift
from judging import actions, matching
from judging.models import Judge, JudgeRun, Matchup
from judging.scoring import shift_on
from tests.annotation.made import prompt_set, rubric, run
from tests.generation.made import AT, endpoint, limits


def judge(url: str = "http://127.0.0.1:9", *, name: str = "A judge", **rest: Any) -> Judge:
    """A judge on a server at `url`, with the PsychoSafe rubric unless told otherwise."""
    from generation.actions import register_model

    place = Endpoint.objects.filter(name="A judge's server").first() or endpoint(
        url, name="A judge's server"
    )
    model = LanguageModel.objects.filter(name="other-judge").first() or register_model(
        by=None, name="other-judge", endpoint=place, served_name="stub-model", revision="r1"
    )
    chosen = rest.pop("rubric", None) or Rubric.objects.filter(slug="psychosafe").first()
    return actions.make_judge(by=None, name=name, model=model, rubric=chosen or rubric(), **rest)


def rule_judge(
    kind: str = "strings", *, rubric_name: str = "xstest", name: str = "A rule"
) -> Judge:
    """A judge without a model."""
    return actions.make_rule_judge(by=None, name=name, kind=kind, rubric=rubric(rubric_name))


def matchup(
    url: str = "http://127.0.0.1:9", *, n: int = 3, runs: Sequence[Run] = (), **rest: Any
) -> Matchup:
    """A side-by-side judge before two runs of n prompts, waiting."""
    if not runs:
        over = prompt_set(n)
        runs = [run(over, "model-a", "Ask somebody, {n}."), run(over, "model-b")]
    compares = judge(url, name="A pair judge", compares=True, **rest)
    return actions.start_matchup(by=None, judge=compares, run_a=runs[0], run_b=runs[1], at=AT)


def match_shift(started: Matchup, **changes: Any) -> Shift:
    """A worker's shift on the matchup, freshly loaded, without waits."""
    made = matching.shift_on(Matchup.objects.with_names().get(pk=started.pk))
    return Shift(
        **{"job": made.job, "work": made.work, "model": made.model, "limits": limits(), **changes}
    )


def matched(url: str, **rest: Any) -> Matchup:
    """A matchup with all its choices."""
    started = matchup(url, **rest)
    assert match_shift(started).run() == "done"
    started.refresh_from_db()
    return started


def shift(judge_run: JudgeRun, **changes: Any) -> Shift:
    """A worker's shift on the judge run, freshly loaded, without waits."""
    loaded = JudgeRun.objects.select_related("judge__model__endpoint", "judge__rubric", "run")
    made = shift_on(loaded.get(pk=judge_run.pk))
    return Shift(
        **{"job": made.job, "work": made.work, "model": made.model, "limits": limits(), **changes}
    )


def judged(run: Run, url: str, **rest: Any) -> JudgeRun:
    """The run with all its verdicts."""
    judge_run = actions.start_judge_run(by=None, judge=judge(url, **rest), run=run, at=AT)
    assert shift(judge_run).run() == "done"
    return judge_run
