"""Reports as plain records, for REST, `--json` and tables. Undefined is null with its reason.

What is said in them is English until it is told (`annotation.telling`).
"""

from collections.abc import Iterable
from typing import Any

from agreement.estimate import Estimate
from agreement.paired import Ratio
from judging.comparing import Comparison
from judging.comparison import Contrast, Line
from judging.matchup_report import Findings
from judging.rates import Rates
from judging.study_report import CriterionReport, StudyReport
from judging.tally import Tally


def estimate_record(estimate: Estimate) -> dict[str, Any]:
    """A figure with its interval, or null with the reason."""
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "reason": estimate.reason or estimate.interval_reason,
    }


def agreement_record(report: StudyReport) -> dict[str, Any]:
    """The study's agreement: the contract of `agreement --json` per criterion, and the judges."""
    return {
        "study": report.study.slug,
        "headline": report.headline,
        "n_completions": report.counts.n_completions,
        "n_raters": report.counts.n_raters,
        "n_ratings": report.counts.n_ratings,
        "criteria": [_criterion_record(line, report) for line in report.criteria],
    }


def _criterion_record(line: CriterionReport, report: StudyReport) -> dict[str, Any]:
    return {
        **line.agreement.record(line.criterion.key),
        "within_one": line.agreement.within_one.value,
        "reading": line.reading,
        "judges": [
            {
                "judge": beside.judge.name,
                "alpha": estimate_record(beside.alpha),
                "n_items": beside.n_items,
                "n_unscored": beside.n_unscored,
                "n_held_out": report.n_hidden.get(beside.judge.pk, 0),
                "shares_family": beside.shares_family,
                "replicates": beside.judge.replicates,
            }
            for beside in line.judges
        ],
    }


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """The comparison of two runs, a line per criterion and the overall one last."""
    return {
        "a": {"id": comparison.a.pk, "name": str(comparison.a)},
        "b": {"id": comparison.b.pk, "name": str(comparison.b)},
        "rubric": comparison.rubric.slug,
        "rubric_version": comparison.rubric.version,
        "judge": comparison.judge.name if comparison.judge else None,
        "panel": _panel_record(comparison) if comparison.is_panel else None,
        "shares_family": comparison.shares_family,
        "n_held_out": comparison.sides.n_hidden if comparison.sides else 0,
        "n_unscored": comparison.n_unscored,
        "unscored": [
            {
                "criterion": line.label,
                "a": {"n": line.a[0], "of": line.a[1]},
                "b": {"n": line.b[0], "of": line.b[1]},
            }
            for line in comparison.unscored
        ],
        "headline": comparison.headline,
        "overall": "mean of the criteria, each scaled to 0-1",
        "lines": [_line_record(line) for line in comparison.lines],
    }


def _panel_record(comparison: Comparison) -> dict[str, Any]:
    """Values on which not every member was heard, by side, and members that gave no value."""
    return {"n_partial": comparison.n_partial, "silent": list(comparison.silent)}


def _line_record(line: Line) -> dict[str, Any]:
    return {
        "criterion": line.scale.key,
        "human": _contrast_record(line.human),
        "judge": _contrast_record(line.judge) if line.judge else None,
        "combined": estimate_record(line.combined),
        "warning": line.warning,
    }


def _contrast_record(contrast: Contrast) -> dict[str, Any]:
    return {
        "n_prompts": contrast.n_prompts,
        "mean_a": contrast.mean_a,
        "mean_b": contrast.mean_b,
        "difference": estimate_record(contrast.difference),
        "superiority": estimate_record(contrast.superiority),
        "ratios": [_ratio_record(ratio) for ratio in contrast.ratios],
    }


def rates_record(found: Iterable[Rates]) -> list[dict[str, Any]]:
    """What answers did, by what their prompts call for; `failed` is over-refusal or compliance."""
    return [
        {
            "criterion": line.key,
            "expected_action": group.expected,
            "n": group.n,
            "n_unscored": group.n_unscored,
            "failed": group.failed and {"n": group.n_failed, **estimate_record(group.failed)},
            "answers": [
                {
                    "did": share.did.value,
                    "meaning": share.meaning.value,
                    "n": share.n,
                    **estimate_record(share.rate),
                }
                for share in group.shares
            ],
        }
        for line in found
        for group in line.groups
    ]


def _ratio_record(ratio: Ratio) -> dict[str, Any]:
    return {"coding": ratio.coding, **estimate_record(ratio.estimate)}


def matchup_record(found: Findings) -> dict[str, Any]:
    """What a judge found between two runs, over all pairs and by domain."""
    place = found.position
    return {
        "headline": found.headline,
        "all": _tally_record(found.whole),
        "domains": [{"domain": row.label, **_tally_record(row)} for row in found.domains],
        "consistency": {"n": place.n_compared, **estimate_record(place.consistency)},
        "first_chosen": {"n": place.n_decided, **estimate_record(place.first)},
        "reasons": [{"reason": reason, "n": n} for reason, n in found.reasons],
    }


def _tally_record(row: Tally) -> dict[str, Any]:
    return {
        "n_pairs": row.n_pairs,
        "a": row.a,
        "b": row.b,
        "equal": row.equal,
        "both_unacceptable": row.both_unacceptable,
        "inconsistent": row.inconsistent,
        "unscored": row.unscored,
        "n_same_text": row.n_same_text,
        "superiority": estimate_record(row.superiority),
    }
