"""What is waiting for a person: one card per job, the most pressing first. Roles that the person
does not hold cost no query.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Invitation, User
from annotation import calibrating, flagging, progress
from annotation.models import Study
from corpus.models import Version
from crisis.models import Resource
from exports.models import Release
from generation.models import Endpoint, Run


@dataclass(frozen=True)
class Job:
    """A card on the home page."""

    title: str
    text: str
    label: str
    url: str


def jobs_for(user: User) -> list[Job]:
    """The person's next jobs."""
    found: list[Job] = []
    for permission, look in SOURCES:
        if user.can(permission):
            found.extend(look(user))
    return found


def _rating(user: User) -> Iterator[Job]:
    for waiting in progress.waiting_for(user):
        study, n_begun, minutes = waiting.study, waiting.n_finished, waiting.minutes
        n_left = waiting.n_left
        text = ngettext("%(n)s item left", "%(n)s items left", n_left) % {"n": n_left}
        text += ", " + ngettext("about %(n)s minute.", "about %(n)s minutes.", minutes) % {
            "n": minutes
        }
        yield Job(
            title=_("Rate answers: %s") % study.name,
            text=f"{text} {study.content_note}".strip(),
            label=_("Go on where you stopped") if n_begun else _("Begin"),
            url=reverse("annotation:rate", args=[study.slug]),
        )


def _reviewing(user: User) -> Iterator[Job]:
    waiting = Version.objects.waiting_for(user).select_related("domain", "strategy")
    n = waiting.count()
    first = waiting.first()
    if first is None:
        return
    about = ", ".join(str(part) for part in (first.domain, first.strategy) if part)
    more = ngettext("%(n)s pair waits.", "%(n)s pairs wait.", n) % {"n": n}
    yield Job(
        title=_("Review a pair"),
        text=_("%(about)s, the one that waits longest. %(more)s") % {"about": about, "more": more},
        label=_("Read"),
        url=first.get_absolute_url(),
    )


def _watching(user: User) -> Iterator[Job]:
    n = Version.objects.to_vet_again(timezone.now().date()).count()
    if not n:
        return
    yield Job(
        title=_("Vet pairs again"),
        text=ngettext(
            "%(n)s pair waits to be vetted again.", "%(n)s pairs wait to be vetted again.", n
        )
        % {"n": n},
        label=_("Look"),
        url=reverse("corpus:again"),
    )


def _checking_services(user: User) -> Iterator[Job]:
    n = Resource.objects.due(timezone.now().date()).count()
    if not n:
        return
    yield Job(
        title=_("Check services again"),
        text=ngettext(
            "%(n)s service is due to be checked.", "%(n)s services are due to be checked.", n
        )
        % {"n": n},
        label=_("Look"),
        url=f"{reverse('corpus:resources')}?show=due",
    )


def _writing(user: User) -> Iterator[Job]:
    unfinished = Version.objects.unfinished_of(user).select_related("domain")
    for version in unfinished[:3]:
        came_back = not version.is_draft
        yield Job(
            title=_("Changes were asked for") if came_back else _("Finish a draft"),
            text=version.title,
            label=_("Read why") if came_back else _("Go on writing"),
            url=version.get_absolute_url()
            if came_back
            else reverse("corpus:edit", args=[version.pk]),
        )
    yield Job(
        title=_("Write a pair"),
        text=_("What a person in trouble wrote, and the answer you would want them to read."),
        label=_("Write"),
        url=reverse("corpus:new"),
    )


def _curating(user: User) -> Iterator[Job]:
    for study in Study.objects.exclude(state=Study.State.CLOSED)[:3]:
        counts = progress.of_study(study)
        yield Job(
            title=_("Watch a study: %s") % study.name
            if study.is_open
            else _("Open a study: %s") % study.name,
            text=_("%(done)s of %(all)s ratings of items are in.")
            % {"done": counts["n_submitted"], "all": counts["n_wanted"]},
            label=_("Look"),
            url=study.get_absolute_url(),
        )
    n = Version.objects.current().count()
    if n and not Release.objects.exists():
        yield Job(
            title=_("Cut the first release"),
            text=ngettext("%(n)s pair is approved.", "%(n)s pairs are approved.", n) % {"n": n},
            label=_("Choose"),
            url=reverse("exports:new"),
        )


def _answering_flags(user: User) -> Iterator[Job]:
    for study, n in flagging.waiting_by_study():
        yield Job(
            title=_("Answer flags: %s") % study.name,
            text=ngettext("%(n)s flag waits.", "%(n)s flags wait.", n) % {"n": n},
            label=_("Read"),
            url=reverse("annotation:study_flags", args=[study.slug]),
        )


def _reading_answers(user: User) -> Iterator[Job]:
    if n := flagging.n_answered(user):
        yield Job(
            title=_("Your flags were answered"),
            text=ngettext("%(n)s answer to read.", "%(n)s answers to read.", n) % {"n": n},
            label=_("Read"),
            url=reverse("annotation:own_flags"),
        )


def _calibrating(user: User) -> Iterator[Job]:
    for room in calibrating.waiting_for(user)[:3]:
        yield Job(
            title=_("Calibration room: %s") % room.name,
            text=room.get_state_display() + ". " + room.study.name,
            label=_("Vote") if calibrating.is_voting(room) else _("Talk"),
            url=reverse("annotation:room", args=[room.pk]),
        )


def _running(user: User) -> Iterator[Job]:
    for run in Run.objects.filter(state__in=["failed", "running", "pending"]).select_related(
        "model", "condition", "prompt_set"
    )[:3]:
        yield Job(
            title=_("A run needs you") if run.state == "failed" else _("A run is under way"),
            text=run.last_error or str(run),
            label=_("Look"),
            url=run.get_absolute_url(),
        )
    if not Endpoint.objects.exists():
        yield Job(
            title=_("Register an endpoint"),
            text=_("Any server that speaks the OpenAI chat format: vLLM, Ollama, a hosted one."),
            label=_("Register"),
            url=reverse("generation:new_endpoint"),
        )
    else:
        yield Job(
            title=_("Start a run"),
            text=_("A model under a condition over a prompt set."),
            label=_("Choose"),
            url=reverse("generation:new_run"),
        )


def _reading(user: User) -> Iterator[Job]:
    if user.can("studies.write"):
        return
    for study in Study.objects.filter(state=Study.State.CLOSED)[:3]:
        yield Job(
            title=_("Read the agreement: %s") % study.name,
            text=_("Closed on %(day)s.")
            % {"day": date_format(timezone.localtime(study.closed_at))},
            label=_("Read"),
            url=study.get_absolute_url(),
        )


def _inviting(user: User) -> Iterator[Job]:
    n = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).count()
    yield Job(
        title=_("Invite people"),
        text=ngettext("%(n)s invitation is open.", "%(n)s invitations are open.", n) % {"n": n},
        label=_("People"),
        url=reverse("people"),
    )


SOURCES: list[tuple[str, Callable[[User], Iterator[Job]]]] = [
    ("assignments.rate", _rating),
    ("assignments.rate", _reading_answers),
    ("assignments.rate", _calibrating),
    ("pairs.review", _reviewing),
    ("pairs.watch", _watching),
    ("resources.write", _checking_services),
    ("pairs.write", _writing),
    ("studies.write", _answering_flags),
    ("studies.write", _curating),
    ("runs.write", _running),
    ("reports.read", _reading),
    ("people.write", _inviting),
]
