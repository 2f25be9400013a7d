"""The methods paragraph: what was computed of how much, with seed and versions, ready to quote."""

import platform
from importlib.metadata import PackageNotFoundError, version

from agreement import bootstrap
from annotation.models import Study
from judging.comparing import Comparison
from judging.models import Judge
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
        "pairs of raters and Fleiss' kappa, both with the same weights, and intraclass "
        "correlations of items that every rater rated. Rater severity is the best prediction "
        "from a crossed mixed model of items and raters fitted by REML. An item's influence is "
        "alpha without it less alpha of all.",
        intervals(draws),
    ]


def of_comparison(found: Comparison, *, draws: int) -> list[str]:
    """Three short paragraphs."""
    rubric, judge = found.rubric, found.judge
    heard = f" and by the judge “{judge.name}”" if judge else ""
    return [
        f"Answers of A ({found.a}) and B ({found.b}) to the same prompts were rated by people"
        f"{heard} by the rubric “{rubric.title}”, version {rubric.version} (digest "
        f"{rubric.digest[:12]}). The prompt is the cluster: ratings of a prompt are averaged over "
        "raters and replicates on each side, and prompts that lack a side are left out of that "
        "criterion. The overall score is the mean of the criteria, each scaled to 0-1, as the "
        "PsychoSafe paper defines it; shares of failures enter as one minus the share.",
        "Differences are B minus A with t intervals of prompts minus one degrees of freedom. "
        "P(B>A) counts ties as half. Ratios of means depend on where a scale starts and are given "
        "for the coding that the scale has and for one that begins at 0. p-values are of "
        "sign-flip permutation tests over prompts, corrected by Holm over the criteria, and by "
        "Benjamini and Yekutieli over criteria and domains. Both together is PPI++ on the "
        "differences: the judge on all prompts, corrected by those that people rated too; it "
        "holds if these are a random draw.",
        f"Intervals are 95 %; those of P(B>A) and of ratios come from {draws:,} bootstrap draws of "
        "whole prompts, corrected for the bias of the draws and widened for few prompts. The seed "
        f"is {bootstrap.SEED}; computed with {versions()}.",
    ]


def of_validation(study: Study, judge: Judge, *, draws: int) -> list[str]:
    """Three short paragraphs."""
    model = judge.model
    by = f"the model {model.name}, revision {model.revision or 'unknown'}" if model else "a rule"
    return [
        f"The judge “{judge.name}” ({by}; prompt digest {judge.prompt_digest[:12]}; temperature "
        f"{judge.temperature:g}; {judge.replicates} replicate(s)) stands beside the raters of the "
        f"study “{study.name}” on answers that both have rated. Prompts were split into tuning and "
        f"held-out ones by the seed {study.seed} before the judge was frozen.",
        "Whether the judge may stand in for one of these raters is the alternative annotator test "
        "(arXiv 2501.10970), with the margin of 0.2 for experts, and the false discovery rate held "
        "at 0.05 by Benjamini and Yekutieli over raters (and over parts of the prompts). Its power "
        "is simulated by drawing these items again. It asks whether the judge is as good as a "
        "random one of these raters, not whether it favours a condition: for that see its bias, "
        "the judge less the mean of people, with t intervals whose clusters are prompts.",
        intervals(draws),
    ]


def intervals(draws: int) -> str:
    """How every interval was made."""
    return (
        f"Intervals are 95 %. Those of alpha come from {draws:,} bootstrap draws of whole items, "
        "corrected for the bias of the draws and widened for few items; those of shares of single "
        f"answers are Wilson's. The seed is {bootstrap.SEED}; computed with {versions()}."
    )
