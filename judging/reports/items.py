"""What a study's report says of its items: which of them drive disagreement, and what is taken for
what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.urls import reverse

from agreement.wording import _
from annotation.models import Criterion, Item, Study
from judging.reports import document
from judging.reports.document import Block, Section, cell, link

if TYPE_CHECKING:
    from judging.reports.study import Measured


# A change of alpha that two decimals show.
LEAST = 0.005
OF_ALPHA = _("Change of alpha")


def sections(measured: Sequence[Measured], study: Study) -> list[Section]:
    return [_influence(measured, study), _confusions(measured)]


def _influence(measured: Sequence[Measured], study: Study) -> Section:
    """The items, and the raters, without whom alpha would be highest."""
    positions = _positions(measured, study)
    rows = [
        [
            each.table.criterion.label,
            _item(each, item.name, positions),
            _given(each, item.name),
            cell(item.without),
            item.change,
        ]
        for each in measured
        for item in each.profile.items
        if item.change is not None and item.change >= LEAST
    ]
    without = [
        [each.table.criterion.label, rater.name, cell(rater.without), rater.change]
        for each in measured
        for rater in each.profile.raters
        if len(each.profile.raters) > 2
    ]
    columns = [_("Criterion"), _("Item"), _("Values given"), _("Alpha without it"), OF_ALPHA]
    blocks = [document.table("items", _("Items that lower alpha most"), columns, rows)]
    if without:
        columns = [_("Criterion"), _("Rater"), _("Alpha without them"), OF_ALPHA]
        blocks.append(document.table("without", _("Alpha without each rater"), columns, without))
    title = _("Which items drive disagreement")
    return document.section("influence", title, blocks if rows or without else [])


def _positions(measured: Sequence[Measured], study: Study) -> dict[str, int]:
    """Of the items and answers that are named, their place in the study. Two queries."""
    named = {item.name for each in measured for item in each.profile.items}
    shown = Item.objects.filter(study=study, answers__completion__in=named).order_by()
    places = dict(shown.values_list("answers__completion_id", "position"))
    return places | dict(
        Item.objects.filter(study=study, pk__in=named).values_list("pk", "position")
    )


def _item(each: Measured, name: str, positions: dict[str, int]) -> object:
    text = _("item {n}", n=positions[name]) if name in positions else _("an answer")
    if each.table.criterion.about == Criterion.About.PROMPT:
        return text
    return link(text, reverse("generation:answer", args=[name]))


def _given(each: Measured, item: str) -> str:
    values = sorted(
        (int(row.rater.rpartition(" ")[2]), row.value)
        for row in each.table.rows
        if row.item == item
    )
    return ", ".join(str(value) for _number, value in values)


def _confusions(measured: Sequence[Measured]) -> Section:
    blocks, said = [], []
    for each in measured:
        found = each.profile.confusion
        if found is None or found.n == 0:
            continue
        blocks.append(_matrix(each, found.table.tolist(), found.by_row.tolist(), found.labels))
        for one, other, _n in found.most_confused(1):
            label = each.table.criterion.label
            said.append(
                _(
                    "{criterion}: {one} and {other} met most often on the same item.",
                    criterion=label,
                    one=one,
                    other=other,
                )
            )
    title = _("Which values are taken for which")
    return document.section("confusion", title, blocks, said=said)


def _matrix(
    each: Measured,
    values: list[list[float | None]],
    shades: list[list[float | None]],
    labels: Sequence[str],
) -> Block:
    rounded = [[None if value is None else round(value, 1) for value in row] for row in values]
    return document.matrix(
        f"confusion_{each.table.criterion.key}",
        _("{criterion}: two raters of one item", criterion=each.table.criterion.label),
        labels,
        rounded,
        shades=shades,
        note=_(
            "Each pair of ratings of an item counts in both orders; an item weighs as much as it "
            "has ratings."
        ),
    )
