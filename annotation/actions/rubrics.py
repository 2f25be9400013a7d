"""Rubrics: installed from their files, made and changed by curators. One in use never changes."""

from dataclasses import replace
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext

from accounts.actions import record
from accounts.models import User
from annotation import rubric_files, rubric_rules, rubric_use
from annotation.actions import rubric_rows
from annotation.models import Rubric
from annotation.rubric_rules import BadRubric
from annotation.sheets import Asked, Sheet
from gate.text import accept

FOLDER = Path(__file__).resolve().parent.parent / "rubrics"
# What a rubric begins with; a criterion is changed more easily than it is invented.
FIRST = Asked("", "first", "First criterion", "What should be judged?", "", "yes_no", (0, 1))


class VersionInUse(Exception):
    """The version is rated, read or judged by; it stays as it is."""

    http_status = 409


class ChangedMeanwhile(Exception):
    """Somebody else changed the rubric since the page was loaded."""

    http_status = 409


def install_all(*, by: User | None = None) -> list[Rubric]:
    """Every rubric that comes with the Studio. Safe to repeat."""
    return [install(path=path, by=by) for path in sorted(FOLDER.glob("*.toml"))]


@transaction.atomic
def install(path: Path, *, by: User | None = None) -> Rubric:
    """The rubric in `path`: the one already there if nothing changed, else a new row."""
    stated = rubric_files.read(Path(path))
    there = Rubric.objects.filter(slug=stated.slug, version=stated.version).first()
    if there and there.digest == stated.sheet.digest:
        Rubric.objects.filter(pk=there.pk).exclude(origin=stated.origin).update(
            origin=stated.origin
        )
        there.origin = stated.origin
        return there
    if there:
        _remove(there)
    return _made(stated.slug, stated.version, stated.sheet, stated.origin, by)


def _remove(rubric: Rubric) -> None:
    """Only what no study, judge or rating refers to can go."""
    try:
        rubric.delete()
    except ProtectedError:
        raise VersionInUse(
            gettext(
                "Version %(version)s of the rubric '%(slug)s' is in use and stays as it is. "
                "Write version = %(next)s in the file and install it again."
            )
            % {"version": rubric.version, "slug": rubric.slug, "next": rubric.version + 1}
        ) from None


def _made(slug: str, version: int, sheet: Sheet, origin: str, by: User | None) -> Rubric:
    rubric = Rubric.objects.create(
        slug=slug,
        version=version,
        title=sheet.title,
        intro=sheet.intro,
        origin=origin,
        digest=rubric_rules.digest_of(slug, version, sheet),
        created_by=by,
    )
    rubric_rows.write(rubric, sheet)
    return rubric


@transaction.atomic
def make(*, by: User, slug: str, title: str, like: Rubric | None = None) -> Rubric:
    """A rubric of one's own: with one criterion to begin with, or those of another rubric."""
    title = accept(title.strip(), where=gettext("The title"), limit=120)
    if Rubric.objects.filter(slug=slug).exists():
        raise BadRubric(
            gettext("There is a rubric '%(slug)s' already. Choose another short name.")
            % {"slug": slug}
        )
    sheet = (
        Sheet("", title, like.intro, like.sheet.criteria)
        if like
        else Sheet("", title, "", (FIRST,))
    )
    origin = f"After '{like.slug}', version {like.version}" if like else ""
    rubric = _made(slug, 1, sheet, origin, by)
    record(by=by, verb="rubric made", target=str(rubric))
    return rubric


@transaction.atomic
def new_version(*, by: User, rubric: Rubric) -> Rubric:
    """A copy with the next number, free to be changed. Studies keep the version that they have."""
    versions = Rubric.objects.filter(slug=rubric.slug)
    number = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            made = _made(rubric.slug, number, rubric.sheet, rubric.origin, by)
    except IntegrityError:  # somebody else made it just now
        raise ChangedMeanwhile(
            gettext("Somebody made a new version at this moment. Load the page and go on with it.")
        ) from None
    record(by=by, verb="rubric version made", target=str(made))
    return made


@transaction.atomic
def state(*, by: User, rubric: Rubric, title: str, intro: str, origin: str) -> Rubric:
    """The words around the criteria."""
    sheet = replace(
        rubric.sheet,
        title=accept(title.strip(), where=gettext("The title"), limit=120),
        intro=accept(intro.strip(), where=gettext("The introduction"), limit=20_000),
    )
    origin = accept(origin.strip(), where=gettext("The origin"), limit=200)
    return _rewrite(by=by, rubric=rubric, sheet=sheet, origin=origin)


@transaction.atomic
def put(*, by: User, rubric: Rubric, asked: Asked, instead_of: str = "") -> Rubric:
    """Add a criterion at the end, or put it in the place of the one with that key."""
    if instead_of and instead_of not in rubric.sheet.by_key:
        raise ChangedMeanwhile(
            gettext("This criterion was removed meanwhile. Load the page again.")
        )
    criteria = rubric.sheet.criteria
    now = tuple(asked if each.key == instead_of else each for each in criteria)
    return _rewrite(by=by, rubric=rubric, criteria=now if instead_of else (*criteria, asked))


@transaction.atomic
def move(*, by: User, rubric: Rubric, key: str, by_places: int) -> Rubric:
    """Up (-1) or down (1) among the criteria. At the end nothing happens."""
    criteria = list(rubric.sheet.criteria)
    here = next((place for place, each in enumerate(criteria) if each.key == key), None)
    if here is None or not 0 <= here + by_places < len(criteria):
        return rubric
    criteria.insert(here + by_places, criteria.pop(here))
    return _rewrite(by=by, rubric=rubric, criteria=tuple(criteria))


@transaction.atomic
def remove(*, by: User, rubric: Rubric, key: str) -> Rubric:
    """Take a criterion out. One on which others depend stays until they do not."""
    left = tuple(each for each in rubric.sheet.criteria if each.key != key)
    return _rewrite(by=by, rubric=rubric, criteria=left)


def _rewrite(
    *,
    by: User,
    rubric: Rubric,
    sheet: Sheet | None = None,
    criteria: tuple[Asked, ...] | None = None,
    origin: str | None = None,
) -> Rubric:
    """Another content for a version that nobody uses yet; all of it or nothing."""
    sheet = sheet or replace(rubric.sheet, criteria=criteria or ())
    if reason := rubric_use.fixed_because(rubric):
        raise VersionInUse(reason)
    for problem in rubric_rules.problems(sheet, rubric.title):
        raise BadRubric(problem)
    digest = rubric_rules.digest_of(rubric.slug, rubric.version, sheet)
    moved = Rubric.objects.filter(pk=rubric.pk, digest=rubric.digest).update(
        title=sheet.title,
        intro=sheet.intro,
        origin=rubric.origin if origin is None else origin,
        digest=digest,
    )
    if not moved:
        raise ChangedMeanwhile(
            gettext("Somebody else changed this rubric meanwhile. Load the page and try again.")
        )
    try:
        rubric_rows.write(rubric, sheet)
    except ProtectedError:
        raise VersionInUse(
            gettext("A known answer or a rating refers to this criterion. Make a new version.")
        ) from None
    record(by=by, verb="rubric changed", target=str(rubric))
    rubric.refresh_from_db()
    return rubric
