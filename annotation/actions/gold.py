"""Known values on answers of a study. Raters cannot tell such an item from the others."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation.models import Adjudication, Criterion, Gold, ItemAnswer, Study
from gate.text import accept
from generation.models import Completion


class Unfit(Exception):
    """The value cannot be known of this answer; the message says why."""

    http_status = 422


@transaction.atomic
def mark(
    *,
    by: User | None,
    study: Study,
    completion: Completion,
    criterion: Criterion,
    value: int,
    tolerance: int = 0,
    reason: str = "",
) -> Gold:
    """The value that a rater should give, and how far from it still counts. Again: replaces it."""
    if not ItemAnswer.objects.filter(item__study=study, completion=completion).exists():
        raise Unfit(_("The answer is not in this study."))
    if criterion.rubric_id != study.rubric_id or criterion.about != Criterion.About.ANSWER:
        raise Unfit(_("This study does not ask that of an answer."))
    if value not in criterion.scale or criterion.kind == Criterion.Kind.CHOICES:
        raise Unfit(
            _("%(value)s is no point of “%(label)s”.") % {"value": value, "label": criterion.label}
        )
    if not 0 <= tolerance < len(criterion.scale):
        raise Unfit(_("A value may differ by 0 to %s.") % (len(criterion.scale) - 1))
    gold, _is_new = Gold.objects.update_or_create(
        study=study,
        completion=completion,
        criterion=criterion,
        defaults={
            "value": value,
            "tolerance": tolerance,
            "reason": accept(reason, where=_("The reason"), limit=2_000),
            "created_by": by,
        },
    )
    record(by=by, verb="gold marked", target=study.slug, note=f"{criterion.key}={value}")
    return gold


@transaction.atomic
def take_settled(*, by: User | None, study: Study) -> int:
    """Makes every value settled by adjudication, in any study, known in this one. How many are new.

    Only of the same criterion of the same rubric and of the very same completion.
    """
    here = ItemAnswer.objects.filter(item__study=study).order_by().values("completion")
    settled = Adjudication.objects.filter(
        completion__in=here, criterion__rubric=study.rubric_id
    ).exclude(study=study)
    there = set(Gold.objects.filter(study=study).values_list("completion_id", "criterion_id"))
    new: dict[tuple[str, str], Gold] = {}
    for row in settled.order_by("created_at", "id"):
        key = (row.completion_id, row.criterion_id)
        if key not in there:
            new[key] = Gold(
                study=study,
                completion_id=row.completion_id,
                criterion_id=row.criterion_id,
                value=row.value,
                reason=row.note,
                created_by=by,
            )
    Gold.objects.bulk_create(new.values())
    record(by=by, verb="gold taken from settled values", target=study.slug, note=str(len(new)))
    return len(new)


@transaction.atomic
def unmark(*, by: User | None, study: Study, gold: str) -> None:
    """The value is not known any more; ratings stay as they are."""
    Gold.objects.filter(study=study, pk=gold).delete()
    record(by=by, verb="gold removed", target=study.slug)
