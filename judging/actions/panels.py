"""Panels: judges of one rubric, heard as one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation.models import Rubric
from gate.text import accept
from generation.models import Run
from judging.actions.refusals import NotPossible
from judging.actions.runs import start_judge_run
from judging.models import Judge, JudgeRun, Panel


@transaction.atomic
def make_panel(*, by: User | None, name: str, rubric: Rubric, judges: Sequence[Judge]) -> Panel:
    """A panel of two judges or more, all of this rubric. A change is a new panel."""
    name = accept(name.strip(), where=_("The panel's name"), limit=80)
    members = {judge.pk: judge for judge in judges}
    if len(members) < 2:
        raise NotPossible(_("A panel needs two judges or more."))
    for judge in members.values():
        if judge.kind == Judge.Kind.SIDE_BY_SIDE:
            raise NotPossible(
                _("%(judge)s compares two answers; a panel scores them one by one.")
                % {"judge": judge}
            )
        if judge.rubric_id != rubric.pk:
            raise NotPossible(
                _("%(judge)s judges by another rubric than %(rubric)s. Leave it out.")
                % {"judge": judge, "rubric": rubric}
            )
    if not name:
        raise NotPossible(_("A panel needs a name."))
    # A report names its judge or panel, so one name must not mean both.
    if any(kind.objects.filter(name=name).exists() for kind in (Panel, Judge)):
        raise NotPossible(
            _("There is a judge or panel called '%(name)s' already. Choose another.")
            % {"name": name}
        )
    made = Panel.objects.create(name=name, rubric=rubric, created_by=by)
    made.judges.set(members.values())
    record(by=by, verb="panel made", target=made.pk, note=name)
    return made


@transaction.atomic
def start_panel(
    *, by: User | None, panel: Panel, run: Run, at: datetime, rings: bool = True
) -> list[JudgeRun]:
    """Every member over what it has not judged yet of the run."""
    return [
        start_judge_run(by=by, judge=judge, run=run, at=at, rings=rings) for judge in panel.members
    ]
