"""The methods paragraph: what was computed of how much, with seed and versions, ready to quote."""

import platform
from importlib.metadata import PackageNotFoundError, version

from agreement import bootstrap
from judging.reports.reading import Heard

PACKAGES = ("psychosafe-studio", "numpy", "scipy")


def versions() -> str:
    """Of the program and of what it computes with."""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def of_study(heard: Heard, *, draws: int) -> list[str]:
    """Three short paragraphs."""
    study = heard.study
    rubric = study.rubric
    each = [len({row.rater for row in table.rows}) for table in heard.rated] or [0]
    return [
        f"{len(heard.raters)} raters gave {heard.n_ratings} ratings on {heard.n_items} rated "
        f"answers or items of the study “{study.name}”, by the rubric “{rubric.title}”, version "
        f"{rubric.version} (digest {rubric.digest[:12]}). Each criterion was rated by "
        f"{min(each)} to {max(each)} raters and is reported by itself; criteria are never pooled.",
        "Agreement beyond chance is Krippendorff's alpha, with its ordinal metric on scales and "
        "its nominal one otherwise; beside it stand Gwet's AC2 with quadratic weights on scales "
        "(AC1 otherwise), exact agreement and agreement within one step, kappa as the mean over "
        "pairs of raters with the same weights, and intraclass correlations of items that every "
        "rater rated. Rater severity is the best prediction from a crossed mixed model of items and "
        "raters fitted by REML. An item's influence is alpha without the item less alpha of all.",
        intervals(draws),
    ]


def intervals(draws: int) -> str:
    """How every interval was made."""
    return (
        f"Intervals are 95 %. Those of alpha come from {draws:,} bootstrap draws of whole items, "
        "corrected for the bias of the draws and widened for few items; those of shares of single "
        f"answers are Wilson's. The seed is {bootstrap.SEED}; computed with {versions()}."
    )
