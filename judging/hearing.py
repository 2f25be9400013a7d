"""Reads what a panel's members said of runs' answers, and hears them as one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotation.models import Criterion
from judging import panels
from judging.models import Judge, JudgeRun, Panel, Verdict
from judging.panels import Heard, Summary
from judging.ratings import majorities
from judging.sheets import measured_of

# (criterion's key, prompt, run, completion)
Place = tuple[str, str, str, str]
OF = ("criterion__key", "completion__prompt_id", "completion__run_id", "completion_id")


@dataclass(frozen=True)
class Line:
    """What the members said of an answer on a criterion, one by one and together."""

    criterion: str
    prompt: str
    run: str
    values: Mapping[str, float]  # by judge
    heard: Heard


def lines(panel: Panel, runs: Sequence[str]) -> list[Line]:
    """Every answer of these runs that a member judged, by criterion. Four queries at most."""
    members = [judge.pk for judge in panel.members]
    named = dict(_named(panel))
    said = _means(members, runs)
    if named:
        _put_names(said, members, runs, named)
    return [
        Line(*place[:3], values, panels.hear(values, members, has_mean=place[0] not in named))
        for place, values in said.items()
    ]


def _named(panel: Panel) -> list[tuple[str, str]]:
    """Criteria whose values are names: (key, id)."""
    criteria = Criterion.objects.filter(rubric=panel.rubric_id, kind=Criterion.Kind.CHOICE)
    return list(criteria.values_list("key", "pk"))


def _means(members: Sequence[str], runs: Sequence[str]) -> dict[Place, dict[str, float]]:
    """Each member's mean over its replicates; without any value, the place alone."""
    said: dict[Place, dict[str, float]] = defaultdict(dict)
    given = Verdict.objects.filter(judge__in=members, completion__run__in=runs)
    for *place, judge, score in given.per_answer(*OF).values_list(*OF, "judge_id", "score"):
        key, prompt, run, completion = place
        values = said[key, prompt, run, completion]
        if score is not None:
            values[judge] = score
    return said


def _put_names(
    said: dict[Place, dict[str, float]],
    members: Sequence[str],
    runs: Sequence[str],
    named: Mapping[str, str],
) -> None:
    """Names in place of means: the one that most of a member's replicates say; a tie is none."""
    places = {(place[3], named[place[0]]): place for place in said if place[0] in named}
    for place in places.values():
        said[place].clear()
    given = Verdict.objects.filter(judge__in=members, completion__run__in=runs)
    votes: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for row in given.filter(criterion__in=named.values()).votes():
        at = f"{row['completion_id']} {row['criterion_id']}"
        votes[row["judge_id"]] += [(at, "", row["value"])] * row["n"]
    for judge, rows in votes.items():
        for at, value in majorities(rows).items():
            completion, criterion = at.split(" ")
            said[places[completion, criterion]][judge] = float(value)


@dataclass(frozen=True)
class Row:
    """A criterion of one run: a member by itself, if one is asked about, and the panel."""

    label: str
    judge: float | None
    panel: Summary


@dataclass(frozen=True)
class Beside:
    """A panel's figures on one run."""

    panel: Panel
    rows: tuple[Row, ...]
    silent: tuple[str, ...]  # members that have not judged the run


def beside(judge_run: JudgeRun) -> list[Beside]:
    """The panels that the judge sits on, over the run that it judged."""
    sits_on = Panel.objects.filter(judges=judge_run.judge_id).with_members()
    return [of_run(panel, judge_run.run_id, judge_run.judge) for panel in sits_on]


def of_run(panel: Panel, run: str, judge: Judge | None = None) -> Beside:
    """The panel over one run, with one of its members beside it."""
    found = lines(panel, [run])
    by_key: dict[str, list[Line]] = defaultdict(list)
    for line in found:
        by_key[line.criterion].append(line)
    heard = {member for line in found for member in line.values}
    return Beside(
        panel=panel,
        rows=tuple(_row(each, by_key[each.key], judge) for each in measured_of(panel.rubric)),
        silent=tuple(member.name for member in panel.members if member.pk not in heard),
    )


def _row(criterion: Criterion, found: Sequence[Line], judge: Judge | None) -> Row:
    """Names have no mean over answers either: there the counts stand alone."""
    together = panels.summary(line.heard for line in found)
    if criterion.kind == Criterion.Kind.CHOICE:
        bare = Summary(None, None, together.n_answers, together.n_partial, together.n_without)
        return Row(criterion.label, None, bare)
    own = [line.values[judge.pk] for line in found if judge and judge.pk in line.values]
    return Row(criterion.label, sum(own) / len(own) if own else None, together)
