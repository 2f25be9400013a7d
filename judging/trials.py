"""Which prompts of people's labels a judge must not be seen beside: those held out, until it is
frozen for the study."""

from collections.abc import Iterable

from annotation.models import Item, Rubric, Study
from generation.models import Run
from judging.holding_out import is_held_out
from judging.models import Judge, Panel, Trial


def hidden_in(study: Study, judges: Iterable[Judge]) -> dict[str, frozenset[str]]:
    """Of each judge, by id, the prompts of the study that stay hidden. Two queries at most."""
    asked = [judge.pk for judge in judges]
    if not asked:
        return {}
    given = Trial.objects.filter(study=study, judge__in=asked).order_by()
    frozen = set(given.values_list("judge_id", flat=True))
    held = _held_out([study]) if set(asked) - frozen else frozenset()
    return {pk: frozenset() if pk in frozen else held for pk in asked}


def hidden_between(a: Run, b: Run, rubric: Rubric, judge: Judge | Panel) -> frozenset[str]:
    """Prompts of the studies that raters gave of these runs, where a judge of it is not frozen.

    Three queries at most.
    """
    studies = Study.objects.filter(arms__run__in=[a, b], rubric=rubric).distinct()
    of = {study.pk: study for study in studies.order_by("id").only("pk", "seed")}
    members = {each.pk for each in (judge.members if isinstance(judge, Panel) else [judge])}
    frozen: dict[str, set[str]] = {}
    given = Trial.objects.filter(study__in=list(of), judge__in=members).order_by()
    for study, member in given.values_list("study_id", "judge_id"):
        frozen.setdefault(study, set()).add(member)
    return _held_out([each for pk, each in of.items() if members - frozen.get(pk, set())])


def _held_out(studies: Iterable[Study]) -> frozenset[str]:
    seeds = {study.pk: study.seed for study in studies}
    if not seeds:
        return frozenset()
    shown = Item.objects.filter(study__in=list(seeds)).order_by().values_list("study_id", "prompt")
    return frozenset(prompt for study, prompt in shown if is_held_out(prompt, seed=seeds[study]))
