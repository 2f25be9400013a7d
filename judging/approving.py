"""What an approval holds true, whether it still is, and how it is said beside verdicts."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from agreement import wording
from annotation.models import Rubric
from gate.text import digest
from judging import anchoring
from judging.models import Approval, Judge, Panel


def digest_of(judge: Judge) -> str:
    """Of all that makes the judge: its prompt, its settings and the model behind it."""
    model = judge.model
    asked = [model.name, model.served_name, model.revision] if model else []
    return digest(
        *(judge.kind, judge.prompt_digest, judge.temperature, judge.max_tokens, judge.replicates),
        *(judge.asks_one_by_one, judge.takes_expected_value, asked),
    )


def why_revoke(approval: Approval) -> str:
    """What is no longer as it was when the judge was approved; empty while all is. Six queries."""
    judge = approval.judge
    if digest_of(judge) != approval.judge_digest:
        return _("The judge, its prompt or its model is not what was approved.")
    if judge.rubric.digest != approval.rubric_digest:
        return _("The rubric was changed.")
    newer = Rubric.objects.filter(slug=judge.rubric.slug, version__gt=judge.rubric.version)
    if newer.exists():
        return _("There is a newer version of the rubric.")
    return _drift(approval)


def _drift(approval: Approval) -> str:
    newest = approval.judge.judge_runs.filter(created_at__gt=approval.approved_at).first()
    if newest is None:
        return ""
    moved = [line.label for line in anchoring.standings(newest) if line.has_moved]
    if not moved:
        return ""
    return _("Its values of the anchors moved: %(criteria)s.") % {"criteria": ", ".join(moved)}


def said_of(judge: Judge | Panel) -> list[str]:
    """Whether each judge is approved for its rubric: it stands wherever verdicts are shown.

    Pages and stored reports both say it: it is told in the language of who reads it.
    """
    return said_of_all(judge.members if isinstance(judge, Panel) else [judge])


def said_of_all(judges: Iterable[Judge]) -> list[str]:
    """The same for several judges, by name. One query, or none without a judge."""
    members = sorted(judges, key=lambda judge: judge.name)
    newest: dict[str, Approval] = {}
    if not members:
        return []
    given = Approval.objects.filter(judge__in=members).select_related("trial__study")
    for approval in given.order_by("approved_at", "id"):
        newest[approval.judge_id] = approval
    return [_sentence(each, newest.get(each.pk)) for each in members]


def _sentence(judge: Judge, approval: Approval | None) -> str:
    if approval is None:
        return wording._("{judge} is not approved for this rubric.", judge=judge.name)
    if approval.revoked_at is not None:
        return wording._(
            "The approval of {judge} was revoked: {why}",
            judge=judge.name,
            why=approval.revoked_because,
        )
    return wording._(
        "{judge} is approved for this rubric, on the ratings of “{study}”.",
        judge=judge.name,
        study=approval.trial.study.name,
    )
