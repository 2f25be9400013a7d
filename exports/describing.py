"""Reads what the card of a release or a study says of it. A handful of queries for each study."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from annotation.models import Adjudication, Item, Rating, Study
from exports.described import About, Licence, Passed
from exports.hindrances import TITLES, Kind
from exports.models import Release
from exports.sources.holding import Source
from exports.sources.scope import scopes_of
from judging import words as judged
from judging.models import Report

OWN, UNSTATED = "written in the Studio", "not stated"


def about(source: Source) -> About:
    """What is told beside the files."""
    return _release(source) if isinstance(source, Release) else of_study(source)


def _release(release: Release) -> About:
    studies = [scope.study for scope in scopes_of(release)]
    return About(
        str(release),
        [
            ("Release", str(release)),
            ("Description", release.description),
            ("Chosen", release.filters),
            ("Pairs", f"{release.entries.count():,}"),
            *(("Study", f"{study.name} ({study.slug})") for study in studies),
            ("Made on", release.created_at.date().isoformat()),
            ("Digest", release.digest),
            ("The digest", "covers each pair's id, digest and split (columns of sft), by id"),
        ],
        release.is_sample,
        bool(studies),
        identity=f"release {release.pk}",
        version=release.version,
        description=release.description,
        made_on=release.created_at.date().isoformat(),
        is_release=True,
        licences=_licences(release.entries, "version__pair__source"),
        languages=_codes(release.entries, "version__language"),
        protocol=[said for study in studies for said in _protocol(study)],
        agreement=[said for study in studies for said in _agreement(study)],
        judges=[said for study in studies for said in judged.of_study(study)],
        raters_per_item=", ".join(str(study.k) for study in studies),
        passed=[
            Passed(_title(each.kind), each.n_rows, each.reason, each.at.date().isoformat())
            for each in release.overrides.order_by("kind")
        ],
    )


def of_study(study: Study) -> About:
    """A study as it stands now."""
    arms = study.arms.select_related("run__model", "run__condition", "run__prompt_set")
    judges = judged.of_study(study)
    return About(
        study.name,
        [
            ("Study", f"{study.name} ({study.slug})"),
            ("Rubric", f"{study.rubric} (digest {study.rubric.digest})"),
            ("State", study.state),
            ("Items", f"{study.n_items:,}"),
            *((f"Arm {place}", str(arm.run)) for place, arm in enumerate(arms, start=1)),
            *(("Judge", words) for words in judges),
        ],
        study.is_sample,
        has_raters=True,
        identity=f"study {study.pk}",
        made_on=(study.closed_at or study.created_at).date().isoformat(),
        licences=_licences(Item.objects.filter(study=study), "prompt__source"),
        languages=_codes(Item.objects.filter(study=study), "prompt__language"),
        protocol=list(_protocol(study)),
        agreement=_agreement(study),
        judges=judges,
        raters_per_item=str(study.k),
    )


def _licences(rows: Any, source: str) -> list[Licence]:
    """One query: each source with its licence, the largest first."""
    found = rows.order_by().values_list(f"{source}__name", f"{source}__licence")
    mix = [
        Licence(name or OWN, licence or (UNSTATED if name else ""), n)
        for name, licence, n in found.annotate(n=Count("pk"))
    ]
    return sorted(mix, key=lambda each: (-each.n, each.source))


def _codes(rows: Any, field: str) -> list[str]:
    return sorted(code for code in set(rows.order_by().values_list(field, flat=True)) if code)


def _protocol(study: Study) -> Iterator[str]:
    asked = [criterion.label for criterion in study.rubric.sheet.criteria]
    yield f"{study.name}: by {study.rubric} ({', '.join(asked)})."
    if study.is_imported:
        yield "The ratings were made elsewhere and imported: how is not known here."
        return
    if study.n_shared is None:
        yield f"Each item is rated by {study.k} people."
    else:
        yield f"{study.n_shared:,} items are rated by {study.k} people, the others by one."
    yield (
        "Blinded: answers stand under letters in an order drawn for each screen; raters see no "
        "model, no condition and nobody else's ratings."
        + (" Names of models within answers are masked." if study.hides_names else "")
    )
    if study.asks_preference:
        yield "Raters also say which answer they prefer: one, equal, or all unacceptable."
    n = Rating.objects.filter(study=study).order_by().values("rater").distinct().count()
    settled = Adjudication.objects.filter(study=study).count()
    yield f"{n} people rated. {settled} values were settled by an adjudicator, beside the ratings."


def _agreement(study: Study) -> list[str]:
    """Alpha by criterion from the study's stored report, if there is one; computes nothing."""
    reports = Report.objects.filter(study=study, kind=Report.Kind.STUDY, result__isnull=False)
    stored = reports.order_by("-computed_at").first()
    found = stored.in_english if stored else None
    if stored is None or found is None or stored.computed_at is None:
        return [f"{study.name}: no report on agreement was made."]
    tables = [
        block
        for section in found["sections"]
        for block in section["blocks"]
        if block.get("key") == "figures"
    ]
    day = stored.computed_at.date().isoformat()
    said = [_alpha(row) for table in tables[:1] for row in table["rows"]]
    return [f"{study.name}, computed on {day}: {found['headline']}", *said]


def _alpha(row: list[Any]) -> str:
    name, found = row[0], row[1]
    label = name["text"] if isinstance(name, dict) else str(name)
    if not isinstance(found, dict) or found.get("value") is None:
        why = found.get("reason", "") if isinstance(found, dict) else ""
        return f"{label}: Krippendorff's alpha is undefined. {why}".strip()
    figure = f"{label}: Krippendorff's alpha {found['value']:.2f}"
    if found.get("low") is None:
        return f"{figure}."
    return f"{figure} (95 % interval {found['low']:.2f} to {found['high']:.2f})."


def _title(kind: str) -> str:
    return str(TITLES[Kind(kind)]) if kind in list(Kind) else kind
