"""Anchors: answers with settled values, made once, retired and never changed."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation.models import Rubric, Study
from corpus import conversation
from gate.text import BadText, accept, digest
from judging.actions.refusals import NotPossible
from judging.models import Anchor
from judging.settling import settled_answers
from judging.sheets import measured_of

SAMPLE = Path(settings.BASE_DIR) / "judging" / "anchors" / "psychosafe.toml"
MAX_ANSWER = 100_000


@transaction.atomic
def make_anchor(
    *,
    by: User | None,
    rubric: Rubric,
    name: str,
    messages: Sequence[Mapping[str, Any]],
    text: str,
    settled: Mapping[str, Any],
    is_sample: bool = False,
) -> Anchor:
    """An answer that every judge run of the rubric judges again. At least one value is settled."""
    try:
        name = accept(name, where=_("The anchor's name"), limit=80)
        messages = conversation.whole([dict(turn) for turn in messages])
        text = accept(text, where=_("The answer"), limit=MAX_ANSWER)
    except BadText as error:
        raise NotPossible(str(error)) from error
    if not (name and text):
        raise NotPossible(_("An anchor needs a name and an answer."))
    made = Anchor(
        rubric=rubric,
        name=name,
        messages=messages,
        text=text,
        digest=digest(messages, text),
        settled=_checked(rubric, settled),
        is_sample=is_sample,
        created_by=by,
    )
    _refuse_twins(made)
    made.save()
    record(by=by, verb="anchor made", target=made.pk, note=name)
    return made


@transaction.atomic
def take_settled(*, by: User | None, study: Study, most: int = 30) -> int:
    """Anchors of the study's answers whose values are all settled. How many were added."""
    known = set(Anchor.objects.filter(rubric=study.rubric_id).values_list("digest", flat=True))
    fresh = (
        (completion, values)
        for completion, values in settled_answers(study)
        if digest(completion.conversation, completion.text) not in known
    )
    n = 0
    for completion, values in islice(fresh, most):
        made = make_anchor(
            by=by,
            rubric=study.rubric,
            name=f"{study.slug} {completion.pk[:8]}",
            messages=completion.conversation,
            text=completion.text,
            settled=values,
            is_sample=study.is_sample,
        )
        known.add(made.digest)
        n += 1
    if not n:
        raise NotPossible(
            _(
                "No answer of '%(name)s' has a settled value on every criterion that is not an "
                "anchor yet. Settled is what was adjudicated, or what two raters or more agree on."
            )
            % {"name": study.name}
        )
    return n


@transaction.atomic
def retire_anchor(*, by: User | None, anchor: Anchor, at: datetime) -> None:
    """It is judged no more; what judges said of it stays."""
    live = Anchor.objects.filter(pk=anchor.pk, retired_at__isnull=True)
    if not live.update(retired_at=at):
        raise NotPossible(_("The anchor '%(name)s' was retired before.") % {"name": anchor.name})
    record(by=by, verb="anchor retired", target=anchor.pk, note=anchor.name)


@transaction.atomic
def load_anchors(*, by: User | None, path: Path, rubric: Rubric | None = None) -> int:
    """The anchors of a TOML file that are not there yet, all or none. How many were added."""
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotPossible(f"{path}: cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotPossible(f"{path.name}: {error}.") from None
    of = rubric or _rubric(str(stated.get("rubric", "")), path.name)
    known = set(Anchor.objects.filter(rubric=of).values_list("name", flat=True))
    rows = stated.get("anchors", [])
    if not isinstance(rows, list) or not rows:
        raise NotPossible(f"{path.name}: there is no [[anchors]].")
    is_sample = bool(stated.get("is_sample", False))
    fresh = [(n, row) for n, row in enumerate(rows, 1) if row.get("name") not in known]
    for number, row in fresh:
        _load(row, f"{path.name}, anchor {number}", by=by, rubric=of, is_sample=is_sample)
    return len(fresh)


def _load(
    row: dict[str, Any], where: str, *, by: User | None, rubric: Rubric, is_sample: bool
) -> None:
    said = row.get("messages") or conversation.single(str(row.get("said", "")))
    try:
        make_anchor(
            by=by,
            rubric=rubric,
            name=str(row.get("name", "")),
            messages=said,
            text=str(row.get("answer", "")),
            settled=row.get("settled", {}),
            is_sample=is_sample,
        )
    except NotPossible as refusal:
        raise NotPossible(f"{where}: {refusal}") from refusal


def _rubric(slug: str, where: str) -> Rubric:
    found = Rubric.objects.filter(slug=slug).order_by("-version").first()
    if found is None:
        known = ", ".join(sorted(set(Rubric.objects.values_list("slug", flat=True)))) or "none yet"
        raise NotPossible(f"{where}: there is no rubric {slug!r}. Known: {known}.")
    return found


def _checked(rubric: Rubric, settled: Mapping[str, Any]) -> dict[str, int]:
    """The settled values, each on its criterion's scale."""
    criteria = measured_of(rubric)
    scales = {criterion.key: criterion.scale for criterion in criteria}
    if not isinstance(settled, Mapping) or not settled:
        raise NotPossible(_("An anchor needs a settled value on at least one criterion."))
    for key, value in settled.items():
        if key not in scales:
            raise NotPossible(
                _("'%(key)s' is no criterion of %(rubric)s. Use: %(scales)s.")
                % {"key": key, "rubric": rubric, "scales": ", ".join(scales)}
            )
        if isinstance(value, bool) or value not in scales[key]:
            low, high = scales[key][0], scales[key][-1]
            raise NotPossible(
                _("%(key)s: %(value)s is not on the scale from %(low)s to %(high)s.")
                % {"key": key, "value": repr(value), "low": low, "high": high}
            )
    return dict(settled)


def _refuse_twins(made: Anchor) -> None:
    anchors = Anchor.objects.filter(rubric=made.rubric)
    if anchors.filter(name=made.name).exists():
        raise NotPossible(_("There is an anchor called '%(name)s' already.") % {"name": made.name})
    twin = anchors.filter(digest=made.digest).first()
    if twin:
        raise NotPossible(_("This answer is an anchor already: '%(name)s'.") % {"name": twin.name})
