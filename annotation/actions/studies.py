"""Makes, opens and closes studies."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from accounts.models import User
from annotation.actions import laying, leases, masks
from annotation.blinding import MAX_ARMS
from annotation.models import Rubric, Study, StudyRun
from gate.text import accept
from generation.models import Run

MAX_K = 50
MAX_CORE = 1_000
# Places that stand where a study's short name would: /rate/studies/, /studies/judges/ …
RESERVED = (
    *("studies", "comparison", "judges", "judge-runs", "matchups", "panels"),
    *("raters", "profile", "rubrics", "reports", "benchmarks", "flags", "rooms"),
)
# (setting, least, most, what is said of a number outside)
NUMBERS = (
    ("k", 1, MAX_K, gettext_lazy("Each item is rated by 1 to 50 people")),
    ("n_core", 0, MAX_CORE, gettext_lazy("Everybody can rate 0 to 1,000 items")),
    ("repeat_percent", 0, 50, gettext_lazy("0 to 50 percent of the items can be shown again")),
    ("repeat_after_days", 1, 90, gettext_lazy("Items are shown again after 1 to 90 days")),
    ("practice_percent", 0, 100, gettext_lazy("A share is 0 to 100 percent")),
    ("undo_minutes", 0, 1440, gettext_lazy("A submit can be taken back for 0 to 1,440 minutes")),
    ("lease_minutes", 1, 1440, gettext_lazy("An item is held for 1 to 1,440 minutes")),
)
TEXTS = (
    ("guidelines", gettext_lazy("The guidelines")),
    ("content_note", gettext_lazy("The content note")),
)


class Unsuitable(Exception):
    """A study cannot be made of this; the message says why."""

    http_status = 422


class NotNow(Exception):
    """The study is not in a state for this."""

    http_status = 409


class Spoken(TypedDict, total=False):
    """What may be changed at any time; each is described beside its field in `Study`."""

    guidelines: str
    content_note: str
    hides_agreement: bool
    undo_minutes: int
    practice_percent: int | None


class Settings(Spoken, total=False):
    """What is settled when a study is made."""

    k: int
    asks_ratings: bool
    asks_reason: bool
    n_shared: int | None
    n_core: int
    repeat_percent: int
    repeat_after_days: int
    routes_by_language: bool
    routes_by_country: bool
    routes_by_domain: bool
    hides_names: bool
    asks_guess: bool
    lease_minutes: int
    is_sample: bool


@transaction.atomic
def create(
    *,
    by: User | None,
    name: str,
    slug: str,
    rubric: Rubric,
    runs: Sequence[Run],
    asks_preference: bool | None = None,
    seed: int | None = None,
    **settings: Unpack[Settings],
) -> Study:
    """A draft study: an item for every prompt that all runs have answered, in seeded order.

    By default it asks for a preference where two or more runs are compared. The seed is drawn
    from the system's secure source unless it is given.
    """
    runs = list(runs)
    prefers = len(runs) > 1 if asks_preference is None else asks_preference
    asks_ratings = settings.get("asks_ratings", True)
    _check(slug, runs, prefers, asks_ratings)
    answers = laying.answered(runs)
    study = _made(
        name=accept(name.strip(), where=_("The name"), limit=120),
        slug=slug,
        rubric=rubric,
        n_arms=len(runs),
        n_items=len(answers[0]),
        asks_preference=prefers,
        seed=secrets.randbits(62) if seed is None else seed,
        created_by=by,
        **_checked(settings, n_items=len(answers[0])),
    )
    StudyRun.objects.bulk_create(
        [StudyRun(study=study, run=run, position=place) for place, run in enumerate(runs)]
    )
    laying.lay(study, answers)
    if study.hides_names:
        masks.hide_all(by=by, study=study)
    note = f"{study.n_items} items, k={study.k}"
    record(by=by, verb="study made", target=study.slug, note=note)
    return study


def _made(**fields: Any) -> Study:
    try:
        with transaction.atomic():
            return Study.objects.create(**fields)
    except IntegrityError:  # somebody else took the short name just now
        raise Unsuitable(_taken(fields["slug"])) from None


def _taken(slug: str) -> str:
    return _("There is a study with the short name '%(slug)s' already.") % {"slug": slug}


def _check(slug: str, runs: list[Run], asks_preference: bool, asks_ratings: bool) -> None:
    if not slug or slug != slugify(slug) or len(slug) > 80 or slug in RESERVED:
        raise Unsuitable(
            _(
                "The short name '%(slug)s' cannot stand in an address. "
                "Use up to 80 lower-case letters, digits and hyphens."
            )
            % {"slug": slug}
        )
    if Study.objects.filter(slug=slug).exists():
        raise Unsuitable(_taken(slug))
    if not 1 <= len(runs) <= MAX_ARMS or len({run.pk for run in runs}) < len(runs):
        raise Unsuitable(
            _("A study compares 1 to %(most)s different runs, not %(n)s.")
            % {"most": MAX_ARMS, "n": len(runs)}
        )
    if unfinished := [str(run) for run in runs if run.state != "done"]:
        raise Unsuitable(
            _("Not finished yet: %(runs)s. Choose runs that are done.")
            % {"runs": ", ".join(unfinished)}
        )
    if len({run.prompt_set_id for run in runs}) > 1:
        raise Unsuitable(
            _("The runs are over different prompt sets. Choose runs over the same set.")
        )
    if asks_preference and len(runs) < 2:
        raise Unsuitable(
            _("A preference needs two runs. Choose another run or do not ask for one.")
        )
    if not asks_preference and not asks_ratings:
        raise Unsuitable(
            _("Raters would be asked nothing. Ask for ratings, a preference, or both.")
        )


def _checked(settings: Settings, *, n_items: int) -> dict[str, Any]:
    """The settings, each within its limits, or `Unsuitable`."""
    found = _within(dict(settings))
    if not n_items:
        raise Unsuitable(_("No prompt has an answer in every run, so there is nothing to rate."))
    n_core, n_shared = found.get("n_core", 0), found.get("n_shared") or 0
    if n_core + n_shared > n_items:
        raise Unsuitable(
            _(
                "The study has %(items)s items. %(core)s in the core and %(shared)s shared ones "
                "are more than that."
            )
            % {"items": n_items, "core": n_core, "shared": n_shared}
        )
    return found | _accepted(settings)


def _within(settings: dict[str, Any]) -> dict[str, Any]:
    for key, least, most, words in NUMBERS:
        value = settings.get(key)
        if value is not None and not least <= value <= most:
            raise Unsuitable(_("%(rule)s, not %(value)s.") % {"rule": words, "value": value})
    return settings


def _accepted(settings: Settings | Spoken) -> dict[str, str]:
    texts: dict[str, Any] = dict(settings)
    return {key: accept(texts[key], where=str(where)) for key, where in TEXTS if key in texts}


@transaction.atomic
def edit(
    *, by: User | None, study: Study, name: str | None = None, **spoken: Unpack[Spoken]
) -> Study:
    """What raters read about the study, and what may change while they rate.

    Neither items nor blinding can be changed.
    """
    changed = _within(dict(spoken)) | _accepted(spoken)
    if name is not None:
        changed["name"] = accept(name.strip(), where=_("The name"), limit=120)
    for key, value in changed.items():
        setattr(study, key, value)
    study.save(update_fields=list(changed))
    record(by=by, verb="study edited", target=study.slug)
    return study


@transaction.atomic
def open(*, by: User | None, study: Study, at: datetime, shows_names: bool = False) -> Study:
    """From now on raters can rate. Raises `masks.NamesStand` where answers name their model in the
    open and nobody says that they may.
    """
    if study.state == Study.State.DRAFT:
        masks.check(study, shows_names=shows_names)
    moved = Study.objects.filter(pk=study.pk, state=Study.State.DRAFT).update(
        state=Study.State.OPEN, opened_at=at
    )
    if not moved:
        raise NotNow(_("Only a study that is being prepared can be opened. Load the page again."))
    record(by=by, verb="study opened", target=study.slug)
    study.refresh_from_db()
    return study


@transaction.atomic
def close(*, by: User | None, study: Study, at: datetime) -> Study:
    """No more ratings. Items in work come back; what was typed is kept as a draft."""
    moved = Study.objects.filter(pk=study.pk, state=Study.State.OPEN).update(
        state=Study.State.CLOSED, closed_at=at
    )
    if not moved:
        raise NotNow(_("Only an open study can be closed. Load the page again."))
    leases.release_all(study=study)
    record(by=by, verb="study closed", target=study.slug)
    study.refresh_from_db()
    return study
