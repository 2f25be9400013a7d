"""The command `agreement`: agreement of a long CSV, as a table for people or as JSON.

It needs no database. `add_arguments` and `run` serve both `python -m agreement` and `manage.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from agreement import bootstrap, causes, profile, report, table
from agreement.estimate import Estimate
from agreement.profile import Profile
from agreement.ratings import RatingsError
from agreement.report import CriterionAgreement
from agreement.scale import LEVELS, Level
from agreement.table import TableError

OK, REFUSED, USAGE = 0, 1, 2
WIDTH = 100

DESCRIPTION = "How far raters agree, from a CSV with the columns item, rater, value[, criterion]."
EXAMPLE = """\
example:
  agreement --csv ratings.csv --level ordinal --scale 1,2,3,4,5
  agreement --csv ratings.csv --level nominal --json > agreement.json

An empty value is a missing rating. Exit code 0: done; 1: the file was refused; 2: wrong options."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command on `parser`."""
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLE
    parser.add_argument("file", nargs="?", help="the CSV (the same as --csv)")
    parser.add_argument("--csv", metavar="FILE", help="the CSV, one row per rating")
    parser.add_argument("--level", required=True, choices=LEVELS, help="what the values mean")
    parser.add_argument(
        "--scale",
        metavar="1,2,3,4,5",
        help="all levels from lowest to highest, also those nobody used (default: those used)",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    parser.add_argument(
        "--draws", type=_positive, default=bootstrap.DRAWS, help="resamplings of the interval"
    )
    parser.add_argument("--seed", type=int, default=bootstrap.SEED, help="seed of the resampling")


def run(options: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Compute and print; returns the exit code. Faults of the file go to `err`, one per line."""
    path = options.csv or options.file
    if not path or (options.csv and options.file and options.csv != options.file):
        err.write("Name one CSV file, such as: agreement --csv ratings.csv --level ordinal\n")
        return USAGE
    level: Level = options.level
    scale = _levels(options.scale)
    try:
        rated = report.tables(table.read(Path(path), level, scale), level, scale)
    except (TableError, RatingsError) as error:
        err.write(f"{error}\n")
        return REFUSED
    settings = {"draws": options.draws, "seed": options.seed}
    if options.json:
        summed = {key: report.summarise(each, level, **settings) for key, each in rated.items()}
        out.write(_as_json(summed))
        return OK
    found = {key: profile.of(each, level, **settings) for key, each in rated.items()}
    out.write(_as_text(found, has_scale=scale is not None))
    return OK


def main(argv: Sequence[str] | None = None) -> int:
    """The whole command with the arguments `argv` (None: those of the process)."""
    parser = argparse.ArgumentParser(
        prog="agreement", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_arguments(parser)
    return run(parser.parse_args(argv), sys.stdout, sys.stderr)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _levels(text: str | None) -> list[str] | None:
    return [level.strip() for level in text.split(",") if level.strip()] if text else None


def _as_json(found: dict[str | None, CriterionAgreement]) -> str:
    records = [agreement.record(criterion) for criterion, agreement in found.items()]
    return json.dumps(records, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _as_text(found: dict[str | None, Profile], *, has_scale: bool) -> str:
    """The finding over all criteria, then each with its figures and what they mean."""
    blocks = [_block(criterion or "this", each) for criterion, each in found.items()]
    if len(found) > 1:
        findings = [each.finding(criterion or "this") for criterion, each in found.items()]
        blocks.insert(0, _wrapped(causes.overview(findings)))
    if not has_scale:
        blocks.append(
            "No scale was declared: levels that nobody used are not counted in ac, kappa."
        )
    return "\n\n".join(blocks) + "\n"


def _block(about: str, whole: Profile) -> str:
    found, said = whole.agreement, whole.readings(about)
    counts = (
        f"{found.n_values} ratings of {found.n_items} items by {found.n_raters} raters, "
        f"{found.level} level"
    )
    figures = [_line(name, estimate) for name, estimate in _named(found).items()]
    rest = [_wrapped(each, "- ") for name, each in said.items() if name != "alpha"]
    return "\n".join([_wrapped(said["alpha"]), counts, "", *figures, "", *rest])


def _wrapped(text: str, bullet: str = "") -> str:
    indent = " " * len(bullet)
    return textwrap.fill(text, WIDTH, initial_indent=bullet, subsequent_indent=indent)


def _named(found: CriterionAgreement) -> dict[str, Estimate]:
    return {
        "percent agreement": found.percent,
        "within one step": found.within_one,
        f"Krippendorff's alpha ({found.level})": found.alpha,
        f"Gwet's AC ({found.ac_weights} weights)": found.ac,
        f"kappa ({found.kappa_weights} weights)": found.kappa,
        "ICC(2,1), one rater": found.icc2_1,
        "ICC(2,k), mean of all raters": found.icc2_k,
    }


def _line(name: str, estimate: Estimate) -> str:
    if estimate.value is None:
        return f"  {name:<34} undefined: {estimate.reason}"
    interval = estimate.interval
    ends = f"   [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    return f"  {name:<34} {estimate.value:6.3f}{ends}"
