"""Judges frozen for a trial, approved, and approvals taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation.models import Study
from gate.text import accept
from judging import approving
from judging.actions.refusals import NotPossible
from judging.holding_out import HELD_PERCENT
from judging.models import Approval, Judge, Report, Trial


@transaction.atomic
def freeze_judge(*, by: User | None, judge: Judge, study: Study, at: datetime) -> Trial:
    """From now on the study's held-out labels are shown beside this judge."""
    if judge.rubric_id != study.rubric_id:
        raise NotPossible(
            _("%(judge)s judges by %(rubric)s, the study by %(other)s.")
            % {"judge": judge, "rubric": judge.rubric, "other": study.rubric}
        )
    if judge.kind == Judge.Kind.SIDE_BY_SIDE:
        raise NotPossible(
            _("%(judge)s compares answers; nothing that raters gave stands beside it.")
            % {"judge": judge}
        )
    trial, is_new = Trial.objects.get_or_create(
        judge=judge,
        study=study,
        defaults={
            "seed": study.seed,
            "held_percent": HELD_PERCENT,
            "prompt_digest": judge.prompt_digest,
            "created_at": at,
            "created_by": by,
        },
    )
    if is_new:
        record(by=by, verb="judge frozen", target=judge.pk, note=f"for {study}")
    return trial


@transaction.atomic
def approve_judge(
    *, by: User | None, trial: Trial, report: Report, at: datetime, note: str = ""
) -> Approval:
    """The judge may stand in for a rater on its rubric, until something of it changes."""
    judge = trial.judge
    if report.kind != Report.Kind.VALIDATION or (found := report.in_english) is None:
        raise NotPossible(_("There is no validation to approve the judge by. Compute it first."))
    if report.judge_id != judge.pk or report.study_id != trial.study_id:
        raise NotPossible(_("This validation is of another judge or another study."))
    if not found.get("is_held_out"):
        raise NotPossible(_("The validation is not of held-out labels yet. Compute it again."))
    if Approval.objects.standing().filter(judge=judge).exists():
        raise NotPossible(_("%(judge)s is approved already.") % {"judge": judge})
    made = Approval.objects.create(
        trial=trial,
        judge=judge,
        judge_digest=approving.digest_of(judge),
        rubric_digest=judge.rubric.digest,
        finding=found["headline"],
        note=accept(note, where=_("The note")),
        approved_at=at,
        approved_by=by,
    )
    record(by=by, verb="judge approved", target=judge.pk, note=str(judge))
    return made


@transaction.atomic
def revoke_approval(*, by: User | None, approval: Approval, at: datetime, because: str) -> None:
    """It counts no longer; that it did stays written."""
    because = accept(because, where=_("The reason")).strip()
    if not because:
        raise NotPossible(_("Say why the approval is taken back."))
    standing = Approval.objects.standing().filter(pk=approval.pk)
    if not standing.update(revoked_at=at, revoked_by=by, revoked_because=because):
        raise NotPossible(_("This approval was taken back already."))
    record(by=by, verb="approval revoked", target=approval.judge_id, note=because[:200])


def sweep_approvals(*, at: datetime) -> int:
    """Take back the approvals whose judge, rubric or anchors are not what they were."""
    n = 0
    given = Approval.objects.standing().select_related("judge__rubric", "judge__model")
    for approval in given:
        if because := approving.why_revoke(approval):
            revoke_approval(by=None, approval=approval, at=at, because=because)
            n += 1
    return n
