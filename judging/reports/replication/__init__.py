"""A report's numbers with all that it takes to compute them again, in one archive.

It holds ratings or scores, the manifest, the expected figures, a script in Python that needs only
the folder `agreement` beside it, and one in base R. Raters are numbered, as in the report.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import agreement
from agreement import bootstrap
from judging.comparing import compare
from judging.models import Report
from judging.reports import comparison, methods, reading, study, validation
from judging.reports.document import blocks
from judging.reports.replication import validated
from judging.reports.replication.parts import EMPTY, as_csv, as_json, expected, figure, scripts

LIBRARY = Path(agreement.__file__).parent
LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same report gives the same archive


def archive(report: Report) -> bytes:
    """Of a report that is up to date: what is read now is what it was computed from."""
    made = _OF[report.kind](report)
    made |= {f"agreement/{path.name}": path.read_text("utf-8") for path in LIBRARY.glob("*.py")}
    made["methods.txt"] = "\n\n".join((report.in_english or {})["methods"]) + "\n"
    made["manifest.json"] = _manifest(report, made)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as to:
        for name, text in sorted(made.items()):
            to.writestr(zipfile.ZipInfo(name, LONG_AGO), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _manifest(report: Report, made: dict[str, str]) -> str:
    computed = report.computed_at.isoformat() if report.computed_at else None
    return as_json(
        {
            "report": report.pk,
            "kind": report.kind,
            "about": str(report),
            "rubric": {
                "slug": report.rubric.slug,
                "version": report.rubric.version,
                "digest": report.rubric.digest,
            },
            "input_digest": report.input_digest,
            "computed_at": computed,
            "seed": bootstrap.SEED,
            "versions": methods.versions(),
            "sha256": {
                name: hashlib.sha256(text.encode()).hexdigest()
                for name, text in sorted(made.items())
            },
        }
    )


def _of_study(report: Report) -> dict[str, str]:
    if report.study is None:
        raise ValueError("A study's report has a study.")
    heard = reading.read(report.study)
    rows = [
        (
            *(each.criterion.key, each.level, each.criterion.scale[0], each.criterion.scale[-1]),
            *(row.item, row.prompt, row.rater, row.value),
        )
        for each in heard.rated
        for row in each.rows
    ]
    columns = ("criterion", "level", "low", "high", "item", "prompt", "rater", "value")
    keys = [each.criterion.key for each in heard.rated]
    table = blocks(report.in_english or {})["figures"]
    places = {"alpha": "Alpha", "ac": "AC", "percent": "Exact", "kappa": "Kappa"}
    criteria = {
        key: {name: figure(table, row, column) for name, column in places.items()}
        for key, row in zip(keys, table["rows"], strict=True)
    }
    return {
        "ratings.csv": as_csv(columns, rows),
        "expected.json": expected(criteria, study.DRAWS),
        **scripts("study"),
    }


def _of_comparison(report: Report) -> dict[str, str]:
    if report.run_a is None or report.run_b is None:
        raise ValueError("A comparison has two runs.")
    speaker = report.judge or report.panel
    found = compare(a=report.run_a, b=report.run_b, rubric=report.rubric, judge=speaker, draws=2)
    sides = found.sides
    if sides is None:
        raise ValueError("A comparison that was read has its sides.")
    sources = {"people": sides.human} | ({"judge": sides.judged} if sides.judged else {})
    rows = [
        (source, scale.key, scale.low, scale.high, *row)
        for source, given in sources.items()
        for scale in sides.whole
        for row in given.get(scale.key, ())
    ]
    columns = ("source", "criterion", "low", "high", "prompt", "side", "score")
    tables = blocks(report.in_english or {})
    criteria: dict[str, dict[str, Any]] = {scale.key: {} for scale in sides.whole}
    for source in sources:
        table = tables[f"table_{source}"]
        for scale, row in zip(sides.whole, table["rows"], strict=True):
            criteria[scale.key][source] = {
                "difference": figure(table, row, "B minus A"),
                "superiority": figure(table, row, "P(B>A)"),
                "p": {**EMPTY, "value": row[table["columns"].index("p")]},
            }
    if "three_ways_table" in tables:
        table = tables["three_ways_table"]
        for scale, row in zip(sides.whole, table["rows"], strict=True):
            criteria[scale.key]["both"] = {"difference": figure(table, row, "Both (PPI++)")}
    return {
        "scores.csv": as_csv(columns, rows),
        "expected.json": expected(criteria, comparison.DRAWS),
        **scripts("comparison"),
    }


def _of_validation(report: Report) -> dict[str, str]:
    if report.study is None or report.judge is None:
        raise ValueError("A validation has a study and a judge.")
    known = validation.pairs(report.study, report.judge)
    return validated.files(known, blocks(report.in_english or {}), validation.DRAWS)


_OF: Mapping[str, Callable[[Report], dict[str, str]]] = MappingProxyType(
    {
        Report.Kind.STUDY: _of_study,
        Report.Kind.COMPARISON: _of_comparison,
        Report.Kind.VALIDATION: _of_validation,
    }
)
