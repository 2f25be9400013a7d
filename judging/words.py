"""A judge in words: how it asks, and what a reader must know of where it comes from."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreement import wording
from annotation.models import Study
from annotation.telling import told
from generation.models import LanguageModel
from judging.models import Judge, Panel


def manner(judge: Judge) -> list[str]:
    """How the judge asks and what becomes its value, a sentence for each setting."""
    if judge.model is None:
        return _by_rule(judge)
    if judge.kind == Judge.Kind.SIDE_BY_SIDE:
        return _comparing(judge)
    asks = (
        _("It asks about each criterion in a call of its own.")
        if judge.asks_one_by_one
        else _("It asks about all criteria in one call.")
    )
    return [asks, _replicates(judge), _value(judge), _("Thinking is switched off.")]


def _by_rule(judge: Judge) -> list[str]:
    """What the rule looks at, and where it is known to be wrong."""
    if judge.kind == Judge.Kind.REFERRAL:
        return [
            _("It decides by rule: the same answer always gets the same verdict from a directory."),
            _("It looks up every service, number and address that the answer names."),
        ]
    return [
        _("It decides by rule: the same answer always gets the same verdict."),
        _("It looks at how the answer begins, and is a floor that other judges should beat:"),
        _("who says no or sorry and then helps counts as refusing, who declines later does not."),
    ]


def _comparing(judge: Judge) -> list[str]:
    """How a judge compares, a sentence for each setting."""
    asks = ngettext(
        "Each pair comes before it in both orders, at temperature %(t)s.",
        "Each pair comes before it %(n)s times in both orders, at temperature %(t)s; "
        "what more than half of them say counts.",
        judge.replicates,
    ) % {"n": judge.replicates, "t": f"{judge.temperature:g}"}
    return [
        asks,
        _("An answer wins only if it is chosen in both orders; all else is a tie."),
        _("Thinking is switched off."),
    ]


def _replicates(judge: Judge) -> str:
    words = ngettext(
        "Each answer comes before it once, at temperature %(t)s.",
        "Each answer comes before it %(n)s times, at temperature %(t)s; its value is their mean.",
        judge.replicates,
    ) % {"n": judge.replicates, "t": f"{judge.temperature:g}"}
    if judge.replicates > 1 and judge.temperature == 0:
        words += " " + _("At temperature 0 the replicates say nearly the same.")
    return words


def _value(judge: Judge) -> str:
    if judge.takes_expected_value:
        return _(
            "Its value is the mean of the scale by the chances of the score's token, "
            "where the server tells them; else the number that it wrote."
        )
    return _("Its value is the number that it wrote.")


def family_warning(judge: Judge, models: Iterable[LanguageModel]) -> str:
    """The warning that belongs wherever the judge's verdicts on these models appear, or nothing.

    Pages and stored reports both say it: it is told in the language of who reads it.
    """
    shared = [model.name for model in models if judge.shares_family_with(model)]
    if not shared:
        return ""
    return wording._(
        "{judge} is of the same family as {models} and may favour it.",
        judge=judge.name,
        models=wording.joined(*dict.fromkeys(shared), between=", "),
    )


def family_warnings(judge: Judge | Panel, models: Iterable[LanguageModel]) -> str:
    """The same for a panel, member by member."""
    members, among = (judge.members if isinstance(judge, Panel) else [judge]), list(models)
    return wording.joined(*(family_warning(member, among) for member in members))


def held_warning(name: str, n: int) -> str:
    """What the figures of a judge that is not frozen leave out, of so many prompts; or nothing."""
    if not n:
        return ""
    return wording.ngettext(
        "{judge} is not frozen, so its figures leave out {n} prompt whose labels are held out.",
        "{judge} is not frozen, so its figures leave out {n} prompts whose labels are held out.",
        n,
        judge=name,
    )


def shared_families(judges: Iterable[Judge]) -> list[str]:
    """What to mind of a panel: members of one family, a sentence for each family."""
    by_family: dict[str, list[str]] = defaultdict(list)
    for judge in judges:
        if judge.model is not None:
            by_family[judge.model.family_guess].append(judge.name)
    return [
        _("%(judges)s are of one family, %(family)s, and may err alike; yet each counts as one.")
        % {"judges": ", ".join(sorted(names)), "family": family}
        for family, names in sorted(by_family.items())
        if len(names) > 1
    ]


def of_study(study: Study) -> list[str]:
    """Each judge of the study's answers: name, model, manner, and the warning if there is one."""
    judges = Judge.objects.filter(
        rubric=study.rubric_id, judge_runs__run__arms__study=study
    ).select_related("model")
    models = [arm.run.model for arm in study.arms.select_related("run__model")]
    return [
        " ".join(
            part
            for part in (
                f"{judge.name} ({judge.model or judge.get_kind_display()}).",
                *manner(judge),
                told(family_warning(judge, models)),
            )
            if part
        )
        for judge in judges.distinct()
    ]
