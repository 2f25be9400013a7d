"""Whatever a study's report says can be told in every language: no sentence of it is glued."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from agreement.wording import _, kept, told
from annotation.models import Assignment, Rating, Repeat, Study
from judging.reports import document, drawing, methods
from judging.reports import study as reporting
from judging.reports.document import Block, Document
from tests.agreement.unsaid import unsaid
from tests.annotation import made as rating
from tests.corpus.made import domain
from tests.judging.test_named import said as given
from tests.judging.test_pages import rated

pytestmark = pytest.mark.django_db(transaction=True)

# Numbers, shares and lists of them, brackets, and coefficients with one name everywhere.
SAME = re.compile(r"[-\d., %()]*|AC[12]?|ICC\(\d,[1k]\)")


def read_of(block: Block) -> Iterator[Any]:
    """What a person reads of a figure or table."""
    yield from (block["title"], block["note"], block.get("columns"), block.get("ends"))
    yield from (block.get("labels"), block.get("levels"))
    for row in block.get("rows", ()):
        cells = row if isinstance(row, list) else [row["label"], row.get("group"), row]
        for cell in cells:
            shown = isinstance(cell, dict)
            yield cell.get("text", cell.get("reason")) if shown else cell


def read_in(found: Document) -> Iterator[Any]:
    yield from (found["headline"], found["lead"], found["warnings"], found["methods"])
    for part in found["sections"]:
        yield from (part["title"], part["said"], part["warnings"])
        for block in part["blocks"]:
            yield from read_of(block)


def typed(study: Study) -> set[str]:
    """The names that people gave, as they stand in sentences too."""
    rubric = study.rubric
    names = {study.name, rubric.title, str(rubric.version), rubric.digest[:12]}
    for each in rubric.criteria.prefetch_related("points"):
        names |= {each.label, each.label.lower(), *(point.label for point in each.points.all())}
    return names | {"grounding", "Listening", "School", "nurse", "doctor"}


def glued(found: Document, study: Study) -> list[str]:
    """Texts that are neither in a translator's reach nor somebody's name."""
    names = typed(study) | set(methods.versions().split(", ")) | {methods.versions()}
    texts = {text for each in read_in(found) for text in unsaid(each)}
    return sorted(text for text in texts if text not in names and not SAME.fullmatch(text))


def two_professions(study: Study) -> None:
    """Two groups of two raters or more, by what they do."""
    ids = study.seats.order_by("joined_at", "id").values_list("rater__user", flat=True)
    for place, pk in enumerate(ids):
        User.objects.filter(pk=pk).update(profession=("nurse", "doctor")[place % 2])


def rated_again(study: Study) -> None:
    """The first three items of every rater, a second time."""
    again = []
    for mine in Assignment.objects.filter(study=study, item__position__lte=3):
        shown = mine.item.answers.values("completion")
        first = Rating.objects.filter(study=study, rater=mine.rater, value__isnull=False)
        for each in first.filter(completion__in=shown):
            again.append(
                Repeat(
                    study=study, assignment=mine, rater=mine.rater, completion=each.completion,
                    criterion=each.criterion, value=each.value, created_at=rating.AT,
                    rubric_digest="x",
                )
            )  # fmt: skip
    Repeat.objects.bulk_create(again)


def test_a_report_on_all_that_a_study_can_hold_is_in_reach_of_translators() -> None:
    study = rated(32, n_raters=4)
    two_professions(study)
    rated_again(study)
    about = [domain("listening"), domain("school")]
    for item in study.items.all():
        item.domain, item.severity = about[item.position % 2], 1 + item.position % 3
        item.save(update_fields=["domain", "severity"])
    found = reporting.report(study, draws=20)
    keys = set(document.blocks(found))
    assert {"time", "intra", "among_profession", "by_severity", "items", "components"} <= keys
    assert glued(found, study) == []
    assert told(kept(found), str, lambda one, many, n: one if n == 1 else many) == found


def test_sets_names_and_words_are_in_reach_of_translators() -> None:
    study = rating.study(6, rubric=rating.rubric("general"))
    given(study, "strategy", ["grounding"] * 6, ["grounding"] * 6, part="words")
    given(study, "better", ["Say less."] * 6, part="words")
    assert glued(reporting.report(study, draws=20), study) == []
    other = rating.study(6, rubric=rating.rubric("refusal_action"), slug="sets")
    value = other.rubric.criteria.get(key="means").scale[0]
    given(other, "means", [[value], [], [value], [], [], []], [[value]] * 6, part="picked")
    assert glued(reporting.report(other, draws=20), other) == []


def test_a_study_without_ratings_is_in_reach_of_translators() -> None:
    study = rating.study(2)
    assert glued(reporting.report(study, draws=20), study) == []


def test_a_glued_sentence_is_found() -> None:
    study = rating.study(2)
    found = reporting.report(study, draws=20)
    found["headline"] = f"{_('Nobody has rated yet.')} Sorry."
    assert glued(found, study) == ["Nobody has rated yet. Sorry."]
    found["headline"] = _("{name} is late.", name="my aunt")
    assert glued(found, study) == ["my aunt"]


def test_a_drawing_is_described_in_reach_of_translators() -> None:
    made = document.forest("made", _("Agreement by criterion"), [])
    assert list(unsaid(drawing.alternative(made))) == []
    table = document.as_table(made)
    assert list(unsaid([table["title"], table["columns"]])) == []
