"""Whose verdicts are meant: a judge or a panel, by id or by name."""

from django.db.models import Q

from judging.models import Judge, Panel


def speaker(named: str) -> Judge | Panel | None:
    """The judge that scores, or the panel, with this id or name."""
    if not named:
        return None
    called = Q(pk=named) | Q(name=named)
    scoring = Judge.objects.exclude(kind=Judge.Kind.SIDE_BY_SIDE)
    judge = scoring.select_related("model", "rubric").filter(called).first()
    return judge or Panel.objects.with_members().filter(called).first()


def names() -> list[str]:
    """All that can be named."""
    scoring = Judge.objects.exclude(kind=Judge.Kind.SIDE_BY_SIDE)
    return [*scoring.values_list("name", flat=True), *Panel.objects.values_list("name", flat=True)]
