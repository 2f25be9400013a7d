"""The judge less the mean of people, over all answers and by condition, length and family."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from agreement import clustered
from agreement.estimate import Estimate
from agreement.wording import _
from judging.reports import document
from judging.reports.document import JUDGE, Section, cell, mark

if TYPE_CHECKING:
    from judging.reports.validation import Pair

LENGTHS = (_("length: short"), _("length: middling"), _("length: long"))
FEWEST = 3


def sections(known: Sequence[Pair]) -> list[Section]:
    """Scales, and yes or no as 1 or 0. The prompt is the cluster."""
    marks, rows, said = [], [], []
    for pair in known:
        if not pair.has_numbers:
            continue
        gaps = _gaps(pair)
        for name, items in _groups(pair, gaps).items():
            if len(items) < FEWEST:
                continue
            found = _mean(pair, gaps, items)
            marks.append(mark(name, found, of=JUDGE, group=pair.label))
            rows.append([pair.label, name, cell(found), len(items)])
        said.append(_favours(pair, gaps))
    figure = document.forest(
        "bias",
        _("The judge less the mean of people, in points of the scale"),
        marks,
        axis=None,
        zero=0.0,
        ends=(_("judge lower"), _("judge higher")),
        note=_("Lengths are thirds of the answers by their number of words."),
    )
    columns = [_("Criterion"), _("Answers"), _("Judge less people"), _("Number of answers")]
    title = _("The judge less the mean of people")
    blocks = [figure, document.table("biases", title, columns, rows)] if rows else []
    return [document.section("bias", _("Where the judge leans"), blocks, said=said)]


def _gaps(pair: Pair) -> dict[str, float]:
    values: dict[str, list[int]] = {}
    for row in pair.rows:
        if row.item in pair.judged:
            values.setdefault(row.item, []).append(row.value)
    return {item: pair.judged[item] - fmean(given) for item, given in values.items()}


def _groups(pair: Pair, gaps: dict[str, float]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {_("all answers"): list(gaps)}
    known = [item for item in gaps if item in pair.answers]
    for item in known:
        name = _("condition: {run}", run=pair.answers[item].run)
        groups.setdefault(name, []).append(item)
    for item in known:
        name = _("family: {family}", family=pair.answers[item].family)
        groups.setdefault(name, []).append(item)
    order = sorted(known, key=lambda item: (pair.answers[item].n_words, item))
    for place, item in enumerate(order):
        groups.setdefault(LENGTHS[len(LENGTHS) * place // len(order)], []).append(item)
    return groups


def _mean(pair: Pair, gaps: dict[str, float], items: Sequence[str]) -> Estimate:
    prompts = pair.prompts
    values = np.array([gaps[item] for item in items], dtype=np.float64)
    return clustered.mean(values, clustered.codes([prompts[item] for item in items]))


def _favours(pair: Pair, gaps: dict[str, float]) -> str:
    """Whether the judge leans differently between two conditions: what would bend a comparison."""
    by_run: dict[str, list[str]] = {}
    for item in gaps:
        if item in pair.answers:
            by_run.setdefault(pair.answers[item].run, []).append(item)
    if len(by_run) != 2:
        return ""
    (first, a), (second, b) = sorted(by_run.items())
    prompts = pair.prompts
    found = clustered.difference(
        *([gaps[item] for item in a], [prompts[item] for item in a]),
        *([gaps[item] for item in b], [prompts[item] for item in b]),
    )
    if found.interval is None:
        return ""
    low, high = found.interval
    if low <= 0 <= high:
        return _(
            "{criterion}: the judge is not seen to favour {first} or {second}.",
            criterion=pair.label,
            first=first,
            second=second,
        )
    return _(
        # xgettext:no-python-format
        "{criterion}: beside people, the judge favours {run} ({size} points, 95 % interval of the "
        "difference {low} to {high}).",
        criterion=pair.label,
        run=second if low > 0 else first,
        size=f"{abs(found.known):.2f}",
        low=f"{low:.2f}",
        high=f"{high:.2f}",
    )
