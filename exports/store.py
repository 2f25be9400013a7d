"""Files that are given over the network: made once for a state of their source, then kept.

They lie in EXPORT_DIR under what they were made from; a file's name ends with its own SHA-256. What
was made of an earlier state goes when a new one is made.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from annotation.models import Adjudication, Preference, Rating, Study
from exports import bundle, packages, pseudonyms, sources
from exports.formats import Format
from exports.models import Release
from exports.sources import Source, Table
from exports.writers import WRITERS
from gate.identity import new_id
from gate.text import digest
from judging.models import Verdict

# Raise it when the same rows would be written differently.
EDITION = 5


class NoSuchFile(Exception):
    """There is no file of this name."""

    http_status = 404


@dataclass(frozen=True)
class Offer:
    """A file that can be had: its name, its kind in words, and how it is made.

    `make` writes it at a path and returns its SHA-256.
    """

    name: str
    form: Format
    title: str
    media_type: str
    make: Callable[[Path], str]


@dataclass(frozen=True)
class Kept:
    """A file that lies ready. `download_name` is what a browser saves it as."""

    path: Path
    sha256: str
    media_type: str
    download_name: str

    @property
    def n_bytes(self) -> int:
        return self.path.stat().st_size


def offers(source: Source) -> list[Offer]:
    """Every file of the source. Reads names of raters, criteria and splits, no rows."""
    return [offer for shelf in shelves(source) for offer in shelf.offers]


@dataclass(frozen=True)
class Shelf:
    """A format: its tables, each with its files, and all of them with their card as one file."""

    form: Format
    tables: list[tuple[str, list[Offer]]]
    packages: list[Offer]

    @property
    def offers(self) -> list[Offer]:
        return [*(offer for _, of_table in self.tables for offer in of_table), *self.packages]


def shelves(source: Source) -> list[Shelf]:
    """What a page lists, by format."""
    return [
        Shelf(
            form,
            [(table.name, [_of_table(form, table, to) for to in form.to]) for table in tables],
            [_package(source, form, to) for to in form.to],
        )
        for form, tables in sources.offered(source)
    ]


def _of_table(form: Format, table: Table, to: str) -> Offer:
    writer = WRITERS[to]

    def make(path: Path) -> str:
        return bundle.write_table(table, to, path).sha256

    return Offer(f"{table.name}.{writer.suffix}", form, writer.title, writer.media_type, make)


def _package(source: Source, form: Format, to: str) -> Offer:
    name = f"{form.name}-{to}.{packages.SUFFIX}"
    make = partial(packages.write, source, form.name, to)
    return Offer(name, form, WRITERS[to].title, packages.MEDIA_TYPE, make)


def keep(source: Source, name: str) -> Kept:
    """The file, made now if this state of the source has none yet."""
    bundle.refuse_withdrawn(source)
    offered = offers(source)
    offer = next((offer for offer in offered if offer.name == name), None)
    if offer is None:
        known = ", ".join(offer.name for offer in offered)
        raise NoSuchFile(
            _("There is no file '%(name)s' here. There are: %(known)s.")
            % {"name": name, "known": known}
        )
    folder = _folder(source)
    path = next(iter(sorted(folder.glob(f"{name}.*"))), None) or _make(offer, folder)
    return _kept(source, path)


def kept(source: Source) -> dict[str, Kept]:
    """The files of this state of the source that lie ready, by name. Makes none."""
    paths = sorted(_folder(source).glob("[!.]*"))
    return {path.stem: _kept(source, path) for path in paths}


def _kept(source: Source, path: Path) -> Kept:
    name, sha256 = path.stem, path.suffix[1:]
    return Kept(path, sha256, _media_type(name), _download_name(source, name))


def _media_type(name: str) -> str:
    suffix = name.rpartition(".")[2]
    return packages.MEDIA_TYPE if suffix == packages.SUFFIX else WRITERS[suffix].media_type


def _make(offer: Offer, folder: Path) -> Path:
    for old in _outdated(folder):
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Two requests may make it at once: each under a name of its own, with the same end.
    whole = folder / f".{new_id()}"
    try:
        sha256 = offer.make(whole)
        return whole.replace(folder / f"{offer.name}.{sha256}")
    finally:
        whole.unlink(missing_ok=True)


def _outdated(folder: Path) -> Iterator[Path]:
    if folder.parent.exists():
        yield from (other for other in folder.parent.iterdir() if other != folder)


def shelf_of(kind: str, pk: str) -> Path:
    """Where everything lies that was made of a release or a study."""
    return Path(settings.EXPORT_DIR) / "kept" / kind / pk


def _folder(source: Source) -> Path:
    kept = shelf_of(sources.kind_of(source), source.pk)
    return kept / digest(EDITION, _state(source))[:32]


def _state(source: Source) -> list[object]:
    """Changes whenever the source's rows do; everything counted here is append-only."""
    if isinstance(source, Release):
        return [source.digest, pseudonyms.in_release("", release_id=source.pk)]
    return [
        # Another SECRET_KEY makes other pseudonyms.
        pseudonyms.of("", study_id=source.pk),
        *(
            sorted(
                (key, str(value))
                for key, value in rows.aggregate(n=Count("pk"), last=Max("created_at")).items()
            )
            for rows in (
                Rating.objects.filter(study=source),
                Preference.objects.filter(study=source),
                Adjudication.objects.filter(study=source),
                Verdict.objects.on_answers().filter(completion__run__arms__study=source),
            )
        ),
    ]


def _download_name(source: Source, name: str) -> str:
    mark = "sample-" if source.is_sample else ""
    if isinstance(source, Study):
        return f"{mark}{source.slug}-{name}"
    return f"{mark}{slugify(source.name) or 'release'}-{source.version}-{name}"
