"""The methods paragraph: what was computed of how much, with seed and versions, ready to quote."""

import platform
from importlib.metadata import PackageNotFoundError, version

from agreement import bootstrap
from agreement.wording import _, joined
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
    return [_of_ratings(heard), OF_AGREEMENT, intervals(draws)]


def _of_ratings(heard: Heard) -> str:
    study = heard.study
    rubric = study.rubric
    each = [len({row.rater for row in table.rows}) for table in heard.rated] or [0]
    return joined(
        _(
            "{raters} raters gave {ratings} ratings on {items} rated answers or items of the study "
            "“{study}”, by the rubric “{rubric}”, version {version} (digest {digest}).",
            raters=len(heard.raters),
            ratings=heard.n_ratings,
            items=heard.n_items,
            study=study.name,
            rubric=rubric.title,
            version=rubric.version,
            digest=rubric.digest[:12],
        ),
        _(
            "Each criterion was rated by {fewest} to {most} raters and is reported by itself; "
            "criteria are never pooled.",
            fewest=min(each),
            most=max(each),
        ),
    )


OF_AGREEMENT = joined(
    _(
        "Agreement beyond chance is Krippendorff's alpha, with its ordinal metric on scales and "
        "its nominal one otherwise; beside it stand Gwet's AC2 with quadratic weights on scales "
        "(AC1 otherwise), exact agreement and agreement within one step, kappa as the mean over "
        "pairs of raters and Fleiss' kappa, both with the same weights, and intraclass "
        "correlations of items that every rater rated."
    ),
    _(
        "Rater severity is the best prediction from a crossed mixed model of items and raters "
        "fitted by REML."
    ),
    _("An item's influence is alpha without it less alpha of all."),
)


def of_comparison(found: Comparison, *, draws: int) -> list[str]:
    """Three short paragraphs."""
    return [
        joined(_of_ratings_of_both(found), OF_PROMPTS, OF_OVERALL),
        OF_DIFFERENCES,
        joined(
            _(
                "Intervals are 95 %; those of P(B>A) and of ratios come from {draws} bootstrap "
                "draws of whole prompts, corrected for the bias of the draws and widened for few "
                "prompts.",
                draws=f"{draws:,}",
            ),
            _seed(),
        ),
    ]


def _of_ratings_of_both(found: Comparison) -> str:
    rubric, judge = found.rubric, found.judge
    places = {
        "a": str(found.a),
        "b": str(found.b),
        "rubric": rubric.title,
        "version": rubric.version,
        "digest": rubric.digest[:12],
    }
    if judge is None:
        return _(
            "Answers of A ({a}) and B ({b}) to the same prompts were rated by people by the "
            "rubric “{rubric}”, version {version} (digest {digest}).",
            **places,
        )
    return _(
        "Answers of A ({a}) and B ({b}) to the same prompts were rated by people and by the judge "
        "“{judge}” by the rubric “{rubric}”, version {version} (digest {digest}).",
        judge=judge.name,
        **places,
    )


OF_PROMPTS = _(
    "The prompt is the cluster: ratings of a prompt are averaged over raters and replicates on "
    "each side, and prompts that lack a side are left out of that criterion."
)
OF_OVERALL = _(
    "The overall score is the mean of the criteria, each scaled to 0-1, as the PsychoSafe paper "
    "defines it; shares of failures enter as one minus the share."
)
OF_DIFFERENCES = joined(
    _("Differences are B minus A with t intervals of prompts minus one degrees of freedom."),
    _("P(B>A) counts ties as half."),
    _(
        "Ratios of means depend on where a scale starts and are given for the coding that the "
        "scale has and for one that begins at 0."
    ),
    _(
        "p-values are of sign-flip permutation tests over prompts, corrected by Holm over the "
        "criteria, and by Benjamini and Yekutieli over criteria and domains."
    ),
    _(
        "Both together is PPI++ on the differences: the judge on all prompts, corrected by those "
        "that people rated too; it holds if these are a random draw."
    ),
)


def of_validation(study: Study, judge: Judge, *, draws: int) -> list[str]:
    """Three short paragraphs."""
    return [
        joined(
            _(
                "The judge “{judge}” ({by}; prompt digest {digest}; temperature {temperature}; "
                "{replicates} replicate(s)) stands beside the raters of the study “{study}” on "
                "answers that both have rated.",
                judge=judge.name,
                by=_by(judge),
                digest=judge.prompt_digest[:12],
                temperature=f"{judge.temperature:g}",
                replicates=judge.replicates,
                study=study.name,
            ),
            _(
                "Prompts were split into tuning and held-out ones by the seed {seed} before the "
                "judge was frozen.",
                seed=study.seed,
            ),
        ),
        OF_THE_TEST,
        intervals(draws),
    ]


def _by(judge: Judge) -> str:
    model = judge.model
    if model is None:
        return _("a rule")
    if not model.revision:
        return _("the model {model}, revision unknown", model=model.name)
    return _("the model {model}, revision {revision}", model=model.name, revision=model.revision)


OF_THE_TEST = joined(
    _(
        "Whether the judge may stand in for one of these raters is the alternative annotator test "
        "(arXiv 2501.10970), with the margin of 0.2 for experts, and the false discovery rate held "
        "at 0.05 by Benjamini and Yekutieli over raters (and over parts of the prompts)."
    ),
    _("Its power is simulated by drawing these items again."),
    _(
        "It asks whether the judge is as good as a random one of these raters, not whether it "
        "favours a condition: for that see its bias, the judge less the mean of people, with t "
        "intervals whose clusters are prompts."
    ),
)


def intervals(draws: int) -> str:
    """How every interval was made."""
    return joined(
        _("Intervals are 95 %."),
        _(
            "Those of alpha come from {draws} bootstrap draws of whole items, corrected for the "
            "bias of the draws and widened for few items; those of shares of single answers are "
            "Wilson's.",
            draws=f"{draws:,}",
        ),
        _seed(),
    )


def _seed() -> str:
    return _(
        "The seed is {seed}; computed with {versions}.", seed=bootstrap.SEED, versions=versions()
    )
